//! Asking in SQL, and the rows that come back.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::dataframe::DataFrame;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::LogicalPlan;
use futures::StreamExt;

use crate::{Engine, QueryError};

/// Rows that come as they are found.
pub struct Answer {
    /// The columns; each has a name of its own, so that none hides another.
    pub schema: SchemaRef,
    stream: SendableRecordBatchStream,
}

impl Answer {
    /// The names of the columns.
    pub fn columns(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The next rows, or nothing when all have come.
    pub async fn next(&mut self) -> Option<Result<RecordBatch, QueryError>> {
        let batch = self.stream.next().await?;
        let named = batch.and_then(|batch| match distinct(batch.schema_ref()) {
            named if named == batch.schema() => Ok(batch),
            named => Ok(RecordBatch::try_new(named, batch.columns().to_vec())?),
        });
        Some(named.map_err(QueryError::sql("finish the query")))
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
    Ok(Answer { schema: distinct(&stream.schema()), stream })
}

/// The columns with a name each: `a.name` and `b.name` are both called `name`, so the second becomes
/// `name_2`.
fn distinct(schema: &SchemaRef) -> SchemaRef {
    let mut taken: HashSet<String> =
        schema.fields().iter().map(|field| field.name().clone()).collect();
    if taken.len() == schema.fields().len() {
        return schema.clone();
    }
    let mut met = HashSet::new();
    let fields = schema.fields().iter().map(|field| {
        let mut name = field.name().clone();
        if !met.insert(name.clone()) {
            let numbered = (2..).map(|n| format!("{}_{n}", field.name()));
            name = numbered.into_iter().find(|name| taken.insert(name.clone())).unwrap_or(name);
        }
        field.as_ref().clone().with_name(name)
    });
    Arc::new(Schema::new(fields.collect::<Vec<Field>>()))
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::DataType;

    use super::*;

    #[test]
    fn no_column_hides_another() {
        let schema = |names: &[&str]| {
            let fields = names.iter().map(|name| Field::new(*name, DataType::Utf8, true));
            Arc::new(Schema::new(fields.collect::<Vec<_>>()))
        };
        for (given, expected) in [
            (["a", "b", "c", "d"], ["a", "b", "c", "d"]),
            (["a", "a", "a", "b"], ["a", "a_2", "a_3", "b"]),
            (["a", "a", "a_2", "b"], ["a", "a_3", "a_2", "b"]),
        ] {
            assert_eq!(distinct(&schema(&given)), schema(&expected));
        }
    }
}
