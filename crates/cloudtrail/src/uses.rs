//! Calls, counted by everything that makes a row of `usage`.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use rolecall_model::{Time, Usage};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::as_is::AsIs;

/// Calls counted by everything that makes a `usage` row, with the event keys and instants counted.
///
/// Each call costs 24 bytes. Most calls repeat the bytes of an earlier one in all that makes the row, so
/// a group is found by the hash of those bytes and its row is built once.
pub struct Uses {
    /// Hashes are seeded at random: who chooses user agents shall not choose collisions.
    seed: u64,
    /// The groups; `calls`, `first_at`, `last_at` and `event_hashes` are left empty. Boxed: a row is
    /// 0.6 KB, and moves several times.
    #[expect(
        clippy::vec_box,
        reason = "a growing list copies its rows, and unboxed they are large"
    )]
    rows: Vec<Box<Usage>>,
    /// Groups by the bytes they were read from; several spellings may lead to one group.
    by_bytes: HashMap<u64, u32, AsIs>,
    /// Groups by the values of their rows.
    by_row: HashMap<u64, u32, AsIs>,
    counted: Vec<Counted>,
    /// What the values of the rows take, in bytes.
    bytes: usize,
}

#[derive(Clone, Copy)]
struct Counted {
    key: u64,
    at: Time,
    group: u32,
}

/// One row of `usage` in the making.
pub struct UseGroup {
    /// The row; `calls`, `first_at`, `last_at` and `event_hashes` are left empty.
    pub row: Box<Usage>,
    /// The events counted: their keys and when they were.
    pub events: Vec<(u64, Time)>,
}

/// How far a [`Uses`] had come.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    groups: usize,
    counted: usize,
}

impl Default for Uses {
    fn default() -> Uses {
        Uses {
            seed: RandomState::new().build_hasher().finish(),
            rows: Vec::new(),
            by_bytes: HashMap::default(),
            by_row: HashMap::default(),
            counted: Vec::new(),
            bytes: 0,
        }
    }
}

impl Uses {
    /// How many events are counted.
    pub fn len(&self) -> usize {
        self.counted.len()
    }

    /// Whether nothing is counted.
    pub fn is_empty(&self) -> bool {
        self.counted.is_empty()
    }

    /// How many rows they make.
    pub fn groups(&self) -> usize {
        self.rows.len()
    }

    /// What the values of those rows take, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds what another has counted.
    pub fn absorb(&mut self, other: Uses) {
        if self.rows.is_empty() {
            *self = other;
            return;
        }
        let groups: Vec<u32> = other.rows.into_iter().map(|row| self.group(row)).collect();
        self.counted.extend(
            other
                .counted
                .into_iter()
                .map(|call| Counted { group: groups[call.group as usize], ..call }),
        );
    }

    /// The rows, each with the events it counts.
    pub fn into_groups(self) -> impl Iterator<Item = UseGroup> {
        let mut sizes = vec![0; self.rows.len()];
        for call in &self.counted {
            sizes[call.group as usize] += 1;
        }
        let mut groups: Vec<UseGroup> = self
            .rows
            .into_iter()
            .zip(sizes)
            .map(|(row, size)| UseGroup { row, events: Vec::with_capacity(size) })
            .collect();
        for call in self.counted {
            groups[call.group as usize].events.push((call.key, call.at));
        }
        groups.into_iter()
    }

    /// Counts a call whose row follows from some bytes; makes the row if they are new.
    #[inline]
    pub(crate) fn count(&mut self, bytes: &[u8], key: u64, at: Time, row: impl FnOnce() -> Usage) {
        let hash = xxh3_64_with_seed(bytes, self.seed);
        let group = match self.by_bytes.get(&hash) {
            Some(group) => *group,
            None => {
                let group = self.group(Box::new(row()));
                self.by_bytes.insert(hash, group);
                group
            }
        };
        self.counted.push(Counted { key, at, group });
    }

    /// The group of a row, which is new if there is none.
    fn group(&mut self, row: Box<Usage>) -> u32 {
        let bytes = bytes(&row);
        let mut hash = xxh3_64_with_seed(&bytes, self.seed);
        loop {
            match self.by_row.get(&hash) {
                Some(group) if self.rows[*group as usize] == row => return *group,
                // Two rows with one hash: look at the next place.
                Some(_) => hash = hash.wrapping_add(1),
                None => break,
            }
        }
        let group = u32::try_from(self.rows.len()).expect("fewer than 2^32 groups fit in memory");
        self.by_row.insert(hash, group);
        self.bytes += bytes.len();
        self.rows.push(row);
        group
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { groups: self.rows.len(), counted: self.counted.len() }
    }

    /// Forgets what was counted since.
    pub(crate) fn back_to(&mut self, mark: Mark) {
        self.counted.truncate(mark.counted);
        if self.rows.len() > mark.groups {
            self.bytes -=
                self.rows.drain(mark.groups..).map(|row| bytes(&row).len()).sum::<usize>();
            self.by_bytes.retain(|_, group| (*group as usize) < mark.groups);
            // A row that moved on from a taken place may now be found again as new, which only
            // matters among rows with one hash; they are compared anyway.
            self.by_row.retain(|_, group| (*group as usize) < mark.groups);
        }
    }
}

/// A row as bytes that tell it from every other row.
fn bytes(row: &Usage) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    rolecall_model::Row::put(row, &mut Bytes(&mut bytes));
    bytes
}

/// Writes what is there of a row, each value behind its column and its length.
struct Bytes<'a>(&'a mut Vec<u8>);

impl Bytes<'_> {
    fn part(&mut self, at: usize, value: Option<&[u8]>) {
        if let Some(value) = value {
            self.0.extend_from_slice(&(at as u32).to_le_bytes());
            self.0.extend_from_slice(&(value.len() as u32).to_le_bytes());
            self.0.extend_from_slice(value);
        }
    }
}

impl rolecall_model::Sink for Bytes<'_> {
    fn text(&mut self, at: usize, value: Option<&str>) {
        self.part(at, value.map(str::as_bytes));
    }
    fn long(&mut self, at: usize, value: Option<i64>) {
        self.part(at, value.map(i64::to_le_bytes).as_ref().map(|b| b.as_slice()));
    }
    fn flag(&mut self, at: usize, value: Option<bool>) {
        self.part(at, value.map(|flag| [u8::from(flag)]).as_ref().map(|b| b.as_slice()));
    }
    fn time(&mut self, at: usize, value: Option<Time>) {
        self.long(at, value.map(|time| time.0));
    }
    fn bytes(&mut self, at: usize, value: Option<&[u8]>) {
        self.part(at, value);
    }
}
