//! The views that analysts start from: files under `queries/views` that begin with their grain.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::datasource::ViewTable;
use datafusion::logical_expr::LogicalPlan;

use crate::bundle::QUERIES;

/// A named query over the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The name in SQL, which is that of its file.
    pub name: &'static str,
    /// Its grain: "One row per …".
    pub about: &'static str,
    /// The query, with `about` as its first comment.
    pub sql: &'static str,
}

/// Every view, by name.
pub fn views() -> Vec<View> {
    let folder = QUERIES.get_dir("views");
    let files = folder.into_iter().flat_map(|folder| folder.files());
    let mut views: Vec<View> = files
        .filter_map(|file| {
            let name = file.path().file_name()?.to_str()?.strip_suffix(".sql")?;
            let sql = file.contents_utf8()?;
            let comment = sql.strip_prefix("/*").and_then(|rest| rest.split_once("*/"));
            let about = comment.map(|(about, _)| about.trim()).unwrap_or_default();
            Some(View { name, about, sql })
        })
        .collect();
    views.sort_by_key(|view| view.name);
    views
}

pub(crate) fn provider(plan: LogicalPlan, view: View) -> Arc<dyn TableProvider> {
    Arc::new(ViewTable::new(plan, Some(view.sql.to_owned())))
}
