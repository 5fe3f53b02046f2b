//! Detect: every detection is asked about every window that is not answered yet.
//!
//! Windows are whole UTC days, and the part of the day that has passed. The end of the last window
//! is committed together with its findings, and the next run begins some hours earlier, since trails
//! deliver late; what was found already is not said again. An end never lies ahead of the clock: the
//! hour in which a window ends is seldom over when it is asked about.

use std::collections::{BTreeSet, HashMap, HashSet};

use rolecall_catalog::Detection;
use rolecall_known::Known;
use rolecall_lake::{Change, Lake, LakeTable, Outcome, span_of};
use rolecall_model::{Day, Event, Finding, Row, Session, Time, Usage, Window};
use rolecall_query::{Limits, Planned};

use crate::asking::{Asking, quieted};
use crate::error::TRIES;
use crate::{Progress, StepError, Watch};

/// Checkpoint in `finding`: the end of the last window, in microseconds since 1970.
const ANSWERED: &str = "detect";

/// How late events may arrive and still be asked about, in seconds. What comes later, as after a dead
/// letter was put back, is asked about by `detect --from`.
const LATE: i64 = 3 * 3600;

/// The same finding is said again after this many days.
const AGAIN_AFTER: i32 = 7;

/// Days before a window that a detection looks at, that day included: behind a longer silence nothing
/// is found.
const LOOKED_BACK: i32 = 31;

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

/// What is asked about: an end left open is where the last run ended, or where the data ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// The first instant.
    pub from: Option<Time>,
    /// The first instant after.
    pub until: Option<Time>,
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
    let answered = lake.table::<Finding>().checkpoint(ANSWERED).await?.map(Time);
    let resumed = answered.map(|end| resumed(end, now).max(data.from));
    let asked = Window {
        from: span.from.or(resumed).unwrap_or(data.from),
        until: span.until.unwrap_or(data.until),
    };
    if asked.from >= asked.until {
        return Ok(did);
    }
    did.window = Some(asked);

    // History is counted in days, as windows are.
    let history_from = Day::from(data.from).start();
    let asking = Asking::of(lake, detections, known, limits, history_from, now).await?;
    let windows = days(asked, &days_of(lake));
    for (done, window) in windows.iter().enumerate() {
        watch(Progress { done: done as u64, total: windows.len() as u64, ..Progress::default() });
        let found = asking.window(*window).await?;
        // A span that somebody chose answers her question, and not that of the schedule.
        let answered =
            (span.from.is_none() && span.until.is_none()).then_some(window.until.min(now));
        let checkpoint = answered.map(|at| (ANSWERED.to_owned(), at.0));
        let (new, repeated) = store(lake, found, checkpoint).await?;
        did.findings.extend(new);
        did.repeated += repeated;
    }
    watch(Progress {
        done: windows.len() as u64,
        total: windows.len() as u64,
        ..Progress::default()
    });
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
    let history_from = Day::from(data.from).start();
    let mut all: Vec<Finding> = Vec::new();
    let mut said = Said::default();
    for window in days(data, &days_of(lake)) {
        let asked = planned.detect(known, window, history_from, now).await?;
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

/// Where a run begins if the last one ended here: earlier, as events may be late, and at the beginning
/// of an hour, since `usage` counts by the hour. Clocks that were wrong may have ended ahead of now.
fn resumed(end: Time, now: Time) -> Time {
    end.min(now).plus_seconds(-LATE).hour()
}

/// The days on which something happened, or a session began that something is known of.
fn days_of(lake: &Lake) -> BTreeSet<Day> {
    let tables = [lake.table::<Event>(), lake.table::<Usage>(), lake.table::<Session>()];
    tables.into_iter().flat_map(LakeTable::files).map(|file| file.day).collect()
}

/// The UTC days of a window, the first and last cut to fit, of which a detection may see something. A
/// single record with a wrong date may lie thousands of years from all others.
fn days(window: Window, there: &BTreeSet<Day>) -> Vec<Window> {
    let mut days: BTreeSet<Day> = BTreeSet::new();
    for first in there {
        days.extend((0..LOOKED_BACK).map(|by| first.plus(by)));
    }
    let cut = |day: Day| Window {
        from: day.start().max(window.from),
        until: day.plus(1).start().min(window.until),
    };
    days.into_iter().map(cut).filter(|day| day.from < day.until).collect()
}

/// Stores findings that were not said in the last days, and returns those; a checkpoint goes with
/// them.
pub(crate) async fn store(
    lake: &mut Lake,
    found: Vec<Finding>,
    checkpoint: Option<(String, i64)>,
) -> Result<(Vec<Finding>, u64), StepError> {
    let table = lake.table_mut::<Finding>();
    let mut unique = unique(&found);
    for _ in 0..TRIES {
        let said = said(table, &unique).await?;
        unique.retain(|finding| !said.covers(finding));
        let add = table.write::<Finding>(&unique).await?;
        let checkpoints = checkpoint.clone().into_iter().collect();
        let change = Change { add, checkpoints, ..Change::default() };
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

/// What was said: the latest day of each fingerprint.
#[derive(Debug, Default)]
pub(crate) struct Said(HashMap<String, Day>);

impl Said {
    fn add(&mut self, finding: &Finding) {
        let day = Day::from(finding.first_at);
        let latest = self.0.entry(finding.fingerprint.clone()).or_insert(day);
        *latest = day.max(*latest);
    }

    /// Whether the same was said so lately that it is not said again.
    pub(crate) fn covers(&self, finding: &Finding) -> bool {
        self.0.get(&finding.fingerprint).is_some_and(|day| *day >= said_from(finding))
    }
}

/// From which day on a finding counts as said already.
fn said_from(finding: &Finding) -> Day {
    Day::from(finding.first_at).plus(-AGAIN_AFTER)
}

/// What was stored for the days before these findings.
pub(crate) async fn said(table: &LakeTable, findings: &[Finding]) -> Result<Said, StepError> {
    let mut said = Said::default();
    let Some(from) = findings.iter().map(said_from).min() else { return Ok(said) };
    let recent = table.files().iter().filter(|file| file.day >= from);
    let recent: Vec<_> = recent.cloned().collect();
    let columns = ["fingerprint", "first_at"];
    table.read::<Finding>(&recent, &columns, |finding| said.add(&finding)).await?;
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_cut_at_midnights() {
        let at = |text: &str| text.parse().unwrap();
        let window = Window { from: at("2026-03-10 22:00"), until: at("2026-03-12 01:00") };
        let there = BTreeSet::from([Day::from(window.from)]);
        let days = days(window, &there);
        assert_eq!(days.len(), 3);
        assert_eq!(days[0].until, at("2026-03-11"));
        assert_eq!(days[1], Window { from: at("2026-03-11"), until: at("2026-03-12") });
        assert_eq!(days[2].until, window.until);
    }

    #[test]
    fn a_long_silence_is_not_asked_about() {
        let day = |text: &str| -> Day { text.parse().unwrap() };
        let there = ["1970-01-01", "2026-03-10", "2026-03-12", "9999-12-31"].map(day);
        let window = Window { from: there[0].start(), until: there[3].plus(1).start() };
        let asked = days(window, &BTreeSet::from(there));
        assert_eq!(asked.len() as i32, LOOKED_BACK + (LOOKED_BACK + 2) + 1);
        assert!(there.iter().all(|day| asked.iter().any(|asked| asked.from == day.start())));
        assert!(asked.iter().any(|asked| asked.from == day("2026-04-11").start()));
        assert!(asked.windows(2).all(|pair| pair[0].until <= pair[1].from));
    }

    #[test]
    fn the_same_is_said_again_after_a_week_whatever_else_is_found() {
        let finding = |fingerprint: &str, day: i32| Finding {
            fingerprint: fingerprint.into(),
            first_at: Day(day).start(),
            ..Finding::default()
        };
        let mut said = Said::default();
        for (name, day) in [("a", 10), ("a", 3), ("b", 1)] {
            said.add(&finding(name, day));
        }
        // What began three weeks ago is found together with what began today.
        let found = [("a", 17), ("a", 18), ("b", 8), ("b", 9), ("a", 2), ("c", 18)];
        let covered = found.map(|(name, day)| said.covers(&finding(name, day)));
        assert_eq!(covered, [true, false, true, false, true, false]);
    }

    #[test]
    fn a_run_begins_hours_before_the_end_of_the_last_one() {
        let at = |text: &str| -> Time { text.parse().unwrap() };
        let now = at("2026-03-10 12:25");
        for (end, from) in [
            // A call of 11:58 may have come after 12:10.
            ("2026-03-10 12:10", "2026-03-10 09:00"),
            ("2026-03-10 12:00", "2026-03-10 09:00"),
            ("2026-03-10 11:59", "2026-03-10 08:00"),
            // The window was that of all of this hour, or the clock of a record was wrong.
            ("2026-03-10 13:00", "2026-03-10 09:00"),
            ("9999-12-31", "2026-03-10 09:00"),
            ("2026-03-01", "2026-02-28 21:00"),
        ] {
            assert_eq!(resumed(at(end), now), at(from), "{end}");
        }
    }
}
