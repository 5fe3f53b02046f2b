//! How records become files: every few minutes for each account and region, some late, some twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use libdeflater::{CompressionLvl, Compressor};

use crate::account::Account;
use crate::api::Api;
use crate::caller::Caller;
use crate::clock::{folder, stamp};
use crate::dice::{Dice, hash, mix};
use crate::place::Place;
use crate::routine::push_call;

/// One object of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its key below the trail's prefix: `AWSLogs/o-…/ACCOUNT/CloudTrail/REGION/…json.gz`.
    pub key: String,
    /// Its content, gzip.
    pub bytes: Vec<u8>,
    /// How many records it holds.
    pub records: usize,
}

/// A record that waits for its file.
pub(crate) struct Item {
    /// Seconds since 1970.
    pub(crate) time: i64,
    pub(crate) what: What,
}

/// A record, written already or to be written when its file is made.
pub(crate) enum What {
    Text(String),
    Call { caller: Arc<Caller>, place: Arc<Place>, api: &'static Api, denied: bool, seed: u64 },
}

/// When a file is due, and whose it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    stamp: i64,
    account: usize,
    region: &'static str,
}

/// What is not yet delivered.
pub(crate) struct Delivery {
    organisation: String,
    seed: u64,
    /// Seconds between the files of one account and region.
    cadence: i64,
    waiting: BTreeMap<Slot, Vec<Item>>,
    again: BTreeMap<(i64, u64), File>,
    dice: Dice,
    packer: Compressor,
    text: String,
}

/// How hard files are packed: enough that they are as small as real ones, nearly.
const LEVEL: i32 = 1;
/// Files are cut at so many records, which bounds what is held.
const MOST_RECORDS: usize = 2000;

impl Delivery {
    pub(crate) fn new(seed: u64, organisation: &str, cadence: i64) -> Delivery {
        Delivery {
            organisation: organisation.to_owned(),
            seed,
            cadence,
            waiting: BTreeMap::new(),
            again: BTreeMap::new(),
            dice: Dice::new(mix(&[seed, hash("delivery")])),
            packer: Compressor::new(CompressionLvl::new(LEVEL).unwrap_or_default()),
            text: String::new(),
        }
    }

    pub(crate) fn push(&mut self, account: usize, region: &'static str, item: Item) {
        let mut due = (item.time / self.cadence + 1) * self.cadence;
        // Some records miss their file, so that a file's oldest may be ten minutes old.
        if self.dice.chance(80) {
            due += 300;
        }
        let place = mix(&[self.seed, account as u64, hash(region), due as u64]);
        due += match place % 1000 {
            0..=2 => 300 * (1 + (place >> 20) as i64 % 5),
            3 => 3600 * (1 + (place >> 20) as i64 % 7),
            _ => 0,
        };
        self.waiting.entry(Slot { stamp: due, account, region }).or_default().push(item);
    }

    /// The next file that is complete when no record before `done` is still to come.
    pub(crate) fn next(&mut self, done: i64, accounts: &[Arc<Account>]) -> Option<File> {
        let due = self.waiting.first_key_value().map(|(slot, _)| slot.stamp);
        let due = due.filter(|stamp| *stamp <= done);
        if let Some((&(stamp, place), _)) = self.again.first_key_value()
            && stamp <= done
            && due.is_none_or(|due| stamp < due)
        {
            return self.again.remove(&(stamp, place));
        }
        due?;
        let (slot, mut items) = self.waiting.pop_first()?;
        if items.len() > MOST_RECORDS {
            items.sort_by_key(|item| item.time);
            let rest = items.split_off(MOST_RECORDS);
            self.waiting.insert(slot, rest);
        }
        let number = &accounts[slot.account].number;
        Some(self.file(slot, number, items))
    }

    /// Drops what waits, for who only wants to know what is told.
    pub(crate) fn forget(&mut self) {
        self.waiting.clear();
    }

    fn file(&mut self, slot: Slot, number: &str, mut items: Vec<Item>) -> File {
        items.sort_by_key(|item| item.time);
        let seed = mix(&[self.seed, slot.stamp as u64, slot.account as u64, hash(slot.region)]);
        let mut dice = Dice::new(mix(&[seed, items.len() as u64]));
        // 27 of 100 real files are not sorted by time.
        if dice.chance(270) {
            for at in 1..items.len() {
                items.swap(at, at - dice.below(at.min(20) as u64 + 1) as usize);
            }
        }
        self.text.clear();
        self.text.push_str(r#"{"Records":["#);
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            match &item.what {
                What::Text(text) => self.text.push_str(text),
                What::Call { caller, place, api, denied, seed } => {
                    push_call(&mut self.text, item.time, caller, place, api, *denied, *seed);
                }
            }
        }
        self.text.push_str("]}");
        let file = File {
            key: self.key(slot, number, &mut dice),
            bytes: self.pack(),
            records: items.len(),
        };
        if dice.chance(4) {
            let stamp = slot.stamp + 300 * dice.between(1, 24);
            let key = self.key(Slot { stamp, ..slot }, number, &mut dice);
            self.again.insert((stamp, dice.next()), File { key, ..file.clone() });
        }
        file
    }

    fn key(&self, slot: Slot, number: &str, dice: &mut Dice) -> String {
        let Slot { stamp: at, region, .. } = slot;
        format!(
            "AWSLogs/{}/{number}/CloudTrail/{region}/{}/{number}_CloudTrail_{region}_{}_{}.json.gz",
            self.organisation,
            folder(at),
            stamp(at),
            dice.letters(16)
        )
    }

    fn pack(&mut self) -> Vec<u8> {
        let mut bytes = vec![0; self.packer.gzip_compress_bound(self.text.len())];
        // The bound is the compressor's own, so that this cannot fail; an empty file would show it.
        let length = self.packer.gzip_compress(self.text.as_bytes(), &mut bytes).unwrap_or(0);
        bytes.truncate(length);
        bytes.shrink_to_fit();
        bytes
    }
}
