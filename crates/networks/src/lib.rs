//! Says where an address is: country, AS number, operator, AWS-owned or not, lists it is on; from
//! databases that the user supplies, as bytes or text.
//!
//! [`Networks`] holds the databases, [`Spot`] is what they say. None of them is shipped: all age
//! within weeks, and most may not be redistributed. With none at all, every answer is still there,
//! as the network prefix of the address: what compares places works without, only more coarsely.

#![warn(clippy::disallowed_methods)]

mod address;
mod amazon;
mod cells;
mod columns;
mod error;
mod facts;
mod flatten;
mod list;
mod mmdb;
mod networks;
mod ranges;
mod record;
mod rows;
mod source;
mod spot;

pub use error::NetworksError;
pub use networks::Networks;
pub use source::{MAX_AGE_DAYS, Source, SourceKind};
pub use spot::Spot;
