//! A case: rows that are given, and rows that are expected.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use rolecall_catalog::{Case, CaseTable};
use rolecall_model::table::DATE;
use rolecall_model::{Column, Day, Kind, Table, Time, askable};
use serde_json::{Map, Value};

use crate::QueryError;

/// The tables of a case, to be asked.
///
/// A column that the case does not give is NULL, or nothing (an empty text, 0, false) where the
/// table has no NULL; `date` is the day of the column that partitions the table.
pub(crate) fn tables(case: &Case) -> Result<Vec<(&str, RecordBatch)>, QueryError> {
    let mut given = Vec::new();
    for table in &case.tables {
        let batch = batch(table).map_err(|why| QueryError::Case {
            case: case.title.clone(),
            why: format!("in its table `{}` {why}", table.name),
        })?;
        given.push((table.name.as_str(), batch));
    }
    Ok(given)
}

/// What the rows lack that is expected, or have that is not; nothing if they are as expected.
/// Only the columns that are listed matter, and no order.
pub(crate) fn difference(
    expected: Option<&CaseTable>,
    rows: &[Map<String, Value>],
) -> Option<String> {
    let mut left: Vec<&Map<String, Value>> = rows.iter().collect();
    let mut missing = Vec::new();
    if let Some(table) = expected {
        for wanted in &table.rows {
            let cells = || table.columns.iter().zip(wanted);
            let fits = |row: &&Map<String, Value>| {
                cells().all(|(column, cell)| is(cell.as_deref(), row.get(column)))
            };
            match left.iter().position(fits) {
                Some(place) => drop(left.swap_remove(place)),
                None => missing
                    .push(shown(cells().map(|(c, cell)| (c, cell.as_deref().unwrap_or("NULL"))))),
            }
        }
    }
    let listed = |column: &String| expected.is_none_or(|table| table.columns.contains(column));
    let extra = left.into_iter().map(|row| {
        let cells: BTreeMap<&String, String> = row
            .iter()
            .filter(|(column, _)| listed(column))
            .map(|(c, v)| (c, v.to_string()))
            .collect();
        shown(cells.iter().map(|(column, value)| (*column, value.as_str())))
    });
    let said: Vec<String> = missing
        .iter()
        .map(|row| format!("expected and not found: {row}"))
        .chain(extra.map(|row| format!("found and not expected: {row}")))
        .collect();
    (!said.is_empty()).then(|| said.join("\n"))
}

fn shown<'a>(cells: impl Iterator<Item = (&'a String, &'a str)>) -> String {
    cells.map(|(column, value)| format!("{column} {value}")).collect::<Vec<_>>().join(", ")
}

fn is(expected: Option<&str>, found: Option<&Value>) -> bool {
    let Some(expected) = expected else { return found == Some(&Value::Null) };
    match found {
        Some(Value::String(text)) => {
            let instant = |text: &str| text.parse::<Time>().ok();
            text == expected || instant(text).is_some_and(|at| instant(expected) == Some(at))
        }
        Some(Value::Number(number)) => {
            number.to_string() == expected || number.as_f64() == expected.parse().ok()
        }
        Some(Value::Bool(flag)) => flag.to_string() == expected,
        _ => false,
    }
}

fn batch(given: &CaseTable) -> Result<RecordBatch, String> {
    let table = askable().find(|table| table.name == given.name);
    let table = table.ok_or("is no table")?;
    for name in &given.columns {
        if *name != DATE.name && table.index(name).is_none() {
            return Err(format!("there is no column `{name}`"));
        }
    }
    let mut columns = Vec::new();
    for column in table.columns {
        columns.push((column.name, values(column, &cells(given, column.name))?));
    }
    if table.is_stored() {
        columns.push((DATE.name, days(table, given)?));
    }
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, v)| (n, v, true)))
        .map_err(|error| error.to_string())
}

fn cells<'a>(given: &'a CaseTable, column: &str) -> Vec<Option<&'a str>> {
    let place = given.columns.iter().position(|name| name == column);
    given.rows.iter().map(|row| row.get(place?)?.as_deref()).collect()
}

fn values(column: &Column, cells: &[Option<&str>]) -> Result<ArrayRef, String> {
    let wrong = |cell: &str| format!("`{cell}` is no value of `{}`", column.name);
    let none = |text: &'static str| (!column.nullable).then_some(text);
    macro_rules! parsed {
        ($nothing:literal, $type:ty) => {
            cells.iter().map(|cell| cell.or(none($nothing))).map(|cell| {
                cell.map(|cell| cell.parse::<$type>().map_err(|_| wrong(cell))).transpose()
            })
        };
    }
    Ok(match column.kind {
        Kind::Text => Arc::new(cells.iter().map(|c| c.or(none(""))).collect::<StringArray>()),
        Kind::Long => Arc::new(parsed!("0", i64).collect::<Result<Int64Array, _>>()?),
        Kind::Flag => Arc::new(parsed!("false", bool).collect::<Result<BooleanArray, _>>()?),
        Kind::Time => {
            let times = parsed!("1970-01-01", Time).map(|time| time.map(|time| time.map(|t| t.0)));
            let times: TimestampMicrosecondArray = times.collect::<Result<_, _>>()?;
            Arc::new(times.with_timezone("UTC"))
        }
        Kind::Day => {
            let days = parsed!("1970-01-01", Day).map(|day| day.map(|day| day.map(|d| d.0)));
            Arc::new(days.collect::<Result<Date32Array, _>>()?)
        }
        Kind::Bytes => match cells.iter().flatten().next() {
            Some(cell) => return Err(wrong(cell)),
            None => Arc::new(arrow::array::BinaryArray::from_opt_vec(vec![None; cells.len()])),
        },
    })
}

/// The partition of each row: as given, or else as storage would choose it.
fn days(table: &Table, given: &CaseTable) -> Result<ArrayRef, String> {
    let times = cells(given, table.time);
    let days = cells(given, DATE.name).into_iter().zip(times).map(|(day, time)| match day {
        Some(day) => day.parse::<Day>().map_err(|_| format!("`{day}` is no day")),
        None => Ok(Day::from(time.and_then(|time| time.parse::<Time>().ok()))),
    });
    let days: Vec<i32> = days.map(|day| day.map(|day| day.0)).collect::<Result<_, _>>()?;
    Ok(Arc::new(Date32Array::from(days)))
}
