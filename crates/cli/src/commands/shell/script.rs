//! A text of statements and commands, taken apart in the order in which they are answered.

use rolecall_query::{in_place, statements};

use super::command;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    /// A line that is no SQL.
    Command(&'a str),
    /// A statement without its semicolon, in its place: lines and columns are those of the text.
    Statement(String),
}

/// What a text says to do, and whether its last statement lacks its semicolon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Script<'a> {
    pub(super) items: Vec<Item<'a>>,
    pub(super) is_open: bool,
}

/// Takes a text apart. A command stands in a line of its own, where no statement is open.
pub(super) fn read(text: &str) -> Script<'_> {
    let mut script = Script::default();
    let mut at = 0;
    'text: loop {
        let found = statements(&text[at..]);
        for part in found.statements {
            let (start, end) = (at + part.start, at + part.end);
            if let Some(line) = command_at(text, start) {
                script.items.push(Item::Command(line));
                // A quotation mark or semicolon in the command is none of the next statement's.
                at = start + line.len();
                continue 'text;
            }
            script.items.push(Item::Statement(in_place(text, start..end)));
        }
        let Some(start) = found.open.map(|open| at + open) else { return script };
        if let Some(line) = command_at(text, start) {
            script.items.push(Item::Command(line));
            at = start + line.len();
            continue;
        }
        script.items.push(Item::Statement(in_place(text, start..text.len())));
        script.is_open = true;
        return script;
    }
}

/// The line that begins here, if it is a command.
fn command_at(text: &str, start: usize) -> Option<&str> {
    let line = text[start..].lines().next()?;
    command::is_one(line).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_statements_come_in_order() {
        let text =
            "-- a note\n\\timing on\nselect 1; select\n  2;\n.mode csv\n\\i it's.sql\nselect 3";
        let script = read(text);
        let expected = [
            Item::Command("\\timing on"),
            Item::Statement("\n\nselect 1".to_owned()),
            Item::Statement("\n\n          select\n  2".to_owned()),
            Item::Command(".mode csv"),
            Item::Command("\\i it's.sql"),
            Item::Statement("\n\n\n\n\n\nselect 3".to_owned()),
        ];
        assert_eq!(script.items, expected);
        assert!(script.is_open);
    }

    #[test]
    fn a_text_is_open_until_its_semicolon() {
        for (text, is_open) in [
            ("", false),
            ("select 1", true),
            ("select 1;", false),
            ("select 'a;", true),
            ("select 1; -- done", false),
            ("\\d session", false),
            ("quit", false),
            ("select 1\n\\d", true),
        ] {
            assert_eq!(read(text).is_open, is_open, "{text}");
        }
    }
}
