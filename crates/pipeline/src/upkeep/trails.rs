//! When objects of each account and region arrived, hour by hour, as the ledger says.

use std::collections::BTreeMap;

use rolecall_lake::{Lake, LakeError};
use rolecall_model::{Day, Object, Time};

/// Days that are looked at: four weeks, so that each day of the week is there four times.
pub(super) const DAYS: usize = 28;

/// An object that is read later than this after its delivery came with an import of old logs.
const PROMPT_SECONDS: i64 = 86_400;

/// Deliveries of one account and region in the last [`DAYS`] days and today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trail {
    pub(super) account: String,
    pub(super) region: String,
    /// For each day one bit for each hour in which an object was delivered.
    pub(super) hours: [u32; DAYS + 1],
    /// One bit for each day of which an object was read soon after its delivery.
    pub(super) prompt: u32,
}

impl Trail {
    pub(super) fn of(account: &str, region: &str) -> Trail {
        let (account, region) = (account.to_owned(), region.to_owned());
        Trail { account, region, hours: [0; DAYS + 1], prompt: 0 }
    }

    /// Takes in a delivery; `first` is the first day that is looked at.
    pub(super) fn add(&mut self, first: Day, delivered_at: Time, read_at: Time) {
        let day = Day::from(delivered_at).0 - first.0;
        let Some(hours) = usize::try_from(day).ok().and_then(|day| self.hours.get_mut(day)) else {
            return;
        };
        *hours |= 1 << delivered_at.seconds().rem_euclid(86_400).div_euclid(3600);
        if read_at.seconds() - delivered_at.seconds() <= PROMPT_SECONDS {
            self.prompt |= 1 << day;
        }
    }
}

/// The first day that is looked at.
pub(super) fn first_day(now: Time) -> Day {
    Day::from(now).plus(-(DAYS as i32))
}

/// Reads the ledger of the last days.
pub(super) async fn gather(lake: &Lake, now: Time) -> Result<Vec<Trail>, LakeError> {
    let first = first_day(now);
    let table = lake.table::<Object>();
    let files = table.files().iter().filter(|file| file.day >= first);
    let files: Vec<_> = files.cloned().collect();
    let columns = ["account", "region", "delivered_at", "ingested_at", "outcome", "kind"];
    let mut trails: BTreeMap<(String, String), Trail> = BTreeMap::new();
    table
        .read::<Object>(&files, &columns, |row| {
            let (Some(account), Some(region)) = (row.account, row.region) else { return };
            let Some(delivered_at) = row.delivered_at else { return };
            // An object that could not be read has arrived all the same.
            if row.outcome == "passed over" || row.kind != "log" {
                return;
            }
            let trail = Trail::of(&account, &region);
            let trail = trails.entry((account, region)).or_insert(trail);
            trail.add(first, delivered_at, row.ingested_at);
        })
        .await?;
    Ok(trails.into_values().collect())
}
