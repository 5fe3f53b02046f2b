//! What the shell understands besides SQL: words behind a backslash, as in psql, or behind a dot, as in
//! DuckDB and SQLite.

use clap::ValueEnum;

use crate::args::Format;

/// What `\?` says.
pub(super) const HELP: &str = "\
A statement ends with a semicolon, and may have many lines. Tab completes.

  \\d              the tables, views and functions
  \\d NAME         the columns of a table or view, or what a function does
  \\dt \\dv \\df     only the tables, the views, the functions
  \\format FORMAT  write answers as text, csv or json
  \\x              write each row as a list, a column a line
  \\timing         say how long answers take
  \\pager          show long answers with $PAGER, or not
  \\o FILE         write the next answer to FILE: .csv, .json or .parquet
  \\i FILE         answer the statements of FILE
  \\?              this help
  \\q              leave (also Ctrl-D); Ctrl-C stops an answer

\\timing, \\pager and \\x take `on` or `off`, or turn to the other. A dot does for the backslash, as in
.mode csv, .tables, .read FILE, .output FILE, .timer on, .quit.";

/// The words behind a backslash, for Tab.
pub(super) const WORDS: [&str; 12] =
    ["d", "dt", "dv", "df", "format", "x", "timing", "pager", "o", "i", "?", "q"];

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Command<'a> {
    Help,
    Quit,
    /// Everything, or what has this name.
    Show(Option<&'a str>),
    /// All of a kind: `table`, `view` or `function`.
    List(&'static str),
    Format(Format),
    Expanded(Option<bool>),
    Timing(Option<bool>),
    Pager(Option<bool>),
    Output(&'a str),
    Include(&'a str),
}

/// Whether a line begins as a command does; statements begin with neither a backslash nor a dot.
pub(super) fn is_one(line: &str) -> bool {
    let dotted = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic());
    line.starts_with('\\')
        || line.strip_prefix('.').is_some_and(dotted)
        || ["help", "quit", "exit"].contains(&line.trim().trim_end_matches(';'))
}

/// Reads a command, or says what is wrong with it and what helps.
pub(super) fn read(line: &str) -> Result<Command<'_>, String> {
    let line = line.trim().trim_end_matches(';').trim_end();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = unquoted(rest.trim());
    let named = || match rest {
        "" => Err(format!("`{word}` needs a file: `{word} FILE`")),
        file => Ok(file),
    };
    Ok(match word.trim_start_matches(['\\', '.']) {
        "?" | "h" | "help" => Command::Help,
        "q" | "quit" | "exit" => Command::Quit,
        "d" | "tables" | "schema" | "describe" => {
            Command::Show(Some(rest).filter(|n| !n.is_empty()))
        }
        "dt" => Command::List("table"),
        "dv" => Command::List("view"),
        "df" => Command::List("function"),
        "format" | "mode" => Command::Format(format(rest)?),
        "x" => Command::Expanded(switch(word, rest)?),
        "timing" | "timer" => Command::Timing(switch(word, rest)?),
        "pager" => Command::Pager(switch(word, rest)?),
        "o" | "output" | "once" => Command::Output(named()?),
        "i" | "read" => Command::Include(named()?),
        // psql's way to say some of these.
        "pset" => match rest.split_once(char::is_whitespace).unwrap_or((rest, "")) {
            ("format", value) => Command::Format(format(value.trim())?),
            ("pager", value) => Command::Pager(switch("pager", value.trim())?),
            ("expanded", value) => Command::Expanded(switch("expanded", value.trim())?),
            _ => return Err("`\\pset` knows format, pager and expanded".to_owned()),
        },
        _ => return Err(format!("there is no command `{word}`: `\\?` lists them")),
    })
}

fn format(text: &str) -> Result<Format, String> {
    let found = match text {
        "table" | "aligned" => Ok(Format::Text),
        "jsonl" | "jsonlines" => Ok(Format::Json),
        _ => Format::from_str(text, true),
    };
    found.map_err(|_| format!("`{text}` is no format: write `\\format text`, csv or json"))
}

fn switch(word: &str, text: &str) -> Result<Option<bool>, String> {
    match text {
        "" => Ok(None),
        "on" => Ok(Some(true)),
        "off" => Ok(Some(false)),
        _ => Err(format!("`{word}` takes `on` or `off`, not `{text}`")),
    }
}

fn unquoted(text: &str) -> &str {
    let inner = |mark: char| text.strip_prefix(mark)?.strip_suffix(mark);
    inner('\'').or_else(|| inner('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_of_other_shells_find_their_words() {
        for (line, expected) in [
            ("\\d", Command::Show(None)),
            ("\\d session;", Command::Show(Some("session"))),
            (".tables", Command::Show(None)),
            ("\\format CSV", Command::Format(Format::Csv)),
            (".mode jsonlines", Command::Format(Format::Json)),
            ("\\pset format  csv", Command::Format(Format::Csv)),
            ("\\timing on", Command::Timing(Some(true))),
            (".timer off", Command::Timing(Some(false))),
            ("\\x", Command::Expanded(None)),
            ("\\o 'my answer.csv'", Command::Output("my answer.csv")),
            (".read a b.sql", Command::Include("a b.sql")),
            ("exit;", Command::Quit),
            ("\\?", Command::Help),
        ] {
            assert!(is_one(line), "{line}");
            assert_eq!(read(line), Ok(expected), "{line}");
        }
        for word in WORDS.map(|word| format!("\\{word}")) {
            assert!(!read(&word).is_err_and(|why| why.contains("no command")), "{word}");
        }
    }

    #[test]
    fn what_is_no_command_says_what_helps() {
        for (line, told) in [
            ("\\nothing", "`\\?` lists them"),
            ("\\format xml", "csv or json"),
            ("\\timing maybe", "`on` or `off`"),
            ("\\o", "needs a file"),
            ("\\pset border 2", "knows format"),
        ] {
            let why = read(line).unwrap_err();
            assert!(why.contains(told), "{line}: {why}");
        }
        for line in ["select 1", ".5 + 1", "-- \\d", "exit_code"] {
            assert!(!is_one(line), "{line}");
        }
    }
}
