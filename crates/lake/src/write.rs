//! New files: rows sorted, compressed and stored, for a commit to add.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{SystemTime, UNIX_EPOCH};

use deltalake_core::kernel::Add;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::errors::ParquetError;
use rolecall_model::{Day, Row};
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;

use crate::parquet::{Encoded, GROUP_ROWS};
use crate::rows::sorted;
use crate::table::{BATCH_ROWS, times};
use crate::{DataFile, LakeError, LakeTable, batch};

/// Files that are compressed at the same time, if there are cores for them: each holds its columns.
const FILES_AT_ONCE: usize = 4;

/// A file that is written and waits for its commit.
#[derive(Clone, Debug)]
pub struct NewFile {
    pub(crate) add: Add,
    pub(crate) file: DataFile,
}

impl NewFile {
    /// The file as the table will list it.
    pub fn file(&self) -> &DataFile {
        &self.file
    }
}

impl LakeTable {
    /// Writes rows into new files, one or more for each day. Nobody sees them before [`LakeTable::commit`].
    pub async fn write<R: Row>(
        &self,
        rows: impl IntoIterator<Item = impl Borrow<R>>,
    ) -> Result<Vec<NewFile>, LakeError> {
        let mut days: BTreeMap<Day, Vec<_>> = BTreeMap::new();
        for row in rows {
            days.entry(row.borrow().day()).or_default().push(row);
        }
        let cores = available_parallelism().map_or(1, |cores| cores.get());
        let mut files = Vec::new();
        let mut encoding = VecDeque::new();
        for (day, rows) in &days {
            for part in rows.chunks(GROUP_ROWS) {
                if encoding.len() >= cores.min(FILES_AT_ONCE) {
                    files.extend(self.write_next(&mut encoding).await?);
                }
                let part: Vec<&R> = part.iter().map(Borrow::borrow).collect();
                let part = sorted(&part).map_err(self.columns_do_not_fit())?;
                let batches = part.chunks(BATCH_ROWS).map(|rows| batch(rows.iter().copied()));
                let batches: Result<Vec<_>, _> = batches.collect();
                let batches = batches.map_err(self.columns_do_not_fit())?;
                let table = self.table;
                encoding.push_back((*day, spawn_blocking(move || Encoded::of(batches, table))));
            }
        }
        while let Some(file) = self.write_next(&mut encoding).await? {
            files.push(file);
        }
        Ok(files)
    }

    /// Waits for the oldest file that is being encoded, and stores it.
    async fn write_next(
        &self,
        encoding: &mut VecDeque<(Day, JoinHandle<Result<Encoded, ParquetError>>)>,
    ) -> Result<Option<NewFile>, LakeError> {
        let Some((day, encoded)) = encoding.pop_front() else { return Ok(None) };
        let encoded = encoded.await.expect("encoding does not panic");
        let failed = LakeError::parquet("write a file of", self.table.name);
        let encoded = encoded.map_err(failed)?;
        let path = format!("date={day}/{}.zstd.parquet", Uuid::new_v4());
        self.put(day, path, encoded).await.map(Some)
    }

    /// Stores a file of one day.
    pub(crate) async fn put(
        &self,
        day: Day,
        path: String,
        encoded: Encoded,
    ) -> Result<NewFile, LakeError> {
        let Encoded { bytes, stats, rows } = encoded;
        let file = DataFile {
            times: times(&stats, self.table.time),
            size: bytes.len() as i64,
            rows,
            path: path.clone(),
            day,
        };
        let store: Arc<dyn ObjectStore> = self.delta.log_store().object_store(None);
        store
            .put(&Path::from(path.as_str()), bytes.into())
            .await
            .map_err(LakeError::storage("write", &path))?;
        let add = Add {
            partition_values: partition(day),
            size: file.size,
            modification_time: now_millis(),
            data_change: true,
            stats: Some(stats),
            tags: None,
            deletion_vector: None,
            base_row_id: None,
            default_row_commit_version: None,
            clustering_provider: None,
            path,
        };
        Ok(NewFile { add, file })
    }
}

pub(crate) fn partition(day: Day) -> HashMap<String, Option<String>> {
    HashMap::from([("date".to_owned(), Some(day.to_string()))])
}

/// Delta stamps files and tombstones with the time of the machine; nothing reads it but vacuum.
pub(crate) fn now_millis() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    elapsed.as_millis() as i64
}
