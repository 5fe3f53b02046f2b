//! Publishes findings to an SNS topic.

mod entry;
mod publisher;

pub use entry::Form;
pub use publisher::Publisher;

pub(crate) use publisher::{aws, said, unanswered};
