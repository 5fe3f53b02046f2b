//! Which time is asked about: from where the last run ended, or from what came later and is older.

use std::collections::BTreeSet;

use rolecall_lake::{DataFile, Lake, LakeError, LakeTable};
use rolecall_model::{Day, Edge, Event, Finding, Footprint, Session, Time, Usage, Window};

use crate::trace::{EVENTS, USAGES};

/// Checkpoint in `finding`: the end of the last window, in microseconds since 1970.
pub(super) const ANSWERED: &str = "detect";
/// Checkpoints in `finding`: the versions of `event` and `usage` whose rows were asked about, or lie
/// behind [`ANSWERED`].
pub(crate) const ASKED_EVENTS: &str = "detect.event";
pub(crate) const ASKED_USAGES: &str = "detect.usage";

/// How far a run goes back before the end of the last one, in seconds: what happened until then may
/// mean something else beside what came later.
const AGAIN: i64 = 3 * 3600;

/// Days before a window that a detection looks at, that day included: behind a longer silence nothing
/// is found.
const LOOKED_BACK: i32 = 31;

/// Days without a record that end a history: what lies before a longer silence tells nothing of what is
/// usual now, and may be one record with a wrong date.
const SILENCE: i32 = 14;

/// What is asked about: an end left open is where the last run ended, or where the data ends.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// The first instant.
    pub from: Option<Time>,
    /// The first instant after.
    pub until: Option<Time>,
}

/// Where the last run ended, and what was traced since.
#[derive(Debug, Default)]
pub(super) struct Resumed {
    /// Where this run begins; none if there was no run before.
    pub(super) from: Option<Time>,
    /// The checkpoints of what this run asks about, beside [`ANSWERED`].
    pub(super) versions: Vec<(String, i64)>,
}

impl Resumed {
    pub(super) async fn of(lake: &Lake, now: Time) -> Result<Resumed, LakeError> {
        let end = lake.table::<Finding>().checkpoint(ANSWERED).await?.map(Time);
        let mut versions = Vec::new();
        let mut from = end.map(|end| resumed(end, now));
        for (table, traced, asked) in [
            (lake.table::<Event>(), EVENTS, ASKED_EVENTS),
            (lake.table::<Usage>(), USAGES, ASKED_USAGES),
        ] {
            // What is not traced yet belongs to the next run as well.
            let version = lake.table::<Session>().checkpoint(traced).await?;
            versions.extend(version.map(|version| (asked.to_owned(), version)));
            // Nothing is followed before the first run, nor after one of a rolecall that did not.
            if let Some(version) = lake.table::<Finding>().checkpoint(asked).await? {
                let late = earliest(&table.added_since(Some(version.unsigned_abs())).await?);
                from = from.into_iter().chain(late).min();
            }
        }
        Ok(Resumed { from, versions })
    }
}

/// The hour in which the oldest row of some files lies.
fn earliest(files: &[DataFile]) -> Option<Time> {
    let from = |file: &DataFile| file.times.map_or(file.day.start(), |(from, _)| from);
    files.iter().map(from).min().map(Time::hour)
}

/// Where a run begins at the latest if the last one ended here: at the beginning of an hour, since `usage`
/// counts by the hour. Clocks that were wrong may have ended ahead of now.
fn resumed(end: Time, now: Time) -> Time {
    end.min(now).plus_seconds(-AGAIN).hour()
}

/// The days on which something happened, or a session began that something is known of.
pub(super) fn days_of(lake: &Lake) -> BTreeSet<Day> {
    let tables = [lake.table::<Event>(), lake.table::<Usage>(), lake.table::<Session>()];
    tables.into_iter().flat_map(LakeTable::files).map(|file| file.day).collect()
}

/// The days of which rows or roll-ups are left.
pub(super) fn remembered(lake: &Lake) -> BTreeSet<Day> {
    let rolled_up = [lake.table::<Edge>(), lake.table::<Footprint>()];
    let rolled_up = rolled_up.into_iter().flat_map(LakeTable::files).map(|file| file.day);
    days_of(lake).into_iter().chain(rolled_up).collect()
}

/// Since when a lake remembers what was before a window, counted in days as windows are.
pub(super) fn history_from(remembered: &BTreeSet<Day>, window: Window) -> Time {
    let mut first = Day::from(window.from);
    for day in remembered.range(..first).rev() {
        if first.0 - day.0 > SILENCE {
            break;
        }
        first = *day;
    }
    first.start()
}

/// The UTC days of a window, the first and last cut to fit, of which a detection may see something. A
/// single record with a wrong date may lie thousands of years from all others.
pub(super) fn days(window: Window, there: &BTreeSet<Day>) -> Vec<Window> {
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
    fn one_old_record_is_no_history() {
        let day = |text: &str| -> Day { text.parse().unwrap() };
        let since = |days: &[&str], window: &str| {
            let days = days.iter().map(|text| day(text)).collect();
            let from = day(window).start().plus_seconds(3600);
            let window = Window { from, until: from.plus_seconds(3600) };
            history_from(&days, window).to_string()
        };
        let at = |text: &str| day(text).start().to_string();
        let old = ["1970-01-01", "2026-03-01", "2026-03-02", "2026-03-16"];
        assert_eq!(since(&old, "2026-03-02"), at("2026-03-01"));
        assert_eq!(since(&old, "2026-03-16"), at("2026-03-01"), "fourteen days are a holiday");
        assert_eq!(since(&old, "2026-03-31"), at("2026-03-31"), "fifteen are a gap");
        assert_eq!(since(&old, "1970-01-01"), at("1970-01-01"));
        assert_eq!(since(&[], "2026-03-10"), at("2026-03-10"));
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
