//! The ledger: which objects the lake has read already.

use std::collections::HashSet;

use rolecall_lake::{Lake, LakeError, LakeTable};
use rolecall_model::{Day, Object, hash};

use crate::Found;

/// The keys and entity tags of the objects in some partitions of `object`.
pub(super) struct Ledger {
    days: HashSet<Day>,
    files: HashSet<String>,
    objects: HashSet<u64>,
}

impl Ledger {
    /// Loads what is known of these objects; only the days of their delivery are read.
    pub(super) async fn load(lake: &Lake, objects: &[Found]) -> Result<Ledger, LakeError> {
        let days = objects.iter().map(|object| Day::from(object.name.delivered_at)).collect();
        let mut ledger = Ledger { days, files: HashSet::new(), objects: HashSet::new() };
        ledger.update(lake.table::<Object>()).await?;
        Ok(ledger)
    }

    /// For objects that cannot be known yet: nothing is read but what others add from now on.
    pub(super) fn of_new(lake: &Lake, objects: &[Found]) -> Ledger {
        let days = objects.iter().map(|object| Day::from(object.name.delivered_at)).collect();
        let files = lake.table::<Object>().files().iter().map(|file| file.path.clone()).collect();
        Ledger { days, files, objects: HashSet::new() }
    }

    /// Reads what has been added since.
    pub(super) async fn update(&mut self, table: &LakeTable) -> Result<(), LakeError> {
        let new = table.files().iter().filter(|file| self.days.contains(&file.day));
        let new: Vec<_> = new.filter(|file| !self.files.contains(&file.path)).cloned().collect();
        let objects = &mut self.objects;
        table
            .read::<Object>(&new, &["key", "etag"], |row| {
                objects.insert(name(&row.key, &row.etag));
            })
            .await?;
        self.files.extend(new.into_iter().map(|file| file.path));
        Ok(())
    }

    /// Whether this object, with this content, has been read.
    pub(super) fn knows(&self, object: &Found) -> bool {
        self.objects.contains(&name(&object.key, &object.etag))
    }

    /// The same for a row of the ledger.
    pub(super) fn has(&self, row: &Object) -> bool {
        self.objects.contains(&name(&row.key, &row.etag))
    }
}

/// One number for an object with this content.
pub(crate) fn name(key: &str, etag: &str) -> u64 {
    hash::of([key.as_bytes(), etag.as_bytes()])
}
