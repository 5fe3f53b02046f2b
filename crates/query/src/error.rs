//! What can go wrong with a question.

use std::fmt;

use datafusion::error::DataFusionError;
use datafusion::sql::sqlparser::parser::ParserError;
use rolecall_model::{askable, nearest};

use crate::views::views;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The text asks for a change.
    #[error("{what} is not allowed: a lake is only asked, never changed; write a SELECT")]
    Forbidden {
        /// The statement.
        what: String,
    },
    /// The session could not be set up.
    #[error("could not set up {what}")]
    Setup {
        /// The part: a table, a view, the memory limit.
        what: String,
        /// Why not.
        source: Box<DataFusionError>,
    },
    /// The question cannot be planned, or failed while it ran.
    #[error("could not {act}: {trouble}")]
    Sql {
        /// What was being done.
        act: String,
        /// What is wrong, and where.
        trouble: Trouble,
        /// The engine's own error.
        source: Box<DataFusionError>,
    },
    /// A case cannot be tried.
    #[error("the case `{case}` cannot be tried: {why}")]
    Case {
        /// Its title.
        case: String,
        /// What is wrong with it.
        why: String,
    },
}

/// What the engine says about a query, and where in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong.
    pub message: String,
    /// Line and column in the query, both from 1, if they are known.
    pub position: Option<(u64, u64)>,
    /// What may help, such as names that are alike.
    pub hints: Vec<String>,
}

impl Trouble {
    fn of(error: &DataFusionError) -> Trouble {
        let root = error.find_root();
        if let DataFusionError::SQL(parser, _) = root {
            return unreadable(parser);
        }
        let message = root.strip_backtrace();
        if let Some(name) = missing_table(&message) {
            let tables = askable().map(|table| table.name);
            let tables = tables.chain(views().into_iter().map(|view| view.name));
            let near = nearest(name, tables).map(|near| format!("did you mean `{near}`?"));
            let listed = "`rolecall tables` lists what there is".to_owned();
            return Trouble {
                message: format!("there is no table `{name}`"),
                position: position(error),
                hints: near.into_iter().chain([listed]).collect(),
            };
        }
        let message = in_a_line(&message);
        let Some(diagnostic) = error.diagnostic() else {
            return Trouble { message, ..Trouble::default() };
        };
        let notes = diagnostic.notes.iter().map(|note| note.message.as_str());
        let helps = diagnostic.helps.iter().map(|help| help.message.as_str());
        Trouble { hints: hints(notes.chain(helps), &message), position: position(error), message }
    }
}

/// What the engine says in many words and lines: without the name of its error, and without the list of
/// all columns, which hides what is wrong where tables are wide.
fn in_a_line(message: &str) -> String {
    let message = message.split("\nValid fields are").next().unwrap_or_default();
    let named = ["Error during planning: ", "Schema error: "];
    let message = named.iter().find_map(|name| message.strip_prefix(name)).unwrap_or(message);
    message.replace('\n', " ").trim_end_matches('.').to_owned()
}

/// What the engine guesses: columns in one hint, the most alike only, and nothing that is said already.
fn hints<'a>(said: impl Iterator<Item = &'a str>, message: &str) -> Vec<String> {
    const MOST: usize = 3;
    let (mut columns, mut hints) = (Vec::new(), Vec::new());
    for hint in said {
        match hint.strip_prefix("possible column ") {
            Some(column) if message.contains(column) => {}
            Some(column) => columns.push(format!("`{column}`")),
            None if hint.starts_with("Possible function") && message.contains("Did you mean") => {}
            None if message.contains(hint) => {}
            None => hints.push(hint.to_owned()),
        }
    }
    columns.truncate(MOST);
    if !columns.is_empty() {
        hints.push(format!("alike: {}", columns.join(", ")));
    }
    hints
}

fn position(error: &DataFusionError) -> Option<(u64, u64)> {
    let start = error.diagnostic()?.span?.start;
    (start.line > 0).then_some((start.line, start.column))
}

/// A text that is no SQL; the parser says where in its own words, `… at Line: 3, Column: 8`.
fn unreadable(parser: &ParserError) -> Trouble {
    let text = match parser {
        ParserError::ParserError(text) | ParserError::TokenizerError(text) => text.clone(),
        ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
    };
    let place = text.rsplit_once(" at Line: ").and_then(|(message, place)| {
        let (line, column) = place.split_once(", Column: ")?;
        Some((message.to_owned(), line.parse().ok()?, column.trim().parse().ok()?))
    });
    match place {
        Some((message, line, column)) => {
            Trouble { message, position: Some((line, column)), hints: Vec::new() }
        }
        None => Trouble { message: text, ..Trouble::default() },
    }
}

/// The table that the engine does not know, as in `table 'datafusion.public.footprints' not found`.
fn missing_table(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("table '")?;
    rest.split_once("' not found")?.0.rsplit('.').next()
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.position {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.message)?;
        self.hints.iter().try_for_each(|hint| write!(f, "; {hint}"))
    }
}

impl QueryError {
    pub(crate) fn setup(what: impl Into<String>) -> impl FnOnce(DataFusionError) -> QueryError {
        move |source| QueryError::Setup { what: what.into(), source: Box::new(source) }
    }

    pub(crate) fn sql(act: impl Into<String>) -> impl FnOnce(DataFusionError) -> QueryError {
        move |source| QueryError::Sql {
            act: act.into(),
            trouble: Trouble::of(&source),
            source: Box::new(source),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_says_is_said_in_our_words() {
        let message = "Error during planning: table 'datafusion.public.footprints' not found";
        let trouble = Trouble::of(&DataFusionError::Plan(message.into()));
        assert_eq!(trouble.message, "there is no table `footprints`");
        assert_eq!(trouble.hints[0], "did you mean `footprint`?");
        let engine =
            "Schema error: No field named a. Did you mean 't.b'?\nValid fields are t.b, t.c.";
        assert_eq!(in_a_line(engine), "No field named a. Did you mean 't.b'?");
        let guesses = ["possible column t.b", "possible column t.c", "possible column t.d", "x"];
        assert_eq!(hints(guesses.into_iter(), &in_a_line(engine)), ["x", "alike: `t.c`, `t.d`"]);
        let parser =
            ParserError::ParserError("Expected: ), found: EOF at Line: 3, Column: 8".into());
        let trouble = Trouble::of(&DataFusionError::SQL(Box::new(parser), None));
        assert_eq!(trouble.to_string(), "line 3, column 8: Expected: ), found: EOF");
    }
}
