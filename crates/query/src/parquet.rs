//! An answer as a Parquet file.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::WriterProperties;

use crate::QueryError;

/// A Parquet file in the making, compressed with Zstandard.
pub struct ParquetFile<W: Write + Send> {
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> ParquetFile<W> {
    /// Begins a file of rows with these columns.
    ///
    /// # Errors
    ///
    /// Parquet has no type for a column, such as an interval.
    pub fn begin(into: W, schema: SchemaRef) -> Result<ParquetFile<W>, QueryError> {
        let level = ZstdLevel::default();
        let properties =
            WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
        let writer = ArrowWriter::try_new(into, schema, Some(properties)).map_err(failed)?;
        Ok(ParquetFile { writer })
    }

    /// Adds rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), QueryError> {
        self.writer.write(batch).map_err(failed)
    }

    /// Writes what is left, and gives back what it was written into.
    pub fn end(self) -> Result<W, QueryError> {
        self.writer.into_inner().map_err(failed)
    }
}

fn failed(error: ParquetError) -> QueryError {
    QueryError::sql("write the answer as Parquet")(error.into())
}
