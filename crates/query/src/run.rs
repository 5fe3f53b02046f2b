//! Runs the plans of a question, and holds what a step gives only while that is little.

use arrow::array::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SessionState;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{collect, execute_stream};
use futures::StreamExt;

use crate::bind::{self, Bound};
use crate::nothing::gives_nothing;

/// Bytes of the rows of a step that are held. To read more again, as often as they are asked for, takes less
/// than to find room for the rows of a large lake.
pub(crate) const MOST_HELD: usize = 64 << 20;

/// The plan with values for the names that are still open.
pub(crate) fn with_values(
    plan: &LogicalPlan,
    bound: &Bound,
) -> Result<LogicalPlan, DataFusionError> {
    let plan = plan.clone();
    if bound.is_empty() { Ok(plan) } else { plan.with_param_values(bind::values(bound.clone())) }
}

/// The rows of a step; nothing if they take more than `most` bytes, and to have them again takes no more than
/// reading.
pub(crate) async fn few(
    state: &SessionState,
    plan: &LogicalPlan,
    most: usize,
) -> Result<Option<Vec<RecordBatch>>, DataFusionError> {
    if gives_nothing(plan) || !only_reads(plan) {
        return run_unless_nothing(state, plan).await.map(Some);
    }
    let physical = state.query_planner().create_physical_plan(plan, state).await?;
    let mut stream = execute_stream(physical, state.task_ctx())?;
    let mut rows = Vec::new();
    let mut held = 0;
    while let Some(batch) = stream.next().await.transpose()? {
        held += batch.get_array_memory_size();
        if held > most {
            return Ok(None);
        }
        rows.push(batch);
    }
    Ok(Some(rows))
}

/// Whether a plan reads one table, row for row.
fn only_reads(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::TableScan(_) => true,
        LogicalPlan::Projection(_) | LogicalPlan::Filter(_) | LogicalPlan::SubqueryAlias(_) => {
            plan.inputs().into_iter().all(only_reads)
        }
        _ => false,
    }
}

/// Bytes that rows take.
pub(crate) fn bytes(rows: &[RecordBatch]) -> usize {
    rows.iter().map(RecordBatch::get_array_memory_size).sum()
}

/// Runs a plan, unless it can be seen to give nothing.
pub(crate) async fn run_unless_nothing(
    state: &SessionState,
    plan: &LogicalPlan,
) -> Result<Vec<RecordBatch>, DataFusionError> {
    if gives_nothing(plan) { Ok(Vec::new()) } else { run(state, plan).await }
}

/// Runs a plan.
pub(crate) async fn run(
    state: &SessionState,
    plan: &LogicalPlan,
) -> Result<Vec<RecordBatch>, DataFusionError> {
    let physical = state.query_planner().create_physical_plan(plan, state).await?;
    collect(physical, state.task_ctx()).await
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Int64Array;
    use arrow::util::pretty::pretty_format_batches;
    use datafusion::execution::context::SessionContext;

    use super::*;
    use crate::given::Given;

    async fn plan(context: &SessionContext, sql: &str) -> LogicalPlan {
        context.sql(sql).await.unwrap().into_optimized_plan().unwrap()
    }

    /// A session with a table `number` of ten numbers.
    fn ten() -> SessionContext {
        let context = SessionContext::new();
        let numbers = Arc::new(Int64Array::from_iter_values(0..10));
        let batch = RecordBatch::try_from_iter([("n", numbers as _)]).unwrap();
        context.register_batch("number", batch).unwrap();
        context
    }

    #[tokio::test]
    async fn rows_that_are_asked_again_are_those_that_were_held() {
        let context = ten();
        let step = plan(&context, "SELECT n, n * n AS square FROM number WHERE n > 6").await;
        let state = context.state();
        assert!(few(&state, &step, 1).await.unwrap().is_none());
        let held = few(&state, &step, MOST_HELD).await.unwrap().unwrap();

        let given = Given::new(step.schema().as_arrow());
        context.register_table("step", given.clone()).unwrap();
        let ask = async || {
            let sql = "SELECT max(square) AS most, count(*) FROM step WHERE square < 70";
            let last = plan(&context, sql).await;
            pretty_format_batches(&run(&state, &last).await.unwrap()).unwrap().to_string()
        };
        let nothing = ask().await;
        given.fill_all(held).unwrap();
        let of_held = ask().await;
        given.ask_again(&[0, 1], step);
        assert_eq!(ask().await, of_held);
        assert!(!given.is_empty());
        assert!(of_held.contains("| 64   | 2"), "{of_held}");
        assert_ne!(of_held, nothing);
    }

    #[tokio::test]
    async fn what_takes_more_than_reading_is_held_whatever_it_takes() {
        let context = ten();
        for sql in [
            "SELECT n, count(*) AS times FROM number GROUP BY n",
            "SELECT number.n FROM number JOIN number AS other ON other.n = number.n + 1",
        ] {
            let step = plan(&context, sql).await;
            assert!(few(&context.state(), &step, 0).await.unwrap().is_some(), "{sql}");
        }
    }
}
