//! Rows to Arrow columns, and back.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BinaryBuilder, BooleanArray, BooleanBuilder, Int64Array,
    Int64Builder, RecordBatch, StringArray, StringBuilder, TimestampMicrosecondArray,
    TimestampMicrosecondBuilder,
};
use arrow::compute::cast;
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use arrow::error::ArrowError;
use rolecall_model::{Kind, Row, Sink, Source, Time};

use crate::schema::{arrow_type, file_schema};

/// Builds the columns of some rows, without the partition column.
pub fn batch<'a, R: Row + 'a>(
    rows: impl IntoIterator<Item = &'a R>,
) -> Result<RecordBatch, ArrowError> {
    let mut columns = Columns(R::TABLE.columns.iter().map(|c| Builder::new(c.kind)).collect());
    for row in rows {
        row.put(&mut columns);
    }
    let arrays = columns.0.into_iter().map(Builder::finish).collect();
    RecordBatch::try_new(file_schema(&R::TABLE), arrays)
}

struct Columns(Vec<Builder>);

enum Builder {
    Text(StringBuilder),
    Long(Int64Builder),
    Flag(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
    Bytes(BinaryBuilder),
}

impl Builder {
    fn new(kind: Kind) -> Builder {
        match kind {
            Kind::Text => Builder::Text(StringBuilder::new()),
            Kind::Long | Kind::Day => Builder::Long(Int64Builder::new()),
            Kind::Flag => Builder::Flag(BooleanBuilder::new()),
            Kind::Time => Builder::Time(TimestampMicrosecondBuilder::new()),
            Kind::Bytes => Builder::Bytes(BinaryBuilder::new()),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Builder::Text(mut b) => Arc::new(b.finish()),
            Builder::Long(mut b) => Arc::new(b.finish()),
            Builder::Flag(mut b) => Arc::new(b.finish()),
            Builder::Time(mut b) => Arc::new(b.finish().with_timezone("UTC")),
            Builder::Bytes(mut b) => Arc::new(b.finish()),
        }
    }
}

macro_rules! put {
    ($method:ident, $value:ty, $variant:ident, |$v:ident| $as:expr) => {
        fn $method(&mut self, at: usize, value: Option<$value>) {
            if let Builder::$variant(builder) = &mut self.0[at] {
                builder.append_option(value.map(|$v| $as));
            } else {
                debug_assert!(false, "column {at} is no {}", stringify!($variant));
            }
        }
    };
}

impl Sink for Columns {
    put!(text, &str, Text, |v| v);
    put!(long, i64, Long, |v| v);
    put!(flag, bool, Flag, |v| v);
    put!(time, Time, Time, |v| v.0);
    put!(bytes, &[u8], Bytes, |v| v);
}

/// The rows of a batch: columns are found by name, and what is missing reads as NULL.
pub struct Rows {
    columns: Vec<Found>,
    rows: usize,
}

enum Found {
    Missing,
    Text(StringArray),
    Long(Int64Array),
    Flag(BooleanArray),
    Time(TimestampMicrosecondArray),
    Bytes(BinaryArray),
}

impl Rows {
    /// Takes the columns of the table from a batch, whatever their order and string layout.
    pub fn of<R: Row>(batch: &RecordBatch) -> Result<Rows, ArrowError> {
        let columns = R::TABLE.columns.iter().map(|column| {
            let Some(array) = batch.column_by_name(column.name) else { return Ok(Found::Missing) };
            let wanted = arrow_type(column.kind);
            let array =
                if *array.data_type() == wanted { array.clone() } else { cast(array, &wanted)? };
            Ok(match column.kind {
                Kind::Text => Found::Text(array.as_string::<i32>().clone()),
                Kind::Long => Found::Long(array.as_primitive::<Int64Type>().clone()),
                Kind::Flag => Found::Flag(array.as_boolean().clone()),
                Kind::Time => Found::Time(array.as_primitive::<TimestampMicrosecondType>().clone()),
                Kind::Bytes => Found::Bytes(array.as_binary::<i32>().clone()),
                Kind::Day => Found::Missing,
            })
        });
        Ok(Rows { columns: columns.collect::<Result<_, ArrowError>>()?, rows: batch.num_rows() })
    }

    /// Each row in turn.
    pub fn iter<R: Row>(&self) -> impl Iterator<Item = R> + '_ {
        (0..self.rows).map(|row| R::take(&At { columns: &self.columns, row }))
    }
}

struct At<'a> {
    columns: &'a [Found],
    row: usize,
}

macro_rules! take {
    ($method:ident, $value:ty, $variant:ident, |$v:ident| $as:expr) => {
        fn $method(&self, at: usize) -> Option<$value> {
            match &self.columns[at] {
                Found::$variant(array) if array.is_valid(self.row) => {
                    let $v = array.value(self.row);
                    Some($as)
                }
                _ => None,
            }
        }
    };
}

impl Source for At<'_> {
    take!(text, &str, Text, |v| v);
    take!(long, i64, Long, |v| v);
    take!(flag, bool, Flag, |v| v);
    take!(time, Time, Time, |v| Time(v));
    take!(bytes, &[u8], Bytes, |v| v);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_model::{Event, Usage};

    #[test]
    fn rows_come_back_as_they_went() {
        let usage = Usage {
            hour: Time::from_seconds(7200),
            principal: "arn:aws:iam::111111111111:role/build".into(),
            access_key_id: None,
            session_from_console: true,
            read_only: Some(false),
            calls: 7,
            event_hashes: vec![1, 2, 3],
            ..Usage::default()
        };
        let rows = [usage.clone(), Usage::default()];
        let batch = batch(&rows).unwrap();
        let back: Vec<Usage> = Rows::of::<Usage>(&batch).unwrap().iter().collect();
        assert_eq!(back, rows);
    }

    #[test]
    fn columns_that_older_files_lack_read_as_nothing() {
        let rows = [Event { event_id: "e".into(), tls_host: Some("h".into()), ..Event::default() }];
        let batch = batch(&rows).unwrap();
        let older = batch.project(&[0]).unwrap();
        let back: Vec<Event> = Rows::of::<Event>(&older).unwrap().iter().collect();
        assert_eq!(back, [Event { event_id: "e".into(), ..Event::default() }]);
    }
}
