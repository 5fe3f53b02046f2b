//! `rolecall evaluate`: which labelled attacks were found, and what was noise.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use clap::Args;
use rolecall_catalog::Detection;
use rolecall_evaluate::{Evaluation, Label, Notes, judge, labels, markdown, sample};
use rolecall_known::Known;
use rolecall_lake::{Access, Lake};
use rolecall_model::{Finding, Usage};
use rolecall_pipeline::{Config, Progress, Settings, Trail, detect_small, ingest, trace};
use rolecall_query::Planned;
use serde_json::{Map, json};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::args::Format;
use crate::clock;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::Row;
use crate::output::progress::Bar;

/// Hold findings against labels: recall, precision, noise, and how soon
///
/// Labels are JSON lines, as `rolecall simulate` writes them; the findings are those that the lake
/// has told. Labels that name a file or folder are about that alone: each is read into a lake of its
/// own, where no detection has any history, so an attack may be found in dry run too.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall evaluate ./acme/labels.jsonl\n  rolecall evaluate ./real/labels.jsonl --only stratus --notes bench/real-logs.toml"
)]
pub(crate) struct Evaluate {
    /// The labels
    #[arg(value_name = "LABELS")]
    labels: PathBuf,
    /// Only labels whose file contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// What is noted about labels of others: attacks that are out of scope, and published rules
    #[arg(long, value_name = "FILE")]
    notes: Option<PathBuf>,
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
        let config = desk.config().await?;
        let detections = desk.catalogue(&config).await?;
        let covers = detections
            .iter()
            .map(|d| (d.id.clone(), d.meta.covers.clone()))
            .collect::<HashMap<_, _>>();
        let subsumes = detections
            .iter()
            .map(|d| (d.id.clone(), d.meta.subsumes.clone()))
            .collect::<HashMap<_, _>>();
        let notes = self.notes.as_deref().map(read_notes).transpose()?.unwrap_or_default();
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
        let wanted = |file: &str| self.only.as_ref().is_none_or(|only| file.contains(only));
        let of_files: Vec<Label> = of_files
            .into_iter()
            .filter(|label| label.file.as_deref().is_some_and(wanted))
            .collect();
        let paths = of_files.iter().filter_map(|label| Some(folder.join(label.file.as_ref()?)));
        let apart = each_apart(desk, &config, &detections, paths.collect()).await?;
        for (label, (found, events)) in of_files.into_iter().zip(apart) {
            evaluation.add(about_file(label, &found, events, &notes, &covers, &subsumes));
        }
        tell(desk, &evaluation)?;
        let poor = self.recall.is_some_and(|least| evaluation.recall() < least)
            || self.noise.is_some_and(|most| evaluation.noise_per_million() > most);
        Ok(if poor { Exit::Found } else { Exit::Done })
    }
}

fn read_notes(path: &Path) -> Result<Notes> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("could not read the notes in `{shown}`"))?;
    Notes::read(&text).with_context(|| format!("could not use `{shown}`"))
}

/// What a file's own findings say about its label.
fn about_file(
    label: Label,
    found: &[Finding],
    events: u64,
    notes: &Notes,
    covers: &HashMap<String, Vec<String>>,
    subsumes: &HashMap<String, Vec<String>>,
) -> Evaluation {
    // A sample of a rule is made for that rule alone: it is neither attack nor peace.
    if let Some(sample) = sample(&label, found, subsumes, notes) {
        return Evaluation { events, samples: vec![sample], ..Evaluation::default() };
    }
    let why = notes.out_of_scope(label.file.as_deref().unwrap_or_default()).map(str::to_owned);
    let mut evaluation = judge(&[label], found, covers, events);
    evaluation.attacks.iter_mut().for_each(|attack| attack.out_of_scope.clone_from(&why));
    evaluation
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

/// What is found in each file or folder, which stands alone, and its events: side by side, on as many
/// cores as there are.
async fn each_apart(
    desk: &Desk,
    config: &Config,
    detections: &[Detection],
    paths: Vec<PathBuf>,
) -> Result<Vec<(Vec<Finding>, u64)>> {
    let bar = Bar::new(&desk.out, "evaluate", "parts");
    let total = paths.len() as u64;
    let cores = desk
        .limits()
        .parallel
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let paths = Arc::new(Mutex::new(paths.into_iter().enumerate()));
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut workers = JoinSet::new();
    for _ in 0..cores.min(total as usize) {
        let (paths, tell, known) = (paths.clone(), tell.clone(), config.known.clone());
        let planned = Planned::of(detections).await?;
        workers.spawn(async move {
            let next = || paths.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some((at, path)) = next() {
                let found = by_itself(&planned, &known, &path).await;
                let found = found.with_context(|| format!("could not judge `{}`", path.display()));
                if tell.send((at, found)).is_err() {
                    break; // Nobody listens any longer.
                }
            }
        });
    }
    drop(tell);
    let mut all = Vec::new();
    while let Some((at, found)) = told.recv().await {
        all.push((at, found?));
        bar.tell(Progress { done: all.len() as u64, total, ..Progress::default() });
    }
    bar.end();
    while let Some(worker) = workers.join_next().await {
        worker.context("a worker stopped")?;
    }
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, found)| found).collect())
}

/// What is found in one file or folder that stands alone, and its events.
async fn by_itself(planned: &Planned, known: &Known, path: &Path) -> Result<(Vec<Finding>, u64)> {
    let folder = tempfile::tempdir().context("could not make a temporary folder")?;
    let location = rolecall_lake::Location::find(&folder.path().to_string_lossy()).await?;
    let mut lake = Lake::open(location, Access::Create).await?;
    let trail = Trail::list(&path.to_string_lossy()).await?;
    ingest(&mut lake, &trail, &Settings::at(clock::now()), &|_| ()).await?;
    trace(&mut lake, &|_| ()).await?;
    let found = detect_small(&lake, planned, known, clock::now()).await?;
    Ok((found, events(&lake).await?))
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
            row.insert("out_of_scope".into(), json!(attack.out_of_scope));
            row.insert("scenario".into(), json!(attack.scenario));
            row
        })
        .collect();
    let columns =
        ["attack", "found_by", "as_expected", "after_seconds", "out_of_scope", "scenario"];
    desk.out.rows(&columns.map(str::to_owned), &rows)
}
