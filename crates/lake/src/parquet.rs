//! One Parquet file: written whole, with the statistics that Delta's log holds; read by columns.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::{max, max_string, min, min_string};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use rolecall_model::{Kind, Table, Time};
use serde_json::{Value, json};

use crate::schema::{file_schema, statistics_columns};

/// Texts longer than this have no place in the log's statistics.
const LONGEST_STATISTIC: usize = 128;

/// The bytes of a file with these rows.
pub(crate) fn encode(batches: Vec<RecordBatch>, table: &Table) -> Result<Vec<u8>, ParquetError> {
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    let sorting = table.sorted_by.iter().filter_map(|name| table.index(name));
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_created_by("rolecall".to_owned())
        .set_statistics_enabled(EnabledStatistics::Chunk)
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
            .set_column_bloom_filter_max_ndv(column, rows.max(1) as u64);
    }
    for column in table.columns.iter().filter(|c| c.kind == Kind::Bytes) {
        // Hashes and raw bytes neither repeat nor compare.
        let path = ColumnPath::from(column.name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_statistics_enabled(path, EnabledStatistics::None);
    }
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, file_schema(table), Some(properties.build()))?;
    for batch in batches {
        writer.write(&batch)?;
    }
    writer.close()?;
    Ok(bytes)
}

/// The statistics of a file as Delta's log holds them
/// (<https://github.com/delta-io/delta/blob/master/PROTOCOL.md#per-file-statistics>).
pub(crate) fn statistics(batches: &[RecordBatch], table: &Table) -> Value {
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    let (mut low, mut high, mut nulls) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for column in statistics_columns(table) {
        let arrays = || batches.iter().filter_map(|batch| batch.column_by_name(column.name));
        nulls.insert(column.name, arrays().map(|array| array.null_count()).sum::<usize>());
        let bounds = match column.kind {
            Kind::Text => {
                let texts = || arrays().map(|array| array.as_string::<i32>());
                let short = |text: Option<&str>| {
                    text.filter(|t| t.len() <= LONGEST_STATISTIC).map(|t| json!(t))
                };
                (
                    short(texts().filter_map(min_string).min()),
                    short(texts().filter_map(max_string).max()),
                )
            }
            Kind::Time => {
                let times = || arrays().map(|a| a.as_primitive::<TimestampMicrosecondType>());
                let (low, high) = (times().filter_map(min).min(), times().filter_map(max).max());
                (low.map(|t| json!(millis(t))), high.map(|t| json!(millis(t + 999))))
            }
            Kind::Long => {
                let longs = || arrays().map(|array| array.as_primitive::<Int64Type>());
                let (low, high) = (longs().filter_map(min).min(), longs().filter_map(max).max());
                (low.map(|n| json!(n)), high.map(|n| json!(n)))
            }
            Kind::Flag | Kind::Bytes | Kind::Day => (None, None),
        };
        low.extend(bounds.0.map(|value| (column.name, value)));
        high.extend(bounds.1.map(|value| (column.name, value)));
    }
    json!({ "numRecords": rows, "minValues": low, "maxValues": high, "nullCount": nulls })
}

/// Delta's statistics hold instants in milliseconds; the largest is rounded up.
fn millis(micros: i64) -> String {
    let seconds = Time(micros - micros.rem_euclid(1_000_000));
    let text = seconds.to_string();
    format!("{}.{:03}Z", text.trim_end_matches('Z'), micros.rem_euclid(1_000_000) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_model::{Event, Row};

    #[test]
    fn statistics_bound_every_value() {
        let event = |id: &str, micros| Event {
            event_id: id.into(),
            event_time: Time(micros),
            ..Event::default()
        };
        let batches = [event("b", 2_000_001), event("a", 1_999_999)]
            .map(|event| crate::batch([&event]).unwrap())
            .to_vec();
        let stats = statistics(&batches, &Event::TABLE);
        assert_eq!(stats["numRecords"], 2);
        assert_eq!(stats["minValues"]["event_time"], "1970-01-01T00:00:01.999Z");
        assert_eq!(stats["maxValues"]["event_time"], "1970-01-01T00:00:02.001Z");
        assert!(!encode(batches, &Event::TABLE).unwrap().is_empty());
    }
}
