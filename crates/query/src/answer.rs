//! Asking in SQL, and the rows that come back.

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::SchemaRef;
use datafusion::dataframe::DataFrame;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::LogicalPlan;
use futures::StreamExt;

use crate::{Engine, QueryError};

/// Rows that come as they are found.
pub struct Answer {
    /// The columns.
    pub schema: SchemaRef,
    stream: SendableRecordBatchStream,
}

impl Answer {
    /// The next rows, or nothing when all have come.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, QueryError>> {
        let batch = self.stream.next().await?;
        Some(batch.map_err(QueryError::sql("finish the query")))
    }

    /// All rows at once.
    pub async fn all(mut self) -> Result<Vec<RecordBatch>, QueryError> {
        let mut batches = Vec::new();
        while let Some(batch) = self.next().await {
            batches.push(batch?);
        }
        Ok(batches)
    }
}

/// Asks one question. Statements that would change anything are [`QueryError::Forbidden`].
pub async fn sql(engine: &Engine, text: &str) -> Result<Answer, QueryError> {
    let plan = plan(engine, text).await?;
    run(engine, plan).await
}

async fn plan(engine: &Engine, text: &str) -> Result<LogicalPlan, QueryError> {
    let act = "plan the query";
    let statement = engine.parse(text, act)?;
    engine.plan(statement, Vec::new(), act).await
}

/// How the question would be answered; with `analyze` it is, and the plan shows what that cost.
pub async fn explain(engine: &Engine, text: &str, analyze: bool) -> Result<String, QueryError> {
    let plan = plan(engine, text).await?;
    let explained = DataFrame::new(engine.context().state(), plan).explain(false, analyze);
    let explained = explained.map_err(QueryError::sql("explain the query"))?;
    let batches = explained.collect().await.map_err(QueryError::sql("explain the query"))?;
    let mut shown = String::new();
    for batch in &batches {
        let (kinds, plans) =
            (batch.column(0).as_string::<i32>(), batch.column(1).as_string::<i32>());
        for (kind, plan) in kinds.iter().zip(plans) {
            let (kind, plan) = (kind.unwrap_or_default(), plan.unwrap_or_default());
            shown.push_str(&format!("{kind}:\n{}\n", plan.trim_end()));
        }
    }
    Ok(shown)
}

async fn run(engine: &Engine, plan: LogicalPlan) -> Result<Answer, QueryError> {
    let frame = DataFrame::new(engine.context().state(), plan);
    let stream = frame.execute_stream().await.map_err(QueryError::sql("run the query"))?;
    Ok(Answer { schema: stream.schema(), stream })
}
