//! All tables of one lake, opened together.

use deltalake_core::kernel::transaction::CommitBuilder;
use deltalake_core::kernel::{Action, MetadataExt, StructField, StructType};
use deltalake_core::logstore::{LogStoreRef, StorageConfig, default_logstore};
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::{DeltaTable, DeltaTableError};
use futures::future::try_join_all;
use rolecall_model::{Row, TABLES, Table};

use crate::commit::quiet_properties;
use crate::schema::{SCHEMA_VERSION, delta_columns, statistics_columns};
use crate::{LakeError, LakeTable, Location};

/// The table property that holds [`SCHEMA_VERSION`].
const VERSION_PROPERTY: &str = "rolecall.schema";

/// Whether a lake may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Make what is missing.
    Create,
    /// It must be there; tables and columns that are new since it was made are added.
    Existing,
    /// It must be there, with all tables and columns: nothing is written.
    Read,
}

/// A lake: one Delta table for each of [`TABLES`].
#[derive(Clone, Debug)]
pub struct Lake {
    location: Location,
    tables: Vec<LakeTable>,
}

impl Lake {
    /// Opens a lake, and makes it or the tables and columns it lacks, as far as the access allows.
    pub async fn open(location: Location, access: Access) -> Result<Lake, LakeError> {
        if access == Access::Create && location.is_local() {
            std::fs::create_dir_all(location.shown())
                .map_err(|error| unusable(&location, error))?;
        }
        if access != Access::Create {
            is_there(&location).await?;
        }
        let tables = TABLES.map(|table| open_table(&location, table, access));
        Ok(Lake { tables: try_join_all(tables).await?, location })
    }

    /// Where it lies.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Its tables, in the order of [`TABLES`].
    pub fn tables(&self) -> &[LakeTable] {
        &self.tables
    }

    /// The same, to commit to.
    pub fn tables_mut(&mut self) -> &mut [LakeTable] {
        &mut self.tables
    }

    /// The table that holds rows of this type.
    pub fn table<R: Row>(&self) -> &LakeTable {
        &self.tables[place::<R>()]
    }

    /// The table that holds rows of this type, to commit to.
    pub fn table_mut<R: Row>(&mut self) -> &mut LakeTable {
        &mut self.tables[place::<R>()]
    }

    /// How many commits lost a race against other writers since the lake was opened.
    pub fn lost_races(&self) -> u64 {
        self.tables.iter().map(|table| table.lost).sum()
    }

    /// Looks for what others have committed to any table.
    ///
    /// # Errors
    ///
    /// The lake is gone, or cannot be read.
    pub async fn refresh(&mut self) -> Result<(), LakeError> {
        // A log that is gone looks like one to which nothing was added.
        is_there(&self.location).await?;
        try_join_all(self.tables.iter_mut().map(LakeTable::refresh)).await.map(drop)
    }
}

fn place<R: Row>() -> usize {
    TABLES
        .iter()
        .position(|table| table.name == R::TABLE.name)
        .expect("every row type has its table in TABLES")
}

async fn is_there(location: &Location) -> Result<(), LakeError> {
    let first = log_store(&location.below(TABLES[0].name), TABLES[0])?;
    if is_table(&first, TABLES[0]).await? {
        Ok(())
    } else {
        Err(LakeError::Missing { location: location.shown() })
    }
}

async fn open_table(
    location: &Location,
    table: &'static Table,
    access: Access,
) -> Result<LakeTable, LakeError> {
    let here = location.below(table.name);
    let log_store = log_store(&here, table)?;
    if !is_table(&log_store, table).await? {
        if access == Access::Read {
            return Err(LakeError::Older { table: table.name });
        }
        if location.is_local() {
            std::fs::create_dir_all(here.shown()).map_err(|error| unusable(location, error))?;
        }
        create(&log_store, table).await.map_err(LakeError::delta("create", table.name))?;
    }
    let mut delta = DeltaTable::new(log_store);
    delta.load().await.map_err(LakeError::delta("open", table.name))?;
    check_version(&delta, table)?;
    let missing = missing_columns(&delta, table);
    let missing = missing.map_err(LakeError::delta("read the columns of", table.name))?;
    if !missing.is_empty() {
        if access == Access::Read {
            return Err(LakeError::Older { table: table.name });
        }
        let added = add_columns(&mut delta, missing).await;
        added.map_err(LakeError::delta("add columns to", table.name))?;
    }
    LakeTable::of(table, delta).await
}

fn log_store(here: &Location, table: &'static Table) -> Result<LogStoreRef, LakeError> {
    let config = StorageConfig::default();
    let store = here.store().clone();
    let below = config.decorate_store(store.clone(), here.url());
    let below = below.map_err(LakeError::delta("open", table.name))?;
    Ok(default_logstore(below.into(), store, here.url(), &config))
}

async fn is_table(log_store: &LogStoreRef, table: &'static Table) -> Result<bool, LakeError> {
    log_store.is_delta_table_location().await.map_err(LakeError::delta("look for", table.name))
}

/// Makes the table, unless somebody else makes it in the same moment.
async fn create(log_store: &LogStoreRef, table: &'static Table) -> Result<(), DeltaTableError> {
    let statistics: Vec<&str> = statistics_columns(table).map(|c| c.name).collect();
    let made = CreateBuilder::new()
        .with_log_store(log_store.clone())
        .with_table_name(table.name)
        .with_comment(table.about)
        .with_save_mode(SaveMode::Ignore)
        .with_columns(delta_columns(table))
        .with_partition_columns(["date"])
        .with_raise_if_key_not_exists(false)
        .with_configuration([
            (VERSION_PROPERTY, Some(SCHEMA_VERSION.to_string())),
            ("delta.dataSkippingStatsColumns", Some(statistics.join(","))),
        ])
        .await;
    match made {
        Err(_) if log_store.is_delta_table_location().await? => Ok(()),
        made => made.map(drop),
    }
}

fn check_version(delta: &DeltaTable, table: &'static Table) -> Result<(), LakeError> {
    let state = delta.snapshot().map_err(LakeError::delta("open", table.name))?;
    let found = state.metadata().configuration().get(VERSION_PROPERTY);
    let found = found.and_then(|text| text.parse().ok()).unwrap_or(0);
    if found > SCHEMA_VERSION {
        return Err(LakeError::Newer { table: table.name, found, known: SCHEMA_VERSION });
    }
    Ok(())
}

/// The columns that an older lake lacks.
fn missing_columns(
    delta: &DeltaTable,
    table: &'static Table,
) -> Result<Vec<StructField>, DeltaTableError> {
    let schema = delta.snapshot()?.schema();
    Ok(delta_columns(table).filter(|column| schema.field(column.name()).is_none()).collect())
}

/// They come at the end; older files read them as NULL.
async fn add_columns(
    delta: &mut DeltaTable,
    missing: Vec<StructField>,
) -> Result<(), DeltaTableError> {
    let state = delta.snapshot()?;
    let schema = state.schema();
    let fields = schema.fields().cloned().chain(missing.iter().cloned());
    let metadata = state
        .metadata()
        .clone()
        .with_schema(&StructType::try_new(fields)?)?
        .add_config_key(VERSION_PROPERTY.to_owned(), SCHEMA_VERSION.to_string())?;
    let operation = DeltaOperation::AddColumn { fields: missing };
    let commit = CommitBuilder::from(quiet_properties())
        .with_actions(vec![Action::Metadata(metadata)])
        .build(Some(state), delta.log_store(), operation)
        .await;
    // Whoever was faster has added the same columns.
    let updated = delta.update_state().await;
    commit.map(drop).or(updated)
}

fn unusable(location: &Location, error: std::io::Error) -> LakeError {
    LakeError::Location { location: location.shown(), why: error.to_string() }
}
