//! Links issuances into sessions, chains and edges.
//!
//! A [`Forest`] takes what is stored and what is new, and says what the sessions are now. The
//! outcome depends on the facts alone, never on their order or on how they were split over runs:
//! facts (issuances, uses, sign-ins) are merged by operations that commute, and everything else is
//! derived from them again wherever one of them changed. To make that possible from stored rows,
//! each session keeps its uses key by key in `uses`.

#![warn(clippy::disallowed_methods)]

mod asking;
mod caller;
mod columns;
mod copies;
mod descent;
mod forest;
mod issuance;
mod line;
mod name;
mod node;
mod pack;
mod rollup;
mod root;
mod row;
mod settle;
mod sign_in;
mod total;
mod usage;
mod words;

pub use columns::{EDGE_COLUMNS, EVENT_COLUMNS, FOOTPRINT_COLUMNS, USAGE_COLUMNS};
pub use forest::Forest;
pub use rollup::{edges, footprints};
