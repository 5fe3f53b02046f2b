//! Upkeep: what the trail lacks is told, old days go, small files become few, and what no version
//! needs is deleted.
//!
//! It goes in units of work, each of which may be the last: whatever was committed stays, and the
//! next run goes on. It may run beside every other step, and beside itself.

mod compact;
mod coverage;
mod entries;
mod followers;
mod plan;
mod retention;
mod settings;
mod telling;
mod tidy;
mod trails;
mod unreadable;

use rolecall_known::Known;
use rolecall_lake::Lake;
use rolecall_model::{Finding, Time};

use crate::{Progress, StepError, Watch};

pub(crate) use retention::KEPT_FROM;
pub use settings::UpkeepSettings;

/// Whether there is time for another unit of work, which takes seconds, and of large tables a minute.
pub type GoOn<'a> = &'a (dyn Fn() -> bool + Sync);

/// What an upkeep did, or would do in a dry run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Upkept {
    /// Findings that were not told before: what the trail and `rolecall.toml` lack.
    pub findings: Vec<Finding>,
    /// Findings that were found again and not repeated.
    pub repeated: u64,
    /// What became of each table, in the order of [`rolecall_model::TABLES`].
    pub tables: Vec<Tidied>,
    /// The units of work for which there was no time, in words.
    pub left: Vec<String>,
}

/// What became of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// The table.
    pub table: &'static str,
    /// Files before and after.
    pub files: [u64; 2],
    /// Bytes of these files before and after.
    pub bytes: [u64; 2],
    /// Rows that were removed because they were old.
    pub rows_removed: u64,
    /// Files that were merged into fewer, or whose event hashes were emptied.
    pub files_merged: u64,
    /// Files that no version needs any more, which were deleted.
    pub files_deleted: u64,
    /// Entries of the log that were deleted.
    pub log_entries_deleted: u64,
}

/// Looks after a lake: tells what is missing, removes what is old, merges small files and deletes
/// what is not needed. `go_on` is asked before each unit of work.
///
/// # Errors
///
/// A setting cannot be kept, or the lake failed; what was done until then stays.
pub async fn upkeep(
    lake: &mut Lake,
    known: &Known,
    settings: &UpkeepSettings,
    now: Time,
    go_on: GoOn<'_>,
    watch: Watch<'_>,
) -> Result<Upkept, StepError> {
    settings.check()?;
    lake.refresh().await?;
    let mut work = Work { settings, now, go_on, watch, units: 0, did: Upkept::default() };
    work.did.tables = lake.tables().iter().map(before).collect();
    telling::tell(lake, known, &mut work).await?;
    retention::remove(lake, &mut work).await?;
    compact::compact(lake, &mut work).await?;
    tidy::tidy(lake, &mut work).await?;
    telling::tell_unused(lake, known, &mut work).await?;
    if !settings.dry_run {
        for (tidied, table) in work.did.tables.iter_mut().zip(lake.tables()) {
            let now = before(table);
            (tidied.files[1], tidied.bytes[1]) = (now.files[0], now.bytes[0]);
        }
    }
    Ok(work.did)
}

fn before(table: &rolecall_lake::LakeTable) -> Tidied {
    let files = table.files();
    let (count, bytes) =
        (files.len() as u64, files.iter().map(|file| file.size.unsigned_abs()).sum());
    Tidied {
        table: table.table().name,
        files: [count, count],
        bytes: [bytes, bytes],
        ..Tidied::default()
    }
}

/// What is the same for all units of work, and what they did.
struct Work<'a> {
    settings: &'a UpkeepSettings,
    now: Time,
    go_on: GoOn<'a>,
    watch: Watch<'a>,
    units: u64,
    did: Upkept,
}

impl Work<'_> {
    /// Whether there is time for a unit of work; if not, it is left, under this name.
    fn begins(&mut self, what: impl FnOnce() -> String) -> bool {
        (self.watch)(Progress { done: self.units, total: self.units + 1, ..Progress::default() });
        if !(self.go_on)() {
            self.did.left.push(what());
            return false;
        }
        self.units += 1;
        true
    }
}
