//! The real functions as processes, in front of a played Lambda and a played S3.

// All of this is a test, also what clippy takes for production code.
#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod clocks;
mod faults;
mod ingest;
mod lambda;
mod manners;
mod messages;
mod publishing;
mod schedule;
mod stack;
mod topic;
mod world;
