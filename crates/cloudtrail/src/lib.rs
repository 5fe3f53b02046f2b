//! Turns the bytes of one CloudTrail object into rows.
//!
//! [`Reader`] takes an object, in whatever wrapper, and puts its records into a [`Batch`]: those
//! that matter to credentials as rows of `event`, all of them as counts for `usage`, and what could
//! not be read, with the reason, as rows of `rejected`. For every object
//! `records = kept + passed_over + rejected` ([`Reading`]).
//!
//! Everything here is a value: no files, no network, no clock, no environment.

#![warn(clippy::disallowed_methods)]

mod as_is;
mod bits;
mod element;
mod envelope;
mod event;
mod fields;
mod identity;
mod issued;
mod known;
pub mod lookup;
mod name;
mod object;
mod open;
mod reader;
mod record;
mod recover;
mod redact;
mod refusal;
mod relevance;
mod rough;
mod same;
mod scan;
mod shapes;
mod trust;
mod uses;
mod value;
mod when;
mod window;

use rolecall_model::{Event, Rejected, Time};

pub use name::{ObjectKind, ObjectName};
pub use reader::Reader;
pub(crate) use refusal::Refusal;
pub use uses::{UseGroup, Uses};

/// How much is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// An object that inflates to more bytes is refused.
    pub inflated: u64,
    /// A record of more bytes is rejected.
    pub record: usize,
    /// Objects that inflate to at most so many bytes are held whole; larger ones are streamed.
    pub buffered: usize,
    /// What is streamed is read in pieces of so many bytes, or as many as one record needs.
    pub chunk: usize,
}

impl Default for Limits {
    /// 8 GiB, 4 MiB, 32 MiB and 1 MiB.
    fn default() -> Limits {
        Limits { inflated: 8 << 30, record: 4 << 20, buffered: 32 << 20, chunk: 1 << 20 }
    }
}

/// Which object is read.
#[derive(Clone, Copy, Debug)]
pub struct ObjectRef<'a> {
    /// Where it lies.
    pub key: &'a str,
    /// Which content of that key it is.
    pub etag: &'a str,
    /// What its name says it is.
    pub kind: ObjectKind,
    /// Now.
    pub read_at: Time,
}

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A log, read.
    Read,
    /// Not a log of API calls.
    PassedOver,
    /// Not readable as a whole.
    Refused,
}

/// What one object held; counts of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What became of it.
    pub outcome: Outcome,
    /// Why it was passed over or refused.
    pub reason: Option<String>,
    /// How it wraps its records: records, array, lines, record, lookup-events, cloudwatch-logs,
    /// eventbridge or document.
    pub envelope: Option<&'static str>,
    /// Records found; always kept + passed_over + rejected.
    pub records: i64,
    /// Records counted in [`Batch::uses`].
    pub kept: i64,
    /// Records that are no API call or sign-in.
    pub passed_over: i64,
    /// Records that could not be read; each is in [`Batch::rejected`].
    pub rejected: i64,
    /// How many of the kept ones are in [`Batch::events`].
    pub credential_events: i64,
    /// The earliest event kept.
    pub first_event_at: Option<Time>,
    /// The latest event kept.
    pub last_event_at: Option<Time>,
}

impl Reading {
    fn nothing() -> Reading {
        Reading {
            outcome: Outcome::Read,
            reason: None,
            envelope: None,
            records: 0,
            kept: 0,
            passed_over: 0,
            rejected: 0,
            credential_events: 0,
            first_event_at: None,
            last_event_at: None,
        }
    }
}

/// What many objects held.
#[derive(Default)]
pub struct Batch {
    /// Rows for `event`, each with its event key. Boxed: a row is 2 KB, and moves several times.
    pub events: Vec<(u64, Box<Event>)>,
    /// Rows for `rejected`.
    pub rejected: Vec<Rejected>,
    /// The counts for `usage`.
    pub uses: Uses,
}
