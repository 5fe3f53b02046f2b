//! Commits the rows of a chunk: each table by itself, only rows that are not there yet, and again
//! when another writer was faster.

use std::collections::HashMap;

use rolecall_cloudtrail::{UseGroup, Uses};
use rolecall_lake::{Change, Lake, LakeTable, Outcome};
use rolecall_model::{Event, Object, Rejected, Row, Time, Usage, hash};

use super::ledger::Ledger;
use super::place;
use super::seen::{Hashes, Remembers, Seen};
use crate::error::TRIES;
use crate::{Settings, StepError};

/// What waits to be stored: an event, or the calls of one `usage` row.
trait Pending {
    type Row: Remembers;
    /// Forgets the events that the lake has, counts the others, and says whether there are any.
    fn keep_unseen(&mut self, seen: &Seen<Self::Row>) -> bool;
    /// The hour of its events.
    fn hour(&self) -> Time;
    /// The hashes of the events that are left.
    fn hashes(&self) -> impl Iterator<Item = u64>;
    /// The row that stores them.
    fn row(&self) -> &Self::Row;
}

impl Pending for Box<Event> {
    type Row = Event;

    fn keep_unseen(&mut self, seen: &Seen<Event>) -> bool {
        !seen.has(self.event_time, self.event_hash as u64)
    }

    fn hour(&self) -> Time {
        self.event_time.hour()
    }

    fn hashes(&self) -> impl Iterator<Item = u64> {
        std::iter::once(self.event_hash as u64)
    }

    fn row(&self) -> &Event {
        self
    }
}

impl Pending for UseGroup {
    type Row = Usage;

    fn keep_unseen(&mut self, seen: &Seen<Usage>) -> bool {
        let hour = self.row.hour;
        let row = &self.row;
        self.events.retain(|(hash, at)| !seen.has(hour, *hash) && !seen.forgot(row, *at));
        let times = || self.events.iter().map(|(_, at)| *at);
        self.row.calls = self.events.len() as i64;
        self.row.first_at = times().min().unwrap_or_default();
        self.row.last_at = times().max().unwrap_or_default();
        self.row.event_hashes = hash::pack(self.hashes().collect());
        !self.events.is_empty()
    }

    fn hour(&self) -> Time {
        self.row.hour
    }

    fn hashes(&self) -> impl Iterator<Item = u64> {
        self.events.iter().map(|(hash, _)| *hash)
    }

    fn row(&self) -> &Usage {
        &self.row
    }
}

/// Stores the events that are not there yet, and says how many.
pub(super) async fn events(
    lake: &mut Lake,
    settings: &Settings,
    seen: &mut Seen<Event>,
    events: Vec<(u64, Box<Event>)>,
) -> Result<u64, StepError> {
    let mut taken = Hashes::default();
    let unique = events.into_iter().filter(|(hash, _)| taken.insert(*hash));
    let stamped = unique.map(|(hash, mut event)| {
        event.event_hash = hash as i64;
        place::of_event(&mut event, &settings.networks);
        event
    });
    commit_unseen(lake, seen, stamped.collect()).await
}

/// Counts the calls that are not counted yet, and says how many.
pub(super) async fn usages(
    lake: &mut Lake,
    settings: &Settings,
    seen: &mut Seen<Usage>,
    uses: Uses,
) -> Result<u64, StepError> {
    let mut taken = Hashes::default();
    let mut groups: Vec<UseGroup> = uses.into_groups().collect();
    for group in &mut groups {
        group.events.retain(|(hash, _)| taken.insert(*hash));
        place::of_usage(&mut group.row, &settings.networks);
    }
    drop(taken);
    commit_unseen(lake, seen, groups).await
}

/// Commits what the lake does not have. After a lost race it looks at what the winner added, and
/// asks again.
async fn commit_unseen<P: Pending>(
    lake: &mut Lake,
    seen: &mut Seen<P::Row>,
    mut pending: Vec<P>,
) -> Result<u64, StepError> {
    let table = lake.table_mut::<P::Row>();
    for _ in 0..TRIES {
        seen.load(table, pending.iter().map(Pending::hour)).await?;
        pending.retain_mut(|p| p.keep_unseen(seen));
        if pending.is_empty() {
            return Ok(0);
        }
        let add = table.write::<P::Row>(pending.iter().map(Pending::row)).await?;
        let files: Vec<_> = add.iter().map(|new| new.file().clone()).collect();
        match table.commit(Change { add, ..Change::default() }).await? {
            Outcome::Committed(_) => {
                let events = pending.iter().flat_map(|p| p.hashes().map(|hash| (p.hour(), hash)));
                return Ok(seen.committed(&files, events));
            }
            Outcome::Lost => table.refresh().await?,
        }
    }
    Err(StepError::Contended { table: P::Row::TABLE.name, tries: TRIES })
}

/// Stores what could not be read, once for each place it was met.
pub(super) async fn rejected(lake: &mut Lake, rows: Vec<Rejected>) -> Result<(), StepError> {
    if rows.is_empty() {
        return Ok(());
    }
    let place = |row: &Rejected| {
        let record = row.record.unwrap_or(-1).to_le_bytes();
        hash::of([row.object_key.as_bytes(), row.object_etag.as_bytes(), &record])
    };
    let mut unique: HashMap<u64, Rejected> =
        rows.into_iter().map(|row| (place(&row), row)).collect();
    let table = lake.table_mut::<Rejected>();
    for _ in 0..TRIES {
        let files = table.files().to_vec();
        let columns = ["object_key", "object_etag", "record"];
        table.read::<Rejected>(&files, &columns, |row| drop(unique.remove(&place(&row)))).await?;
        if commit(table, &unique.values().cloned().collect::<Vec<_>>()).await? {
            return Ok(());
        }
    }
    Err(StepError::Contended { table: Rejected::TABLE.name, tries: TRIES })
}

/// Enters objects into the ledger: from now on they are known.
pub(super) async fn objects(
    lake: &mut Lake,
    ledger: &mut Ledger,
    mut rows: Vec<Object>,
) -> Result<(), StepError> {
    let table = lake.table_mut::<Object>();
    for _ in 0..TRIES {
        rows.retain(|row| !ledger.has(row));
        if commit(table, &rows).await? {
            return Ok(());
        }
        ledger.update(table).await?;
    }
    Err(StepError::Contended { table: Object::TABLE.name, tries: TRIES })
}

/// Whether the rows were committed; if not, the table has been read anew.
async fn commit<R: Row>(table: &mut LakeTable, rows: &[R]) -> Result<bool, StepError> {
    if rows.is_empty() {
        return Ok(true);
    }
    let add = table.write::<R>(rows).await?;
    match table.commit(Change { add, ..Change::default() }).await? {
        Outcome::Committed(_) => Ok(true),
        Outcome::Lost => {
            table.refresh().await?;
            Ok(false)
        }
    }
}
