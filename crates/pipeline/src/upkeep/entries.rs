//! Entries of `rolecall.toml` that are over, and those that met nothing in the whole lake.

use rolecall_known::{Entry, Known, Origin};
use rolecall_lake::{Lake, span_of};
use rolecall_model::Time;
use rolecall_query::{Engine, Limits, QueryError, json_rows, sql};

/// How much history it takes until nothing means something, in seconds.
const HISTORY: i64 = 30 * 86_400;

/// The entries of the file that are over.
pub(super) fn expired(known: &Known, now: Time) -> Vec<&Entry> {
    known.expired(now).filter(|entry| entry.origin == Origin::File).collect()
}

/// The entries of the file that count and met nothing. None while the lake's history is short.
pub(super) async fn unused<'a>(
    lake: &Lake,
    known: &'a Known,
    now: Time,
) -> Result<Vec<&'a Entry>, QueryError> {
    let history = span_of(lake).map_or(0, |span| span.until.seconds() - span.from.seconds());
    let asked: Vec<(&Entry, String)> = known
        .entries()
        .filter(|entry| entry.origin == Origin::File && !entry.is_expired(now))
        .filter_map(|entry| Some((entry, entry.met_sql()?)))
        .collect();
    if history < HISTORY || asked.is_empty() {
        return Ok(Vec::new());
    }
    let engine = Engine::over(lake, Limits::default()).await?;
    let mut unused = Vec::new();
    for (entry, question) in asked {
        let batches = sql(&engine, &question).await?.all().await?;
        let rows = batches.iter().flat_map(|batch| json_rows(batch).unwrap_or_default());
        let met = rows.filter_map(|row| row.values().next()?.as_i64()).next();
        if met == Some(0) {
            unused.push(entry);
        }
    }
    Ok(unused)
}
