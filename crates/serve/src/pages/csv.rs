//! The rows of a statement as CSV, as they come.

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures::{Stream, stream};
use rolecall_report::{csv_head, csv_row};

use super::saved::{chosen, span, statement};
use super::{frame, shown};
use crate::asked::Asked;
use crate::sight::Viewer;
use crate::statement::Running;
use crate::trouble::Trouble;

/// The rows as CSV, as they come. If its time is up before all have come, the transfer breaks off, so that nobody
/// takes a part for the whole.
pub(crate) async fn csv(viewer: &Viewer, asked: &Asked) -> Response {
    match begun(viewer, asked).await {
        Ok((running, name)) => {
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
                (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
            ];
            (headers, Body::from_stream(lines(running, viewer.serving.allowed.csv_rows)))
                .into_response()
        }
        Err(trouble) => {
            let sight = viewer.sight().await.ok();
            let plain = |_| StatusCode::INTERNAL_SERVER_ERROR.into_response();
            shown(&frame(viewer, sight.as_ref()), Err(trouble)).unwrap_or_else(plain)
        }
    }
}

async fn begun(viewer: &Viewer, asked: &Asked) -> Result<(Running, String), Trouble> {
    let sight = viewer.sight().await?;
    let report = chosen(viewer, asked)?;
    let span = if report.is_some() { Some(span(&sight, asked)?) } else { None };
    let missing = || Trouble::Unclear {
        why: "the address lacks a statement".to_owned(),
        help: "write one on the page SQL".to_owned(),
    };
    let statement = statement(report, span, asked)?.ok_or_else(missing)?;
    let name = report.map_or("rolecall", |report| report.id.as_str()).to_owned();
    Ok((Running::begin(sight, statement, viewer.statements.clone()).await?, name))
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
        let (came, left) = (rows.len(), room.saturating_sub(rows.len()));
        let rows = rows.first(room)?;
        let mut text: String = rows.iter().map(|row| csv_row(&running.columns, row)).collect();
        if came > room || (left == 0 && running.next().await?.is_some()) {
            text.push_str(&format!("cut after {most} rows\r\n"));
            return Ok(Some((Bytes::from(text), (running, None, 0))));
        }
        Ok::<_, Trouble>(Some((Bytes::from(text), (running, None, left))))
    })
}
