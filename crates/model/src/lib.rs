//! The words of the domain as types that cannot hold nonsense, and the tables as lists of
//! described columns.
//!
//! Everything here is a value: no files, no network, no clock, no environment.

#![warn(clippy::disallowed_methods)]

pub mod api;
pub mod arn;
pub mod client;
mod edge;
mod event;
mod finding;
mod footprint;
pub mod glob;
pub mod hash;
pub mod key;
mod known;
mod nearest;
pub mod network;
mod object;
mod rejected;
mod session;
mod severity;
pub mod subject;
pub mod table;
mod time;
mod usage;
mod window;

pub use edge::Edge;
pub use event::Event;
pub use finding::{Finding, UPKEEP_FINDINGS};
pub use footprint::Footprint;
pub use known::{
    Automation, KNOWN_TABLES, KnownEndpoint, KnownNetwork, MarkedClient, OwnAccount, Partner,
    Portal, QuietApi, SessionCeiling, SpecialRole, TrustedEdge, TrustedSubject,
};
pub use nearest::nearest;
pub use object::Object;
pub use rejected::Rejected;
pub use session::Session;
pub use severity::{Confidence, NotALevel, Severity};
pub use table::{Column, Kind, Row, Sink, Source, Table};
pub use time::{Day, NotATime, Time};
pub use usage::Usage;
pub use window::Window;

/// Every table that a query can ask: those of the lake, and what the organisation knows.
pub fn askable() -> impl Iterator<Item = &'static Table> {
    TABLES.into_iter().chain(KNOWN_TABLES)
}

/// Every table of the lake, in the order in which the steps fill them.
pub const TABLES: [&Table; 8] = [
    &Object::TABLE,
    &Event::TABLE,
    &Usage::TABLE,
    &Rejected::TABLE,
    &Session::TABLE,
    &Edge::TABLE,
    &Footprint::TABLE,
    &Finding::TABLE,
];
