//! What a lake says about the trail that labels are about.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use rolecall_evaluate::{Found, Label, USAGE_COLUMNS, times_in_usage, undated};
use rolecall_lake::Lake;
use rolecall_model::{Event, Finding, Time, Usage};

/// What the lake has told, and what else it says about the trail of these labels.
pub(super) async fn found(lake: &Lake, labels: &[Label]) -> Result<Found> {
    let mut findings = findings(lake).await?;
    findings.retain(Finding::is_told);
    let times = times(lake, undated(labels)).await?;
    Ok(Found { findings, events: events(lake).await?, times })
}

async fn findings(lake: &Lake) -> Result<Vec<Finding>> {
    let table = lake.table::<Finding>();
    let mut found = Vec::new();
    table.read::<Finding>(table.files(), &[], |finding| found.push(finding)).await?;
    Ok(found)
}

/// Calls counted in the lake.
pub(super) async fn events(lake: &Lake) -> Result<u64> {
    let table = lake.table::<Usage>();
    let mut calls = 0;
    table.read::<Usage>(table.files(), &["calls"], |usage| calls += usage.calls).await?;
    Ok(calls.unsigned_abs())
}

/// When these events were, as far as the lake says. Most calls are only counted, so those that are
/// no rows of `event` are looked for in `usage`, which takes longer.
pub(super) async fn times(lake: &Lake, mut ids: HashSet<String>) -> Result<HashMap<String, Time>> {
    let mut times = HashMap::new();
    if ids.is_empty() {
        return Ok(times);
    }
    let table = lake.table::<Event>();
    let each = |event: Event| {
        if ids.contains(&event.event_id) {
            keep_earliest(&mut times, event.event_id, event.event_time);
        }
    };
    table.read::<Event>(table.files(), &["event_id", "event_time"], each).await?;
    ids.retain(|id| !times.contains_key(id));
    if ids.is_empty() {
        return Ok(times);
    }
    let table = lake.table::<Usage>();
    let each = |row: Usage| {
        let counted = times_in_usage(&row, &ids).into_iter();
        counted.for_each(|(id, at)| keep_earliest(&mut times, id, at));
    };
    table.read::<Usage>(table.files(), &USAGE_COLUMNS, each).await?;
    Ok(times)
}

/// An id is unique within an account alone, so there may be several times.
fn keep_earliest(times: &mut HashMap<String, Time>, id: String, at: Time) {
    times.entry(id).and_modify(|known| *known = at.min(*known)).or_insert(at);
}
