//! Statements that people write or choose: answered beside the pages, a few at once, and stopped when their time is up.

use std::sync::Arc;

use rolecall_catalog::{ParamValue, Report};
use rolecall_model::Window;
use rolecall_query::{answer, json_rows, report_columns, sql};
use serde_json::{Map, Value};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::sight::Sight;
use crate::trouble::Trouble;

type Row = Map<String, Value>;

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) enum Statement {
    /// SQL as somebody wrote it.
    Written(String),
    /// A saved query with its span and parameters.
    Saved(Box<Report>, Window, Vec<(String, ParamValue)>),
}

/// An answer that is on its way. Dropping it stops the statement.
pub(crate) struct Running {
    pub(crate) columns: Vec<String>,
    parts: mpsc::Receiver<Result<Part, Trouble>>,
    until: Instant,
    sight: Sight,
    _task: JoinSet<()>,
    _permit: OwnedSemaphorePermit,
}

enum Part {
    Columns(Vec<String>),
    Rows(Vec<Row>),
}

/// The first rows of an answer, and how many there are.
pub(crate) struct First {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
    /// As many as were counted.
    pub(crate) count: usize,
    /// Whether the time was up before all were counted.
    pub(crate) is_more: bool,
}

impl Running {
    /// Begins to answer, when there is room; gives the columns when they are known.
    pub(crate) async fn begin(
        sight: Sight,
        statement: Statement,
        room: Arc<Semaphore>,
    ) -> Result<Running, Trouble> {
        let until = Instant::now() + sight.allowed.time;
        let permit = timeout_at(until, room.acquire_owned()).await;
        let permit = permit.ok().and_then(Result::ok).ok_or(Trouble::Busy)?;
        let (sender, mut parts) = mpsc::channel(1);
        let mut task = JoinSet::new();
        let asked = sight.clone();
        task.spawn(async move {
            if let Err(trouble) = told(&asked, statement, &sender).await {
                let _ = sender.send(Err(trouble)).await;
            }
        });
        let too_long = Trouble::TooLong(sight.allowed.time);
        let columns = match timeout_at(until, parts.recv()).await.map_err(|_| too_long)? {
            Some(Ok(Part::Columns(columns))) => columns,
            Some(Err(trouble)) => return Err(trouble),
            _ => return Err(Trouble::Answer("it has no columns".to_owned())),
        };
        Ok(Running { columns, parts, until, sight, _task: task, _permit: permit })
    }

    /// The next rows, at least one; none if all have come.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Row>>, Trouble> {
        loop {
            match timeout_at(self.until, self.parts.recv()).await {
                Err(_) => return Err(Trouble::TooLong(self.sight.allowed.time)),
                Ok(Some(Ok(Part::Rows(rows)))) if rows.is_empty() => {}
                Ok(Some(Ok(Part::Rows(rows)))) => return Ok(Some(rows)),
                Ok(Some(Err(trouble))) => return Err(trouble),
                Ok(Some(Ok(Part::Columns(_))) | None) => return Ok(None),
            }
        }
    }

    /// As many rows as a page shows; the others are counted while there is time.
    pub(crate) async fn first(mut self) -> Result<First, Trouble> {
        let most = self.sight.allowed.rows;
        let mut first = First {
            columns: std::mem::take(&mut self.columns),
            rows: Vec::new(),
            count: 0,
            is_more: false,
        };
        loop {
            match self.next().await {
                Ok(Some(rows)) => {
                    first.count += rows.len();
                    let room = most - first.rows.len();
                    first.rows.extend(rows.into_iter().take(room));
                }
                Ok(None) => return Ok(first),
                Err(Trouble::TooLong(_)) if first.rows.len() == most => {
                    first.is_more = true;
                    return Ok(first);
                }
                Err(trouble) => return Err(trouble),
            }
        }
    }
}

/// Answers, and sends what comes; ends early if nobody listens.
async fn told(
    sight: &Sight,
    statement: Statement,
    to: &mpsc::Sender<Result<Part, Trouble>>,
) -> Result<(), Trouble> {
    match statement {
        Statement::Written(text) => {
            let mut answer = sql(&sight.engine, &text).await?;
            let columns = answer.schema.fields().iter().map(|field| field.name().clone()).collect();
            let _ = to.send(Ok(Part::Columns(columns))).await;
            while let Some(batch) = answer.next().await {
                let rows =
                    json_rows(&batch?).map_err(|error| Trouble::Answer(error.to_string()))?;
                if to.send(Ok(Part::Rows(rows))).await.is_err() {
                    break;
                }
            }
        }
        Statement::Saved(report, span, turned) => {
            let rows = answer(&sight.engine, &report, span, &turned).await?;
            let columns = match rows.first() {
                Some(row) => row.keys().cloned().collect(),
                None => report_columns(&report).await?,
            };
            let _ = to.send(Ok(Part::Columns(columns))).await;
            let _ = to.send(Ok(Part::Rows(rows))).await;
        }
    }
    Ok(())
}
