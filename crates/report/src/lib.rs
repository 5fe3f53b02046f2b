//! Renders what a lake says as HTML: one page that needs nothing else, and the pages that are served.
//!
//! Values in, text out: [`page()`] takes a [`Material`], which whoever calls has gathered, and gives a page
//! with its styles, its script and its pictures in it. All text is escaped by the templates; characters that
//! steer or reorder text are written out; a policy in the page forbids every request and every other script.
//! The page says what it leaves out, and stays below [`MOST_BYTES`] whatever it is given.
//!
//! [`live`] has the pages that `rolecall serve` shows: of the same parts, and with links between them.

#![warn(clippy::disallowed_methods)]

mod axis;
mod coverage;
mod csv;
mod findings;
mod grid;
mod instant;
mod keys;
mod lengths;
pub mod live;
mod map;
mod material;
mod named;
mod names;
mod numbers;
mod page;
mod policy;
mod room;
mod story;
mod summary;
mod text;
mod timeline;

pub use csv::{csv_head, csv_row};
pub use keys::MOST_KEYS;
pub use material::{
    Account, Chain, Column, CoverageDay, CoverageRegion, Edge, Finding, FindingCount, Head, Hour,
    KeyHour, Length, Material, Rejected, Session, Story, Sums, Table,
};
pub use named::{Named, named};
pub use page::{PageError, page};
pub use room::MOST_BYTES;
