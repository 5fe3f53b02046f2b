//! What the ledger knows of the last days.

use std::collections::{BTreeSet, HashMap, HashSet};

use rolecall_lake::{Lake, LakeError};
use rolecall_model::{Day, Object};

use crate::ingest::ledger::name;

/// The objects of some days, and which account and region has which days.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    objects: HashSet<u64>,
    days: HashMap<(String, String), BTreeSet<Day>>,
}

impl Known {
    /// Reads the ledger from a day on.
    pub(super) async fn load(lake: &Lake, from: Day) -> Result<Known, LakeError> {
        let table = lake.table::<Object>();
        let files: Vec<_> = table.files().iter().filter(|f| f.day >= from).cloned().collect();
        let columns = ["key", "etag", "account", "region", "delivered_at"];
        let mut known = Known::default();
        table
            .read::<Object>(&files, &columns, |row| {
                known.objects.insert(name(&row.key, &row.etag));
                if let (Some(account), Some(region), Some(at)) =
                    (row.account, row.region, row.delivered_at)
                {
                    known.days.entry((account, region)).or_default().insert(Day::from(at));
                }
            })
            .await?;
        Ok(known)
    }

    /// Whether the lake has this object.
    pub(super) fn has(&self, url: &str, etag: &str) -> bool {
        self.objects.contains(&name(url, etag))
    }

    /// The days of an account and region.
    pub(super) fn days(&self, account: &str, region: &str) -> BTreeSet<Day> {
        let place = (account.to_owned(), region.to_owned());
        self.days.get(&place).cloned().unwrap_or_default()
    }

    /// Enters an object, as the ledger would.
    #[cfg(test)]
    pub(super) fn enter(&mut self, url: &str, etag: &str) {
        self.objects.insert(name(url, etag));
        let told = rolecall_cloudtrail::ObjectName::parse(url);
        let (account, region) = (told.account.unwrap(), told.region.unwrap());
        let day = Day::from(told.delivered_at);
        self.days.entry((account, region)).or_default().insert(day);
    }
}
