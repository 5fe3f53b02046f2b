//! Which events the lake holds already, looked up by hour.
//!
//! The same event has the same time wherever it was delivered, so only files that overlap the
//! hours of a chunk are read, and each of them once. When too many hashes pile up, they are
//! forgotten and read again when needed: memory does not grow with the trail.
//!
//! Upkeep empties the hashes of old days. An old call is then known by the row of `usage` that must
//! have counted it: the row with all that makes the call's own row, if its span of time holds the
//! call. So nothing old is counted twice, and what the lake never had is still taken in.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::marker::PhantomData;

use rolecall_lake::{DataFile, LakeError, LakeTable};
use rolecall_model::{Event, Row, Time, Usage, hash};

use super::forgotten::{Forgotten, GROUP_COLUMNS};

/// About 64 MiB of hashes.
const MOST: usize = 4_000_000;

/// The column of `usage` that upkeep empties.
pub(crate) const HASHES: &str = "event_hashes";

/// A set of hashes, which need no hashing of their own.
pub(super) type Hashes = HashSet<u64, BuildHasherDefault<Itself>>;

/// The event hashes of one table that were read so far.
pub(super) struct Seen<R> {
    files: HashSet<String>,
    hours: HashMap<Time, Hashes>,
    hashes: usize,
    forgotten: Forgotten,
    rows: PhantomData<R>,
}

impl<R> Default for Seen<R> {
    fn default() -> Self {
        Seen {
            files: HashSet::new(),
            hours: HashMap::new(),
            hashes: 0,
            forgotten: Forgotten::default(),
            rows: PhantomData,
        }
    }
}

/// A row that remembers the events it stands for.
pub(super) trait Remembers: Row {
    /// The columns that hold the hour and the hashes.
    const COLUMNS: [&'static str; 2];
    /// Hands over each event's instant and hash.
    fn each(&self, event: impl FnMut(Time, u64));
    /// Remembers the row itself if its hashes were emptied.
    fn forget(&self, _: &mut Forgotten) {}
}

impl Remembers for Event {
    const COLUMNS: [&'static str; 2] = ["event_time", "event_hash"];
    fn each(&self, mut event: impl FnMut(Time, u64)) {
        event(self.event_time, self.event_hash as u64);
    }
}

impl Remembers for Usage {
    const COLUMNS: [&'static str; 2] = ["hour", "event_hashes"];
    fn each(&self, mut event: impl FnMut(Time, u64)) {
        hash::unpack(&self.event_hashes).for_each(|hash| event(self.hour, hash));
    }
    fn forget(&self, forgotten: &mut Forgotten) {
        if self.event_hashes.is_empty() {
            forgotten.add(self);
        }
    }
}

impl<R: Remembers> Seen<R> {
    /// Reads the files that overlap these hours and were not read yet.
    pub(super) async fn load(
        &mut self,
        table: &LakeTable,
        hours: impl IntoIterator<Item = Time>,
    ) -> Result<(), LakeError> {
        let hours: BTreeSet<Time> = hours.into_iter().collect();
        if self.hashes + self.forgotten.len() > MOST {
            *self = Seen::default();
        }
        let new = table.files().iter().filter(|file| overlaps(file, &hours));
        let new: Vec<_> = new.filter(|file| !self.files.contains(&file.path)).cloned().collect();
        let (emptied, whole): (Vec<_>, Vec<_>) =
            new.iter().cloned().partition(|file| file.is_without(HASHES));
        table.read::<R>(&whole, &R::COLUMNS, |row| row.each(|at, hash| self.add(at, hash))).await?;
        table.read::<R>(&emptied, GROUP_COLUMNS, |row| row.forget(&mut self.forgotten)).await?;
        self.files.extend(new.into_iter().map(|file| file.path));
        Ok(())
    }

    /// Whether the lake has this event.
    pub(super) fn has(&self, at: Time, hash: u64) -> bool {
        self.hours.get(&at.hour()).is_some_and(|hashes| hashes.contains(&hash))
    }

    /// Whether the lake may have counted a call of this row at this instant, and has forgotten which
    /// calls those were.
    pub(super) fn forgot(&self, row: &Usage, at: Time) -> bool {
        self.forgotten.holds(row, at)
    }

    /// Remembers the events of files that were just committed, and says how many they are.
    pub(super) fn committed<'a>(
        &mut self,
        files: impl IntoIterator<Item = &'a DataFile>,
        events: impl IntoIterator<Item = (Time, u64)>,
    ) -> u64 {
        self.files.extend(files.into_iter().map(|file| file.path.clone()));
        events.into_iter().map(|(at, hash)| self.add(at, hash)).count() as u64
    }

    fn add(&mut self, at: Time, hash: u64) {
        self.hashes += usize::from(self.hours.entry(at.hour()).or_default().insert(hash));
    }
}

/// Whether a file may hold an event of one of these hours. What lies between them does not count: one
/// old event in a chunk must not bring in all the years since.
fn overlaps(file: &DataFile, hours: &BTreeSet<Time>) -> bool {
    file.times.is_none_or(|(from, until)| {
        from > until || hours.range(from.hour()..=until).next().is_some()
    })
}

/// The identity: XXH3 is as well mixed as any hash of it.
#[derive(Default)]
pub(super) struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_model::Day;

    #[test]
    fn a_file_between_the_hours_of_a_chunk_is_not_read() {
        let at = |text: &str| -> Time { text.parse().unwrap() };
        let hours = ["2024-01-01 05:00", "2026-03-10 12:00"].map(at);
        let hours = BTreeSet::from(hours);
        for (from, until, overlapping) in [
            ("2026-03-10 12:59", "2026-03-10 13:30", true),
            ("2026-03-10 11:00", "2026-03-10 12:00", true),
            ("2026-03-10 00:00", "2026-03-10 23:59", true),
            ("2024-01-01 05:07", "2024-01-01 05:08", true),
            ("2026-03-10 13:00", "2026-03-10 13:30", false),
            ("2026-03-10 10:00", "2026-03-10 11:59", false),
            ("2025-06-01 00:00", "2025-06-01 23:59", false),
        ] {
            let file = DataFile {
                path: "x.parquet".into(),
                day: Day(0),
                size: 1,
                rows: 1,
                times: Some((at(from), at(until))),
            };
            assert_eq!(overlaps(&file, &hours), overlapping, "{from} until {until}");
            assert!(overlaps(&DataFile { times: None, ..file }, &hours));
        }
    }
}
