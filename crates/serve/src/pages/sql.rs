//! SQL: one statement or a saved query, and its first rows.

use axum::http::StatusCode;
use rolecall_catalog::Report;
use rolecall_model::askable;
use rolecall_query::{QueryError, views};
use rolecall_report::live::{Ask, Outcome, Rows};

use super::Page;
use super::saved::{address, chosen, filled, span, statement, topics, written};
use crate::asked::Asked;
use crate::sight::{Allowed, Sight, Viewer};
use crate::statement::{First, Running, Statement};
use crate::trouble::{Trouble, capital};

pub(super) async fn page(viewer: &Viewer, sight: &Sight, asked: &Asked) -> Result<Page, Trouble> {
    let report = chosen(viewer, asked)?;
    let (span, mut status) = (span(sight, asked), StatusCode::OK);
    let outcome = match statement(report, span.as_ref().ok().copied(), asked) {
        Ok(None) => Outcome::Nothing,
        Ok(Some(asked_for)) => match answered(viewer, sight, asked_for, asked, report).await {
            Ok(outcome) => outcome,
            Err(trouble) => refused(&trouble, &mut status),
        },
        Err(trouble) => refused(&trouble, &mut status),
    };
    let outcome = match span {
        Err(trouble) if report.is_some() => refused(&trouble, &mut status),
        _ => outcome,
    };
    let ask = Ask {
        statement: written(asked),
        topics: topics(&viewer.serving.reports),
        chosen: report.map(|report| filled(report, sight, asked)),
        outcome,
        limits: limits(&sight.allowed),
        tables: tables(),
    };
    Ok(Page::Ask(Box::new(ask), status))
}

async fn answered(
    viewer: &Viewer,
    sight: &Sight,
    statement: Statement,
    asked: &Asked,
    report: Option<&Report>,
) -> Result<Outcome, Trouble> {
    let running = Running::begin(sight.clone(), statement, viewer.statements.clone()).await?;
    let first = running.first().await?;
    let said = said(&first);
    let rows = Rows {
        name: report.map_or("answer", |report| report.id.as_str()).to_owned(),
        title: report.map_or("Rows", |report| report.title.as_str()).to_owned(),
        columns: first.columns,
        rows: first.rows,
        ..Rows::default()
    };
    Ok(Outcome::Rows(rows, said, address("/sql.csv", asked, report)))
}

fn said(first: &First) -> String {
    match (first.rows.len(), first.count) {
        (shown, count) if first.is_more => format!(
            "The first {shown} of more than {count} rows: there was no time to count them all."
        ),
        (shown, count) if shown < count => format!("The first {shown} of {count} rows."),
        (0, _) => "No row.".to_owned(),
        (1, _) => "One row.".to_owned(),
        (shown, _) => format!("{shown} rows."),
    }
}

fn refused(trouble: &Trouble, status: &mut StatusCode) -> Outcome {
    *status = trouble.status();
    let why = match trouble {
        Trouble::Query(QueryError::Sql { trouble, .. }) => trouble.to_string(),
        other => other.to_string(),
    };
    Outcome::Refused(capital(&why), trouble.help())
}

fn limits(allowed: &Allowed) -> String {
    let memory = allowed
        .engine
        .memory
        .map(|bytes| format!(" and {} MiB of memory", bytes >> 20))
        .unwrap_or_default();
    format!(
        "A statement has {} seconds{memory}; {} rows are shown, and a CSV holds up to {}.",
        allowed.time.as_secs_f32(),
        allowed.rows,
        allowed.csv_rows
    )
}

fn tables() -> Vec<(String, String)> {
    let tables = askable().map(|table| (table.name.to_owned(), table.about.to_owned()));
    tables
        .chain(views().into_iter().map(|view| (view.name.to_owned(), view.about.to_owned())))
        .collect()
}
