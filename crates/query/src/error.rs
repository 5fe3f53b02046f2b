//! What can go wrong with a question.

use std::fmt;

use datafusion::error::DataFusionError;

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
    /// An answer is no finding.
    #[error("an answer of `{detection}` is no finding: {why}")]
    Finding {
        /// The detection.
        detection: String,
        /// What is missing or wrong.
        why: String,
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
        let message = error.find_root().strip_backtrace();
        // Our tables are wide: a list of all their columns hides what is wrong.
        let message = message.split("\nValid fields are").next().unwrap_or_default();
        let message = message.trim_end_matches('.').to_owned();
        let Some(diagnostic) = error.diagnostic() else {
            return Trouble { message, ..Trouble::default() };
        };
        let start = diagnostic.span.map(|span| (span.start.line, span.start.column));
        let notes = diagnostic.notes.iter().map(|note| &note.message);
        let helps = diagnostic.helps.iter().map(|help| &help.message);
        Trouble {
            hints: notes.chain(helps).filter(|hint| !message.contains(*hint)).cloned().collect(),
            position: start.filter(|(line, _)| *line > 0),
            message,
        }
    }
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
