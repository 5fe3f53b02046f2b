//! The largest batch that SQS hands over, of full objects, given to an `ingest` with little memory.

use std::path::Path;

use rolecall_tests::s3::S3;
use serde_json::json;

use crate::function::{Buckets, Function};
use crate::trail::Trail;

/// Objects in the batch, and records in each: more than 50 kB.
const OBJECTS: u64 = 1000;
const RECORDS: u64 = 360;

/// The memory that it must do with, in MB.
const MEMORY: u64 = 512;

/// What it took, as a table; and what of that is more than it should be.
pub(crate) fn table(built: &Path, s3: &S3) -> (String, Option<String>) {
    let buckets = Buckets::new(s3, "large");
    let trail = Trail::put(s3, &buckets.trail, OBJECTS, RECORDS, 288);
    let ingest = Function::start(built, s3, &buckets, "ingest", MEMORY);
    let (took, answer) = ingest.call(json!({"Records": trail.messages}));
    assert_eq!(answer["batchItemFailures"], json!([]));
    let peak = took.peak >> 20;
    let table = format!(
        "| batch | kB each | records | s | peak MiB | reads | writes |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n\
         | {OBJECTS} objects | {:.1} | {} | {:.1} | {peak} | {} | {} |",
        trail.bytes as f64 / OBJECTS as f64 / 1e3,
        trail.records,
        took.seconds,
        took.reads,
        took.writes,
    );
    let beyond = (took.peak > MEMORY << 20)
        .then(|| format!("ingest of {OBJECTS} objects took {peak} MiB, and may take {MEMORY}"));
    (table, beyond)
}
