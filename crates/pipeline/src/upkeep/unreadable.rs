//! Objects and records that could not be read in the last days, and objects that were lost, by day and reason.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rolecall_cloudtrail::ObjectName;
use rolecall_lake::{Lake, LakeError};
use rolecall_model::{Day, Object, Rejected, Time};

use crate::ingest::lost::{PATIENCE, is_noted};

/// Days that are looked at.
const DAYS: i32 = 7;

/// Objects and accounts that are named.
const NAMED: usize = 10;

/// What it is that could not be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    #[default]
    Record,
    Object,
    /// An object whose bytes could not be had, and which is not in the ledger until now.
    Lost,
}

impl What {
    fn of(row: &Rejected) -> What {
        match row.record {
            Some(_) => What::Record,
            None if is_noted(row) => What::Lost,
            None => What::Object,
        }
    }
}

/// What could not be read on a day, for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) reason: String,
    pub(super) what: What,
    /// Objects, or records.
    pub(super) count: i64,
    /// Some of the objects.
    pub(super) keys: BTreeSet<String>,
    /// Some of the accounts, as far as the objects' names tell.
    pub(super) accounts: BTreeSet<String>,
    /// When the first and the last was met.
    pub(super) first_at: Time,
    pub(super) last_at: Time,
}

/// What could not be read, by the day when it was met and the reason.
#[derive(Debug, Default)]
pub(super) struct Met(BTreeMap<(Day, What, String), Unreadable>);

impl Met {
    pub(super) fn add(&mut self, row: &Rejected) {
        let what = What::of(row);
        let key = (Day::from(row.rejected_at), what, row.reason.clone());
        let met = self.0.entry(key).or_insert_with(|| Unreadable {
            reason: row.reason.clone(),
            what,
            first_at: row.rejected_at,
            last_at: row.rejected_at,
            ..Unreadable::default()
        });
        met.count += 1;
        met.first_at = met.first_at.min(row.rejected_at);
        met.last_at = met.last_at.max(row.rejected_at);
        if met.keys.len() < NAMED {
            met.keys.insert(row.object_key.clone());
        }
        if met.accounts.len() < NAMED {
            met.accounts.extend(ObjectName::parse(&row.object_key).account);
        }
    }

    pub(super) fn all(self) -> impl Iterator<Item = Unreadable> {
        self.0.into_values()
    }
}

/// Reads what was rejected in the last days.
pub(super) async fn gather(lake: &Lake, now: Time) -> Result<Met, LakeError> {
    let first = Day::from(now).plus(-DAYS);
    let table = lake.table::<Rejected>();
    let files = table.files().iter().filter(|file| file.day >= first);
    let files: Vec<_> = files.cloned().collect();
    let (mut met, mut lost) = (Met::default(), Vec::new());
    let columns = ["object_key", "object_etag", "record", "rejected_at", "reason"];
    table
        .read::<Rejected>(&files, &columns, |row| match What::of(&row) {
            What::Lost => lost.push(row),
            _ => met.add(&row),
        })
        .await?;
    // Until then the queue may bring it again, and a listing finds it.
    lost.retain(|row| row.rejected_at.plus_seconds(PATIENCE) <= now);
    let read = read_since(lake, &lost).await?;
    lost.iter().filter(|row| !read.contains(&row.object_key)).for_each(|row| met.add(row));
    Ok(met)
}

/// Those of some objects that the ledger knows by now; only the days of their delivery are read.
async fn read_since(lake: &Lake, lost: &[Rejected]) -> Result<HashSet<String>, LakeError> {
    let day = |row: &Rejected| Day::from(ObjectName::parse(&row.object_key).delivered_at);
    let days: BTreeSet<Day> = lost.iter().map(day).collect();
    let keys: HashSet<&str> = lost.iter().map(|row| row.object_key.as_str()).collect();
    let table = lake.table::<Object>();
    let files = table.files().iter().filter(|file| days.contains(&file.day));
    let files: Vec<_> = files.cloned().collect();
    let mut read = HashSet::new();
    table
        .read::<Object>(&files, &["key"], |row| {
            if keys.contains(row.key.as_str()) {
                read.insert(row.key);
            }
        })
        .await?;
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_for_one_reason_on_one_day_is_one() {
        let row = |key: &str, record: Option<i64>, second: i64, reason: &str| Rejected {
            object_key: key.into(),
            object_etag: "e".into(),
            record,
            rejected_at: Time::from_seconds(second),
            reason: reason.into(),
            ..Rejected::default()
        };
        let mut met = Met::default();
        for n in 0..50 {
            met.add(&row(&format!("{n}.json"), None, 100 - n, "no gzip"));
        }
        met.add(&row("a.json", Some(3), 100, "no gzip"));
        met.add(&row("a.json", None, 90_000, "no gzip"));
        met.add(&row("a.json", None, 100, "no JSON"));
        met.add(&Rejected { object_etag: String::new(), ..row("a.json", None, 100, "gone") });
        let all: Vec<Unreadable> = met.all().collect();
        let counts: Vec<_> = all.iter().map(|u| (u.reason.as_str(), u.what, u.count)).collect();
        let expected = [
            ("no gzip", What::Record, 1),
            ("no JSON", What::Object, 1),
            ("no gzip", What::Object, 50),
            ("gone", What::Lost, 1),
            ("no gzip", What::Object, 1),
        ];
        assert_eq!(counts, expected);
        assert_eq!(all[2].keys.len(), NAMED);
        assert_eq!((all[2].first_at.seconds(), all[2].last_at.seconds()), (51, 100));
    }
}
