//! The queries that come with the program.

use include_dir::{Dir, include_dir};

/// The folder `queries` as it was when the program was built.
pub(crate) static QUERIES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../queries");
