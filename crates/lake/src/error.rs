//! What can go wrong with a lake.

/// Why the lake could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LakeError {
    /// There is nothing at the place.
    #[error("there is no lake at `{location}`: make one with `rolecall ingest` or `rolecall run`")]
    Missing {
        /// Where it was looked for.
        location: String,
    },
    /// An older rolecall wrote it, and it may only be read.
    #[error(
        "the lake's table `{table}` is that of an older rolecall: `rolecall status` brings the lake up to date, by \
         somebody who may write to it"
    )]
    Older {
        /// The table.
        table: &'static str,
    },
    /// A newer rolecall wrote it.
    #[error(
        "the lake's table `{table}` has schema version {found}, and this rolecall knows only \
         {known}: use the newer rolecall that wrote it"
    )]
    Newer {
        /// The table.
        table: &'static str,
        /// Its version.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The place is not one where lakes and trails can be.
    #[error("`{location}` is neither a folder nor an `s3://bucket/prefix`: {why}")]
    Location {
        /// The place as given.
        location: String,
        /// What is wrong with it.
        why: String,
    },
    /// Other writers were faster, again and again.
    #[error("gave up on the table `{table}` after losing {tries} races against other writers")]
    Contended {
        /// The table.
        table: &'static str,
        /// How often the commit was tried.
        tries: u32,
    },
    /// The Delta log could not be read or written.
    #[error("could not {act} the table `{table}`")]
    Delta {
        /// What was being done: open, create, read, commit to, …
        act: &'static str,
        /// The table.
        table: &'static str,
        /// Why not.
        source: Box<deltalake_core::DeltaTableError>,
    },
    /// A Parquet file could not be read or written.
    #[error("could not {act} the file `{path}`")]
    Parquet {
        /// What was being done.
        act: &'static str,
        /// The file, relative to its table.
        path: String,
        /// Why not.
        source: Box<::parquet::errors::ParquetError>,
    },
    /// The storage answered with an error.
    #[error("could not {act} `{path}`")]
    Storage {
        /// What was being done.
        act: &'static str,
        /// The path.
        path: String,
        /// Why not.
        source: Box<object_store::Error>,
    },
    /// Files hold other rows than the log says.
    #[error(
        "the files of the table `{table}` hold {found} rows where its log says {expected}: nothing was changed; \
         `rolecall status` says what the lake covers, and reading the logs again into a new lake restores it"
    )]
    Rows {
        /// The table.
        table: &'static str,
        /// The rows that the log counts.
        expected: i64,
        /// The rows that were met.
        found: i64,
    },
    /// Columns do not fit together.
    #[error("the columns of the table `{table}` do not fit together")]
    Columns {
        /// The table.
        table: &'static str,
        /// Why not.
        source: arrow::error::ArrowError,
    },
}

impl LakeError {
    pub(crate) fn delta(
        act: &'static str,
        table: &'static str,
    ) -> impl FnOnce(deltalake_core::DeltaTableError) -> LakeError {
        move |source| LakeError::Delta { act, table, source: Box::new(source) }
    }

    pub(crate) fn storage(
        act: &'static str,
        path: &str,
    ) -> impl FnOnce(object_store::Error) -> LakeError {
        move |source| LakeError::Storage { act, path: path.to_owned(), source: Box::new(source) }
    }

    pub(crate) fn parquet(
        act: &'static str,
        path: &str,
    ) -> impl Fn(::parquet::errors::ParquetError) -> LakeError {
        move |source| LakeError::Parquet { act, path: path.to_owned(), source: Box::new(source) }
    }
}
