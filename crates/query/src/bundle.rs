//! The queries that come with the program.

use datafusion::common::plan_datafusion_err;
use include_dir::{Dir, include_dir};
use rolecall_catalog::Folder;

use crate::QueryError;

/// The folder `queries` as it was when the program was built.
pub(crate) static QUERIES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../queries");

/// The folders of the detections that come with the program, for [`load`](crate::load).
pub fn bundled() -> Vec<Folder> {
    folders("detections")
}

/// The folders of the reports that come with the program, for
/// [`load_reports`](crate::load_reports).
pub fn bundled_reports() -> Vec<Folder> {
    folders("reports")
}

/// A query of a folder by its name; one that asks `first` begins with the query of that name.
pub(crate) fn begun_query(folder: &str, name: &str, first: &str) -> Result<String, QueryError> {
    let file = |name: &str| {
        let path = format!("{folder}/{name}.sql");
        let file = QUERIES.get_file(&path).and_then(|file| file.contents_utf8());
        let setup = QueryError::setup(format!("the query `{path}`"));
        file.ok_or_else(|| setup(plan_datafusion_err!("there is none")))
    };
    let own = file(name)?;
    if own.contains(&format!("FROM {first}")) {
        Ok(format!("{}\n{own}", file(first)?))
    } else {
        Ok(own.to_owned())
    }
}

fn folders(below: &str) -> Vec<Folder> {
    let folders = QUERIES.get_dir(below).into_iter().flat_map(|folder| folder.dirs());
    folders.map(folder).collect()
}

fn folder(found: &Dir<'_>) -> Folder {
    let name = |path: &std::path::Path| {
        path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    };
    let files = found
        .files()
        .map(|file| (name(file.path()), String::from_utf8_lossy(file.contents()).into_owned()));
    Folder { name: name(found.path()), files: files.collect() }
}
