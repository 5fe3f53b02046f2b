//! Long answers in a pager, on a terminal.

use std::io::{self, Write};
use std::process::{Command, Stdio};

/// What shows long answers if `PAGER` says nothing. `R` lets colours through, `F` leaves short
/// answers alone, and `X` leaves on the screen what was read.
const USUAL: &str = "less -FRX";

/// Writes an answer to standard output, through the pager if it has more lines than the screen.
///
/// # Errors
///
/// Standard output could not be written to. A pager that cannot be started is none: the answer is
/// written without it.
pub(crate) fn show(answer: &[u8], lines_on_screen: Option<usize>) -> io::Result<()> {
    let lines = answer.iter().filter(|byte| **byte == b'\n').count();
    let is_long = lines_on_screen.is_some_and(|screen| lines + 1 >= screen);
    match if is_long { start() } else { None } {
        Some(mut pager) => {
            if let Some(mut into) = pager.stdin.take() {
                // Whoever leaves the pager has seen enough.
                let _ = into.write_all(answer);
            }
            pager.wait().map(drop)
        }
        None => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(answer)?;
            stdout.flush()
        }
    }
}

/// The pager that the environment names, which is a command as a shell reads it.
fn start() -> Option<std::process::Child> {
    let named = std::env::var("PAGER").ok().filter(|pager| !pager.trim().is_empty());
    let pager = named.as_deref().unwrap_or(USUAL);
    let program = pager.split_whitespace().next().unwrap_or_default();
    // A shell starts whether the pager is there or not.
    let is_there = |program: &str| {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
    };
    if !is_there(program) {
        return None;
    }
    Command::new("sh").args(["-c", pager]).stdin(Stdio::piped()).spawn().ok()
}
