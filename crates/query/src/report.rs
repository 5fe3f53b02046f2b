//! Reports: loaded whole or refused, and answered.

use std::collections::BTreeSet;

use rolecall_catalog::{Folder, ParamValue, Report};
use rolecall_model::{Window, askable};
use serde_json::{Map, Value};

use crate::contract::{columns_asked, describes_nothing, expects_nothing, not_described, schema};
use crate::detect::rows;
use crate::place::{At, Found};
use crate::{Engine, QueryError, Refused, sift_reports};

/// Reads reports, by name, and plans each of their queries: all of them are good, or every flaw of
/// any is told.
pub async fn load_reports(folders: &[Folder]) -> Result<Vec<Report>, Refused> {
    sift_reports(folders).await.whole()
}

/// What parsing does not show: whether the query plans, and what its columns are not.
pub(crate) async fn contract(engine: &Engine, report: &Report) -> (bool, Vec<Found>) {
    let (schema, mut flaws) = match schema(engine, report.question()).await {
        Ok(planned) => planned,
        Err(found) => return (false, found),
    };
    let columns: BTreeSet<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    for name in report.columns.keys().filter(|name| !columns.contains(name.as_str())) {
        flaws.push(Found::new(At::Key(format!("column.{name}")), describes_nothing(name)));
    }
    for name in &columns {
        let known = askable().any(|table| table.index(name).is_some());
        if !known && !report.columns.contains_key(*name) {
            flaws.push(Found::new(At::Query, not_described(name)));
        }
    }
    for case in &report.cases {
        let expected = case.expected.iter().flat_map(|table| &table.columns);
        for name in expected.filter(|name| !columns.contains(name.as_str())) {
            flaws.push(Found::new(At::Case(case.line), expects_nothing(&case.title, name)));
        }
    }
    (true, flaws)
}

/// The columns of a report's answer, in order.
pub async fn report_columns(report: &Report) -> Result<Vec<String>, Refused> {
    columns_asked(report.question()).await
}

/// The answer to a report about a span of time.
pub async fn answer(
    engine: &Engine,
    report: &Report,
    span: Window,
    turned: &[(String, ParamValue)],
) -> Result<Vec<Map<String, Value>>, QueryError> {
    rows(engine, report.question(), &report.sql, span, turned).await
}
