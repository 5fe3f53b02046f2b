//! Trace: issuances and uses become sessions with their lineage; then the roll-ups.
//!
//! Only what was added to `event` and `usage` since the last run is read, and the sessions of the
//! days around. New sessions and the versions that were read go into one commit, so that a run that
//! is killed, or runs beside another, counts nothing twice.

use std::collections::BTreeSet;

use rolecall_lake::{Change, DataFile, Lake, LakeTable, Outcome};
use rolecall_lineage::Forest;
use rolecall_model::{Day, Edge, Event, Footprint, Row, Session, Usage};

use crate::error::TRIES;
use crate::upkeep::KEPT_FROM;
use crate::{Progress, StepError, Watch};

/// Checkpoints in `session`: the versions of `event` and `usage` that it includes.
pub(crate) const EVENTS: &str = "trace.event";
pub(crate) const USAGES: &str = "trace.usage";
/// Checkpoint in `edge` and `footprint`: the version of the table that they roll up.
pub(crate) const ROLLED_UP: &str = "trace";

/// How far a session's parent or use can lie from it: the longest credential lives 36 hours.
const REACH: i32 = 2;

/// Rows of `event` and `usage` that one commit takes, so that a long backlog is traced in parts.
const PART: i64 = 1_500_000;

/// Rows that are read between two words about progress.
const TOLD_EVERY: u64 = 20_000;

/// What a trace did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traced {
    /// New rows of `event` that were read.
    pub events: u64,
    /// New rows of `usage` that were read.
    pub usages: u64,
    /// Sessions that are new or changed.
    pub sessions: u64,
}

/// Links what is new in `event` and `usage`, and brings the roll-ups up to date.
pub async fn trace(lake: &mut Lake, watch: Watch<'_>) -> Result<Traced, StepError> {
    let mut did = Traced::default();
    let mut lost = 0;
    loop {
        let part = Part::of(lake).await?;
        let done = did.events + did.usages;
        watch(Progress { done, total: done + part.left, ..Progress::default() });
        if part.is_empty() {
            break;
        }
        // Reading takes about half of the time.
        let read = |rows: u64| {
            watch(Progress {
                done: done + rows / 2,
                total: done + part.left,
                ..Progress::default()
            });
        };
        match link(lake, &part, &read).await? {
            Some(sessions) => {
                did.events += part.events.rows();
                did.usages += part.usages.rows();
                did.sessions += sessions;
            }
            None => {
                lost += 1;
                if lost == TRIES {
                    return Err(StepError::Contended { table: Session::TABLE.name, tries: lost });
                }
                lake.refresh().await?;
            }
        }
    }
    roll_up(lake, rolecall_lineage::EDGE_COLUMNS, edges).await?;
    roll_up(lake, rolecall_lineage::FOOTPRINT_COLUMNS, footprints).await?;
    Ok(did)
}

/// The next rows of one table that `session` does not include.
struct News {
    files: Vec<DataFile>,
    version: u64,
}

impl News {
    async fn of(table: &LakeTable, checkpoint: Option<i64>) -> Result<(News, u64), StepError> {
        let from = checkpoint.map(|version| version.unsigned_abs());
        let (mut files, mut version) = (Vec::new(), from.unwrap_or_default());
        let mut rows = 0;
        let left: i64 = table.added_since(from).await?.iter().map(|file| file.rows).sum();
        for (at, added) in table.commits_since(from).await? {
            if rows > 0 && rows + added.iter().map(|file| file.rows).sum::<i64>() > PART {
                break;
            }
            rows += added.iter().map(|file| file.rows).sum::<i64>();
            files.extend(added);
            version = at;
        }
        Ok((News { files, version }, left.unsigned_abs()))
    }

    fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows.unsigned_abs()).sum()
    }
}

/// What one commit of `session` takes in.
struct Part {
    events: News,
    usages: News,
    /// Rows of both tables that are still to be taken, those of this part included.
    left: u64,
}

impl Part {
    async fn of(lake: &Lake) -> Result<Part, StepError> {
        let sessions = lake.table::<Session>();
        let seen = sessions.checkpoint(EVENTS).await?;
        let (events, events_left) = News::of(lake.table::<Event>(), seen).await?;
        let seen = sessions.checkpoint(USAGES).await?;
        let (usages, usages_left) = News::of(lake.table::<Usage>(), seen).await?;
        Ok(Part { events, usages, left: events_left + usages_left })
    }

    fn is_empty(&self) -> bool {
        self.events.files.is_empty() && self.usages.files.is_empty()
    }

    fn days(&self) -> BTreeSet<Day> {
        self.events.files.iter().chain(&self.usages.files).map(|file| file.day).collect()
    }
}

/// Links one part and commits the days it changes. `None` if another writer was faster.
async fn link(
    lake: &mut Lake,
    part: &Part,
    read: &(dyn Fn(u64) + Sync),
) -> Result<Option<u64>, StepError> {
    let mut loaded = around(&part.days());
    loop {
        let forest = gather(lake, part, &loaded, read).await?;
        // What changed at the rim may have children or siblings in days that are not loaded.
        let needed: BTreeSet<Day> = around(&forest.changed_days())
            .intersection(&days_of(lake.table::<Session>()))
            .copied()
            .collect();
        if !needed.is_subset(&loaded) {
            loaded.extend(needed);
            continue;
        }
        return store(lake, part, forest).await;
    }
}

async fn gather(
    lake: &Lake,
    part: &Part,
    days: &BTreeSet<Day>,
    read: &(dyn Fn(u64) + Sync),
) -> Result<Forest, StepError> {
    let mut rows = 0;
    let mut count = || {
        rows += 1;
        if rows % TOLD_EVERY == 0 {
            read(rows);
        }
    };
    let sessions = lake.table::<Session>();
    let files = of_days(sessions, days);
    let mut stored = Vec::with_capacity(files.iter().map(|file| file.rows as usize).sum());
    sessions.read::<Session>(&files, &[], |session| stored.push(session)).await?;
    let mut forest = Forest::new(stored);
    let (events, usages) = (lake.table::<Event>(), lake.table::<Usage>());
    events
        .read::<Event>(&part.events.files, rolecall_lineage::EVENT_COLUMNS, |event| {
            count();
            forest.event(event)
        })
        .await?;
    usages
        .read::<Usage>(&part.usages.files, rolecall_lineage::USAGE_COLUMNS, |usage| {
            count();
            forest.usage(usage)
        })
        .await?;
    forest.resolve();
    Ok(forest)
}

async fn store(lake: &mut Lake, part: &Part, forest: Forest) -> Result<Option<u64>, StepError> {
    let changed = forest.changed().count() as u64;
    let days = forest.changed_days();
    let table = lake.table_mut::<Session>();
    let rows = forest.sessions().filter(|session| days.contains(&session.day()));
    let add = table.write::<Session>(rows).await?;
    let change = Change {
        remove: of_days(table, &days),
        add,
        checkpoints: vec![
            (EVENTS.to_owned(), part.events.version as i64),
            (USAGES.to_owned(), part.usages.version as i64),
        ],
        ..Change::default()
    };
    match table.commit(change).await? {
        Outcome::Committed(_) => Ok(Some(changed)),
        Outcome::Lost => Ok(None),
    }
}

/// Computes the days of a roll-up anew whose source has changed since.
async fn roll_up<From: Row, To: Row>(
    lake: &mut Lake,
    columns: &[&str],
    of_day: fn(&[From]) -> Vec<To>,
) -> Result<(), StepError> {
    for _ in 0..TRIES {
        let (source, target) = (lake.table::<From>(), lake.table::<To>());
        let version = source.version();
        let seen = target.checkpoint(ROLLED_UP).await?.map(|version| version.unsigned_abs());
        if seen == Some(version) {
            return Ok(());
        }
        let mut days: BTreeSet<Day> =
            source.added_since(seen).await?.iter().map(|file| file.day).collect();
        // Of days that upkeep has emptied, the source holds at most a part: the roll-up knows more.
        if let Some(first) = source.checkpoint(KEPT_FROM).await? {
            days.retain(|day| i64::from(day.0) >= first);
        }
        let mut change = Change {
            remove: of_days(target, &days),
            checkpoints: vec![(ROLLED_UP.to_owned(), version as i64)],
            ..Change::default()
        };
        for day in days {
            let mut rows = Vec::new();
            let files = of_days(source, &BTreeSet::from([day]));
            source.read::<From>(&files, columns, |row| rows.push(row)).await?;
            change.add.extend(target.write::<To>(of_day(&rows)).await?);
        }
        match lake.table_mut::<To>().commit(change).await? {
            Outcome::Committed(_) => return Ok(()),
            Outcome::Lost => lake.refresh().await?,
        }
    }
    Err(StepError::Contended { table: To::TABLE.name, tries: TRIES })
}

fn edges(sessions: &[Session]) -> Vec<Edge> {
    rolecall_lineage::edges(sessions)
}

fn footprints(usages: &[Usage]) -> Vec<Footprint> {
    rolecall_lineage::footprints(usages)
}

fn around(days: &BTreeSet<Day>) -> BTreeSet<Day> {
    days.iter().flat_map(|day| (-REACH..=REACH).map(|by| day.plus(by))).collect()
}

fn of_days(table: &LakeTable, days: &BTreeSet<Day>) -> Vec<DataFile> {
    table.files().iter().filter(|file| days.contains(&file.day)).cloned().collect()
}

fn days_of(table: &LakeTable) -> BTreeSet<Day> {
    table.files().iter().map(|file| file.day).collect()
}
