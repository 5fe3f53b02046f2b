//! What can go wrong with a question.

use std::fmt;

use datafusion::error::DataFusionError;
use datafusion::sql::sqlparser::parser::ParserError;
use rolecall_known::nearest;
use rolecall_model::askable;

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
        // Our tables are wide: a list of all their columns hides what is wrong.
        let message = message.split("\nValid fields are").next().unwrap_or_default();
        let message = message.trim_end_matches('.').to_owned();
        let Some(diagnostic) = error.diagnostic() else {
            return Trouble { message, ..Trouble::default() };
        };
        let notes = diagnostic.notes.iter().map(|note| &note.message);
        let helps = diagnostic.helps.iter().map(|help| &help.message);
        Trouble {
            hints: notes.chain(helps).filter(|hint| !message.contains(*hint)).cloned().collect(),
            position: position(error),
            message,
        }
    }
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
        let parser =
            ParserError::ParserError("Expected: ), found: EOF at Line: 3, Column: 8".into());
        let trouble = Trouble::of(&DataFusionError::SQL(Box::new(parser), None));
        assert_eq!(trouble.to_string(), "line 3, column 8: Expected: ), found: EOF");
    }
}
