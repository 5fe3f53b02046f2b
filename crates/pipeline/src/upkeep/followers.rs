//! Who follows the commits of a table, and how far: what a follower has not read stays as it is.

use std::collections::HashSet;

use rolecall_lake::{DataFile, Lake, LakeError, LakeTable};
use rolecall_model::{Edge, Event, Finding, Footprint, Row, Session, Usage};

use crate::alert::is_channel;
use crate::detect::{ASKED_EVENTS, ASKED_USAGES};
use crate::trace::{EVENTS, ROLLED_UP, USAGES};

/// How far all followers of a table have read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    /// Nobody follows its commits.
    Everything,
    /// Up to a version, which is included.
    Version(u64),
    /// Somebody has not begun.
    Nothing,
}

/// How far the followers of a table have read.
pub(super) async fn passed(lake: &Lake, table: &LakeTable) -> Result<Passed, LakeError> {
    let name = table.table().name;
    let mut checkpoints: Vec<Option<i64>> = match name {
        name if name == Event::TABLE.name => {
            vec![lake.table::<Session>().checkpoint(EVENTS).await?]
        }
        name if name == Usage::TABLE.name => vec![
            lake.table::<Session>().checkpoint(USAGES).await?,
            lake.table::<Footprint>().checkpoint(ROLLED_UP).await?,
        ],
        name if name == Session::TABLE.name => {
            vec![lake.table::<Edge>().checkpoint(ROLLED_UP).await?]
        }
        name if name == Finding::TABLE.name => {
            let all = table.checkpoints().await?.into_iter();
            all.filter(|(step, _)| is_channel(step)).map(|(_, at)| Some(at)).collect()
        }
        _ => Vec::new(),
    };
    // Before its first run, detect follows nothing: that run asks about all there is.
    for (followed, step) in [(Event::TABLE.name, ASKED_EVENTS), (Usage::TABLE.name, ASKED_USAGES)] {
        if name == followed {
            checkpoints.extend(lake.table::<Finding>().checkpoint(step).await?.map(Some));
        }
    }
    Ok(lowest(&checkpoints, table.version()))
}

fn lowest(checkpoints: &[Option<i64>], version: u64) -> Passed {
    let mut passed = Passed::Everything;
    for checkpoint in checkpoints {
        let at = checkpoint.and_then(|at| u64::try_from(at).ok());
        // A checkpoint that is no version of the table tells nothing of how far somebody is.
        let Some(at) = at.filter(|at| *at <= version) else { return Passed::Nothing };
        passed = match passed {
            Passed::Version(other) => Passed::Version(other.min(at)),
            _ => Passed::Version(at),
        };
    }
    passed
}

/// The files of a table that every follower has passed.
///
/// A follower only moves on, so they stay passed whatever happens meanwhile; and merging them does
/// not show in the commits that it follows.
pub(super) async fn passed_files(
    lake: &Lake,
    table: &LakeTable,
) -> Result<Vec<DataFile>, LakeError> {
    let version = match passed(lake, table).await? {
        Passed::Everything => return Ok(table.files().to_vec()),
        Passed::Nothing => return Ok(Vec::new()),
        Passed::Version(version) => version,
    };
    let unread = table.added_since(Some(version)).await?;
    let unread: HashSet<&str> = unread.iter().map(|file| file.path.as_str()).collect();
    let files = table.files().iter().filter(|file| !unread.contains(file.path.as_str()));
    Ok(files.cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_follower_counts() {
        for (checkpoints, expected) in [
            (&[][..], Passed::Everything),
            (&[Some(7)], Passed::Version(7)),
            (&[Some(7), Some(3)], Passed::Version(3)),
            (&[Some(7), None], Passed::Nothing),
            (&[Some(7), Some(1_800_000_000_000_000)], Passed::Nothing),
            (&[Some(-1)], Passed::Nothing),
        ] {
            assert_eq!(lowest(checkpoints, 9), expected, "{checkpoints:?}");
        }
    }
}
