//! Merging: many small files of a day become few, and old days forget which events they counted.

use std::collections::HashSet;

use rolecall_lake::{Change, Lake, LakeError, Outcome};
use rolecall_model::{Day, Finding, Row, Usage};

use super::Work;
use super::followers::passed_files;
use super::plan::{Merge, merges};
use crate::StepError;
use crate::error::TRIES;
use crate::ingest::HASHES;

/// Findings of the last days stay as they are: a channel that is set up today still meets them.
const UNTOLD_DAYS: i32 = 7;

/// Merges the small files of every table.
pub(super) async fn compact(lake: &mut Lake, work: &mut Work<'_>) -> Result<(), StepError> {
    for at in 0..lake.tables().len() {
        // A round gives files that may be merged further, or makes room for what others wrote.
        let table = lake.tables()[at].table().name;
        while work.begins(|| format!("look for small files of `{table}`")) {
            let planned = plan(lake, at, work).await?;
            let mut merged = 0;
            for merge in &planned {
                let day = merge.files[0].day;
                let files = merge.files.len();
                if !work.begins(|| format!("merge {files} files of `{table}` of {day}")) {
                    continue;
                }
                if work.settings.dry_run || merge_one(lake, at, merge).await? {
                    merged += files as u64;
                }
            }
            let tidied = &mut work.did.tables[at];
            tidied.files_merged += merged;
            if work.settings.dry_run {
                let fewer = merged.saturating_sub(planned.len() as u64);
                tidied.files[1] = tidied.files[1].saturating_sub(fewer);
            }
            // Nothing more to do, no time, or others who change the same days.
            if merged == 0 || work.settings.dry_run || !work.did.left.is_empty() {
                break;
            }
        }
    }
    Ok(())
}

async fn plan(lake: &Lake, at: usize, work: &Work<'_>) -> Result<Vec<Merge>, LakeError> {
    let table = &lake.tables()[at];
    let mut files = passed_files(lake, table).await?;
    let today = Day::from(work.now);
    if table.table().name == Finding::TABLE.name {
        files.retain(|file| file.day < today.plus(-UNTOLD_DAYS));
    }
    let emptied = (table.table().name == Usage::TABLE.name)
        .then_some((HASHES, today.plus(-work.settings.hashes_days)));
    Ok(merges(&files, work.settings.compact_to, emptied))
}

/// Merges some files; says whether it did: if somebody else has replaced one of them meanwhile, all
/// stays as it is.
async fn merge_one(lake: &mut Lake, at: usize, merge: &Merge) -> Result<bool, StepError> {
    let table = &mut lake.tables_mut()[at];
    let emptied = merge.emptied.then_some(HASHES);
    let add: Vec<_> = table.merge(&merge.files, emptied).await?.into_iter().collect();
    for _ in 0..TRIES {
        let there: HashSet<&str> = table.files().iter().map(|file| file.path.as_str()).collect();
        if !merge.files.iter().all(|file| there.contains(file.path.as_str())) {
            // What was written for nothing is deleted by a later vacuum.
            return Ok(false);
        }
        let change = Change {
            add: add.clone(),
            remove: merge.files.clone(),
            rearranges: true,
            ..Change::default()
        };
        match table.commit(change).await? {
            Outcome::Committed(_) => return Ok(true),
            Outcome::Lost => table.refresh().await?,
        }
    }
    Err(StepError::Contended { table: table.table().name, tries: TRIES })
}
