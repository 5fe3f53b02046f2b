//! The forms in which findings leave: `finding.v1` and its schema, OCSF, ASFF, and Markdown for a ticket.
//!
//! Everything here is a value: no files, no network, no clock, no environment. Text from events is hostile
//! until it is escaped; JSON escapes by its nature, and Markdown is escaped here.

#![warn(clippy::disallowed_methods)]

pub mod sample;
pub mod text;

mod asff;
mod error;
mod finding_v1;
mod fitted;
mod importer;
mod markdown;
mod named;
mod ocsf;
#[cfg(test)]
mod schema;
mod seen;
mod word;

pub use asff::{BATCH, asff, batches};
pub use error::Unfit;
pub use finding_v1::{FindingV1, Malformed};
pub use importer::{Importer, NotAnImporter};
pub use markdown::markdown;
pub use ocsf::{OCSF_VERSION, ocsf};
pub use word::word;
