//! The figures of the functions: cold starts, and what a batch of `ingest` takes.
//!
//! `./dev figures` builds the functions, calls this, and prints what a million events cost. The file that is
//! named as the argument gets what `infra/costs.py` reads.

// They are for people, and no part of the functions.
#![allow(clippy::panic, clippy::print_stdout, clippy::unwrap_used)]

mod batch;
mod cold_start;

use std::path::PathBuf;

use batch::{Batch, Took};
use rolecall_tests::s3::S3;
use serde_json::{Value, json};

/// What the stack gives `ingest` unless told otherwise, in MB.
const MEMORY: u64 = 1024;

fn main() {
    let example = std::env::current_exe().unwrap();
    let built = example.parent().unwrap().parent().unwrap();
    println!("{}\n", cold_start::table(built));
    let s3 = S3::start();
    println!("| batch | kB each | records | s | peak MiB | reads | writes | lake kB |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let took = |name: &str, batch: &Batch| {
        let took = batch::ingest(built, &s3, name, batch);
        println!(
            "| {} objects | {:.1} | {} | {:.1} | {} | {} | {} | {} |",
            batch.objects,
            took.bytes as f64 / batch.objects as f64 / 1e3,
            took.records,
            took.seconds,
            took.peak >> 20,
            took.reads,
            took.writes,
            took.lake / 1000
        );
        took
    };
    took("large", &Batch { objects: 1000, records: 360 });
    // As a real organisation's trail has them, and as many as come in a minute of a busy one.
    let usual = Batch { objects: 100, records: 8 };
    let measured = measured(&usual, &took("usual", &usual));
    if let Some(file) = std::env::args_os().nth(1) {
        std::fs::write(PathBuf::from(file), format!("{measured:#}\n")).unwrap();
    }
}

/// A batch in the words of `infra/costs.py`.
fn measured(batch: &Batch, took: &Took) -> Value {
    json!({
        "events": took.records, "objects": batch.objects, "architecture": "x86_64",
        "findings": 0, "lake_gb": took.lake as f64 / 1e9, "log_gb": 0,
        "functions": {"ingest": {
            "runs": 1, "seconds": took.seconds, "memory_mb": MEMORY, "reads": took.reads, "writes": took.writes,
        }},
    })
}
