//! Turns findings into messages, and delivers them.

mod finding_v1;

pub use finding_v1::FindingV1;
