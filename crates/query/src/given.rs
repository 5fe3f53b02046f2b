//! What a step of a question gives, as a table for the steps after it.

use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{Column, plan_datafusion_err};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableType};
use datafusion::physical_plan::ExecutionPlan;

/// A table that has its columns before it has rows, and rows of only the columns that are read. Its rows are
/// held, or asked for each time that they are read.
#[derive(Debug)]
pub(crate) struct Given {
    schema: SchemaRef,
    rows: Mutex<Rows>,
}

#[derive(Clone, Debug)]
struct Rows {
    /// The columns that the rows have, by their places in the schema.
    columns: Vec<usize>,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Held(Vec<RecordBatch>),
    Asked(LogicalPlan),
}

impl Given {
    /// An empty table with these columns.
    pub(crate) fn new(schema: &Schema) -> Arc<Given> {
        let fields = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        // Before there are rows, there are all columns: nothing is missing in a plan of an empty table.
        let columns = (0..schema.fields().len()).collect();
        let rows = Rows { columns, source: Source::Held(Vec::new()) };
        Arc::new(Given { schema, rows: Mutex::new(rows) })
    }

    /// Whether it can be seen to have no rows.
    pub(crate) fn is_empty(&self) -> bool {
        match self.rows().source {
            Source::Held(batches) => batches.iter().all(|batch| batch.num_rows() == 0),
            Source::Asked(_) => false,
        }
    }

    /// Replaces the rows, which have all columns.
    pub(crate) fn fill_all(&self, batches: Vec<RecordBatch>) -> Result<(), DataFusionError> {
        let all: Vec<usize> = (0..self.schema.fields().len()).collect();
        self.fill(&all, batches)
    }

    /// Replaces the rows; `columns` are the places of their columns in the schema.
    pub(crate) fn fill(
        &self,
        columns: &[usize],
        batches: Vec<RecordBatch>,
    ) -> Result<(), DataFusionError> {
        let schema = Arc::new(self.schema.project(columns)?);
        let named =
            |batch: RecordBatch| RecordBatch::try_new(schema.clone(), batch.columns().to_vec());
        let batches = batches.into_iter().map(named).collect::<Result<_, _>>()?;
        self.stand_on(columns, Source::Held(batches));
        Ok(())
    }

    /// Replaces the rows by those that a plan gives whenever they are read.
    pub(crate) fn ask_again(&self, columns: &[usize], plan: LogicalPlan) {
        self.stand_on(columns, Source::Asked(plan));
    }

    fn stand_on(&self, columns: &[usize], source: Source) {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        *rows = Rows { columns: columns.to_vec(), source };
    }

    fn rows(&self) -> Rows {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl TableProvider for Given {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Temporary
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        let Rows { columns, source } = self.rows();
        let place = |column: usize| {
            let place = columns.iter().position(|there| *there == column);
            place.ok_or_else(|| plan_datafusion_err!("a step lacks column {column} of its answer"))
        };
        let places: Vec<usize> = match projection {
            Some(read) => read.iter().copied().map(place).collect::<Result<_, _>>()?,
            None => (0..self.schema.fields().len()).map(place).collect::<Result<_, _>>()?,
        };
        match source {
            Source::Held(batches) => {
                let schema = Arc::new(self.schema.project(&columns)?);
                let held = std::slice::from_ref(&batches);
                Ok(MemorySourceConfig::try_new_exec(held, schema, Some(places))?)
            }
            Source::Asked(plan) => session.create_physical_plan(&only(plan, &places)?).await,
        }
    }
}

/// The plan with only some columns.
pub(crate) fn only(plan: LogicalPlan, places: &[usize]) -> Result<LogicalPlan, DataFusionError> {
    let schema = plan.schema().clone();
    let column = |at: &usize| Expr::Column(Column::from(schema.qualified_field(*at)));
    LogicalPlanBuilder::from(plan).project(places.iter().map(column))?.build()
}
