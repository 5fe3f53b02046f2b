//! Detect: every detection is asked about every window that is not answered yet.
//!
//! Windows are whole UTC days, and the part of the day that has passed. The end of the last window is
//! committed together with its findings and with the versions of `event` and `usage` that were there.
//! The next run begins some hours earlier, or with the oldest row that was stored since, however late it
//! came; what was found already is not said again. An end never lies ahead of the clock: the hour in
//! which a window ends is seldom over when it is asked about.

mod said;
mod windows;

use std::collections::HashSet;

use rolecall_catalog::Detection;
use rolecall_known::Known;
use rolecall_lake::{Change, Lake, Outcome, span_of};
use rolecall_model::{Finding, Row, Time, Window};
use rolecall_query::{Limits, Planned};

use crate::asking::{Asking, quieted};
use crate::error::TRIES;
use crate::{Progress, StepError, Watch};

use said::Said;
use windows::{ANSWERED, Resumed, days, days_of, history_from, remembered};

pub(crate) use said::said;
pub use windows::Span;
pub(crate) use windows::{ASKED_EVENTS, ASKED_USAGES};

/// What a detect did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detected {
    /// The time asked about, from the first window to the last.
    pub window: Option<Window>,
    /// Detections that were asked.
    pub detections: u64,
    /// Findings that were not there before, dry-run ones too.
    pub findings: Vec<Finding>,
    /// Findings that were found again and not repeated.
    pub repeated: u64,
}

/// Asks the detections about a span, and stores what they find.
pub async fn detect(
    lake: &mut Lake,
    detections: &[Detection],
    known: &Known,
    span: Span,
    limits: Limits,
    now: Time,
    watch: Watch<'_>,
) -> Result<Detected, StepError> {
    let mut did = Detected { detections: detections.len() as u64, ..Detected::default() };
    let Some(data) = span_of(lake) else { return Ok(did) };
    let resumed = Resumed::of(lake, now).await?;
    let asked = Window {
        from: span.from.or(resumed.from).unwrap_or(data.from).max(data.from),
        until: span.until.unwrap_or(data.until),
    };
    if asked.from >= asked.until {
        return Ok(did);
    }
    did.window = Some(asked);

    let (windows, remembered) = (days(asked, &days_of(lake)), remembered(lake));
    let total = (windows.len() * detections.len()) as u64;
    watch(Progress { total, ..Progress::default() });
    let asking = Asking::of(lake, detections, known, limits, now).await?;
    for (day, window) in windows.iter().enumerate() {
        let tell = |answered: usize| {
            let done = (day * detections.len() + answered) as u64;
            watch(Progress { done, total, ..Progress::default() });
        };
        let found = asking.window(*window, history_from(&remembered, *window), &tell).await?;
        // A span that somebody chose answers her question, and not that of the schedule.
        let mut checkpoints = Vec::new();
        if span.from.is_none() && span.until.is_none() {
            checkpoints.push((ANSWERED.to_owned(), window.until.min(now).0));
            checkpoints.extend(resumed.versions.clone());
        }
        let (new, repeated) = store(lake, found, checkpoints).await?;
        did.findings.extend(new);
        did.repeated += repeated;
    }
    Ok(did)
}

/// What [`detect`] finds in a small lake, from one end to the other, stored nowhere. Its rows are held
/// in memory, under detections that were planned once for many lakes.
pub async fn detect_small(
    lake: &Lake,
    planned: &Planned,
    known: &Known,
    now: Time,
) -> Result<Vec<Finding>, StepError> {
    let mut rows = Vec::new();
    for table in lake.tables() {
        let batches = table.batches().await?;
        rows.extend(batches.into_iter().map(|batch| (table.table().name, batch)));
    }
    planned.stand_on(&rows).await?;
    let Some(data) = span_of(lake) else { return Ok(Vec::new()) };
    let remembered = remembered(lake);
    let mut all: Vec<Finding> = Vec::new();
    let mut said = Said::default();
    for window in days(data, &days_of(lake)) {
        let asked = planned.detect(known, window, history_from(&remembered, window), now).await?;
        let found: Vec<Finding> = asked
            .into_iter()
            .flat_map(|(detection, found)| quieted(found, detection, known, window))
            .collect();
        let mut unique = unique(&found);
        unique.retain(|finding| !said.covers(finding));
        unique.iter().for_each(|finding| said.add(finding));
        all.extend(unique);
    }
    Ok(all)
}

/// Stores findings that were not said in the last days, and returns those; checkpoints go with them.
pub(crate) async fn store(
    lake: &mut Lake,
    found: Vec<Finding>,
    checkpoints: Vec<(String, i64)>,
) -> Result<(Vec<Finding>, u64), StepError> {
    let table = lake.table_mut::<Finding>();
    let mut unique = unique(&found);
    for _ in 0..TRIES {
        let said = said(table, &unique).await?;
        unique.retain(|finding| !said.covers(finding));
        let add = table.write::<Finding>(&unique).await?;
        let change = Change { add, checkpoints: checkpoints.clone(), ..Change::default() };
        if change.is_empty() || matches!(table.commit(change).await?, Outcome::Committed(_)) {
            let repeated = (found.len() - unique.len()) as u64;
            return Ok((unique, repeated));
        }
        table.refresh().await?;
    }
    Err(StepError::Contended { table: Finding::TABLE.name, tries: TRIES })
}

/// The first finding of each fingerprint.
fn unique(found: &[Finding]) -> Vec<Finding> {
    let mut said = HashSet::new();
    found.iter().filter(|finding| said.insert(&finding.fingerprint)).cloned().collect()
}
