//! `poll`: the event history of accounts without a trail in, rows of the lake out.

use std::process::ExitCode;

use rolecall_functions::{Function, Poll, run};

fn main() -> ExitCode {
    run(Function::Poll, Poll::new)
}
