//! Files and folders that labels are about, each read into a lake of its own.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use rolecall_catalog::Detection;
use rolecall_evaluate::{Found, Label, undated};
use rolecall_known::Known;
use rolecall_lake::{Access, Lake};
use rolecall_pipeline::{Config, Progress, Settings, Trail, detect_small, ingest, trace};
use rolecall_query::Planned;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::lake::{events, times};
use crate::clock;
use crate::desk::Desk;
use crate::output::progress::Bar;

/// What is found in the file or folder of each label, which stands alone: side by side, on as many
/// cores as there are.
pub(super) async fn each_apart(
    desk: &Desk,
    config: &Config,
    detections: &[Detection],
    parts: Vec<(Label, PathBuf)>,
) -> Result<Vec<(Label, Found)>> {
    let bar = Bar::new(&desk.out, "evaluate", "parts");
    let total = parts.len() as u64;
    let cores = desk
        .limits()
        .parallel
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    let parts = Arc::new(Mutex::new(parts.into_iter().enumerate()));
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut workers = JoinSet::new();
    for _ in 0..cores.min(total as usize) {
        let (parts, tell, known) = (parts.clone(), tell.clone(), config.known.clone());
        let planned = Planned::of(detections).await?;
        workers.spawn(async move {
            let next = || parts.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some((at, (label, path))) = next() {
                let found = by_itself(&planned, &known, &label, &path).await;
                let found = found.with_context(|| format!("could not judge `{}`", path.display()));
                if tell.send((at, label, found)).is_err() {
                    break; // Nobody listens any longer.
                }
            }
        });
    }
    drop(tell);
    let mut all = Vec::new();
    while let Some((at, label, found)) = told.recv().await {
        all.push((at, label, found?));
        bar.tell(Progress { done: all.len() as u64, total, ..Progress::default() });
    }
    bar.end();
    while let Some(worker) = workers.join_next().await {
        worker.context("a worker stopped")?;
    }
    all.sort_by_key(|(at, ..)| *at);
    Ok(all.into_iter().map(|(_, label, found)| (label, found)).collect())
}

/// What is found in the file or folder of a label.
async fn by_itself(planned: &Planned, known: &Known, label: &Label, path: &Path) -> Result<Found> {
    let folder = tempfile::tempdir().context("could not make a temporary folder")?;
    let location = rolecall_lake::Location::find(&folder.path().to_string_lossy()).await?;
    let mut lake = Lake::open(location, Access::Create).await?;
    let trail = Trail::list(&path.to_string_lossy()).await?;
    ingest(&mut lake, &trail, &Settings::at(clock::now()), &|_| ()).await?;
    trace(&mut lake, &|_| ()).await?;
    let findings = detect_small(&lake, planned, known, clock::now()).await?;
    let times = times(&lake, undated([label])).await?;
    Ok(Found { findings, events: events(&lake).await?, times })
}
