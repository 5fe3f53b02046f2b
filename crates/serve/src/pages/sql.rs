//! SQL: one statement or a saved query, its rows as a page or as CSV.

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures::{Stream, stream};
use rolecall_catalog::{ParamValue, Report, TOPICS};
use rolecall_model::{Time, Window, askable};
use rolecall_query::{QueryError, views};
use rolecall_report::live::{Ask, Chosen, Outcome, ParamField, Rows, Saved, Topic, encoded};
use rolecall_report::{csv_head, csv_row};

use super::{Page, capital, frame, shown};
use crate::asked::Asked;
use crate::sight::{Allowed, Desk, Sight};
use crate::statement::{First, Running, Statement};
use crate::trouble::Trouble;

/// Saved queries look at so many days unless somebody says otherwise.
const DAYS: i64 = 30;

pub(super) async fn page(desk: &Desk, sight: &Sight, asked: &Asked) -> Result<Page, Trouble> {
    let report = chosen(desk, asked)?;
    let (span, mut status) = (span(sight, asked), StatusCode::OK);
    let outcome = match statement(report, span.as_ref().ok().copied(), asked) {
        Ok(None) => Outcome::Nothing,
        Ok(Some(asked_for)) => match answered(desk, sight, asked_for, asked, report).await {
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
        statement: asked.get("q").unwrap_or_default().to_owned(),
        topics: topics(&desk.serving.reports),
        chosen: report.map(|report| filled(report, sight, asked)),
        outcome,
        limits: limits(&sight.allowed),
        tables: tables(),
    };
    Ok(Page::Ask(Box::new(ask), status))
}

/// The rows as CSV, as they come. If its time is up before all have come, the transfer breaks off, so that nobody
/// takes a part for the whole.
pub(crate) async fn csv(desk: &Desk, asked: &Asked) -> Response {
    match begun(desk, asked).await {
        Ok((running, name)) => {
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
            ];
            (headers, Body::from_stream(lines(running, desk.serving.allowed.csv_rows)))
                .into_response()
        }
        Err(trouble) => {
            let sight = desk.sight().await.ok();
            let plain = |_| StatusCode::INTERNAL_SERVER_ERROR.into_response();
            shown(&frame(desk, sight.as_ref()), Err(trouble)).unwrap_or_else(plain)
        }
    }
}

async fn begun(desk: &Desk, asked: &Asked) -> Result<(Running, String), Trouble> {
    let sight = desk.sight().await?;
    let report = chosen(desk, asked)?;
    let span = if report.is_some() { Some(span(&sight, asked)?) } else { None };
    let missing = || Trouble::Unclear {
        why: "the address lacks a statement".to_owned(),
        help: "write one on the page SQL".to_owned(),
    };
    let statement = statement(report, span, asked)?.ok_or_else(missing)?;
    let name = report.map_or("rolecall", |report| report.id.as_str()).to_owned();
    Ok((Running::begin(sight, statement, desk.statements.clone()).await?, name))
}

/// The lines of a CSV: the head, and up to so many rows; a last line says if rows were cut.
fn lines(running: Running, most: usize) -> impl Stream<Item = Result<Bytes, Trouble>> {
    let head = csv_head(&running.columns);
    let begun = (running, Some(head), most);
    stream::try_unfold(begun, move |(mut running, head, room)| async move {
        if let Some(head) = head {
            return Ok(Some((Bytes::from(head), (running, None, room))));
        }
        if room == 0 {
            return Ok(None);
        }
        let Some(rows) = running.next().await? else { return Ok(None) };
        let left = room.saturating_sub(rows.len());
        let mut text: String =
            rows.iter().take(room).map(|row| csv_row(&running.columns, row)).collect();
        if rows.len() > room || (left == 0 && running.next().await?.is_some()) {
            text.push_str(&format!("cut after {most} rows\r\n"));
            return Ok(Some((Bytes::from(text), (running, None, 0))));
        }
        Ok::<_, Trouble>(Some((Bytes::from(text), (running, None, left))))
    })
}

async fn answered(
    desk: &Desk,
    sight: &Sight,
    statement: Statement,
    asked: &Asked,
    report: Option<&Report>,
) -> Result<Outcome, Trouble> {
    let running = Running::begin(sight.clone(), statement, desk.statements.clone()).await?;
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

fn chosen<'a>(desk: &'a Desk, asked: &Asked) -> Result<Option<&'a Report>, Trouble> {
    let Some(id) = asked.get("saved").filter(|id| !id.is_empty()) else { return Ok(None) };
    let found = desk.serving.reports.iter().find(|report| report.id == id);
    found.map(Some).ok_or_else(|| Trouble::Unknown {
        what: format!("saved query `{id}`"),
        looked: "the reports that come with rolecall, and those of `--queries`".to_owned(),
    })
}

/// The span of a saved query: as somebody filled it in, or the last days.
fn span(sight: &Sight, asked: &Asked) -> Result<Window, Trouble> {
    let usual = sight.last_days(DAYS);
    let from = asked.instant("from")?.unwrap_or(usual.from);
    let until = asked.instant("until")?.unwrap_or(usual.until);
    if from >= until {
        return Err(Trouble::Unclear {
            why: "the span is empty".to_owned(),
            help: format!("`from` is {from}, and `until` {until}: no time lies between"),
        });
    }
    Ok(Window { from, until })
}

fn statement(
    report: Option<&Report>,
    span: Option<Window>,
    asked: &Asked,
) -> Result<Option<Statement>, Trouble> {
    if let (Some(report), Some(span)) = (report, span) {
        let turned = turned(report, asked)?;
        let is_open = |param: &rolecall_catalog::Param| {
            param.default == ParamValue::Text(String::new())
                && !turned
                    .iter()
                    .any(|(name, value)| *name == param.name && *value != param.default)
        };
        // A question that needs to be told what about is not asked yet.
        if report.params.iter().any(is_open) {
            return Ok(None);
        }
        return Ok(Some(Statement::Saved(Box::new(report.clone()), span, turned)));
    }
    let written = asked.get("q").map(|text| text.trim().trim_end_matches(';').trim_end());
    let written = written.filter(|text| report.is_none() && !text.is_empty());
    Ok(written.map(|text| Statement::Written(text.to_owned())))
}

fn turned(report: &Report, asked: &Asked) -> Result<Vec<(String, ParamValue)>, Trouble> {
    let mut turned = Vec::new();
    for param in &report.params {
        let Some(text) = asked.get(&field(&param.name)) else { continue };
        let value = param.default.like(text.trim()).map_err(|why| Trouble::Unclear {
            why: format!("`{}` {why}", param.name),
            help: format!("write it as in `{}` ({})", param.default, param.default.kind()),
        })?;
        turned.push((param.name.clone(), value));
    }
    Ok(turned)
}

/// The field of a parameter.
fn field(name: &str) -> String {
    format!("p.{name}")
}

fn filled(report: &Report, sight: &Sight, asked: &Asked) -> Chosen {
    let usual = sight.last_days(DAYS);
    let instant = |field: &str, usual: Time, about: &str| ParamField {
        field: field.to_owned(),
        name: field.to_owned(),
        value: asked.get(field).map_or_else(|| usual.to_string(), str::to_owned),
        about: about.to_owned(),
    };
    let mut params = vec![
        instant("from", usual.from, "the beginning of the span, UTC"),
        instant("until", usual.until, "the end of the span (not in it)"),
    ];
    params.extend(report.params.iter().map(|param| ParamField {
        field: field(&param.name),
        name: param.name.replace('_', " "),
        value:
            asked.get(&field(&param.name)).map_or_else(|| param.default.to_string(), str::to_owned),
        about: param.about.clone(),
    }));
    Chosen {
        id: report.id.clone(),
        title: report.title.clone(),
        about: report.about.clone(),
        sql: report.sql.clone(),
        params,
    }
}

/// An address that asks the same.
fn address(path: &str, asked: &Asked, report: Option<&Report>) -> String {
    let mut fields = vec!["q".to_owned()];
    if let Some(report) = report {
        fields = ["saved", "from", "until"].map(str::to_owned).into();
        fields.extend(report.params.iter().map(|param| field(&param.name)));
    }
    let pairs =
        fields.iter().filter_map(|name| Some(format!("{name}={}", encoded(asked.get(name)?))));
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

fn topics(reports: &[Report]) -> Vec<Topic> {
    let saved = |report: &Report| Saved { id: report.id.clone(), title: report.title.clone() };
    let of =
        |topic: &str| reports.iter().filter(|report| report.topic == topic).map(saved).collect();
    let topics = TOPICS.iter().map(|name| Topic { name: (*name).to_owned(), saved: of(name) });
    topics.filter(|topic| !topic.saved.is_empty()).collect()
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
