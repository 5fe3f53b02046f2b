//! Asks all detections about one window, side by side: each on one core, as many as there are.
//!
//! Most questions are small, so that planning costs more than asking; cores are better used by
//! different questions than by parts of one.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rolecall_catalog::Detection;
use rolecall_known::Known;
use rolecall_lake::Lake;
use rolecall_model::{Finding, Time, Window};
use rolecall_query::{Engine, Limits, QueryError};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// What is the same for every window of a run.
pub(crate) struct Asking {
    engines: Vec<Engine>,
    what: Arc<What>,
}

struct What {
    detections: Vec<Detection>,
    known: Known,
    now: Time,
}

impl Asking {
    /// Opens a session for each core; they share the memory.
    pub(crate) async fn of(
        lake: &Lake,
        detections: &[Detection],
        known: &Known,
        limits: Limits,
        now: Time,
    ) -> Result<Asking, QueryError> {
        let cores = limits.parallel.unwrap_or_else(|| {
            std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
        });
        let cores = cores.clamp(1, detections.len().max(1));
        let each = Limits { parallel: Some(1), ..limits };
        let engines = Engine::side_by_side(lake, each, cores).await?;
        let (detections, known) = (detections.to_vec(), known.clone());
        Ok(Asking { engines, what: Arc::new(What { detections, known, now }) })
    }

    /// All findings of a window, in the order of the detections; the lake has a history since some instant.
    /// `tell` is told how many detections have answered.
    pub(crate) async fn window(
        &self,
        window: Window,
        history_from: Time,
        tell: &(dyn Fn(usize) + Sync),
    ) -> Result<Vec<Finding>, QueryError> {
        let mut asked = JoinSet::new();
        let (answer, mut answers) = mpsc::unbounded_channel();
        // Who is done takes the next: some questions take a hundred times as long as others.
        let next = Arc::new(AtomicUsize::new(0));
        for engine in &self.engines {
            let (engine, what, next, answer) =
                (engine.clone(), self.what.clone(), next.clone(), answer.clone());
            asked.spawn(async move {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= what.detections.len() {
                        break;
                    }
                    // Nobody listens any more once another question has failed.
                    let _ = answer.send((at, what.ask(&engine, at, window, history_from).await));
                }
            });
        }
        drop(answer);
        let mut found = Vec::new();
        while let Some((at, findings)) = answers.recv().await {
            found.push((at, findings?));
            tell(found.len());
        }
        while let Some(end) = asked.join_next().await {
            end.expect("no question panics");
        }
        found.sort_by_key(|(at, _)| *at);
        Ok(found.into_iter().flat_map(|(_, findings)| findings).collect())
    }
}

impl What {
    async fn ask(
        &self,
        engine: &Engine,
        at: usize,
        window: Window,
        history_from: Time,
    ) -> Result<Vec<Finding>, QueryError> {
        let detection = &self.detections[at];
        rolecall_query::know(engine, &self.known, detection, window.from).await?;
        let found =
            rolecall_query::detect(engine, detection, window, history_from, self.now).await?;
        Ok(quieted(found, detection, &self.known, window))
    }
}

/// The findings of a detection, with the reason why some of them are kept quiet.
pub(crate) fn quieted(
    found: Vec<Finding>,
    detection: &Detection,
    known: &Known,
    window: Window,
) -> Vec<Finding> {
    let quieted = found.into_iter().map(|finding| {
        let quiet = known.suppressed(&finding, &detection.meta.covers, window.from);
        let reason = quiet.and_then(|quiet| quiet.entry.vouched.reason.clone());
        Finding { suppressed: reason, ..finding }
    });
    quieted.collect()
}
