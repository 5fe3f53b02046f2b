//! What became of an alert.

use std::future::Future;

use crate::FindingV1;

/// What became of one finding at one channel. No reason holds an address or a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has arrived.
    Delivered,
    /// The channel wants only more severe ones.
    PassedOver,
    /// This finding is refused for good, and why; the next may be taken.
    Refused(String),
    /// The channel takes nothing until somebody puts its settings right, and why.
    Closed(String),
    /// It could not be delivered now, and why.
    Later(String),
}

impl Outcome {
    /// Whether nothing remains to be done.
    pub fn is_settled(&self) -> bool {
        matches!(self, Outcome::Delivered | Outcome::PassedOver)
    }

    /// Why it was not delivered.
    pub fn why(&self) -> Option<&str> {
        match self {
            Outcome::Delivered | Outcome::PassedOver => None,
            Outcome::Refused(why) | Outcome::Closed(why) | Outcome::Later(why) => Some(why),
        }
    }
}

/// Where a step puts findings.
pub trait Sink {
    /// Sends findings in their order, and says what became of each. Those after the last outcome were
    /// not tried.
    fn send(&self, findings: &[FindingV1]) -> impl Future<Output = Vec<Outcome>> + Send;
}
