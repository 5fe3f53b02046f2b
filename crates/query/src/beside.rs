//! Sessions side by side: they share the memory, what was read of the ends of files, and the rows of small tables.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::catalog::{MemTable, TableProvider};
use datafusion::error::DataFusionError;
use rolecall_lake::{Lake, LakeTable};
use rolecall_model::{Edge, Footprint, Row};

use crate::QueryError;
use crate::session::{Engine, Limits, runtime, stored_rows};

/// Tables whose rows are in memory, by name.
pub(crate) type Held = HashMap<&'static str, Arc<dyn TableProvider>>;

/// Most detections ask these what was usual, and each of their days is a small file: read once, they cost one
/// detection what they would cost each.
const PAST: [&str; 2] = [Edge::TABLE.name, Footprint::TABLE.name];

/// Tables of more rows stay in their files: a row takes some hundred bytes.
const MOST_ROWS: i64 = 300_000;

impl Engine {
    /// Opens so many sessions for the questions of one run, over the tables of a lake as they are now.
    ///
    /// # Errors
    ///
    /// A table cannot be read.
    pub async fn side_by_side(
        lake: &Lake,
        limits: Limits,
        number: usize,
    ) -> Result<Vec<Engine>, QueryError> {
        let runtime = runtime(limits)?;
        let reader = Engine::bare(limits, runtime.clone());
        let mut held = Held::new();
        for stored in lake.tables().iter().filter(|stored| is_small_past(stored)) {
            held.insert(stored.table().name, reader.in_memory(stored).await?);
        }
        let mut engines = Vec::with_capacity(number);
        for _ in 0..number {
            engines.push(Engine::within(lake, limits, runtime.clone(), &held).await?);
        }
        Ok(engines)
    }

    /// Opens another session, over the lake as it is now, that shares the memory of this one.
    ///
    /// # Errors
    ///
    /// A table cannot be read.
    pub async fn beside(&self, lake: &Lake) -> Result<Engine, QueryError> {
        let runtime = self.context.runtime_env();
        Engine::within(lake, self.limits, runtime, &Held::new()).await
    }

    async fn in_memory(&self, stored: &LakeTable) -> Result<Arc<dyn TableProvider>, QueryError> {
        let rows = self.context.read_table(stored_rows(&self.context, stored).await?);
        let read = async {
            let rows = rows?;
            let schema = Arc::new(rows.schema().as_arrow().clone());
            let held = MemTable::try_new(schema, vec![rows.collect().await?])?;
            Ok::<_, DataFusionError>(Arc::new(held) as Arc<dyn TableProvider>)
        };
        let name = stored.table().name;
        read.await.map_err(QueryError::setup(format!("the rows of the table `{name}`")))
    }
}

fn is_small_past(stored: &LakeTable) -> bool {
    let rows: i64 = stored.files().iter().map(|file| file.rows).sum();
    PAST.contains(&stored.table().name) && rows <= MOST_ROWS
}
