//! LookupEvents: what of CloudTrail's event history is to be asked for next, without asking.
//!
//! CloudTrail keeps the management events of the last [`HISTORY`] seconds for every account and region, also
//! where no trail is. A question names one service ([`Feed`]) and a span of time ([`Slice`]).
//! Events appear late, so what was read counts as settled only up to some time before it was
//! read ([`Slice::settled`]); the rest is read again ([`unsettled`]). [`Todo`] cuts what is to be
//! read into slices that end, and [`Pace`] says when the next request may go.

mod feed;
mod pace;
mod region;
mod slice;
mod todo;

pub use feed::{Feed, feeds};
pub use pace::Pace;
pub use region::{home, usual_regions};
pub use slice::{Slice, unsettled};
pub use todo::Todo;

/// CloudTrail's event history reaches back 90 days; in seconds.
pub const HISTORY: i64 = 90 * 86_400;

/// Events appear up to so many seconds after the call, as AWS says.
pub const LATE: i64 = 15 * 60;

/// The most events on a page of LookupEvents.
pub const PAGE: u32 = 50;

/// A slice of more pages is cut: what it holds must fit into memory, and end before a function's
/// time does.
pub const MOST_PAGES: u32 = 40;
