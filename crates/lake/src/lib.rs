//! Stores and opens the tables as Delta tables, in a local folder or under `s3://`.
//!
//! Delta's reader 1 and writer 2 are enough for everything here, so that any engine reads the
//! tables. This crate knows Delta and Parquet, and does not link DataFusion.

mod change;
mod commit;
mod error;
mod lake;
mod location;
mod log;
mod merge;
mod parquet;
mod reader;
mod remembering;
mod rows;
mod schema;
mod span;
mod statistics;
mod table;
mod vacuum;
mod write;

pub use change::{Change, Outcome};
pub use error::LakeError;
pub use lake::{Access, Lake};
pub use location::Location;
pub use rows::{Rows, batch};
pub use schema::{SCHEMA_VERSION, arrow_schema};
pub use span::span_of;
pub use table::{DataFile, LakeTable};
pub use write::NewFile;
