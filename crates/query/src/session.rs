//! The DataFusion session: the tables of a lake, the views on them, and our functions.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{RecordBatch, new_null_array};
use arrow::datatypes::SchemaRef;
use datafusion::catalog::{
    CatalogProvider, CatalogProviderList, MemTable, MemoryCatalogProvider,
    MemoryCatalogProviderList, MemorySchemaProvider, SchemaProvider, TableProvider,
};
use datafusion::common::plan_datafusion_err;
use datafusion::config::Dialect;
use datafusion::error::DataFusionError;
use datafusion::execution::context::{SQLOptions, SessionContext};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionConfig;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::Statement as Plain;
use rolecall_lake::{Lake, LakeTable, arrow_schema};
use rolecall_model::{KNOWN_TABLES, TABLES, Table, askable};

use crate::beside::Held;
use crate::bind::{self, Bound};
use crate::{QueryError, functions, views};

/// What a session may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory; beyond them, sorts, joins and aggregations go to disk. `None` is no limit.
    pub memory: Option<usize>,
    /// How many parts of a plan run at once; `None` is one for each core.
    pub parallel: Option<usize>,
}

/// A session in which questions are asked; [`sql`](crate::sql) changes nothing in it.
#[derive(Clone)]
pub struct Engine {
    pub(crate) context: SessionContext,
    pub(crate) limits: Limits,
    /// The tables in memory; views and plans hold on to them, so only their rows change.
    held: HashMap<&'static str, Arc<MemTable>>,
    /// All tables and views.
    all: Vec<(&'static str, Arc<dyn TableProvider>)>,
}

impl Engine {
    /// Opens the tables of a lake as they are now; what others commit later is not seen.
    pub async fn over(lake: &Lake, limits: Limits) -> Result<Engine, QueryError> {
        Engine::within(lake, limits, runtime(limits)?, &Held::default()).await
    }

    /// Opens the tables of a lake, but those whose rows are held.
    pub(crate) async fn within(
        lake: &Lake,
        limits: Limits,
        runtime: Arc<RuntimeEnv>,
        held: &Held,
    ) -> Result<Engine, QueryError> {
        let mut engine = Engine::bare(limits, runtime);
        for stored in lake.tables() {
            let name = stored.table().name;
            let provider = match held.get(name) {
                Some(rows) => rows.clone(),
                None => stored_rows(&engine.context, stored).await?,
            };
            engine.add(name, provider)?;
        }
        KNOWN_TABLES.into_iter().try_for_each(|table| engine.hold(table, &[]))?;
        engine.with_views().await
    }

    /// Replaces what the organisation knows: a table that is not given is empty.
    pub async fn know(&self, given: &[(&str, RecordBatch)]) -> Result<(), QueryError> {
        let known = |name: &str| KNOWN_TABLES.iter().any(|table| table.name == name);
        self.fill(known, given).await
    }

    /// Replaces the rows of a lake's tables, where those are in memory, and not what is known.
    pub(crate) async fn stand_on(&self, given: &[(&str, RecordBatch)]) -> Result<(), QueryError> {
        let stored = |name: &str| TABLES.iter().any(|table| table.name == name);
        self.fill(stored, given).await
    }

    /// Replaces the rows of every table in memory: a table that is not given is empty.
    pub(crate) async fn hold_only(&self, given: &[(&str, RecordBatch)]) -> Result<(), QueryError> {
        self.fill(|_| true, given).await
    }

    async fn fill(
        &self,
        which: impl Fn(&str) -> bool,
        given: &[(&str, RecordBatch)],
    ) -> Result<(), QueryError> {
        for (name, table) in self.held.iter().filter(|(name, _)| which(name)) {
            let rows = batches(name, &table.schema(), given)?;
            for part in &table.batches {
                part.write().await.clone_from(&rows);
            }
        }
        Ok(())
    }

    /// Empty tables, to plan against.
    pub async fn empty() -> Result<Engine, QueryError> {
        Engine::with(Vec::new()).await
    }

    /// Tables in memory. A table or column that is not given is empty or NULL; columns are found
    /// by name.
    pub async fn with(given: Vec<(&str, RecordBatch)>) -> Result<Engine, QueryError> {
        let limits = Limits { memory: None, parallel: Some(1) };
        let mut engine = Engine::bare(limits, runtime(limits)?);
        // A handful of rows is found as soon with a plain plan as with the best one, and planning is
        // all that a case costs.
        let state = engine.context.state_ref();
        state.write().config_mut().options_mut().optimizer.max_passes = 1;
        let known = |name: &str| askable().any(|table| table.name == name);
        if let Some((name, _)) = given.iter().find(|(name, _)| !known(name)) {
            let error = plan_datafusion_err!("there is no such table");
            return Err(QueryError::setup(format!("the table `{name}`"))(error));
        }
        askable().try_for_each(|table| engine.hold(table, &given))?;
        engine.with_views().await
    }

    /// DataFusion's own session, for what this crate does not offer.
    pub fn context(&self) -> &SessionContext {
        &self.context
    }

    /// All tables and views, by name.
    pub(crate) fn all(&self) -> &[(&'static str, Arc<dyn TableProvider>)] {
        &self.all
    }

    pub(crate) fn bare(limits: Limits, runtime: Arc<RuntimeEnv>) -> Engine {
        let context = SessionContext::new_with_config_rt(config(limits), runtime);
        functions::register(&context);
        Engine { context, limits, held: HashMap::new(), all: Vec::new() }
    }

    fn add(
        &mut self,
        name: &'static str,
        provider: Arc<dyn TableProvider>,
    ) -> Result<(), QueryError> {
        self.all.push((name, provider.clone()));
        let added = self.context.register_table(name, provider);
        added.map(drop).map_err(QueryError::setup(format!("the table `{name}`")))
    }

    /// A session with the same tables, where one question may put tables of its own.
    pub(crate) fn apart(&self) -> Result<SessionContext, QueryError> {
        let made = || {
            let schema = Arc::new(MemorySchemaProvider::new());
            for (name, table) in &self.all {
                schema.register_table((*name).to_owned(), table.clone())?;
            }
            let state = self.context.state();
            let named = state.config_options().catalog.clone();
            let catalog = Arc::new(MemoryCatalogProvider::new());
            catalog.register_schema(&named.default_schema, schema)?;
            let catalogs = Arc::new(MemoryCatalogProviderList::new());
            catalogs.register_catalog(named.default_catalog, catalog);
            Ok(SessionStateBuilder::new_from_existing(state).with_catalog_list(catalogs).build())
        };
        made().map(SessionContext::new_with_state).map_err(QueryError::setup("a question's tables"))
    }

    /// Makes a table in memory of the batches that are given for it.
    fn hold(
        &mut self,
        table: &'static Table,
        given: &[(&str, RecordBatch)],
    ) -> Result<(), QueryError> {
        let schema = arrow_schema(table);
        let rows = batches(table.name, &schema, given)?;
        let held = MemTable::try_new(schema, vec![rows]);
        let held = held.map_err(QueryError::setup(format!("the table `{}`", table.name)))?;
        let held = Arc::new(held);
        self.held.insert(table.name, held.clone());
        self.add(table.name, held)
    }

    async fn with_views(mut self) -> Result<Engine, QueryError> {
        for view in views::views() {
            let failed = |e| QueryError::setup(format!("the view `{}`", view.name))(e);
            let plan = self.context.state().create_logical_plan(view.sql).await.map_err(failed)?;
            self.add(view.name, views::provider(plan, view))?;
        }
        Ok(self)
    }

    /// Reads one statement that only asks; everything else is refused.
    pub(crate) fn parse(&self, sql: &str, act: &str) -> Result<Statement, QueryError> {
        let parsed = self.context.state().sql_to_statement(sql, &Dialect::Generic);
        let statement = parsed.map_err(QueryError::sql(act))?;
        only_asks(&statement)?;
        Ok(statement)
    }

    /// Plans a statement with values for its `$name`s.
    pub(crate) async fn plan(
        &self,
        statement: Statement,
        bound: Bound,
        act: &str,
    ) -> Result<LogicalPlan, QueryError> {
        plan_in(&self.context, statement, bound, act).await
    }
}

/// Plans a statement in a session, with values for its `$name`s.
pub(crate) async fn plan_in(
    context: &SessionContext,
    statement: Statement,
    bound: Bound,
    act: &str,
) -> Result<LogicalPlan, QueryError> {
    let plan = plan_open(context, statement, &bound, act).await?;
    plan.with_param_values(bind::values(bound)).map_err(QueryError::sql(act))
}

/// Plans a statement in a session, with the types of these values for its `$name`s.
pub(crate) async fn plan_open(
    context: &SessionContext,
    mut statement: Statement,
    bound: &Bound,
    act: &str,
) -> Result<LogicalPlan, QueryError> {
    bind::with_types(&mut statement, bound);
    let plan = context.state().statement_to_plan(statement).await;
    let plan = plan.map_err(QueryError::sql(act))?;
    // What the kind of the statement does not show, such as SELECT … INTO.
    let asking =
        SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    asking.verify_plan(&plan).map_err(|_| QueryError::Forbidden {
        what: "a query that makes or changes a table".to_owned(),
    })?;
    Ok(plan)
}

fn only_asks(statement: &Statement) -> Result<(), QueryError> {
    match statement {
        Statement::Explain(explain) => return only_asks(&explain.statement),
        Statement::Statement(plain) => match &**plain {
            Plain::Query(_)
            | Plain::ExplainTable { .. }
            | Plain::ShowTables { .. }
            | Plain::ShowColumns { .. }
            | Plain::ShowFunctions { .. } => return Ok(()),
            Plain::Explain { statement, .. } => {
                return only_asks(&Statement::Statement(statement.clone()));
            }
            _ => {}
        },
        _ => {}
    }
    let text = statement.to_string();
    let verb = text.split_whitespace().next().unwrap_or_default().to_uppercase();
    Err(QueryError::Forbidden { what: verb })
}

/// A table of a lake, read from its files.
pub(crate) async fn stored_rows(
    context: &SessionContext,
    stored: &LakeTable,
) -> Result<Arc<dyn TableProvider>, QueryError> {
    let state = Arc::new(context.state());
    let provider = stored.delta().table_provider().with_session(state).build().await;
    let failed = QueryError::setup(format!("the table `{}`", stored.table().name));
    Ok(Arc::new(provider.map_err(failed)?))
}

/// What the sessions of a process may share: memory, and what was read of the ends of files.
pub(crate) fn runtime(limits: Limits) -> Result<Arc<RuntimeEnv>, QueryError> {
    let mut runtime = RuntimeEnvBuilder::new();
    if let Some(bytes) = limits.memory {
        runtime = runtime.with_memory_pool(Arc::new(FairSpillPool::new(bytes)));
    }
    runtime.build_arc().map_err(QueryError::setup("the memory limit"))
}

fn config(limits: Limits) -> SessionConfig {
    let mut config = SessionConfig::new().with_information_schema(true);
    if let Some(parts) = limits.parallel {
        config = config.with_target_partitions(parts.max(1));
    }
    let options = config.options_mut();
    options.execution.time_zone = Some("UTC".to_owned());
    // Columns of a lake carry their meaning as metadata, which a UNION drops in one of the two plans
    // that this check compares.
    options.execution.skip_physical_aggregate_schema_check = true;
    options.execution.parquet.pushdown_filters = true;
    options.execution.parquet.reorder_filters = true;
    options.execution.parquet.bloom_filter_on_read = true;
    // Errors say at which line and column.
    options.sql_parser.collect_spans = true;
    config
}

/// What is given for a table, with all its columns.
fn batches(
    name: &str,
    schema: &SchemaRef,
    given: &[(&str, RecordBatch)],
) -> Result<Vec<RecordBatch>, QueryError> {
    let given = given.iter().filter(|(table, _)| *table == name);
    let filled: Result<_, _> = given.map(|(_, batch)| filled(batch, schema)).collect();
    filled.map_err(QueryError::setup(format!("the table `{name}`")))
}

/// The batch with all columns of the schema.
fn filled(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, DataFusionError> {
    for field in batch.schema_ref().fields() {
        schema.index_of(field.name())?;
    }
    let columns = schema.fields().iter().map(|field| {
        let given = batch.column_by_name(field.name()).cloned();
        given.unwrap_or_else(|| new_null_array(field.data_type(), batch.num_rows()))
    });
    Ok(RecordBatch::try_new(schema.clone(), columns.collect())?)
}
