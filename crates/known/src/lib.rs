//! Reads `rolecall.toml`: what the organisation knows about itself, as tables with owner, reason
//! and expiry. Text in, values out: whoever calls has read the files.
//!
//! The file is a list of entries, such as `[[partner]]`; each fills a table that detections ask,
//! may be meant for some detections only, and may expire. `[[suppress]]` keeps findings quiet, and
//! `[detection.NAME]` turns a detection's knobs. [`EXAMPLE`] shows all of it.
//!
//! What is true everywhere comes along ([`Known::defaults`]); an entry of the file about the same
//! thing replaces it.

#![warn(clippy::disallowed_methods)]

mod accounts;
mod advice;
mod check;
mod duration;
mod entry;
mod fault;
mod flaw;
mod known;
mod lists;
mod pattern;
mod probe;
mod read;
mod section;
mod settings;
mod suppression;
mod tables;
mod vouch;

pub use entry::{Entry, Origin, Scope, Vouched};
pub use fault::Fault;
pub use flaw::{Flaw, Spot};
pub use known::{Known, accounts_file};
pub use probe::Probe;
pub use settings::{Databases, DetectionSettings, Setting, SettingValue};
pub use suppression::Suppression;
pub use tables::{Tables, Visit};

/// A full, commented `rolecall.toml`.
pub const EXAMPLE: &str = include_str!("../example.toml");
