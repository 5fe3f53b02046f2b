//! `ingest`: new objects of the trail in, rows of the lake out.

use std::process::ExitCode;

use rolecall_functions::{Function, Ingest, run};

fn main() -> ExitCode {
    run(Function::Ingest, Ingest::new)
}
