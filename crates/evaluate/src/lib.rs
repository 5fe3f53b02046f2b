//! Holds findings against labels: what was found, how soon, by which detection, and what was noise.
//!
//! Labels are JSON, one object a line ([`Label`]). Everything here is a value: no files, no network,
//! no clock, no environment.

#![warn(clippy::disallowed_methods)]

mod evaluation;
mod given;
mod judge;
mod label;
mod noise;
mod notes;
mod rows;
mod sample;
mod table;
mod times;

pub use evaluation::{Evaluation, Noise, Verdict};
pub use given::{Catalogue, Found};
pub use judge::judge;
pub use label::{Label, LabelError, labels};
pub use notes::{Notes, NotesError};
pub use rows::{ATTACK_COLUMNS, Row, attacks, rows};
pub use sample::{Sample, sample};
pub use table::markdown;
pub use times::{USAGE_COLUMNS, times_in_usage, undated};
