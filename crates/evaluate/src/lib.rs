//! Holds findings against labels: what was found, how soon, by which detection, and what was noise.
//!
//! Labels are JSON, one object a line ([`Label`]). Everything here is a value: no files, no network,
//! no clock, no environment.

#![warn(clippy::disallowed_methods)]

mod judge;
mod label;
mod notes;
mod sample;
mod table;

pub use judge::{Evaluation, Noise, Verdict, judge};
pub use label::{Label, LabelError, labels};
pub use notes::{Notes, NotesError};
pub use sample::{Sample, sample};
pub use table::markdown;
