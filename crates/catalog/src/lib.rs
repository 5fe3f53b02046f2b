//! Reads the folders under `queries/` into detections that are right by construction, and renders
//! their pages. Text in, values out: whoever calls has read the files.
//!
//! A detection is a folder of two files. `detection.sql` begins with a comment that holds its
//! metadata, as TOML between `+++` lines, and its story; the rest is the query. `cases.md` proves
//! it: small tables in, expected rows out. The folder's name is the identifier.
//!
//! The query must give `subject`, `first_at` and `last_at`, and may give `severity`, `root`,
//! `path`, `accounts`, `networks`, `count`, `event_ids` and `more`; all its other columns become
//! evidence. `$from` and `$until` are bound to the window, every other `$name` to a parameter.
//!
//! A report is such a folder too, with `report.sql`; its query may give any columns.

#![warn(clippy::disallowed_methods)]

mod case;
mod detection;
mod flaw;
mod header;
mod overview;
mod page;
mod param;
mod place;
mod question;
mod report;

pub use case::{Case, CaseTable};
pub use detection::{Detection, Folder, parse_all};
pub use flaw::{Flaw, FlawIn};
pub use header::Meta;
pub use overview::overview;
pub use page::page;
pub use param::{Param, ParamValue};
pub use question::Question;
pub use report::{Report, TOPICS};
