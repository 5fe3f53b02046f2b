//! Trails for measuring: CloudTrail files of any number and size, the same for the same seed.

mod apis;
mod dice;
mod identity;
mod record;
mod sts;
mod trail;

pub use trail::{Plan, write};
