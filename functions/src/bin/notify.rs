//! `notify`: findings from a topic in, messages to people out.

use std::process::ExitCode;

use rolecall_functions::{Function, Notify, run};

fn main() -> ExitCode {
    run(Function::Notify, Notify::new)
}
