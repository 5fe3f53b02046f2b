//! Statements that people write or choose: answered beside the pages, a few at once, and stopped when their time is up.

use std::sync::Arc;

use arrow::array::RecordBatch;
use rolecall_catalog::{ParamValue, Report};
use rolecall_model::Window;
use rolecall_query::{answer, json_rows, report_columns, sql};
use serde_json::{Map, Value};
use tokio::sync::{Semaphore, mpsc};
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
    sight: Sight,
    _task: JoinSet<()>,
}

enum Part {
    Columns(Vec<String>),
    Rows(Rows),
    /// All rows have come. An answer that ends without it broke off.
    End,
}

/// Rows as they came.
pub(crate) enum Rows {
    Batch(RecordBatch),
    Told(Vec<Row>),
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        match self {
            Rows::Batch(batch) => batch.num_rows(),
            Rows::Told(rows) => rows.len(),
        }
    }

    /// At most so many of them.
    pub(crate) fn first(self, most: usize) -> Result<Vec<Row>, Trouble> {
        match self {
            Rows::Batch(batch) => {
                let some = batch.slice(0, batch.num_rows().min(most));
                json_rows(&some).map_err(|error| Trouble::Answer(error.to_string()))
            }
            Rows::Told(mut rows) => {
                rows.truncate(most);
                Ok(rows)
            }
        }
    }
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
        let time = sight.allowed.time;
        let until = Instant::now() + time;
        let permit = timeout_at(until, room.acquire_owned()).await;
        let permit = permit.ok().and_then(Result::ok).ok_or(Trouble::Busy)?;
        let (sender, mut parts) = mpsc::channel(1);
        let mut task = JoinSet::new();
        let asked = sight.clone();
        task.spawn(async move {
            // Its time runs here, so that others get their turn though nobody takes the rows.
            let told = timeout_at(until, told(&asked, statement, &sender)).await;
            drop(permit);
            let last = told.unwrap_or(Err(Trouble::TooLong(time))).map(|()| Part::End);
            let _ = sender.send(last).await;
        });
        let columns = match timeout_at(until, parts.recv()).await {
            Ok(Some(Ok(Part::Columns(columns)))) => columns,
            Ok(Some(Err(trouble))) => return Err(trouble),
            Ok(_) => return Err(broken()),
            Err(_) => return Err(Trouble::TooLong(time)),
        };
        Ok(Running { columns, parts, sight, _task: task })
    }

    /// The next rows, at least one; none if all have come.
    pub(crate) async fn next(&mut self) -> Result<Option<Rows>, Trouble> {
        loop {
            match self.parts.recv().await.ok_or_else(broken)?? {
                Part::Rows(rows) if rows.len() == 0 => {}
                Part::Rows(rows) => return Ok(Some(rows)),
                Part::Columns(_) => return Err(broken()),
                Part::End => return Ok(None),
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
                    first.rows.extend(rows.first(most - first.rows.len())?);
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

fn broken() -> Trouble {
    Trouble::Answer("it broke off".to_owned())
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
                if to.send(Ok(Part::Rows(Rows::Batch(batch?)))).await.is_err() {
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
            let _ = to.send(Ok(Part::Rows(Rows::Told(rows)))).await;
        }
    }
    Ok(())
}
