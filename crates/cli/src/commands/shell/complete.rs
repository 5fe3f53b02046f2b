//! What Tab offers: the names that fit where the cursor stands.

use rolecall_query::Words;

use super::command;

/// What may stand at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// These words, in place of what begins at this byte.
    Words(usize, Vec<String>),
    /// A file.
    File,
}

/// What fits at the end of a text.
pub(super) fn offer(words: &Words, text: &str) -> Offer {
    let line = text.rsplit('\n').next().unwrap_or_default();
    if command::is_one(line.trim_start()) {
        return after_command(words, text, line.trim_start());
    }
    let statement = text.rsplit(';').next().unwrap_or_default();
    let begun = last_word(statement);
    let before = &statement[..statement.len() - begun.len()];
    let start = text.len() - begun.len();
    if let Some(qualified) = before.strip_suffix('.') {
        let of = last_word(qualified);
        let columns = table_of(words, statement, of).map(|(_, columns)| columns.clone());
        return Offer::Words(start, fitting(columns.unwrap_or_default(), begun));
    }
    let previous = before.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    if ["from", "join", "describe", "desc"].contains(&previous.as_str()) {
        return Offer::Words(start, fitting(tables(words), begun));
    }
    let mut found = fitting(columns_in_reach(words, statement), begun);
    if !begun.is_empty() {
        found.extend(fitting(tables(words), begun));
        let calls = words.functions.iter().map(|name| format!("{name}("));
        found.extend(fitting(calls, begun));
        found.extend(keywords(words, begun));
    }
    Offer::Words(start, found)
}

fn after_command(words: &Words, text: &str, line: &str) -> Offer {
    let Some((word, rest)) = line.split_once(char::is_whitespace) else {
        let mark = line.get(..1).unwrap_or_default();
        let found = command::WORDS.iter().map(|word| format!("{mark}{word}"));
        return Offer::Words(text.len() - line.len(), fitting(found, line));
    };
    let choices: Vec<String> = match command::read(&format!("{word} text")) {
        Ok(command::Command::Output(_) | command::Command::Include(_)) => return Offer::File,
        Ok(command::Command::Show(_)) => {
            let functions = words.functions.iter().cloned();
            tables(words).chain(functions).collect()
        }
        Ok(command::Command::Format(_)) => ["text", "csv", "json"].map(str::to_owned).into(),
        _ => ["on", "off"].map(str::to_owned).into(),
    };
    Offer::Words(text.len() - rest.len(), fitting(choices, rest))
}

/// The letters, digits and underscores at the end.
fn last_word(text: &str) -> &str {
    let before = text.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    &text[before.len()..]
}

fn tables(words: &Words) -> impl Iterator<Item = String> + '_ {
    words.tables.iter().map(|(name, _)| name.clone())
}

/// The table of this name, or the one that the statement gives it as its other name.
fn table_of<'a>(
    words: &'a Words,
    statement: &str,
    name: &str,
) -> Option<&'a (String, Vec<String>)> {
    let table =
        |name: &str| words.tables.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let parts: Vec<&str> = parts(statement).collect();
    let mut pairs = (0..parts.len()).filter_map(|at| {
        let rest = &parts[at + 1..];
        let other = match rest.first()? {
            word if word.eq_ignore_ascii_case("as") => rest.get(1)?,
            word => word,
        };
        other.eq_ignore_ascii_case(name).then(|| table(parts[at]))?
    });
    table(name).or_else(|| pairs.next())
}

/// The columns of the tables that the statement names; of all tables if it names none yet.
fn columns_in_reach(words: &Words, statement: &str) -> Vec<String> {
    let named = |table: &str| parts(statement).any(|part| part.eq_ignore_ascii_case(table));
    let some = words.tables.iter().any(|(name, _)| named(name));
    let reached = words.tables.iter().filter(|(name, _)| !some || named(name));
    let mut columns: Vec<String> = reached.flat_map(|(_, columns)| columns).cloned().collect();
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// The words of a statement.
fn parts(statement: &str) -> impl Iterator<Item = &str> {
    let parts = statement.split(|c: char| !c.is_alphanumeric() && c != '_');
    parts.filter(|part| !part.is_empty())
}

fn fitting(all: impl IntoIterator<Item = String>, begun: &str) -> Vec<String> {
    let begun = begun.to_lowercase();
    all.into_iter().filter(|word| word.to_lowercase().starts_with(&begun)).collect()
}

/// Keywords are as large as what was typed.
fn keywords(words: &Words, begun: &str) -> Vec<String> {
    let is_small = begun.chars().any(|c| c.is_ascii_lowercase());
    let cased = |word: &&str| if is_small { word.to_lowercase() } else { (*word).to_owned() };
    fitting(words.keywords.iter().map(cased), begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Words {
        let table = |name: &str, columns: &[&str]| {
            (name.to_owned(), columns.iter().map(|&column| column.to_owned()).collect())
        };
        Words {
            tables: vec![
                table("event", &["event_id", "principal"]),
                table("session", &["path", "principal", "root_principal"]),
            ],
            functions: ["path_length", "sum"].map(str::to_owned).into(),
            keywords: vec!["FROM", "PARTITION", "SELECT"],
        }
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let Offer::Words(start, found) = offer(&words(), text) else { panic!("{text}: a file") };
        assert_eq!(found, expected, "{text}");
        assert!(
            found.iter().all(|word| word.to_lowercase().starts_with(&text[start..].to_lowercase()))
        );
    }

    #[test]
    fn tables_follow_from_and_columns_their_tables() {
        check("select * from s", &["session"]);
        check("select * from ", &["event", "session"]);
        check("select p", &["path", "principal", "path_length(", "partition"]);
        check("select 1 from session where p", &["path", "principal", "path_length(", "partition"]);
        check("select 1 from event where ", &["event_id", "principal"]);
        check("select 1 from session; select e", &["event_id", "event"]);
        check("SEL", &["SELECT"]);
        check("sel", &["select"]);
        check("select 1\nfr", &["from"]);
    }

    #[test]
    fn a_point_asks_for_the_columns_of_what_stands_before_it() {
        check("select session.p", &["path", "principal"]);
        check("select 1 from session as s join event e on e.", &["event_id", "principal"]);
        check("select 1 from session as s join event e on s.ro", &["root_principal"]);
        check("select x.", &[]);
    }

    #[test]
    fn commands_complete_what_they_take() {
        check("\\f", &["\\format"]);
        check("\\d s", &["session", "sum"]);
        check("\\format j", &["json"]);
        check(".mode c", &["csv"]);
        check("\\timing o", &["on", "off"]);
        assert_eq!(offer(&words(), "\\i que"), Offer::File);
        assert_eq!(offer(&words(), ".output an"), Offer::File);
    }
}
