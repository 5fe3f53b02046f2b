//! The log of a table: checkpoints that keep opening quick, and entries that nobody needs any more.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use deltalake_core::kernel::Action;
use deltalake_core::logstore::get_actions;
use deltalake_core::protocol::checkpoints::{cleanup_expired_logs_for, create_checkpoint};
use futures::TryStreamExt;
use object_store::ObjectMeta;
use object_store::path::Path;
use parquet::arrow::ProjectionMask;
use parquet::arrow::async_reader::ParquetRecordBatchStreamBuilder;
use rolecall_model::Time;

use crate::reader::FileReader;
use crate::{LakeError, LakeTable};

/// Commits behind the last checkpoint that are read as quickly as another checkpoint.
const FEW_COMMITS: u64 = 10;

impl LakeTable {
    /// Every checkpoint that steps have committed here, by step.
    pub async fn checkpoints(&self) -> Result<BTreeMap<String, i64>, LakeError> {
        let failed = |e| LakeError::delta("read the log of", self.table.name)(e);
        let log_store = self.delta.log_store();
        let newest = self.newest_checkpoint().await?;
        let mut steps = BTreeMap::new();
        for file in newest.iter().flat_map(|(_, files)| files) {
            self.transactions_of(file, &mut steps).await?;
        }
        let from = newest.map_or(0, |(version, _)| version + 1);
        for version in from..=self.version() {
            let Some(bytes) = log_store.read_commit_entry(version).await.map_err(failed)? else {
                continue;
            };
            for action in get_actions(version, &bytes).map_err(failed)? {
                if let Action::Txn(step) = action {
                    steps.insert(step.app_id, step.version);
                }
            }
        }
        Ok(steps)
    }

    /// Writes a checkpoint of the log, unless there is a recent one; says whether it did.
    pub async fn write_checkpoint(&self) -> Result<bool, LakeError> {
        let newest = self.newest_checkpoint().await?.map_or(0, |(version, _)| version);
        if self.version() < newest + FEW_COMMITS {
            return Ok(false);
        }
        let written = create_checkpoint(&self.delta, None).await;
        written.map(|()| true).map_err(LakeError::delta("write a checkpoint of", self.table.name))
    }

    /// Deletes entries of the log from before an instant, if a checkpoint makes them unnecessary and
    /// `keep` and every later version stay readable; says how many.
    pub async fn clean_log(&mut self, keep: u64, before: Time) -> Result<u64, LakeError> {
        let failed = |e| LakeError::delta("clean the log of", self.table.name)(e);
        let keep = keep.min(self.version());
        let log_store = self.delta.log_store();
        let before = before.0.div_euclid(1000);
        let deleted = cleanup_expired_logs_for(keep, log_store.as_ref(), before, None).await;
        let deleted = deleted.map_err(failed)?;
        if deleted > 0 {
            self.delta.load().await.map_err(failed)?;
        }
        Ok(deleted as u64)
    }

    /// The newest checkpoint of the log that this version includes: its version and its files.
    async fn newest_checkpoint(&self) -> Result<Option<(u64, Vec<ObjectMeta>)>, LakeError> {
        let failed = LakeError::storage("list the log of", self.table.name);
        let log_store = self.delta.log_store();
        let store = log_store.object_store(None);
        let listed: Vec<ObjectMeta> =
            store.list(Some(log_store.log_path())).try_collect().await.map_err(failed)?;
        let mut found: BTreeMap<u64, Vec<ObjectMeta>> = BTreeMap::new();
        for file in listed {
            let version = checkpoint_version(&file.location);
            if let Some(version) = version.filter(|version| *version <= self.version()) {
                found.entry(version).or_default().push(file);
            }
        }
        Ok(found.pop_last())
    }

    /// The `txn` actions of one file of a checkpoint.
    async fn transactions_of(
        &self,
        file: &ObjectMeta,
        steps: &mut BTreeMap<String, i64>,
    ) -> Result<(), LakeError> {
        let failed = LakeError::parquet("read the checkpoint", file.location.as_ref());
        let store = self.delta.log_store().object_store(None);
        let reader = FileReader { store, path: file.location.clone(), size: file.size };
        let builder = ParquetRecordBatchStreamBuilder::new(reader).await.map_err(&failed)?;
        let wanted = ProjectionMask::columns(builder.parquet_schema(), ["txn"]);
        let batches = builder.with_projection(wanted).build().map_err(&failed)?;
        let batches: Vec<_> = batches.try_collect().await.map_err(&failed)?;
        for batch in &batches {
            let Some(txn) = batch.column_by_name("txn").and_then(|c| c.as_struct_opt()) else {
                continue;
            };
            let names = txn.column_by_name("appId").and_then(|c| c.as_string_opt::<i32>());
            let versions = txn.column_by_name("version");
            let versions = versions.and_then(|c| c.as_primitive_opt::<Int64Type>());
            let (Some(names), Some(versions)) = (names, versions) else { continue };
            for row in (0..txn.len()).filter(|row| txn.is_valid(*row) && names.is_valid(*row)) {
                steps.insert(names.value(row).to_owned(), versions.value(row));
            }
        }
        Ok(())
    }
}

/// `_delta_log/00000000000000000099.checkpoint.parquet` is of version 99; other names are no checkpoint.
fn checkpoint_version(path: &Path) -> Option<u64> {
    let (version, rest) = path.filename()?.split_once('.')?;
    let is_one = rest.starts_with("checkpoint.") && rest.ends_with("parquet");
    if is_one && version.len() == 20 { version.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoints_are_known_by_their_names() {
        for (name, version) in [
            ("00000000000000000099.checkpoint.parquet", Some(99)),
            ("00000000000000000099.checkpoint.0000000001.0000000002.parquet", Some(99)),
            ("00000000000000000099.json", None),
            ("_last_checkpoint", None),
            ("99.checkpoint.parquet", None),
        ] {
            assert_eq!(checkpoint_version(&Path::from(format!("_delta_log/{name}"))), version);
        }
    }
}
