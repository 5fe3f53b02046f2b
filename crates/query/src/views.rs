//! The views that analysts start from: SQL files that begin with their grain.

use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::datasource::ViewTable;
use datafusion::logical_expr::LogicalPlan;

/// A named query over the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// The name in SQL.
    pub name: &'static str,
    /// Its grain: "One row per …".
    pub about: &'static str,
    /// The query, with `about` as its first comment.
    pub sql: &'static str,
}

macro_rules! view {
    ($name:literal) => {
        View::of($name, include_str!(concat!("../../../queries/views/", $name, ".sql")))
    };
}

/// Every view, by name.
pub fn views() -> [View; 7] {
    [
        view!("console"),
        view!("coverage"),
        view!("cross_account"),
        view!("denied"),
        view!("issuance"),
        view!("key_activity"),
        view!("long_session"),
    ]
}

impl View {
    fn of(name: &'static str, sql: &'static str) -> View {
        let comment = sql.strip_prefix("/*").and_then(|rest| rest.split_once("*/"));
        View { name, about: comment.map(|(about, _)| about.trim()).unwrap_or_default(), sql }
    }
}

pub(crate) fn provider(plan: LogicalPlan, view: View) -> Arc<dyn TableProvider> {
    Arc::new(ViewTable::new(plan, Some(view.sql.to_owned())))
}
