//! `detect`: sessions and findings from what is new in the lake.

use std::process::ExitCode;

use rolecall_functions::{Detect, Function, run};

fn main() -> ExitCode {
    run(Function::Detect, Detect::new)
}
