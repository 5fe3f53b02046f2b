//! A question, planned in steps and answered step by step.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use datafusion::catalog::TableProvider;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::source_as_provider;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SessionContext;
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::Statement;
use serde_json::{Map, Value};

use crate::bind::Bound;
use crate::given::{Given, only};
use crate::run::{MOST_HELD, bytes, few, run_unless_nothing, with_values};
use crate::session::{plan_in, plan_open};
use crate::steps::{Apart, steps};
use crate::{Engine, QueryError, json_rows};

/// A question whose steps are planned, for values that it has or gets when it is answered.
pub(crate) struct Asked {
    context: SessionContext,
    steps: Vec<Planned>,
    last: LogicalPlan,
    act: String,
}

/// A step, with its place for what it gives.
struct Planned {
    plan: LogicalPlan,
    given: Arc<Given>,
    /// The columns that later steps read; none if they do not read this at all.
    columns: Vec<usize>,
}

impl Asked {
    /// Plans a statement with values for its `$name`s. Names that are used more than once are steps,
    /// which give only the columns that others read.
    pub(crate) async fn plan(
        engine: &Engine,
        statement: Statement,
        bound: &Bound,
        act: &str,
    ) -> Result<Asked, QueryError> {
        Asked::planned(engine, statement, bound, Values::Now, act).await
    }

    /// Plans a statement for any values of the types of these.
    pub(crate) async fn open(
        engine: &Engine,
        statement: Statement,
        bound: &Bound,
        act: &str,
    ) -> Result<Asked, QueryError> {
        Asked::planned(engine, statement, bound, Values::Later, act).await
    }

    async fn planned(
        engine: &Engine,
        statement: Statement,
        bound: &Bound,
        values: Values,
        act: &str,
    ) -> Result<Asked, QueryError> {
        let context = engine.apart()?;
        let mut planned = Vec::new();
        let mut last = None;
        for step in steps(statement, Apart::Shared) {
            let plan = match values {
                Values::Now => plan_in(&context, step.query, bound.clone(), act).await?,
                Values::Later => plan_open(&context, step.query, bound, act).await?,
            };
            let plan = typed(&context, plan).map_err(QueryError::sql(act))?;
            let Some(name) = step.name else {
                last = Some(plan);
                break;
            };
            let given = Given::new(plan.schema().as_arrow());
            replace(&context, &name, given.clone()).map_err(QueryError::sql(act))?;
            planned.push(Planned { plan, given, columns: Vec::new() });
        }
        let last = last.expect("the last step has no name");
        let asked = Asked { context, steps: planned, last, act: act.to_owned() };
        asked.pruned().map_err(QueryError::sql(act))
    }

    /// Optimises every step, from the last, and leaves out what those after it do not read.
    fn pruned(mut self) -> Result<Asked, DataFusionError> {
        let state = self.context.state();
        self.last = state.optimize(&self.last)?;
        for at in (0..self.steps.len()).rev() {
            let later = self.steps[at + 1..].iter().filter(|step| !step.columns.is_empty());
            let later = later.map(|step| &step.plan).chain([&self.last]);
            let columns = read_by(later, &self.steps[at].given)?;
            let step = &mut self.steps[at];
            if !columns.is_empty() {
                step.plan = state.optimize(&only(step.plan.clone(), &columns)?)?;
            }
            step.columns = columns;
        }
        Ok(self)
    }

    /// The columns of the answer.
    pub(crate) fn schema(&self) -> Schema {
        self.last.schema().as_arrow().clone()
    }

    /// Answers every step in turn; what is returned are the rows of the last, as JSON objects.
    pub(crate) async fn rows(&self) -> Result<Vec<Map<String, Value>>, QueryError> {
        self.rows_with(&Bound::new()).await
    }

    /// The same, with values for the names that are still open.
    pub(crate) async fn rows_with(
        &self,
        bound: &Bound,
    ) -> Result<Vec<Map<String, Value>>, QueryError> {
        let batches = self.answered(bound).await.map_err(QueryError::sql(&self.act))?;
        rows_of(&batches, &self.act)
    }

    async fn answered(&self, bound: &Bound) -> Result<Vec<RecordBatch>, DataFusionError> {
        let state = self.context.state();
        // What steps give counts as memory in use until the question is answered.
        let held = MemoryConsumer::new("steps").register(&state.runtime_env().memory_pool);
        for step in self.steps.iter().filter(|step| !step.columns.is_empty()) {
            let plan = with_values(&step.plan, bound)?;
            match few(&state, &plan, MOST_HELD).await? {
                Some(rows) => {
                    held.try_grow(bytes(&rows))?;
                    step.given.fill(&step.columns, rows)?;
                }
                None => step.given.ask_again(&step.columns, plan),
            }
        }
        run_unless_nothing(&state, &with_values(&self.last, bound)?).await
    }
}

/// When a question gets its values.
#[derive(Clone, Copy)]
enum Values {
    Now,
    Later,
}

/// Rows as JSON objects.
pub(crate) fn rows_of(
    batches: &[RecordBatch],
    act: &str,
) -> Result<Vec<Map<String, Value>>, QueryError> {
    let mut rows = Vec::new();
    for batch in batches {
        rows.extend(json_rows(batch).map_err(|e| QueryError::sql(act)(e.into()))?);
    }
    Ok(rows)
}

/// The plan with the types that its rows will have: a CASE takes the type of all its branches.
fn typed(context: &SessionContext, plan: LogicalPlan) -> Result<LogicalPlan, DataFusionError> {
    let state = context.state();
    state.analyzer().execute_and_check(plan, state.config_options(), |_, _| ())
}

pub(crate) fn replace(
    context: &SessionContext,
    name: &str,
    table: Arc<dyn TableProvider>,
) -> Result<(), DataFusionError> {
    context.deregister_table(name)?;
    context.register_table(name, table).map(drop)
}

/// The columns of a table that plans read: at least one if they read its rows at all.
fn read_by<'a>(
    plans: impl Iterator<Item = &'a LogicalPlan>,
    table: &Arc<Given>,
) -> Result<Vec<usize>, DataFusionError> {
    let all = table.schema().fields().len();
    let table: Arc<dyn TableProvider> = table.clone();
    let mut columns = BTreeSet::new();
    for plan in plans {
        plan.apply_with_subqueries(|node| {
            if let LogicalPlan::TableScan(scan) = node
                && Arc::ptr_eq(&source_as_provider(&scan.source)?, &table)
            {
                match &scan.projection {
                    Some(read) => columns.extend(read.iter().copied()),
                    None => columns.extend(0..all),
                }
                if columns.is_empty() {
                    columns.insert(0);
                }
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
    }
    Ok(columns.into_iter().collect())
}
