//! One Delta table: its files, its checkpoints, and commits that only succeed on what was seen.

use std::collections::HashMap;

use arrow::array::RecordBatch;
use deltalake_core::DeltaTable;
use deltalake_core::kernel::Action;
use deltalake_core::logstore::get_actions;
use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;
use parquet::arrow::ProjectionMask;
use parquet::arrow::async_reader::{ParquetRecordBatchStream, ParquetRecordBatchStreamBuilder};
use rolecall_model::{Day, Row, Table, Time};
use serde_json::Value;

use crate::reader::FileReader;
use crate::rows::of_day;
use crate::{LakeError, Rows};

/// Rows of a batch: so few that no column outgrows its buffer again and again.
pub(crate) const BATCH_ROWS: usize = 8192;

/// A table of the lake as of some version.
#[derive(Clone, Debug)]
pub struct LakeTable {
    pub(crate) table: &'static Table,
    pub(crate) delta: DeltaTable,
    pub(crate) files: Vec<DataFile>,
    pub(crate) lost: u64,
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

impl DataFile {
    /// Whether a column was emptied when the file was written.
    pub fn is_without(&self, column: &str) -> bool {
        self.path.contains(&format!(".{}", without(column)))
    }
}

/// How the name of a file says that a column of it was emptied.
pub(crate) fn without(column: &str) -> String {
    format!("without-{column}.")
}

impl LakeTable {
    pub(crate) async fn of(
        table: &'static Table,
        delta: DeltaTable,
    ) -> Result<LakeTable, LakeError> {
        let mut this = LakeTable { table, delta, files: Vec::new(), lost: 0 };
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
            let mut batches = self.open(file, columns, BATCH_ROWS).await?;
            while let Some(batch) = batches.next().await {
                let batch = batch.map_err(LakeError::parquet("read", &file.path))?;
                let rows = Rows::of::<R>(&batch).map_err(self.columns_do_not_fit())?;
                rows.iter().for_each(&mut each);
            }
        }
        Ok(())
    }

    /// All rows, with the columns that a query sees; those that a file lacks are NULL.
    pub async fn batches(&self) -> Result<Vec<RecordBatch>, LakeError> {
        let mut all = Vec::new();
        for file in &self.files {
            let mut batches = self.open(file, &[], BATCH_ROWS).await?;
            while let Some(batch) = batches.next().await {
                let batch = batch.map_err(LakeError::parquet("read", &file.path))?;
                let whole = of_day(self.table, &batch, file.day);
                all.push(whole.map_err(self.columns_do_not_fit())?);
            }
        }
        Ok(all)
    }

    pub(crate) async fn open(
        &self,
        file: &DataFile,
        columns: &[&str],
        rows: usize,
    ) -> Result<ParquetRecordBatchStream<FileReader>, LakeError> {
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
        builder.with_projection(mask).with_batch_size(rows).build().map_err(&failed)
    }

    pub(crate) fn columns_do_not_fit(
        &self,
    ) -> impl Fn(arrow::error::ArrowError) -> LakeError + use<> {
        let table = self.table.name;
        move |source| LakeError::Columns { table, source }
    }
}

/// The bounds of one column in a file's statistics.
pub(crate) fn times(stats: &str, column: &str) -> Option<(Time, Time)> {
    let stats: Value = serde_json::from_str(stats).ok()?;
    let bound = |which: &str| stats.get(which)?.get(column)?.as_str()?.parse().ok();
    Some((bound("minValues")?, bound("maxValues")?))
}
