//! Tidying: checkpoints of the logs, entries of logs that nobody needs, and files that no version
//! needs.

use rolecall_lake::Lake;

use super::Work;
use super::followers::{Passed, passed};
use crate::StepError;

/// Files that are deleted in one unit of work.
const FILES_AT_ONCE: usize = 1000;

/// Tidies every table.
pub(super) async fn tidy(lake: &mut Lake, work: &mut Work<'_>) -> Result<(), StepError> {
    for at in 0..lake.tables().len() {
        let name = lake.tables()[at].table().name;
        if work.begins(|| format!("tidy the log of `{name}`")) && !work.settings.dry_run {
            tidy_log(lake, at, work).await?;
        }
        if work.begins(|| format!("look for unneeded files of `{name}`")) {
            vacuum(lake, at, work).await?;
        }
    }
    Ok(())
}

async fn tidy_log(lake: &mut Lake, at: usize, work: &mut Work<'_>) -> Result<(), StepError> {
    lake.tables_mut()[at].refresh().await?;
    let table = &lake.tables()[at];
    table.write_checkpoint().await?;
    let keep = match passed(lake, table).await? {
        Passed::Everything => table.version(),
        Passed::Version(version) => version,
        // Whoever begins takes all there is, in the parts in which it was committed.
        Passed::Nothing => return Ok(()),
    };
    let before = work.now.plus_seconds(-work.settings.vacuum_after);
    let deleted = lake.tables_mut()[at].clean_log(keep, before).await?;
    work.did.tables[at].log_entries_deleted += deleted;
    Ok(())
}

async fn vacuum(lake: &mut Lake, at: usize, work: &mut Work<'_>) -> Result<(), StepError> {
    let table = &mut lake.tables_mut()[at];
    table.refresh().await?;
    let name = table.table().name;
    let unneeded = table.unreferenced(work.settings.vacuum_after, work.now).await?;
    for part in unneeded.chunks(FILES_AT_ONCE) {
        let many = part.len();
        if !work.begins(|| format!("delete {many} unneeded files of `{name}`")) {
            continue;
        }
        if !work.settings.dry_run {
            table.delete(part).await?;
        }
        work.did.tables[at].files_deleted += many as u64;
    }
    Ok(())
}
