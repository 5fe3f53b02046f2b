//! The real logs, which are not part of the repository.

use std::path::PathBuf;

/// The folder of real logs, if this machine has it. `ROLECALL_SHARED_DATA` names another place.
pub fn data() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let folder = std::env::var("ROLECALL_SHARED_DATA").unwrap_or_else(|_| default.to_owned());
    let folder = PathBuf::from(folder);
    folder.is_dir().then_some(folder)
}

/// Says that a test had nothing to look at.
#[allow(clippy::print_stderr)]
pub fn say_absent(test: &str) {
    eprintln!("{test}: the real logs are absent, so this test looked at nothing");
}
