//! Whether a plan can be seen to give no rows, because tables that it reads have none.
//!
//! Most of what a small lake is asked needs rows that it does not have: a plan that need not run costs
//! nothing.

use std::any::Any;
use std::sync::Arc;

use datafusion::catalog::{MemTable, TableProvider};
use datafusion::common::JoinType;
use datafusion::datasource::source_as_provider;
use datafusion::logical_expr::{Expr, LogicalPlan};

use crate::given::Given;

/// Whether there will be no rows. Where that cannot be seen there may be some.
pub(crate) fn gives_nothing(plan: &LogicalPlan) -> bool {
    let input = |at: usize| plan.inputs().get(at).is_some_and(|input| gives_nothing(input));
    match plan {
        LogicalPlan::EmptyRelation(relation) => !relation.produce_one_row,
        LogicalPlan::TableScan(scan) => {
            source_as_provider(&scan.source).is_ok_and(|table| has_nothing(&table))
        }
        LogicalPlan::Projection(_)
        | LogicalPlan::Filter(_)
        | LogicalPlan::Window(_)
        | LogicalPlan::Sort(_)
        | LogicalPlan::Limit(_)
        | LogicalPlan::Distinct(_)
        | LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Repartition(_) => input(0),
        // Without groups, and among sets of them, there is a row for nothing.
        LogicalPlan::Aggregate(sums) => {
            let plain = |group: &Expr| !matches!(group, Expr::GroupingSet(_));
            !sums.group_expr.is_empty() && sums.group_expr.iter().all(plain) && input(0)
        }
        LogicalPlan::Join(join) => match join.join_type {
            JoinType::Inner | JoinType::LeftSemi | JoinType::RightSemi => input(0) || input(1),
            JoinType::Left | JoinType::LeftAnti | JoinType::LeftMark => input(0),
            JoinType::Right | JoinType::RightAnti | JoinType::RightMark => input(1),
            JoinType::Full => input(0) && input(1),
        },
        LogicalPlan::Union(union) => union.inputs.iter().all(|input| gives_nothing(input)),
        _ => false,
    }
}

/// Whether a table has no rows; only tables in memory say.
fn has_nothing(table: &Arc<dyn TableProvider>) -> bool {
    let table: &dyn Any = table.as_ref();
    if let Some(given) = table.downcast_ref::<Given>() {
        return given.is_empty();
    }
    table.downcast_ref::<MemTable>().is_some_and(|table| {
        table.batches.iter().all(|part| {
            part.try_read().is_ok_and(|part| part.iter().all(|batch| batch.num_rows() == 0))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;

    async fn nothing(sql: &str) -> bool {
        let engine = Engine::empty().await.unwrap();
        let statement = engine.parse(sql, "read").unwrap();
        let plan = engine.plan(statement, Vec::new(), "plan").await.unwrap();
        gives_nothing(&engine.context().state().optimize(&plan).unwrap())
    }

    #[tokio::test]
    async fn what_needs_rows_of_an_empty_table_gives_nothing() {
        for sql in [
            "SELECT key FROM object WHERE records > 0 ORDER BY key LIMIT 3",
            "SELECT o.key FROM object o JOIN event e ON e.object_key = o.key",
            "SELECT 1 AS one FROM event UNION ALL SELECT 2 FROM usage",
            "SELECT event_name, count(*) FROM event GROUP BY event_name",
            "SELECT e.event_id, u.calls FROM event e LEFT JOIN usage u ON u.principal = e.principal",
            "SELECT rank() OVER (ORDER BY event_time) FROM event",
            "SELECT event_id FROM event WHERE principal IN (SELECT principal FROM usage)",
        ] {
            assert!(nothing(sql).await, "{sql}");
        }
    }

    #[tokio::test]
    async fn what_counts_nothing_gives_a_row() {
        for sql in [
            "SELECT count(*) FROM event",
            "SELECT 1",
            "SELECT (SELECT max(event_time) FROM event) AS last",
            "SELECT event_name, count(*) FROM event GROUP BY GROUPING SETS ((event_name), ())",
            "SELECT 1 FROM event UNION ALL SELECT 2",
            "SELECT one.n, e.event_id FROM (SELECT 1 AS n) one FULL JOIN event e ON true",
        ] {
            assert!(!nothing(sql).await, "{sql}");
        }
    }
}
