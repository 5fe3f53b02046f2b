//! The tables' columns as Arrow and Delta know them.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use deltalake_core::kernel::{DataType as DeltaType, PrimitiveType, StructField};
use rolecall_model::table::DATE;
use rolecall_model::{Column, Kind, Table};

/// The version of all tables together. It rises when a column is added or changes its meaning; an
/// older lake gets the columns it lacks when it is opened.
pub const SCHEMA_VERSION: u32 = 1;

/// The Arrow type of a column.
pub(crate) fn arrow_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text => DataType::Utf8,
        Kind::Long => DataType::Int64,
        Kind::Flag => DataType::Boolean,
        Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Kind::Bytes => DataType::Binary,
        Kind::Day => DataType::Date32,
    }
}

/// The columns of a table as its files hold them: all nullable, since older files lack the newer
/// columns, and without the partition.
pub(crate) fn file_schema(table: &Table) -> SchemaRef {
    let fields = table.columns.iter().map(|c| Field::new(c.name, arrow_type(c.kind), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The columns of a table as a query sees them, the partition of a stored one last.
pub fn arrow_schema(table: &Table) -> SchemaRef {
    let fields = all_columns(table).map(|c| Field::new(c.name, arrow_type(c.kind), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The columns as Delta's metadata describes them, with their meaning as comments.
pub(crate) fn delta_columns(table: &'static Table) -> impl Iterator<Item = StructField> {
    all_columns(table).map(|column| {
        let kind = match column.kind {
            Kind::Text => PrimitiveType::String,
            Kind::Long => PrimitiveType::Long,
            Kind::Flag => PrimitiveType::Boolean,
            Kind::Time => PrimitiveType::Timestamp,
            Kind::Bytes => PrimitiveType::Binary,
            Kind::Day => PrimitiveType::Date,
        };
        StructField::new(column.name, DeltaType::Primitive(kind), true)
            .with_metadata([("comment", column.about)])
    })
}

/// The columns whose smallest and largest values the Delta log holds for each file: instants, and
/// what files are sorted by.
pub(crate) fn statistics_columns(table: &Table) -> impl Iterator<Item = &Column> {
    let sorted = table.sorted_by;
    table.columns.iter().filter(move |c| c.kind == Kind::Time || sorted.contains(&c.name))
}

fn all_columns(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().chain(table.is_stored().then_some(&DATE))
}
