//! Why a step could not do its work.

use rolecall_lake::LakeError;

/// Why a step stopped. Whatever it had committed by then stays, and running it again goes on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepError {
    /// The lake failed.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// A question could not be asked.
    #[error(transparent)]
    Query(#[from] rolecall_query::QueryError),
    /// The trail could not be listed.
    #[error("could not list the trail at `{place}`")]
    List {
        /// Where it is.
        place: String,
        /// Why not.
        source: std::io::Error,
    },
    /// There is nothing there.
    #[error(
        "`{place}` holds no file: give a folder of CloudTrail logs, a log file, or `s3://bucket/prefix`"
    )]
    Nothing {
        /// Where it is.
        place: String,
    },
    /// Somebody asks for what cannot be.
    #[error("`{text}` is no {what}: write it like `{like}`")]
    NoName {
        /// What was said.
        text: String,
        /// What it should have been.
        what: &'static str,
        /// How such names look.
        like: &'static str,
    },
    /// A setting of upkeep cannot be kept.
    #[error("{what} of {given} is too {short_or_long}: {help}")]
    Setting {
        /// The setting.
        what: &'static str,
        /// Its value.
        given: String,
        /// Which of both it is.
        short_or_long: &'static str,
        /// What helps.
        help: &'static str,
    },
    /// Others changed the lake again and again.
    #[error(
        "gave up on the table `{table}` after losing {tries} races: is something else writing to this lake without a pause?"
    )]
    Contended {
        /// The table.
        table: &'static str,
        /// How often it was tried.
        tries: u32,
    },
}

/// How often a commit is tried before a step gives up. Each loss means that another writer won, so
/// the lake as a whole moves on.
pub(crate) const TRIES: u32 = 64;
