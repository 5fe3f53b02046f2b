//! `rolecall ingest`: logs into tables.

use std::sync::Arc;

use anyhow::{Result, bail};
use clap::Args;
use rolecall_lake::{Access, Lake};
use rolecall_pipeline::{Ingested, Settings, Trail, ingest};

use crate::clock;
use crate::config;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::plain;
use crate::output::progress::Bar;

/// Read CloudTrail logs into the lake
///
/// Takes files, folders and s3:// prefixes: gzip or plain, in every wrapper in which CloudTrail
/// records come. What the lake has already is skipped, so it can be run again at any time, also
/// after it was stopped; what cannot be read is kept in the table `rejected` with its reason.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall ingest ~/logs\n  rolecall ingest s3://my-trail/AWSLogs/o-1234567890/ --lake ./case-42\n  rolecall status"
)]
pub(crate) struct Ingest {
    /// Files, folders or s3://bucket/prefix
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<String>,
}

impl Ingest {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let (_, exit) = ingest_all(desk, &self.paths).await?;
        Ok(exit)
    }
}

/// Ingests each path, and says what came of it. The exit says whether every object was reached.
pub(crate) async fn ingest_all(desk: &Desk, paths: &[String]) -> Result<(Lake, Exit)> {
    // A trail that is not there should not leave an empty lake behind.
    let mut trails = Vec::new();
    for path in paths {
        let _bar = Bar::waiting(&desk.out, format!("listing {path}"));
        trails.push(Trail::list(path).await?);
    }
    let mut lake = desk.lake(Access::Create).await?;
    let mut settings = Settings::at(clock::now());
    settings.networks = Arc::new(config::networks(&desk.config().await?, &desk.out).await?);
    settings.threads = desk.global.threads.unwrap_or(settings.threads);
    let mut exit = Exit::Done;
    for (path, trail) in paths.iter().zip(&trails) {
        let bar = Bar::new(&desk.out, "ingest", "objects");
        let did = ingest(&mut lake, trail, &settings, &|progress| bar.tell(progress)).await;
        bar.end();
        let did = did?;
        tell(desk, path, &did)?;
        if !did.unreached.is_empty() {
            exit = Exit::Failed;
        }
    }
    config::tell_if_none(&settings.networks, &desk.out)?;
    Ok((lake, exit))
}

/// Says that records, or whole objects, could not be read, if that is so.
pub(super) fn warn_of_rejected(desk: &Desk, did: &Ingested, objects: &str) -> Result<()> {
    if did.records_rejected + did.refused == 0 {
        return Ok(());
    }
    desk.out.say(&format!(
        "warning: {} records and {} {objects} could not be read; they are kept in `rejected`, and `rolecall status` says why",
        did.records_rejected, did.refused
    ))
}

fn tell(desk: &Desk, path: &str, did: &Ingested) -> Result<()> {
    let new = did.objects - did.known;
    if new > 0 && new == did.refused + did.passed_over && did.records == 0 && did.known == 0 {
        bail!(
            "nothing in `{path}` is a CloudTrail log: {} objects refused, {} passed over; `rolecall status` says why",
            did.refused,
            did.passed_over
        );
    }
    desk.out.say(&format!(
        "{path}: {new} new objects of {} ({} known) · {} records = {} kept + {} passed over + {} rejected · {} new credential events · {} new calls",
        did.objects,
        did.known,
        did.records,
        did.records_kept,
        did.records_passed_over,
        did.records_rejected,
        did.new_events,
        did.new_calls,
    ))?;
    warn_of_rejected(desk, did, "objects")?;
    if let Some(first) = did.unreached.first() {
        desk.out.say(&format!(
            "error: {} objects could not be fetched, such as `{}`\n  why: {}\n help: run this again: what was read is stored, and only the rest is read",
            did.unreached.len(),
            plain(&first.key),
            plain(&first.why)
        ))?;
    }
    Ok(())
}
