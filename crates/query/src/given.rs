//! What a step of a question gives, as a table for the steps after it.

use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::plan_datafusion_err;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;

/// A table that has its columns before it has rows, and rows of only the columns that are read.
#[derive(Debug)]
pub(crate) struct Given {
    schema: SchemaRef,
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    /// The columns that the batches have, by their places in the schema.
    columns: Vec<usize>,
    batches: Vec<RecordBatch>,
}

impl Given {
    /// An empty table with these columns.
    pub(crate) fn new(schema: &Schema) -> Arc<Given> {
        let fields = schema.fields().iter().map(|field| field.as_ref().clone().with_nullable(true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        Arc::new(Given { schema, rows: Mutex::default() })
    }

    /// Whether it has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.batches.iter().all(|batch| batch.num_rows() == 0)
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
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        *rows = Rows { columns: columns.to_vec(), batches };
        Ok(())
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
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>, DataFusionError> {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<usize> = (0..self.schema.fields().len()).collect();
        let place = |column: &usize| {
            let place = rows.columns.iter().position(|there| there == column);
            place.ok_or_else(|| plan_datafusion_err!("a step lacks column {column} of its answer"))
        };
        // Before there are rows, there are all columns: nothing is missing in a plan of an empty table.
        let (schema, places) = if rows.columns.is_empty() {
            (self.schema.clone(), projection.unwrap_or(&all).clone())
        } else {
            let places = projection.unwrap_or(&all).iter().map(place).collect::<Result<_, _>>()?;
            (Arc::new(self.schema.project(&rows.columns)?), places)
        };
        Ok(MemorySourceConfig::try_new_exec(
            std::slice::from_ref(&rows.batches),
            schema,
            Some(places),
        )?)
    }
}
