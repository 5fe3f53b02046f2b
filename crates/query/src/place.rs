//! Where in its folder something is wrong with a question.

use rolecall_catalog::{Folder, Question};

use crate::{Flaw, QueryError};

/// A place in the folder of a question.
pub(crate) enum At {
    /// The query as a whole.
    Query,
    /// A line and a column of the query's file, both from 1.
    Position(u64, u64),
    /// A key or table of the metadata.
    Key(String),
    /// The line of `cases.md` on which a case begins, from 1.
    Case(usize),
}

/// Something that is wrong, and where.
pub(crate) struct Found {
    pub(crate) at: At,
    pub(crate) why: String,
}

impl Found {
    pub(crate) fn new(at: At, why: impl Into<String>) -> Found {
        Found { at, why: why.into() }
    }

    /// An error of the engine, whose positions are those of the file.
    pub(crate) fn of(error: QueryError) -> Found {
        match error {
            QueryError::Sql { act, mut trouble, .. } => {
                let at = trouble.position.take().map_or(At::Query, |(l, c)| At::Position(l, c));
                Found::new(at, format!("could not {act}: {trouble}"))
            }
            other => Found::new(At::Query, other.to_string()),
        }
    }

    /// The flaw with its file, and with its line if that can be found; the lines of metadata are known
    /// only to the folder.
    pub(crate) fn flaw(self, question: Question<'_>, folder: Option<&Folder>) -> Flaw {
        let file = question.file;
        let place = match self.at {
            At::Query => format!("{file}:{}", question.line),
            At::Position(line, column) => format!("{file}:{line}:{column}"),
            At::Case(line) => format!("cases.md:{line}"),
            At::Key(key) => match folder.and_then(|folder| folder.line_of(file, &key)) {
                Some(line) => format!("{file}:{line}"),
                None => file.to_owned(),
            },
        };
        Flaw { detection: question.id.to_owned(), why: format!("{place}: {}", self.why) }
    }
}

/// Where a query first says something.
pub(crate) fn first(question: Question<'_>, text: &str) -> At {
    let lines = (question.line..).zip(question.sql.lines());
    let found = lines.filter_map(|(number, line)| Some((number, line.find(text)?)));
    let mut found = found.map(|(line, at)| At::Position(line as u64, at as u64 + 1));
    found.next().unwrap_or(At::Query)
}
