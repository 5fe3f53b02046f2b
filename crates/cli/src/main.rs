//! `rolecall`: arguments in, answers out, exit code.

mod args;
mod clock;
mod commands;
mod config;
mod desk;
mod exit;
mod output;
mod queries;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Arguments;
use crate::exit::Exit;

/// Rows are many short texts, made by one thread and dropped by another: glibc's allocator spends
/// more time on them than the parser does. Without huge pages (`no_thp`), which are cleared whole
/// however little of them is used; version 2, which gives memory back after 10 ms instead of a second: an ingest peaks
/// at 225 MiB instead of 265, and at 415 with huge pages.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Room for the plan of a long statement, which is planned step into step: 7,000 terms of a sum, in bytes. It is
/// only reserved until somebody needs it.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are answers; everything else is a question that cannot be asked.
            let _ = error.print();
            return if error.use_stderr() { Exit::Failed } else { Exit::Done }.into();
        }
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            output::error::show(&anyhow::Error::new(error).context("could not start"), false);
            return Exit::Failed.into();
        }
    };
    let colour = output::colour::wanted(
        arguments.global.color,
        std::io::IsTerminal::is_terminal(&std::io::stderr()),
    );
    match runtime.block_on(commands::run(arguments)) {
        Ok(exit) => exit.into(),
        // Whoever reads has seen enough.
        Err(error) if output::is_closed_pipe(&error) => Exit::Done.into(),
        Err(error) => {
            output::error::show(&error, colour);
            Exit::Failed.into()
        }
    }
}
