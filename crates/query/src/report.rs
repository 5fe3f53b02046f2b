//! Reports: loaded whole or refused, and answered.

use std::collections::BTreeSet;

use rolecall_catalog::{Folder, ParamValue, Report};
use rolecall_model::{Window, askable};
use serde_json::{Map, Value};

use crate::contract::{placed, schema};
use crate::detect::rows;
use crate::{Engine, Flaw, QueryError, Refused};

/// Reads reports, by name, and plans each of their queries: all of them are good, or every flaw of
/// any is told.
pub async fn load_reports(folders: &[Folder]) -> Result<Vec<Report>, Refused> {
    let mut flaws = Vec::new();
    let mut reports = Vec::new();
    let engine = Engine::empty().await.map_err(|error| {
        Refused(vec![Flaw { detection: "all reports".into(), why: error.to_string() }])
    })?;
    for folder in folders {
        let named = |why: String| Flaw { detection: folder.name.clone(), why };
        match Report::parse(folder) {
            Err(found) => flaws.extend(found.iter().map(|flaw| placed(folder, flaw))),
            Ok(report) => {
                flaws.extend(flaws_of(&engine, &report).await.into_iter().map(named));
                reports.push(report);
            }
        }
    }
    reports.sort_by(|a, b| a.id.cmp(&b.id));
    if flaws.is_empty() { Ok(reports) } else { Err(Refused(flaws)) }
}

/// What parsing does not show: the query plans, and each of its columns is described.
async fn flaws_of(engine: &Engine, report: &Report) -> Vec<String> {
    let schema = match schema(engine, report.question()).await {
        Ok(schema) => schema,
        Err(flaws) => return flaws,
    };
    let columns: BTreeSet<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    let mut flaws = Vec::new();
    for name in report.columns.keys().filter(|name| !columns.contains(name.as_str())) {
        flaws.push(format!("`[column.{name}]` describes no column of the query"));
    }
    for name in &columns {
        let known = askable().any(|table| table.index(name).is_some());
        if !known && !report.columns.contains_key(*name) {
            flaws.push(format!("the column `{name}` is not described: add `[column.{name}]`"));
        }
    }
    for case in &report.cases {
        let expected = case.expected.iter().flat_map(|table| &table.columns);
        for name in expected.filter(|name| !columns.contains(name.as_str())) {
            let title = &case.title;
            flaws.push(format!("the case `{title}` expects `{name}`, no column of the query"));
        }
    }
    flaws
}

/// The columns of a report's answer, in order.
pub async fn report_columns(report: &Report) -> Result<Vec<String>, Refused> {
    let refused = |whys: Vec<String>| {
        let named = |why| Flaw { detection: report.id.clone(), why };
        Refused(whys.into_iter().map(named).collect())
    };
    let engine = Engine::empty().await.map_err(|error| refused(vec![error.to_string()]))?;
    let schema = schema(&engine, report.question()).await.map_err(refused)?;
    Ok(schema.fields().iter().map(|field| field.name().clone()).collect())
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
