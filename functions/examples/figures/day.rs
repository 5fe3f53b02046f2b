//! A day of an organisation with a million events, reckoned from three hours of it.
//!
//! In each quarter of an hour `ingest` takes batches as the queue hands them over, and `detect` asks about
//! them; in the end comes `upkeep`. Three hours are what a run of `detect` asks about again, so the last one
//! stands for all. It starts anew each time, as if Lambda kept none. The work of `upkeep` grows with the files.

use std::path::Path;

use rolecall_tests::files::files_below;
use rolecall_tests::s3::S3;
use serde_json::{Value, json};

use crate::function::{Buckets, Function, Took};
use crate::trail::Trail;

/// Events of the day, and runs of `detect` in it, as the template's schedule starts them.
const EVENTS: f64 = 1e6;
const RUNS: u64 = 96;

/// Records of an object, as a real organisation's trail has them.
const RECORDS: u64 = 8;

/// Objects of a batch, as the template has it, and batches in a quarter of an hour: a million events a day.
const OBJECTS: u64 = 100;
const BATCHES: u64 = 13;

/// Quarters of an hour that are played.
const QUARTERS: u64 = 12;

/// What the template gives each function, in MB.
const INGEST: u64 = 1024;
const DETECT: u64 = 3008;
const UPKEEP: u64 = 2048;

/// A day.
pub(crate) struct Day {
    /// Runs of each function, its memory in MB, and what one of them took.
    functions: [(&'static str, f64, u64, Took); 3],
    objects: f64,
    findings: f64,
    lake: f64,
}

impl Day {
    /// Plays three hours, and reckons the day.
    pub(crate) fn play(built: &Path, s3: &S3) -> Day {
        let buckets = Buckets::new(s3, "day");
        let topic = s3.request("POST", "/?Action=CreateTopic&Name=findings", b"").unwrap();
        assert_eq!(topic.status(), 200, "the topic of `detect` could not be made");
        let files = QUARTERS * BATCHES * OBJECTS;
        let trail = Trail::put(s3, &buckets.trail, files, RECORDS, QUARTERS * 3);
        let scale = EVENTS / trail.records as f64;
        let ingest = Function::start(built, s3, &buckets, "ingest", INGEST);
        let (mut ingested, mut detected, mut findings) = (Took::default(), Took::default(), 0);
        for quarter in trail.messages.chunks((BATCHES * OBJECTS) as usize) {
            for batch in quarter.chunks(OBJECTS as usize) {
                let (took, answer) = ingest.call(json!({"Records": batch}));
                assert_eq!(answer["batchItemFailures"], json!([]));
                ingested = ingested.and(took);
            }
            let (took, answer) =
                Function::start(built, s3, &buckets, "detect", DETECT).call(json!({}));
            detected = took;
            findings += answer["findingsPublished"].as_u64().unwrap();
        }
        let lake = size(s3, &buckets.lake);
        let (kept, answer) = Function::start(built, s3, &buckets, "upkeep", UPKEEP).call(json!({}));
        assert_eq!(answer["finished"], true);
        let batches = (QUARTERS * BATCHES) as f64;
        Day {
            functions: [
                ("ingest", batches * scale, INGEST, ingested.times(1.0 / batches)),
                ("detect", RUNS as f64, DETECT, detected),
                ("upkeep", 1.0, UPKEEP, kept.times(scale)),
            ],
            objects: files as f64 * scale,
            findings: findings as f64 * scale,
            lake: lake as f64 * scale,
        }
    }

    /// A line for each function: its runs, and what one of them took.
    pub(crate) fn table(&self) -> String {
        let mut table = "| function | runs a day | s | peak MiB | reads | writes |\n\
                         | --- | ---: | ---: | ---: | ---: | ---: |"
            .to_owned();
        for (name, runs, _, took) in &self.functions {
            table += &format!(
                "\n| {name} | {runs:.0} | {:.1} | {} | {:.0} | {:.0} |",
                took.seconds,
                took.peak >> 20,
                took.reads,
                took.writes
            );
        }
        table
    }

    /// Functions that took more memory than the template gives them.
    pub(crate) fn beyond(&self) -> impl Iterator<Item = String> {
        let beyond = self.functions.iter().filter(|(_, _, memory, took)| took.peak > memory << 20);
        beyond.map(|(name, _, memory, took)| {
            format!("{name} took {} MiB, and the template gives it {memory}", took.peak >> 20)
        })
    }

    /// The day in the words of `infra/costs.py`.
    pub(crate) fn measured(&self) -> Value {
        let functions = self.functions.iter().map(|(name, runs, memory, one)| {
            let all = one.times(*runs);
            let told = json!({
                "runs": runs, "seconds": all.seconds, "memory_mb": memory,
                "reads": all.reads, "writes": all.writes,
            });
            ((*name).to_owned(), told)
        });
        json!({
            "events": EVENTS, "objects": self.objects, "architecture": "x86_64",
            "findings": self.findings, "lake_gb": self.lake / 1e9, "log_gb": 0,
            "functions": functions.collect::<serde_json::Map<_, _>>(),
        })
    }
}

/// Bytes of all that lies in a lake.
fn size(s3: &S3, lake: &str) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    s3.download(lake, "tables", folder.path());
    files_below(folder.path()).iter().map(|file| file.metadata().unwrap().len()).sum()
}
