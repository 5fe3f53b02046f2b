//! Files that no version of the last days needs: what was removed, and what killed writers left.

use std::sync::Arc;

use deltalake_core::operations::vacuum::{Clock, VacuumMode};
use futures::{StreamExt, TryStreamExt, stream};
use object_store::path::Path;
use object_store::{Error, ObjectStore};
use rolecall_model::Time;

use crate::{LakeError, LakeTable};

impl LakeTable {
    /// The files below the table that its version of now does not hold, and that were removed from
    /// it, or written and never committed, more than so many seconds ago; relative to the table.
    ///
    /// Look at the table anew before ([`LakeTable::refresh`]). Delta's checkpoints remember removed
    /// files for seven days: with more, files are named seven days after their removal at the latest.
    pub async fn unreferenced(&self, seconds: i64, now: Time) -> Result<Vec<String>, LakeError> {
        let failed = LakeError::delta("look for unneeded files of", self.table.name);
        // A dry run: Delta's own run would add two commits, and clean the log with them.
        let looked = self.delta.clone().vacuum().with_dry_run(true).with_mode(VacuumMode::Full);
        let looked = looked
            .with_enforce_retention_duration(false)
            .with_retention_period(chrono::Duration::seconds(seconds.max(0)))
            .with_clock(Arc::new(At(now)));
        let (_, found) = looked.await.map_err(failed)?;
        Ok(found.files_deleted)
    }

    /// Deletes files below the table. One that is gone already is no error.
    pub async fn delete(&self, paths: &[String]) -> Result<(), LakeError> {
        let store: Arc<dyn ObjectStore> = self.delta.log_store().object_store(None);
        let paths = stream::iter(paths.to_vec())
            .map(|path| Path::parse(&path).map_err(|source| Error::InvalidPath { source }));
        let deleted = store.delete_stream(paths.boxed()).map(|deleted| match deleted {
            Ok(_) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        });
        deleted
            .try_for_each(|()| async { Ok(()) })
            .await
            .map_err(LakeError::storage("delete unneeded files of", self.table.name))
    }
}

/// A clock that stands still.
#[derive(Debug)]
struct At(Time);

impl Clock for At {
    fn current_timestamp_millis(&self) -> i64 {
        self.0.0.div_euclid(1000)
    }
}
