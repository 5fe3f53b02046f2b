//! One Delta table: its files, its checkpoints, and commits that only succeed on what was seen.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use arrow::array::RecordBatch;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake_core::kernel::{Action, Add, Remove, Transaction};
use deltalake_core::logstore::get_actions;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableError};
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::arrow::ProjectionMask;
use parquet::arrow::async_reader::ParquetRecordBatchStreamBuilder;
use rolecall_model::{Day, Row, Table, Time};
use serde_json::Value;
use tokio::task::{JoinHandle, spawn_blocking};
use uuid::Uuid;

use crate::parquet::{encode, sorted, statistics};
use crate::reader::FileReader;
use crate::{Change, LakeError, Outcome, Rows, batch};

/// Rows of the largest files: few enough for narrow bounds, enough for good compression.
const FILE_ROWS: usize = 200_000;

/// Files that are sorted and compressed at the same time.
const FILES_AT_ONCE: usize = 4;

/// A table of the lake as of some version.
#[derive(Clone, Debug)]
pub struct LakeTable {
    table: &'static Table,
    delta: DeltaTable,
    files: Vec<DataFile>,
}

/// A file of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct DataFile {
    /// Where it is, relative to the table.
    pub path: String,
    /// Its partition.
    pub day: Day,
    /// Its size in bytes.
    pub size: i64,
    /// Its rows.
    pub rows: i64,
    /// The first and last instant in it (the column that partitions the table).
    pub times: Option<(Time, Time)>,
}

/// A file that is written and waits for its commit.
#[derive(Clone, Debug)]
pub struct NewFile {
    add: Add,
    file: DataFile,
}

impl NewFile {
    /// The file as the table will list it.
    pub fn file(&self) -> &DataFile {
        &self.file
    }
}

impl LakeTable {
    pub(crate) async fn of(
        table: &'static Table,
        delta: DeltaTable,
    ) -> Result<LakeTable, LakeError> {
        let mut this = LakeTable { table, delta, files: Vec::new() };
        this.list().await?;
        Ok(this)
    }

    /// What the table holds.
    pub fn table(&self) -> &'static Table {
        self.table
    }

    /// The Delta table, for engines that read it.
    pub fn delta(&self) -> &DeltaTable {
        &self.delta
    }

    /// The version that was read last.
    pub fn version(&self) -> u64 {
        self.delta.version().unwrap_or_default()
    }

    /// Its files, as of that version.
    pub fn files(&self) -> &[DataFile] {
        &self.files
    }

    /// Looks for what others have committed.
    pub async fn refresh(&mut self) -> Result<(), LakeError> {
        let before = self.delta.version();
        self.delta.update_state().await.map_err(LakeError::delta("read", self.table.name))?;
        if self.delta.version() != before { self.list().await } else { Ok(()) }
    }

    async fn list(&mut self) -> Result<(), LakeError> {
        let failed = |e| LakeError::delta("list the files of", self.table.name)(e);
        let log_store = self.delta.log_store();
        let snapshot = self.delta.snapshot().map_err(failed)?.snapshot();
        let views = snapshot.file_views(log_store.as_ref(), None);
        let time = self.table.time;
        let files = views.map_ok(|view| {
            let day = view.partition_values_map().remove("date").flatten();
            DataFile {
                path: view.path().into_owned(),
                day: day.and_then(|day| day.parse().ok()).unwrap_or_default(),
                size: view.size(),
                rows: view.num_records().unwrap_or_default() as i64,
                times: view.stats().and_then(|stats| times(&stats, time)),
            }
        });
        self.files = files.try_collect().await.map_err(failed)?;
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(())
    }

    /// The version (or instant) up to which a step has read, as it was committed here.
    pub async fn checkpoint(&self, step: &str) -> Result<Option<i64>, LakeError> {
        let failed = |e| LakeError::delta("read the checkpoints of", self.table.name)(e);
        let log_store = self.delta.log_store();
        let snapshot = self.delta.snapshot().map_err(failed)?.snapshot();
        snapshot.transaction_version(log_store.as_ref(), step).await.map_err(failed)
    }

    /// The files that each commit after `version` added and that are still there, oldest commit
    /// first; all files as one if the log of those commits has been cleaned away.
    pub async fn commits_since(
        &self,
        version: Option<u64>,
    ) -> Result<Vec<(u64, Vec<DataFile>)>, LakeError> {
        let failed = |e| LakeError::delta("read the log of", self.table.name)(e);
        let everything = || vec![(self.version(), self.files.clone())];
        let log_store = self.delta.log_store();
        let by_path: HashMap<&str, &DataFile> =
            self.files.iter().map(|file| (file.path.as_str(), file)).collect();
        let mut commits = Vec::new();
        for version in version.map_or(0, |version| version + 1)..=self.version() {
            let Some(bytes) = log_store.read_commit_entry(version).await.map_err(failed)? else {
                return Ok(everything());
            };
            let mut added = Vec::new();
            for action in get_actions(version, &bytes).map_err(failed)? {
                if let Action::Add(add) = action
                    && add.data_change
                {
                    added.extend(by_path.get(add.path.as_str()).map(|file| (*file).clone()));
                }
            }
            commits.push((version, added));
        }
        Ok(commits)
    }

    /// The same files without their commits.
    pub async fn added_since(&self, version: Option<u64>) -> Result<Vec<DataFile>, LakeError> {
        let commits = self.commits_since(version).await?;
        Ok(commits.into_iter().flat_map(|(_, files)| files).collect())
    }

    /// Reads rows, only the named columns (the others read as NULL), and hands over each.
    pub async fn read<R: Row>(
        &self,
        files: &[DataFile],
        columns: &[&str],
        mut each: impl FnMut(R),
    ) -> Result<(), LakeError> {
        for file in files {
            let mut batches = self.open(file, columns).await?;
            while let Some(batch) = batches.next().await {
                let batch = batch.map_err(LakeError::parquet("read", &file.path))?;
                let rows = Rows::of::<R>(&batch).map_err(self.columns_do_not_fit())?;
                rows.iter().for_each(&mut each);
            }
        }
        Ok(())
    }

    async fn open(
        &self,
        file: &DataFile,
        columns: &[&str],
    ) -> Result<
        impl StreamExt<Item = Result<RecordBatch, parquet::errors::ParquetError>> + Unpin,
        LakeError,
    > {
        let failed = LakeError::parquet("read", &file.path);
        let store = self.delta.log_store().object_store(None);
        let path = Path::parse(&file.path)
            .map_err(|e| LakeError::storage("read", &file.path)(e.into()))?;
        let reader = FileReader { store, path, size: file.size.unsigned_abs() };
        let builder = ParquetRecordBatchStreamBuilder::new(reader).await.map_err(&failed)?;
        let mask = if columns.is_empty() {
            ProjectionMask::all()
        } else {
            ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied())
        };
        builder.with_projection(mask).with_batch_size(8192).build().map_err(&failed)
    }

    /// Writes rows into new files, one or more for each day. Nobody sees them before [`LakeTable::commit`].
    pub async fn write<R: Row>(
        &self,
        rows: impl IntoIterator<Item = impl Borrow<R>>,
    ) -> Result<Vec<NewFile>, LakeError> {
        let mut days: BTreeMap<Day, Vec<_>> = BTreeMap::new();
        for row in rows {
            days.entry(row.borrow().day()).or_default().push(row);
        }
        let mut files = Vec::new();
        let mut encoding = VecDeque::new();
        for (day, rows) in &days {
            for part in rows.chunks(FILE_ROWS) {
                let batch = batch(part.iter().map(Borrow::borrow));
                let batch = batch.map_err(self.columns_do_not_fit())?;
                let table = self.table;
                encoding.push_back((*day, spawn_blocking(move || Encoded::of(&batch, table))));
                if encoding.len() == FILES_AT_ONCE {
                    files.extend(self.write_next(&mut encoding).await?);
                }
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
        encoding: &mut VecDeque<(Day, JoinHandle<Result<Encoded, LakeError>>)>,
    ) -> Result<Option<NewFile>, LakeError> {
        let Some((day, encoded)) = encoding.pop_front() else { return Ok(None) };
        let Encoded { bytes, stats, rows } = encoded.await.expect("encoding does not panic")?;
        let path = format!("date={day}/{}.zstd.parquet", Uuid::new_v4());
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
        Ok(Some(NewFile { add, file }))
    }

    /// Commits if nobody else has committed since this table was read; otherwise nothing happens.
    pub async fn commit(&mut self, change: Change) -> Result<Outcome, LakeError> {
        let removed = change.remove.iter().map(|file| {
            Action::Remove(Remove {
                path: file.path.clone(),
                data_change: true,
                deletion_timestamp: Some(now_millis()),
                extended_file_metadata: Some(true),
                partition_values: Some(partition(file.day)),
                size: Some(file.size),
                tags: None,
                deletion_vector: None,
                base_row_id: None,
                default_row_commit_version: None,
            })
        });
        let added = change.add.iter().map(|new| Action::Add(new.add.clone()));
        let actions: Vec<Action> = removed.chain(added).collect();
        let checkpoints = change.checkpoints.into_iter();
        let properties =
            CommitProperties::default().with_max_retries(0).with_application_transactions(
                checkpoints.map(|(step, at)| Transaction::new(step, at)).collect(),
            );
        let operation = DeltaOperation::Write {
            mode: SaveMode::Append,
            partition_by: Some(vec!["date".to_owned()]),
            predicate: None,
        };

        let failed = |e| LakeError::delta("commit to", self.table.name)(e);
        let state = self.delta.snapshot().map_err(failed)?;
        let commit = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(state), self.delta.log_store(), operation)
            .await;
        match commit {
            Ok(done) => {
                self.delta.state = Some(done.snapshot());
                let removed: Vec<&str> =
                    change.remove.iter().map(|file| file.path.as_str()).collect();
                self.files.retain(|file| !removed.contains(&file.path.as_str()));
                self.files.extend(change.add.into_iter().map(|new| new.file));
                Ok(Outcome::Committed(done.version()))
            }
            Err(error) if lost_the_race(&error) => Ok(Outcome::Lost),
            Err(error) => Err(failed(error)),
        }
    }

    fn columns_do_not_fit(&self) -> impl Fn(arrow::error::ArrowError) -> LakeError + use<> {
        let table = self.table.name;
        move |source| LakeError::Columns { table, source }
    }
}

/// A file before it is stored.
struct Encoded {
    bytes: Vec<u8>,
    stats: String,
    rows: i64,
}

impl Encoded {
    fn of(batch: &RecordBatch, table: &'static Table) -> Result<Encoded, LakeError> {
        let batch = sorted(batch, table)
            .map_err(|source| LakeError::Columns { table: table.name, source })?;
        Ok(Encoded {
            bytes: encode(&batch, table)
                .map_err(LakeError::parquet("write a file of", table.name))?,
            stats: statistics(&batch, table).to_string(),
            rows: batch.num_rows() as i64,
        })
    }
}

fn lost_the_race(error: &DeltaTableError) -> bool {
    matches!(
        error,
        DeltaTableError::VersionAlreadyExists(_)
            | DeltaTableError::Transaction {
                source: TransactionError::MaxCommitAttempts(_)
                    | TransactionError::VersionAlreadyExists(_)
                    | TransactionError::CommitConflict(_)
            }
    )
}

/// The bounds of one column in a file's statistics.
fn times(stats: &str, column: &str) -> Option<(Time, Time)> {
    let stats: Value = serde_json::from_str(stats).ok()?;
    let bound = |which: &str| stats.get(which)?.get(column)?.as_str()?.parse().ok();
    Some((bound("minValues")?, bound("maxValues")?))
}

fn partition(day: Day) -> HashMap<String, Option<String>> {
    HashMap::from([("date".to_owned(), Some(day.to_string()))])
}

/// Delta stamps files and tombstones with the time of the machine; nothing reads it but vacuum.
fn now_millis() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    elapsed.as_millis() as i64
}
