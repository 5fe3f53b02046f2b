//! What no case of a question proves.

use std::fmt;

/// Something that could be otherwise, and no case would notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Untested {
    /// A condition that can be deleted.
    Condition {
        /// The condition.
        condition: String,
        /// The line of the query's file on which it begins, from 1.
        line: usize,
    },
    /// Conditions marked `-- prunes`, which should only spare reading, and change an answer.
    Prunes {
        /// The title of the case whose answer they change.
        case: String,
        /// The line of `cases.md` on which that case begins, from 1.
        line: usize,
    },
}

impl Untested {
    /// The file and the line; `query` is the name of the query's file.
    pub fn place(&self, query: &str) -> String {
        match self {
            Untested::Condition { line, .. } => format!("{query}:{line}"),
            Untested::Prunes { line, .. } => format!("cases.md:{line}"),
        }
    }
}

impl fmt::Display for Untested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Untested::Condition { condition, .. } => write!(
                f,
                "no case notices that `{condition}` is missing: add such a case, or delete the condition"
            ),
            Untested::Prunes { case, .. } => write!(
                f,
                "the case `{case}` has another answer without the conditions marked `-- prunes`, which \
                 should only spare reading: take the mark from the one that matters"
            ),
        }
    }
}
