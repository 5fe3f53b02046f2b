//! The exit codes, which scripts can trust.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: done, and nothing at or above `--fail-on` was found.
    Done,
    /// 1: something at or above `--fail-on` was found, or doctor met a problem.
    Found,
    /// 2: the question could not be answered.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Done => 0,
            Exit::Found => 1,
            Exit::Failed => 2,
        })
    }
}
