//! Retention: days that are older than the user wants go, each table in one commit.

use rolecall_lake::{Change, DataFile, Lake, LakeTable, Outcome};
use rolecall_model::{Day, Edge, Event, Finding, Footprint, Object, Rejected, Row, Session, Usage};

use super::Work;
use crate::StepError;
use crate::error::TRIES;

/// Checkpoint in a table: the first day that retention has left in it.
pub(crate) const KEPT_FROM: &str = "upkeep.kept_from";

/// What is small and looked at for long is kept for 400 days at least: a year, so that what happens
/// once a year is no news, and what it takes to look into it.
const LONG: i32 = 400;

/// How many days of a table are kept, if `days` of events are wanted.
///
/// Sessions go with the uses they add up: a use that came again could be added to a session that has
/// it. Roll-ups are the baseline, findings what was told, and the ledger tells which objects of the
/// trail's bucket are known, which lists them for as long as the bucket has them.
fn keeps(table: &str, days: i32) -> i32 {
    let with_events =
        [Event::TABLE.name, Usage::TABLE.name, Session::TABLE.name, Rejected::TABLE.name];
    let long = [Object::TABLE.name, Edge::TABLE.name, Footprint::TABLE.name, Finding::TABLE.name];
    debug_assert!(with_events.contains(&table) || long.contains(&table), "{table} has a retention");
    if with_events.contains(&table) { days } else { days.max(LONG) }
}

/// Removes what is older than the settings want.
pub(super) async fn remove(lake: &mut Lake, work: &mut Work<'_>) -> Result<(), StepError> {
    let Some(days) = work.settings.retention_days else { return Ok(()) };
    for at in 0..lake.tables().len() {
        let table = &lake.tables()[at];
        let name = table.table().name;
        let first = Day::from(work.now).plus(-keeps(name, days));
        let old = before(table, first);
        if old.is_empty() || !work.begins(|| format!("remove days before {first} from `{name}`")) {
            continue;
        }
        let removed = if work.settings.dry_run {
            work.did.tables[at].files[1] -= old.len() as u64;
            old
        } else {
            remove_from(&mut lake.tables_mut()[at], first).await?
        };
        let rows: i64 = removed.iter().map(|file| file.rows).sum();
        work.did.tables[at].rows_removed += rows.unsigned_abs();
    }
    Ok(())
}

async fn remove_from(table: &mut LakeTable, first: Day) -> Result<Vec<DataFile>, StepError> {
    for _ in 0..TRIES {
        let old = before(table, first);
        // Days that are gone do not come back when somebody wants to keep more from now on.
        let known = table.checkpoint(KEPT_FROM).await?.unwrap_or(i64::MIN);
        let change = Change {
            remove: old.clone(),
            checkpoints: vec![(KEPT_FROM.to_owned(), known.max(i64::from(first.0)))],
            ..Change::default()
        };
        match table.commit(change).await? {
            Outcome::Committed(_) => return Ok(old),
            Outcome::Lost => table.refresh().await?,
        }
    }
    Err(StepError::Contended { table: table.table().name, tries: TRIES })
}

fn before(table: &LakeTable, first: Day) -> Vec<DataFile> {
    let files = table.files().iter().filter(|file| is_old(table.table().name, file.day, first));
    files.cloned().collect()
}

/// Whether a day of a table is before another. Objects whose name tells no time lie in 1970, which
/// tells nothing of their age.
fn is_old(table: &str, day: Day, first: Day) -> bool {
    day < first && (table != Object::TABLE.name || day != Day::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_model::TABLES;

    #[test]
    fn every_table_has_a_retention_that_its_readers_can_live_with() {
        for table in TABLES {
            let (short, long) = (keeps(table.name, 35), keeps(table.name, 1000));
            assert!(short == 35 || short == LONG, "{}", table.name);
            assert_eq!(long, 1000, "{}: nothing goes earlier than asked for", table.name);
        }
        assert_eq!(keeps("session", 35), keeps("usage", 35), "a use is counted once");
        assert_eq!(keeps("edge", 35), LONG);
    }

    #[test]
    fn a_day_is_old_or_not() {
        assert!(is_old("event", Day(9), Day(10)) && !is_old("event", Day(10), Day(10)));
        assert!(is_old("event", Day(0), Day(10)) && !is_old("object", Day(0), Day(10)));
    }
}
