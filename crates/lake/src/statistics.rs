//! What Delta's log says of a file: how many rows, and the bounds of the columns that prune.

use std::collections::BTreeMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::{max, max_string, min, min_string};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use rolecall_model::{Kind, Table, Time};
use serde_json::{Value, json};

use crate::schema::statistics_columns;

/// Texts longer than this have no place in the log's statistics.
const LONGEST_STATISTIC: usize = 128;

/// The statistics of a file in the making, batch by batch.
pub(crate) struct Statistics {
    table: &'static Table,
    rows: usize,
    columns: BTreeMap<&'static str, Bounds>,
}

/// The values of one column so far.
#[derive(Default)]
struct Bounds {
    nulls: usize,
    low: Option<Bound>,
    high: Option<Bound>,
}

/// One value; those of a column are all of one kind.
#[derive(Clone, PartialEq, PartialOrd)]
enum Bound {
    Text(String),
    Time(i64),
    Long(i64),
}

impl Statistics {
    pub(crate) fn of(table: &'static Table) -> Statistics {
        Statistics { table, rows: 0, columns: BTreeMap::new() }
    }

    /// Takes in the rows of a batch.
    pub(crate) fn add(&mut self, batch: &RecordBatch) {
        self.rows += batch.num_rows();
        for column in statistics_columns(self.table) {
            let Some(array) = batch.column_by_name(column.name) else { continue };
            let bounds = self.columns.entry(column.name).or_default();
            bounds.nulls += array.null_count();
            let (low, high) = match column.kind {
                Kind::Text => {
                    let texts = array.as_string::<i32>();
                    let bound = |text: Option<&str>| text.map(|text| Bound::Text(text.to_owned()));
                    (bound(min_string(texts)), bound(max_string(texts)))
                }
                Kind::Time => {
                    let times = array.as_primitive::<TimestampMicrosecondType>();
                    (min(times).map(Bound::Time), max(times).map(Bound::Time))
                }
                Kind::Long => {
                    let longs = array.as_primitive::<Int64Type>();
                    (min(longs).map(Bound::Long), max(longs).map(Bound::Long))
                }
                Kind::Flag | Kind::Bytes | Kind::Day => (None, None),
            };
            if let Some(low) = low.filter(|low| bounds.low.as_ref().is_none_or(|known| low < known))
            {
                bounds.low = Some(low);
            }
            if let Some(high) =
                high.filter(|high| bounds.high.as_ref().is_none_or(|known| high > known))
            {
                bounds.high = Some(high);
            }
        }
    }

    /// How many rows were taken in.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The statistics as Delta's log holds them
    /// (<https://github.com/delta-io/delta/blob/master/PROTOCOL.md#per-file-statistics>).
    pub(crate) fn json(&self) -> Value {
        let (mut low, mut high, mut nulls) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (name, bounds) in &self.columns {
            nulls.insert(name, bounds.nulls);
            low.extend(bounds.low.as_ref().and_then(|low| low.json(0)).map(|json| (name, json)));
            high.extend(bounds.high.as_ref().and_then(|b| b.json(999)).map(|json| (name, json)));
        }
        json!({ "numRecords": self.rows, "minValues": low, "maxValues": high, "nullCount": nulls })
    }
}

impl Bound {
    /// Delta's statistics hold instants in milliseconds: the largest is rounded up. A text that is too
    /// long bounds nothing.
    fn json(&self, round_up: i64) -> Option<Value> {
        match self {
            Bound::Text(text) => (text.len() <= LONGEST_STATISTIC).then(|| json!(text)),
            Bound::Time(micros) => Some(json!(millis(micros + round_up))),
            Bound::Long(long) => Some(json!(long)),
        }
    }
}

fn millis(micros: i64) -> String {
    let seconds = Time(micros - micros.rem_euclid(1_000_000));
    let text = seconds.to_string();
    format!("{}.{:03}Z", text.trim_end_matches('Z'), micros.rem_euclid(1_000_000) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_model::{Event, Row, Usage};

    fn event(id: &str, micros: i64) -> Event {
        Event { event_id: id.into(), event_time: Time(micros), ..Event::default() }
    }

    #[test]
    fn statistics_bound_every_value() {
        let batch = crate::batch(&[event("b", 2_000_001), event("a", 1_999_999)]).unwrap();
        let mut statistics = Statistics::of(&Event::TABLE);
        statistics.add(&batch);
        let stats = statistics.json();
        assert_eq!(stats["numRecords"], 2);
        assert_eq!(stats["minValues"]["event_time"], "1970-01-01T00:00:01.999Z");
        assert_eq!(stats["maxValues"]["event_time"], "1970-01-01T00:00:02.001Z");
    }

    #[test]
    fn in_parts_they_are_what_they_are_at_once() {
        let row = |hour: i64, principal: &str, created: Option<i64>| Usage {
            hour: Time(hour),
            principal: principal.into(),
            session_created_at: created.map(Time),
            ..Usage::default()
        };
        let long = "z".repeat(LONGEST_STATISTIC + 1);
        let rows = [row(3, "b", None), row(1, &long, Some(7)), row(2, "a", Some(5))];
        let mut whole = Statistics::of(&Usage::TABLE);
        whole.add(&crate::batch(&rows).unwrap());
        let mut parts = Statistics::of(&Usage::TABLE);
        rows.iter().for_each(|row| parts.add(&crate::batch([row]).unwrap()));
        assert_eq!(parts.json(), whole.json());
        assert_eq!(whole.json()["minValues"]["principal"], "a");
        assert_eq!(whole.json()["maxValues"].get("principal"), None, "too long to bound anything");
        assert_eq!(whole.json()["nullCount"]["session_created_at"], 1);
    }
}
