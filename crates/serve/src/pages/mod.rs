//! The pages: one file for each kind of thing, and what they have in common.

mod account;
mod address;
mod credential;
mod csv;
mod edge;
mod home;
mod line;
mod long_term;
mod principal;
mod saved;
mod search;
mod sql;
mod uses;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::response::{IntoResponse, Response};
use rolecall_report::PageError;
use rolecall_report::live::{Ask, Frame, Sheet};

pub(crate) use csv::csv;

use crate::asked::Asked;
use crate::sight::{Sight, Viewer};
use crate::trouble::{Trouble, capital};

/// The paths that pages have.
pub(crate) const PATHS: [&str; 8] =
    ["/", "/search", "/credential", "/principal", "/account", "/edge", "/address", SQL];

/// The page that answers statements.
const SQL: &str = "/sql";

/// What is shown.
enum Page {
    Sheet(Box<Sheet>),
    /// SQL, with the status of its outcome.
    Ask(Box<Ask>, StatusCode),
    /// The page is elsewhere on this server.
    At(String),
}

impl From<Sheet> for Page {
    fn from(sheet: Sheet) -> Page {
        Page::Sheet(Box::new(sheet))
    }
}

/// The page of a path, or one that says why there is none.
pub(crate) async fn respond(viewer: &Viewer, path: &str, asked: &Asked) -> Response {
    // Statements have places of their own: while long ones are answered, pages are.
    let _place = if path == SQL { None } else { Some(viewer.pages.acquire().await) };
    let sight = viewer.sight().await;
    let mut frame = frame(viewer, sight.as_ref().ok());
    frame.sought = asked.get("q").filter(|_| path == "/search").unwrap_or_default().to_owned();
    let page = match sight {
        Ok(sight) => page(viewer, &sight, path, asked).await,
        Err(trouble) => Err(trouble),
    };
    shown(&frame, page).unwrap_or_else(|error| {
        let text = format!("{error}\n");
        (StatusCode::INTERNAL_SERVER_ERROR, [(CONTENT_TYPE, "text/plain; charset=utf-8")], text)
            .into_response()
    })
}

async fn page(viewer: &Viewer, sight: &Sight, path: &str, asked: &Asked) -> Result<Page, Trouble> {
    match path {
        "/" => home::page(sight).await,
        "/search" => search::page(sight, asked).await,
        "/credential" => credential::page(sight, asked).await,
        "/principal" => principal::page(sight, asked).await,
        "/account" => account::page(sight, asked).await,
        "/edge" => edge::page(sight, asked).await,
        "/address" => address::page(sight, asked).await,
        SQL => sql::page(viewer, sight, asked).await,
        _ => Err(Trouble::NoPage),
    }
}

fn shown(frame: &Frame, page: Result<Page, Trouble>) -> Result<Response, PageError> {
    let html = |status: StatusCode, text: String| {
        (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
    };
    Ok(match page {
        Ok(Page::Sheet(sheet)) => html(StatusCode::OK, sheet.page(frame)?),
        Ok(Page::Ask(ask, status)) => html(status, ask.page(frame)?),
        Ok(Page::At(path)) => (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response(),
        Err(trouble) => html(trouble.status(), sorry(&trouble).page(frame)?),
    })
}

/// The page that says why there is none.
fn sorry(trouble: &Trouble) -> Sheet {
    let status = trouble.status();
    let help = trouble.help();
    Sheet {
        kind: format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default()),
        name: capital(&trouble.to_string()),
        notes: if help.is_empty() { Vec::new() } else { vec![help] },
        ..Sheet::default()
    }
}

fn frame(viewer: &Viewer, sight: Option<&Sight>) -> Frame {
    Frame {
        lake: viewer.serving.lake.clone(),
        is_unread: sight.is_none(),
        span: sight.and_then(|sight| sight.span),
        seen_at: sight.map_or_else(viewer.serving.clock, |sight| sight.seen_at),
        version: viewer.serving.version.to_owned(),
        accounts: sight.map(|sight| sight.accounts.clone()).unwrap_or_default(),
        sought: String::new(),
    }
}

/// Facts of the first row of a table: its columns and values.
fn facts(rows: &rolecall_report::live::Rows) -> Vec<(String, serde_json::Value)> {
    let row = rows.rows.first();
    let value = |name: &String| row.and_then(|row| row.get(name)).cloned().unwrap_or_default();
    rows.columns.iter().map(|name| (name.clone(), value(name))).collect()
}
