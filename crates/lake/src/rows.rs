//! Rows to Arrow columns, and back.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BinaryBuilder, BooleanArray, BooleanBuilder,
    Date32Array, Int64Array, Int64Builder, RecordBatch, StringArray, StringBuilder,
    TimestampMicrosecondArray, TimestampMicrosecondBuilder, new_null_array,
};
use arrow::compute::{SortColumn, SortOptions, cast, lexsort_to_indices};
use arrow::datatypes::{FieldRef, Int64Type, TimestampMicrosecondType};
use arrow::error::ArrowError;
use rolecall_model::table::DATE;
use rolecall_model::{Column, Day, Kind, Row, Sink, Source, Table, Time};

use crate::schema::{arrow_schema, arrow_type, file_schema};

/// Builds the columns of some rows, without the partition column.
pub fn batch<'a, R: Row + 'a>(
    rows: impl IntoIterator<Item = &'a R>,
) -> Result<RecordBatch, ArrowError> {
    let schema = file_schema(&R::TABLE);
    let mut columns = Columns(R::TABLE.columns.iter().map(|c| Builder::new(c.kind)).collect());
    rows.into_iter().for_each(|row| row.put(&mut columns));
    RecordBatch::try_new(schema, columns.0.into_iter().filter_map(Builder::finish).collect())
}

/// The rows of a file as a query sees them: all columns of the table, and the partition.
pub(crate) fn of_day(
    table: &Table,
    batch: &RecordBatch,
    day: Day,
) -> Result<RecordBatch, ArrowError> {
    let schema = arrow_schema(table);
    let column = |field: &FieldRef| -> Result<ArrayRef, ArrowError> {
        if field.name() == DATE.name {
            return Ok(Arc::new(Date32Array::from_value(day.0, batch.num_rows())));
        }
        match batch.column_by_name(field.name()) {
            Some(column) => cast(column, field.data_type()),
            None => Ok(new_null_array(field.data_type(), batch.num_rows())),
        }
    };
    let columns = schema.fields().iter().map(column).collect::<Result<_, _>>()?;
    RecordBatch::try_new(schema, columns)
}

/// Sorts rows by the table's order, before they become columns: only the few columns that order
/// them are built twice. Ties keep no particular order.
pub(crate) fn sorted<'a, R: Row>(rows: &[&'a R]) -> Result<Vec<&'a R>, ArrowError> {
    let builder = |column: &Column| match R::TABLE.sorted_by.contains(&column.name) {
        true => Builder::new(column.kind),
        false => Builder::None,
    };
    let mut columns = Columns(R::TABLE.columns.iter().map(builder).collect());
    rows.iter().for_each(|row| row.put(&mut columns));
    let mut keys: Vec<Option<ArrayRef>> = columns.0.into_iter().map(Builder::finish).collect();
    let keys = R::TABLE.sorted_by.iter().filter_map(|name| keys[R::TABLE.index(name)?].take());
    let options = Some(SortOptions { descending: false, nulls_first: true });
    let keys: Vec<_> = keys.map(|values| SortColumn { values, options }).collect();
    if keys.is_empty() {
        return Ok(rows.to_vec());
    }
    let order = lexsort_to_indices(&keys, None)?;
    Ok(order.values().iter().map(|at| rows[*at as usize]).collect())
}

struct Columns(Vec<Builder>);

enum Builder {
    Text(StringBuilder),
    Long(Int64Builder),
    Flag(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
    Bytes(BinaryBuilder),
    /// The column is not wanted.
    None,
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

    fn finish(self) -> Option<ArrayRef> {
        Some(match self {
            Builder::Text(mut b) => Arc::new(b.finish()),
            Builder::Long(mut b) => Arc::new(b.finish()),
            Builder::Flag(mut b) => Arc::new(b.finish()),
            Builder::Time(mut b) => Arc::new(b.finish().with_timezone("UTC")),
            Builder::Bytes(mut b) => Arc::new(b.finish()),
            Builder::None => return None,
        })
    }
}

macro_rules! put {
    ($method:ident, $value:ty, $variant:ident, |$v:ident| $as:expr) => {
        fn $method(&mut self, at: usize, value: Option<$value>) {
            match &mut self.0[at] {
                Builder::$variant(builder) => builder.append_option(value.map(|$v| $as)),
                Builder::None => {}
                _ => debug_assert!(false, "column {at} is no {}", stringify!($variant)),
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
    fn rows_are_sorted_by_the_columns_of_their_table() {
        let row = |hour: i64, principal: &str| Usage {
            hour: Time(hour),
            principal: principal.into(),
            ..Usage::default()
        };
        let rows = [row(2, "a"), row(1, "b"), row(1, "a")];
        let order = sorted(&rows.each_ref()).unwrap();
        assert_eq!(order, [&rows[2], &rows[1], &rows[0]]);
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
