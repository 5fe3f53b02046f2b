//! Asking the lake in SQL, on behalf of other commands.

use anyhow::{Context, Result};
use rolecall_query::{Engine, json_rows, sql};

use crate::output::Row;

/// All rows of a query, and its columns.
pub(crate) async fn ask(engine: &Engine, text: &str) -> Result<(Vec<String>, Vec<Row>)> {
    let mut answer = sql(engine, text).await?;
    let columns = answer.columns();
    let mut rows = Vec::new();
    while let Some(batch) = answer.next().await {
        rows.extend(json_rows(&batch?).context("could not read the rows")?);
    }
    Ok((columns, rows))
}

/// A text as an SQL literal.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
