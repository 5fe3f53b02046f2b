//! `rolecall evaluate`: which labelled attacks were found, and what was noise.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use rolecall_catalog::Detection;
use rolecall_evaluate::{Evaluation, Label, judge, labels, markdown};
use rolecall_lake::{Access, Lake};
use rolecall_model::{Finding, Usage};
use rolecall_pipeline::{Settings, Span, Trail, detect, ingest, trace};
use serde_json::{Map, json};

use crate::args::Format;
use crate::clock;
use crate::config::Config;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::Row;

/// Hold findings against labels: recall, precision, noise, and how soon
///
/// Labels are JSON lines, as `rolecall simulate` writes them; the findings are those that the lake
/// has told. Labels that name a file or folder are about that alone: each is read into a lake of its
/// own, where no detection has any history, so those in dry run count too.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall evaluate ./acme/labels.jsonl\n  rolecall evaluate ./real/labels.jsonl --only stratus --format json"
)]
pub(crate) struct Evaluate {
    /// The labels
    #[arg(value_name = "LABELS")]
    labels: PathBuf,
    /// Only labels whose file contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Exit with 1 if recall is below this
    #[arg(long, value_name = "SHARE")]
    recall: Option<f64>,
    /// Exit with 1 if there is more noise than this per million events
    #[arg(long, value_name = "NUMBER")]
    noise: Option<f64>,
}

impl Evaluate {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let shown = self.labels.display();
        let text = std::fs::read_to_string(&self.labels)
            .with_context(|| format!("could not read the labels in `{shown}`"))?;
        let all = labels(&text).with_context(|| format!("could not use `{shown}`"))?;
        let config = desk.config()?;
        let detections = desk.catalogue(&config).await?;
        let covers = detections
            .iter()
            .map(|d| (d.id.clone(), d.meta.covers.clone()))
            .collect::<HashMap<_, _>>();
        let (of_files, of_trail): (Vec<Label>, Vec<Label>) =
            all.into_iter().partition(|label| label.file.is_some());
        let mut evaluation = Evaluation::default();
        // Without any label nothing is an attack: whatever the lake has told is noise.
        if !of_trail.is_empty() || of_files.is_empty() {
            let lake = desk.lake(Access::Existing).await?;
            let found =
                findings(&lake).await?.into_iter().filter(Finding::is_told).collect::<Vec<_>>();
            evaluation = judge(&of_trail, &found, &covers, events(&lake).await?);
        }
        let folder = self.labels.parent().unwrap_or(Path::new(""));
        for label in of_files {
            let file = label.file.clone().unwrap_or_default();
            if self.only.as_ref().is_none_or(|only| file.contains(only.as_str())) {
                let (found, events) =
                    by_itself(desk, &config, &detections, &folder.join(&file)).await?;
                add(&mut evaluation, judge(&[label], &found, &covers, events));
            }
        }
        tell(desk, &evaluation)?;
        let poor = self.recall.is_some_and(|least| evaluation.recall() < least)
            || self.noise.is_some_and(|most| evaluation.noise_per_million() > most);
        Ok(if poor { Exit::Found } else { Exit::Done })
    }
}

async fn findings(lake: &Lake) -> Result<Vec<Finding>> {
    let table = lake.table::<Finding>();
    let mut found = Vec::new();
    table.read::<Finding>(table.files(), &[], |finding| found.push(finding)).await?;
    Ok(found)
}

/// Calls counted in the lake.
async fn events(lake: &Lake) -> Result<u64> {
    let table = lake.table::<Usage>();
    let mut calls = 0;
    table.read::<Usage>(table.files(), &["calls"], |usage| calls += usage.calls).await?;
    Ok(calls.unsigned_abs())
}

/// What is found in one file or folder that stands alone.
async fn by_itself(
    desk: &Desk,
    config: &Config,
    detections: &[Detection],
    path: &Path,
) -> Result<(Vec<Finding>, u64)> {
    let folder = tempfile::tempdir().context("could not make a temporary folder")?;
    let location = rolecall_lake::Location::find(&folder.path().to_string_lossy()).await?;
    let mut lake = Lake::open(location, Access::Create).await?;
    let trail = Trail::list(&path.to_string_lossy()).await?;
    ingest(&mut lake, &trail, &Settings::at(clock::now()), &|_| ()).await?;
    trace(&mut lake, &|_| ()).await?;
    let (limits, known) = (desk.limits(), &config.known);
    detect(&mut lake, detections, known, Span::default(), limits, clock::now(), &|_| ()).await?;
    Ok((findings(&lake).await?, events(&lake).await?))
}

fn add(sum: &mut Evaluation, one: Evaluation) {
    sum.events += one.events;
    sum.attacks.extend(one.attacks);
    sum.explained += one.explained;
    sum.noise.extend(one.noise);
    for (detection, count) in one.by_detection {
        *sum.by_detection.entry(detection).or_default() += count;
    }
}

fn tell(desk: &Desk, evaluation: &Evaluation) -> Result<()> {
    if desk.out.format == Format::Text {
        return desk.out.text(markdown(evaluation).trim_end());
    }
    let rows: Vec<Row> = evaluation
        .attacks
        .iter()
        .map(|attack| {
            let mut row = Map::new();
            row.insert("attack".into(), json!(attack.attack));
            row.insert("found_by".into(), json!(attack.found_by.join(" ")));
            row.insert("as_expected".into(), json!(attack.as_expected));
            row.insert("after_seconds".into(), json!(attack.after_seconds));
            row.insert("scenario".into(), json!(attack.scenario));
            row
        })
        .collect();
    let columns = ["attack", "found_by", "as_expected", "after_seconds", "scenario"];
    desk.out.rows(&columns.map(str::to_owned), &rows)
}
