//! What only the whole can show. One binary, since each links all of DataFusion.

// All of this is a test, also what clippy takes for production code.
#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod alerts;
mod architecture;
mod exactly_once;
#[path = "../../kit/lookup_events.rs"]
mod lookup_events;
mod pages;
mod poll;
mod real_logs;
mod upkeep;
