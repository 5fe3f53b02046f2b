//! Many files of one day become one: their rows stream by in the order of the table, so that no day
//! is held in memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use arrow::array::{RecordBatch, new_null_array};
use arrow::compute::{SortOptions, cast, interleave_record_batch};
use arrow::error::ArrowError;
use arrow::row::{OwnedRow, RowConverter, Rows, SortField};
use futures::{StreamExt, TryStreamExt, stream};
use parquet::arrow::async_reader::ParquetRecordBatchStream;
use rolecall_model::Table;
use uuid::Uuid;

use crate::parquet::Encoder;
use crate::reader::FileReader;
use crate::schema::{arrow_type, file_schema};
use crate::table::{BATCH_ROWS, without};
use crate::{DataFile, LakeError, LakeTable, NewFile};

/// Decoded rows of all files together that are in memory at once.
const ROWS_AT_ONCE: usize = 64 * 1024;

/// Files that are opened at the same time.
const OPENED_AT_ONCE: usize = 16;

impl LakeTable {
    /// Writes the rows of some files of one day into one new file, which nobody sees before
    /// [`LakeTable::commit`]; all values of the column `emptied` become NULL. None if there is no
    /// file.
    ///
    /// Memory holds the files as they are compressed, and a small part of them decoded.
    pub async fn merge(
        &self,
        files: &[DataFile],
        emptied: Option<&str>,
    ) -> Result<Option<NewFile>, LakeError> {
        let Some(first) = files.first() else { return Ok(None) };
        let rows = files.iter().map(|file| file.rows.max(0) as usize).sum();
        let failed = LakeError::parquet("write a file of", self.table.name);
        let mut encoder = Encoder::new(self.table, rows).map_err(&failed)?;
        let mut merging = Merging::open(self, files, emptied).await?;
        while let Some(batch) = merging.next().await? {
            encoder.write(&batch).map_err(&failed)?;
        }
        let encoded = encoder.finish().map_err(&failed)?;
        if encoded.rows != rows as i64 {
            let (expected, found) = (rows as i64, encoded.rows);
            return Err(LakeError::Rows { table: self.table.name, expected, found });
        }
        let mark = emptied.map(without).unwrap_or_default();
        let path = format!("date={}/{}.{mark}zstd.parquet", first.day, Uuid::new_v4());
        self.put(first.day, path, encoded).await.map(Some)
    }
}

/// Sorted files, and the next row of each.
struct Merging<'a> {
    lake: &'a LakeTable,
    emptied: Option<&'a str>,
    converter: RowConverter,
    files: Vec<Reading>,
    /// The files that have rows left, the smallest next row first.
    next: BinaryHeap<Reverse<(OwnedRow, usize)>>,
}

/// A file, as far as it is read.
struct Reading {
    path: String,
    batches: ParquetRecordBatchStream<FileReader>,
    /// The batch that is being taken apart, and what orders its rows.
    batch: RecordBatch,
    keys: Rows,
    row: usize,
}

impl<'a> Merging<'a> {
    async fn open(
        lake: &'a LakeTable,
        files: &[DataFile],
        emptied: Option<&'a str>,
    ) -> Result<Merging<'a>, LakeError> {
        let wrong = lake.columns_do_not_fit();
        let kinds = sort_columns(lake.table).map(|at| arrow_type(lake.table.columns[at].kind));
        let options = SortOptions { descending: false, nulls_first: true };
        let fields = kinds.map(|kind| SortField::new_with_options(kind, options)).collect();
        let converter = RowConverter::new(fields).map_err(&wrong)?;
        let rows = (ROWS_AT_ONCE / files.len().max(1)).clamp(64, BATCH_ROWS);
        let opened = stream::iter(files.to_vec()).map(|file| async move {
            let batches = lake.open(&file, &[], rows).await?;
            Ok::<_, LakeError>((file.path, batches))
        });
        let opened: Vec<_> = opened.buffered(OPENED_AT_ONCE).try_collect().await?;
        let mut merging =
            Merging { lake, emptied, converter, files: Vec::new(), next: BinaryHeap::new() };
        for (path, batches) in opened {
            let batch = RecordBatch::new_empty(file_schema(lake.table));
            let keys = merging.converter.empty_rows(0, 0);
            merging.files.push(Reading { path, batches, batch, keys, row: 0 });
            merging.advance(merging.files.len() - 1).await?;
        }
        Ok(merging)
    }

    /// The next rows of all files, in order.
    async fn next(&mut self) -> Result<Option<RecordBatch>, LakeError> {
        let wrong = self.lake.columns_do_not_fit();
        let mut held: Vec<RecordBatch> = self.files.iter().map(|f| f.batch.clone()).collect();
        let mut places: Vec<usize> = (0..held.len()).collect();
        let mut picked = Vec::with_capacity(BATCH_ROWS);
        while picked.len() < BATCH_ROWS {
            let Some(Reverse((_, at))) = self.next.pop() else { break };
            picked.push((places[at], self.files[at].row));
            self.files[at].row += 1;
            if self.advance(at).await? {
                places[at] = held.len();
                held.push(self.files[at].batch.clone());
            }
        }
        if picked.is_empty() {
            return Ok(None);
        }
        let held: Vec<&RecordBatch> = held.iter().collect();
        interleave_record_batch(&held, &picked).map(Some).map_err(wrong)
    }

    /// Puts the next row of a file in line; says whether that took another batch.
    async fn advance(&mut self, at: usize) -> Result<bool, LakeError> {
        let wrong = self.lake.columns_do_not_fit();
        let file = &mut self.files[at];
        let mut another = false;
        while file.row == file.batch.num_rows() {
            let Some(batch) = file.batches.next().await else { return Ok(another) };
            let batch = batch.map_err(LakeError::parquet("read", &file.path))?;
            file.batch = fitted(&batch, self.lake.table, self.emptied).map_err(&wrong)?;
            let keys: Vec<_> =
                sort_columns(self.lake.table).map(|at| file.batch.column(at).clone()).collect();
            file.keys = self.converter.convert_columns(&keys).map_err(&wrong)?;
            (file.row, another) = (0, true);
        }
        self.next.push(Reverse((file.keys.row(file.row).owned(), at)));
        Ok(another)
    }
}

fn sort_columns(table: &Table) -> impl Iterator<Item = usize> {
    table.sorted_by.iter().filter_map(|name| table.index(name))
}

/// The columns as files of today have them: what an older file lacks is NULL, and so is what is
/// emptied.
fn fitted(
    batch: &RecordBatch,
    table: &Table,
    emptied: Option<&str>,
) -> Result<RecordBatch, ArrowError> {
    let schema = file_schema(table);
    let columns = schema.fields().iter().map(|field| {
        let found = batch.column_by_name(field.name());
        match found.filter(|_| emptied != Some(field.name().as_str())) {
            None => Ok(new_null_array(field.data_type(), batch.num_rows())),
            Some(array) if array.data_type() == field.data_type() => Ok(array.clone()),
            Some(array) => cast(array, field.data_type()),
        }
    });
    let columns = columns.collect::<Result<_, ArrowError>>()?;
    RecordBatch::try_new(schema, columns)
}
