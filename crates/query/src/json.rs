//! Rows as JSON objects.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType, UInt64Type,
};
use arrow::error::ArrowError;
use rolecall_model::{Day, Time};
use serde_json::{Map, Value};

/// One object for each row, its keys in the order of the columns: instants as RFC 3339 in UTC, days as
/// `2026-03-10`, bytes in hexadecimal digits, NULL and numbers that are none as `null`.
pub fn json_rows(batch: &RecordBatch) -> Result<Vec<Map<String, Value>>, ArrowError> {
    let mut rows = vec![Map::new(); batch.num_rows()];
    for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        for (row, value) in rows.iter_mut().zip(values(column)?) {
            row.insert(field.name().clone(), value);
        }
    }
    Ok(rows)
}

/// The values of a column.
pub(crate) fn values(column: &ArrayRef) -> Result<Vec<Value>, ArrowError> {
    let at = |kind: DataType| cast(column, &kind);
    let valid = |row: &usize| column.is_valid(*row);
    let each = |value: &dyn Fn(usize) -> Result<Value, ArrowError>| {
        let one = |row| if valid(&row) { value(row) } else { Ok(Value::Null) };
        (0..column.len()).map(one).collect()
    };
    match column.data_type() {
        DataType::Boolean => {
            let flags = column.as_boolean();
            each(&|row| Ok(flags.value(row).into()))
        }
        DataType::UInt64 => {
            let numbers = column.as_primitive::<UInt64Type>();
            each(&|row| Ok(numbers.value(row).into()))
        }
        kind if kind.is_integer() => {
            let numbers = at(DataType::Int64)?;
            let numbers = numbers.as_primitive::<Int64Type>();
            each(&|row| Ok(numbers.value(row).into()))
        }
        kind if kind.is_floating() => {
            let numbers = at(DataType::Float64)?;
            let numbers = numbers.as_primitive::<Float64Type>();
            each(&|row| Ok(numbers.value(row).into()))
        }
        DataType::Timestamp(_, _) => {
            let times = at(DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))?;
            let times = times.as_primitive::<TimestampMicrosecondType>();
            each(&|row| Ok(Time(times.value(row)).to_string().into()))
        }
        DataType::Date32 | DataType::Date64 => {
            let days = at(DataType::Date32)?;
            let days = days.as_primitive::<Date32Type>();
            each(&|row| Ok(Day(days.value(row)).to_string().into()))
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => {
            let bytes = at(DataType::Binary)?;
            let bytes = bytes.as_binary::<i32>();
            each(&|row| Ok(hex(bytes.value(row)).into()))
        }
        DataType::List(item) | DataType::LargeList(item) => {
            let lists = at(DataType::LargeList(item.clone()))?;
            let lists = lists.as_list::<i64>();
            each(&|row| Ok(Value::Array(values(&lists.value(row))?)))
        }
        // Decimals, intervals, structs and whatever else an expression may give, as DataFusion
        // writes them.
        _ => {
            let texts = at(DataType::Utf8)?;
            let texts = texts.as_string::<i32>();
            each(&|row| Ok(texts.value(row).into()))
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
