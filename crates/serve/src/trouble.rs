//! What can keep a page from being shown: each with its status, and what helps.

use std::time::Duration;

use axum::http::StatusCode;
use rolecall_lake::LakeError;
use rolecall_query::{QueryError, Refused};
use rolecall_report::PageError;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("there is no page at this address")]
    NoPage,
    #[error("the lake has no {what}")]
    Unknown {
        /// What was looked for: `credential `ASIA…``.
        what: String,
        /// Where it was looked for.
        looked: String,
    },
    #[error("{why}")]
    Unclear { why: String, help: String },
    #[error("this took longer than {} seconds", .0.as_secs_f32())]
    TooLong(Duration),
    #[error("other statements are still being answered")]
    Busy,
    #[error(transparent)]
    Query(#[from] QueryError),
    /// A question of ours was not answered.
    #[error("the lake cannot be read")]
    Lookup(#[source] QueryError),
    #[error(transparent)]
    Report(#[from] Refused),
    #[error("the lake cannot be read")]
    Lake(#[from] LakeError),
    #[error("an answer is not as expected: {0}")]
    Answer(String),
    #[error(transparent)]
    Page(#[from] PageError),
}

impl Trouble {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Trouble::NoPage | Trouble::Unknown { .. } => StatusCode::NOT_FOUND,
            Trouble::Unclear { .. } | Trouble::Query(QueryError::Forbidden { .. }) => {
                StatusCode::BAD_REQUEST
            }
            Trouble::Query(QueryError::Sql { .. }) => StatusCode::UNPROCESSABLE_ENTITY,
            Trouble::TooLong(_) | Trouble::Busy => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What helps, in a sentence; may be empty.
    pub(crate) fn help(&self) -> String {
        match self {
            Trouble::NoPage => "Search for a key, an ARN, a name, an address or an account.".to_owned(),
            Trouble::Unknown { looked, .. } => format!("Looked at {looked}."),
            Trouble::Unclear { help, .. } => help.clone(),
            Trouble::TooLong(_) => {
                "Ask about fewer days: a condition on `date` leaves out whole files. `rolecall serve --time-limit` \
                 allows more."
                    .to_owned()
            }
            Trouble::Busy => "Try again when they are done.".to_owned(),
            Trouble::Query(QueryError::Sql { source, .. }) if is_memory(&source.to_string()) => {
                "The statement needs more memory than it may use. Ask about fewer days or group by less; `rolecall \
                 serve --memory` allows more."
                    .to_owned()
            }
            Trouble::Lake(error) => capital(&format!("{error}.")),
            Trouble::Lookup(error) => capital(&format!("{error}. `rolecall status` looks at the whole lake.")),
            _ => String::new(),
        }
    }
}

/// A sentence that begins with a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Whether the engine ran out of what its pool holds.
fn is_memory(text: &str) -> bool {
    text.contains("Resources exhausted")
}
