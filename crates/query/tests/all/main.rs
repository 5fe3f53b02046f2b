//! What the crate promises, seen from outside. One binary, since each links all of DataFusion.

// All of this is a test, also what clippy takes for production code.
#![allow(clippy::panic, clippy::unwrap_used)]

mod catalogue;
mod detections;
mod functions;
mod lake;
mod questions;

use rolecall_query::{Engine, json_rows, sql};
use serde_json::{Map, Value};

/// The answer to a query as JSON rows.
async fn rows(engine: &Engine, text: &str) -> Vec<Map<String, Value>> {
    let answer = sql(engine, text).await.unwrap_or_else(|error| panic!("{text}: {error}"));
    let batches = answer.all().await.unwrap_or_else(|error| panic!("{text}: {error}"));
    batches.iter().flat_map(|batch| json_rows(batch).unwrap()).collect()
}

/// The only value of the only row.
async fn value(engine: &Engine, text: &str) -> Value {
    let rows = rows(engine, text).await;
    assert_eq!(rows.len(), 1, "{text}");
    rows[0].values().next().cloned().unwrap()
}
