//! Numbers for CloudWatch in its embedded metric format: a line of the log that becomes metrics,
//! without a request or a permission. The format: CloudWatch, "Embedded metric format specification".

use rolecall_model::Time;
use serde_json::{Map, Value, json};

/// A number with its name and unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    name: &'static str,
    unit: &'static str,
    value: f64,
}

impl Metric {
    /// How many.
    pub fn count(name: &'static str, value: u64) -> Metric {
        Metric { name, unit: "Count", value: value as f64 }
    }

    /// How many seconds.
    pub fn seconds(name: &'static str, value: i64) -> Metric {
        Metric { name, unit: "Seconds", value: value as f64 }
    }

    /// How many milliseconds.
    pub fn milliseconds(name: &'static str, value: u128) -> Metric {
        Metric { name, unit: "Milliseconds", value: value as f64 }
    }
}

/// The line that tells CloudWatch these numbers, with the function's name as their dimension.
pub(crate) fn line(namespace: &str, function: &str, at: Time, metrics: &[Metric]) -> String {
    let named: Vec<Value> =
        metrics.iter().map(|metric| json!({"Name": metric.name, "Unit": metric.unit})).collect();
    let mut line = Map::new();
    line.insert(
        "_aws".into(),
        json!({
            "Timestamp": at.0 / 1000,
            "CloudWatchMetrics": [
                {"Namespace": namespace, "Dimensions": [["Function"]], "Metrics": named},
            ],
        }),
    );
    line.insert("Function".into(), function.into());
    for metric in metrics {
        line.insert(metric.name.into(), metric.value.into());
    }
    Value::Object(line).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_declared_and_there() {
        let metrics = [
            Metric::count("Records", 7),
            Metric::seconds("LagSeconds", -3),
            Metric::milliseconds("DurationMs", 12),
        ];
        let line = line("Rolecall", "ingest", Time::from_seconds(1_767_225_600), &metrics);
        let told: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            told,
            json!({
                "_aws": {
                    "Timestamp": 1_767_225_600_000i64,
                    "CloudWatchMetrics": [{
                        "Namespace": "Rolecall",
                        "Dimensions": [["Function"]],
                        "Metrics": [
                            {"Name": "Records", "Unit": "Count"},
                            {"Name": "LagSeconds", "Unit": "Seconds"},
                            {"Name": "DurationMs", "Unit": "Milliseconds"},
                        ],
                    }],
                },
                "Function": "ingest", "Records": 7.0, "LagSeconds": -3.0, "DurationMs": 12.0,
            })
        );
        // CloudWatch takes dimensions only as texts at the top of the line.
        assert!(told["Function"].is_string() && !line.contains('\n'));
    }
}
