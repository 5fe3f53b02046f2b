//! Writes findings in every form into a folder, for `tests/outputs` to hold against the schemas of others.
//!
//! `samples FOLDER [FINDINGS]`: made-up findings, or those of a file of `finding.v1`, one a line.

use std::path::Path;

use rolecall_model::Time;
use rolecall_outputs::{FindingV1, Importer, asff, batches, markdown, ocsf, sample, text};
use serde_json::Value;

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("say `samples FOLDER [FINDINGS]`")?;
    let folder = Path::new(&folder);
    let findings = match arguments.next() {
        Some(file) => std::fs::read_to_string(file)?
            .lines()
            .map(FindingV1::read)
            .collect::<Result<Vec<_>, _>>()?,
        None => made_up(),
    };
    let importer = Importer::new("111111111111", "eu-west-1")?;
    let now = Time::from_seconds(1_773_200_000);
    std::fs::create_dir_all(folder)?;
    let lines = |values: Vec<Value>| -> String {
        values.iter().map(|value| text::json(value) + "\n").collect()
    };
    let own = findings.iter().map(FindingV1::to_json).map(|line| line + "\n").collect::<String>();
    std::fs::write(folder.join("finding.v1.jsonl"), own)?;
    let events = findings.iter().map(ocsf).collect::<Result<_, _>>()?;
    std::fs::write(folder.join("ocsf.jsonl"), lines(events))?;
    std::fs::write(folder.join("asff.jsonl"), lines(batches(&findings, &importer, now)?))?;
    std::fs::write(folder.join("ticket.md"), markdown(&findings))?;
    // The largest that the format may have to hold.
    let largest = asff(&largest(), &importer, now)?;
    std::fs::write(folder.join("asff-largest.jsonl"), lines(vec![Value::Array(vec![largest])]))?;
    Ok(())
}

/// One of each kind, and so many that they are two batches.
fn made_up() -> Vec<FindingV1> {
    let levels = ["low", "medium", "high", "critical"];
    let families = ["long session", "leaked key", "recon", "federation", "root", "lineage"];
    let more = (0..120).map(|at| FindingV1 {
        fingerprint: format!("{at:016x}"),
        severity: levels[at % levels.len()].into(),
        confidence: levels[at % 3].into(),
        family: Some(families[at % families.len()].into()),
        dry_run: at % 7 == 0,
        ..sample::finding()
    });
    [sample::finding(), sample::hostile(), sample::bare()].into_iter().chain(more).collect()
}

/// A finding whose every text is as long as it gets.
fn largest() -> FindingV1 {
    let long = "東".repeat(5000);
    let columns = (0..90).map(|at| (format!("column_{at}_{long}"), Value::String(long.clone())));
    FindingV1 {
        detection: long.clone(),
        title: long.clone(),
        subject: long.clone(),
        root: Some(long.clone()),
        path: (0..90).map(|at| format!("{at}{long}")).collect(),
        networks: vec![long.clone(); 90],
        evidence: Value::Object(columns.collect()),
        why: Some(long.clone()),
        harmless: Some(long),
        ..sample::finding()
    }
}
