//! Asks one detection about one window.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use rolecall_catalog::{Detection, ParamValue, Question};
use rolecall_model::{Finding, Time, Window};
use serde_json::{Map, Value};

use crate::asked::Asked;
use crate::bind::{self, Bound};
use crate::finding::{Common, findings};
use crate::{Engine, QueryError};

/// What a detection finds in a window, by first instant and then fingerprint. Rows that share the
/// fingerprint are one finding.
///
/// A detection that compares with the past is in dry run as long as the lake's history, which
/// begins at `history_from`, is shorter than its baseline.
pub async fn detect(
    engine: &Engine,
    detection: &Detection,
    window: Window,
    history_from: impl Into<Option<Time>>,
    found_at: Time,
) -> Result<Vec<Finding>, QueryError> {
    let rows = rows(engine, detection.question(), &detection.sql, window, &[]).await?;
    Ok(found(rows, detection, window, history_from.into(), found_at))
}

/// The findings in what a detection's query gave.
pub(crate) fn found(
    rows: Vec<Map<String, Value>>,
    detection: &Detection,
    window: Window,
    history_from: Option<Time>,
    found_at: Time,
) -> Vec<Finding> {
    let common = Common {
        detection: &detection.id,
        title: &detection.meta.title,
        severity: detection.meta.severity,
        said: detection.severity,
        confidence: detection.meta.confidence,
        fingerprint: &detection.meta.fingerprint,
        window,
        found_at,
        dry_run: is_dry_run(detection, window, history_from),
    };
    findings(rows, &common)
}

/// The rows that a question's query, or another in its place, gives.
pub(crate) async fn rows(
    engine: &Engine,
    question: Question<'_>,
    sql: &str,
    window: Window,
    overrides: &[(String, ParamValue)],
) -> Result<Vec<Map<String, Value>>, QueryError> {
    let act = format!("ask `{}`", question.id);
    let bound = bound(question, window, overrides);
    Asked::plan(engine, engine.parse(sql, &act)?, &bound, &act).await?.rows().await
}

/// The window and the parameters, each with its default or what overrides it.
pub(crate) fn bound(
    question: Question<'_>,
    window: Window,
    overrides: &[(String, ParamValue)],
) -> Bound {
    let mut bound = bind::window(window);
    for param in question.params {
        let given = overrides.iter().find(|(name, _)| *name == param.name);
        let value = given.map_or(&param.default, |(_, value)| value);
        bound.push((param.name.clone(), scalar(value)));
    }
    bound
}

/// A list is an array of texts: `column = ANY($name)`.
pub(crate) fn scalar(value: &ParamValue) -> ScalarValue {
    match value {
        ParamValue::Integer(number) => ScalarValue::Int64(Some(*number)),
        ParamValue::Number(number) => ScalarValue::Float64(Some(*number)),
        ParamValue::Flag(flag) => ScalarValue::Boolean(Some(*flag)),
        ParamValue::Text(text) => ScalarValue::Utf8(Some(text.clone())),
        ParamValue::List(items) => {
            let items: Vec<ScalarValue> = items.iter().map(|item| item.as_str().into()).collect();
            ScalarValue::List(ScalarValue::new_list_nullable(&items, &DataType::Utf8))
        }
        ParamValue::Interval { months, days, seconds } => {
            ScalarValue::new_interval_mdn(*months, *days, seconds * 1_000_000_000)
        }
    }
}

fn is_dry_run(detection: &Detection, window: Window, history_from: Option<Time>) -> bool {
    let Some(text) = &detection.meta.baseline else { return false };
    let interval = ParamValue::Interval { months: 0, days: 0, seconds: 0 };
    let baseline = interval.like(text).map(|value| scalar(&value));
    let from = baseline.map(|baseline| bind::instant(window.from).sub(baseline));
    match from {
        Ok(Ok(ScalarValue::TimestampMicrosecond(Some(needed), _))) => {
            history_from.is_none_or(|history| history > Time(needed))
        }
        // A baseline that no calendar holds is longer than any history.
        _ => true,
    }
}
