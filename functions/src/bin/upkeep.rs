//! `upkeep`: a lake that stays small, and findings about what it lacks.

use std::process::ExitCode;

use rolecall_functions::{Function, Upkeep, run};

fn main() -> ExitCode {
    run(Function::Upkeep, Upkeep::new)
}
