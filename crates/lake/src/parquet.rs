//! One Parquet file: written batch by batch, with the statistics that Delta's log holds.

use arrow::array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use rolecall_model::{Kind, Table};

use crate::schema::file_schema;
use crate::statistics::Statistics;

/// Rows of a row group: few enough for narrow bounds, enough for good compression.
pub(crate) const GROUP_ROWS: usize = 200_000;

/// A file before it is stored.
pub(crate) struct Encoded {
    pub(crate) bytes: Vec<u8>,
    pub(crate) stats: String,
    pub(crate) rows: i64,
}

/// A file in the making; what is written is compressed, so it takes little more than its own size.
pub(crate) struct Encoder {
    writer: ArrowWriter<Vec<u8>>,
    statistics: Statistics,
}

impl Encoder {
    /// A file of so many rows, which come in the order of the table.
    pub(crate) fn new(table: &'static Table, rows: usize) -> Result<Encoder, ParquetError> {
        let properties = properties(table, rows)?;
        let writer = ArrowWriter::try_new(Vec::new(), file_schema(table), Some(properties))?;
        Ok(Encoder { writer, statistics: Statistics::of(table) })
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), ParquetError> {
        self.statistics.add(batch);
        self.writer.write(batch)
    }

    pub(crate) fn finish(self) -> Result<Encoded, ParquetError> {
        Ok(Encoded {
            bytes: self.writer.into_inner()?,
            stats: self.statistics.json().to_string(),
            rows: self.statistics.rows() as i64,
        })
    }
}

impl Encoded {
    /// A file of some batches; each is dropped when it is written.
    pub(crate) fn of(
        batches: Vec<RecordBatch>,
        table: &'static Table,
    ) -> Result<Encoded, ParquetError> {
        let mut encoder = Encoder::new(table, batches.iter().map(RecordBatch::num_rows).sum())?;
        for batch in batches {
            encoder.write(&batch)?;
        }
        encoder.finish()
    }
}

fn properties(table: &Table, rows: usize) -> Result<WriterProperties, ParquetError> {
    let sorting = table.sorted_by.iter().filter_map(|name| table.index(name));
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_created_by("rolecall".to_owned())
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_sorting_columns(Some(
            sorting
                .map(|at| SortingColumn {
                    column_idx: at as i32,
                    descending: false,
                    nulls_first: true,
                })
                .collect(),
        ));
    for name in table.bloom {
        let column = ColumnPath::from(*name);
        properties = properties
            .set_column_bloom_filter_enabled(column.clone(), true)
            .set_column_bloom_filter_max_ndv(column, rows.clamp(1, GROUP_ROWS) as u64);
    }
    for column in table.columns.iter().filter(|c| c.kind == Kind::Bytes) {
        // Hashes and raw bytes neither repeat nor compare.
        let path = ColumnPath::from(column.name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_statistics_enabled(path, EnabledStatistics::None);
    }
    Ok(properties.build())
}
