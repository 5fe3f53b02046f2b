//! What only the whole can show. One binary, since each links all of DataFusion.

// All of this is a test, also what clippy takes for production code.
#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod architecture;
mod exactly_once;
mod pages;
mod real_logs;
mod upkeep;
