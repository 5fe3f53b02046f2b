//! What is wrong with a statement, shown where it is.

use std::path::Path;

use anyhow::Error;
use rolecall_query::QueryError;

use crate::output::plain::width;

/// So much of a long line is shown, in characters; with its indent it fits 80 columns.
const SHOWN: usize = 70;

/// The error, with the line that is wrong and a mark below the place.
pub(super) fn shown(mut error: QueryError, statement: &str) -> Error {
    let QueryError::Sql { trouble, .. } = &mut error else { return error.into() };
    if trouble.position.is_none() && trouble.message.ends_with("found: EOF") {
        trouble.message = trouble.message.replace("found: EOF", "found the end of the statement");
        trouble.position = Some(end(statement));
    }
    let excerpt = trouble.position.and_then(|(line, column)| excerpt(statement, line, column));
    match excerpt {
        Some(excerpt) => {
            let message = format!("{error}\n{excerpt}");
            Error::new(error).context(message)
        }
        None => error.into(),
    }
}

/// The error, with the file in which the statement stands; files that read that file are not told.
pub(super) fn in_file(error: Error, file: &Path) -> Error {
    const IN: &str = "in `";
    if error.to_string().starts_with(IN) {
        return error;
    }
    let message = format!("{IN}{}`: {error}", file.display());
    error.context(message)
}

/// Line and column behind the last word of a text, both from 1.
fn end(text: &str) -> (u64, u64) {
    let text = text.trim_end();
    let last = text.rsplit('\n').next().unwrap_or_default();
    (text.matches('\n').count() as u64 + 1, last.chars().count() as u64 + 1)
}

/// A line of a text and a mark below one of its columns, both from 1.
fn excerpt(text: &str, line: u64, column: u64) -> Option<String> {
    let line = text.lines().nth(usize::try_from(line).ok()?.checked_sub(1)?)?;
    let column = usize::try_from(column).ok()?.checked_sub(1)?;
    let line: Vec<char> = line.chars().map(|c| if c == '\t' { ' ' } else { c }).collect();
    let from = (column + SHOWN / 4).saturating_sub(SHOWN).min(line.len());
    let until = line.len().min(from + SHOWN);
    let part: String = line[from..until].iter().collect();
    let before: String = line[from..column.clamp(from, until)].iter().collect();
    if part.trim().is_empty() {
        return None;
    }
    Some(format!("{}\n{}^", part.trim_end(), " ".repeat(width(&before))))
}

#[cfg(test)]
mod tests {
    use super::{end, excerpt};

    #[test]
    fn what_is_missing_is_missing_at_the_end() {
        assert_eq!(end("select 1\n  where\n"), (2, 8));
    }

    #[test]
    fn the_mark_is_below_the_place() {
        for (text, line, column, expected) in [
            ("select x from t", 1, 8, Some("select x from t\n       ^")),
            ("select\n\t東, x from t", 2, 5, Some(" 東, x from t\n     ^")),
            ("select 1", 1, 9, Some("select 1\n        ^")),
            ("select 1", 2, 1, None),
            ("select 1\n\nx", 2, 1, None),
            ("select 1", 1, 0, None),
        ] {
            assert_eq!(excerpt(text, line, column).as_deref(), expected, "{text}");
        }
        let long = format!("select {} from t", "a, ".repeat(100));
        let shown = excerpt(&long, 1, 310).unwrap();
        let (line, mark) = shown.split_once('\n').unwrap();
        assert!(line.len() <= 70 && line[mark.len() - 1..].starts_with('r'), "{shown}");
    }
}
