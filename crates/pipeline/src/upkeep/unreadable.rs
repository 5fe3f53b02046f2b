//! Objects and records that could not be read in the last days, by day and reason.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_cloudtrail::ObjectName;
use rolecall_lake::{Lake, LakeError};
use rolecall_model::{Day, Rejected, Time};

/// Days that are looked at.
const DAYS: i32 = 7;

/// Objects and accounts that are named.
const NAMED: usize = 10;

/// What could not be read on a day, for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) reason: String,
    /// Whether these are whole objects.
    pub(super) objects: bool,
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
pub(super) struct Lost(BTreeMap<(Day, bool, String), Unreadable>);

impl Lost {
    pub(super) fn add(&mut self, row: &Rejected) {
        let objects = row.record.is_none();
        let key = (Day::from(row.rejected_at), objects, row.reason.clone());
        let met = self.0.entry(key).or_insert_with(|| Unreadable {
            reason: row.reason.clone(),
            objects,
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
pub(super) async fn gather(lake: &Lake, now: Time) -> Result<Lost, LakeError> {
    let first = Day::from(now).plus(-DAYS);
    let table = lake.table::<Rejected>();
    let files = table.files().iter().filter(|file| file.day >= first);
    let files: Vec<_> = files.cloned().collect();
    let mut lost = Lost::default();
    let columns = ["object_key", "record", "rejected_at", "reason"];
    table.read::<Rejected>(&files, &columns, |row| lost.add(&row)).await?;
    Ok(lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_for_one_reason_on_one_day_is_one() {
        let row = |key: &str, record: Option<i64>, second: i64, reason: &str| Rejected {
            object_key: key.into(),
            record,
            rejected_at: Time::from_seconds(second),
            reason: reason.into(),
            ..Rejected::default()
        };
        let mut lost = Lost::default();
        for n in 0..50 {
            lost.add(&row(&format!("{n}.json"), None, 100 - n, "no gzip"));
        }
        lost.add(&row("a.json", Some(3), 100, "no gzip"));
        lost.add(&row("a.json", None, 90_000, "no gzip"));
        lost.add(&row("a.json", None, 100, "no JSON"));
        let all: Vec<Unreadable> = lost.all().collect();
        let counts: Vec<_> = all.iter().map(|u| (u.reason.as_str(), u.objects, u.count)).collect();
        let expected = [
            ("no gzip", false, 1),
            ("no JSON", true, 1),
            ("no gzip", true, 50),
            ("no gzip", true, 1),
        ];
        assert_eq!(counts, expected);
        assert_eq!(all[2].keys.len(), NAMED);
        assert_eq!((all[2].first_at.seconds(), all[2].last_at.seconds()), (51, 100));
    }
}
