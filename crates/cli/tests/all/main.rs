//! The real program, in folders of its own and an environment without surprises.

// All of this is a test, also what clippy takes for production code.
#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod alerts;
mod answers;
mod doctor;
mod evaluate;
mod flaws;
mod kept;
#[path = "../../../../tests/kit/lookup_events.rs"]
mod lookup_events;
mod manners;
mod organisation;
mod outputs;
mod poll;
mod s3;
mod serve;
mod shell;
mod support;
mod terminal;
