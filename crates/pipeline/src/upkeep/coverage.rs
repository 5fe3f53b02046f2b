//! What the trail lacks: accounts and regions that fell silent, and days in the middle.
//!
//! Only what is followed can fall silent: an account and region of which objects were read soon after
//! their delivery on most days of two weeks. A folder of old logs is never followed. CloudTrail
//! delivers nothing where nothing happens, so silence is measured by how long it usually lasts.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_model::{Day, Time};

use super::trails::{DAYS, Trail};

/// Days before the last delivery in which it shows how long silence usually lasts, that day included.
const USUAL_DAYS: usize = 14;

/// Days of these on which objects were read soon after their delivery.
const FOLLOWED_DAYS: u32 = 8;

/// How much longer than usual silence must last, in hours.
const LONGER_HOURS: i64 = 6;

/// Days after which a day that lacks objects is no longer waited for.
const LATE_DAYS: usize = 2;

/// Something that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lack {
    pub(super) whose: Whose,
    pub(super) kind: Kind,
    /// The first hour, or the day, without objects.
    pub(super) since: Time,
    /// How many accounts and regions it concerns.
    pub(super) trails: usize,
}

/// Whose objects are missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whose {
    Everybodys,
    Account(String),
    Region(String, String),
}

/// How they are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// From then until now; the longest silence of the days before, in hours.
    Silent { usual_hours: i64 },
    /// On that day, though before and after there were some.
    Day,
}

/// What is missing at an instant. Days count from `first`.
pub(super) fn lacks(trails: &[Trail], first: Day, now: Time) -> Vec<Lack> {
    let followed: Vec<&Trail> = trails.iter().filter(|trail| is_followed(trail)).collect();
    let silent: Vec<(&Trail, Lack)> =
        followed.iter().filter_map(|trail| Some((*trail, silence(trail, first, now)?))).collect();
    let mut lacks = condensed(&silent, &followed);
    for day in 7..DAYS - LATE_DAYS {
        let there: Vec<&Trail> =
            followed.iter().filter(|trail| is_expected(trail, day)).copied().collect();
        let missing = there.iter().filter(|trail| trail.hours[day] == 0).map(|trail| {
            let (kind, since) = (Kind::Day, first.plus(day as i32).start());
            (*trail, Lack { whose: region(trail), kind, since, trails: 1 })
        });
        lacks.extend(condensed(&missing.collect::<Vec<_>>(), &there));
    }
    lacks
}

fn region(trail: &Trail) -> Whose {
    Whose::Region(trail.account.clone(), trail.region.clone())
}

fn last_day(trail: &Trail) -> Option<usize> {
    trail.hours.iter().rposition(|hours| *hours != 0)
}

fn is_followed(trail: &Trail) -> bool {
    let Some(last) = last_day(trail).filter(|last| last + 1 >= USUAL_DAYS) else { return false };
    let days = (last + 1 - USUAL_DAYS..=last).filter(|day| trail.prompt >> day & 1 == 1);
    days.count() as u32 >= FOLLOWED_DAYS
}

/// The silence of a trail, if it lasts longer than it usually does.
fn silence(trail: &Trail, first: Day, now: Time) -> Option<Lack> {
    let last = last_day(trail)?;
    let days = last + 1 - USUAL_DAYS..=last;
    let hours: Vec<i64> = days
        .flat_map(|day| {
            (0..24)
                .filter(move |hour| trail.hours[day] >> hour & 1 == 1)
                .map(move |hour| (day * 24 + hour) as i64)
        })
        .collect();
    let usual_hours = hours.windows(2).map(|pair| pair[1] - pair[0] - 1).max()?;
    let since = first.start().plus_seconds((hours.last()? + 1) * 3600);
    let silent_hours = (now.seconds() - since.seconds()).div_euclid(3600);
    let lack = Lack { whose: region(trail), kind: Kind::Silent { usual_hours }, since, trails: 1 };
    (silent_hours > usual_hours + LONGER_HOURS).then_some(lack)
}

/// Whether a day should have objects: earlier and later days have some, and so have the same days of
/// the week in the other weeks.
fn is_expected(trail: &Trail, day: usize) -> bool {
    let weeks = (day % 7..=DAYS).step_by(7).filter(|other| *other != day);
    // A week that the lake did not yet see, or that is not over, tells nothing.
    let Some(begin) = trail.hours.iter().position(|hours| *hours != 0) else { return false };
    let Some(last) = last_day(trail) else { return false };
    let weeks: Vec<usize> = weeks.filter(|other| begin <= *other && *other <= last).collect();
    begin < day
        && day < last
        && weeks.len() >= 2
        && weeks.iter().all(|other| trail.hours[*other] != 0)
}

/// One lack for all, if all lack the same; otherwise one for each account of which all regions do,
/// and one for each other region.
fn condensed(lacking: &[(&Trail, Lack)], there: &[&Trail]) -> Vec<Lack> {
    let as_one = |whose: Whose, lacks: &[&Lack]| {
        // Of silences, the last to begin: since then, nothing came.
        let latest = lacks.iter().max_by_key(|lack| lack.since);
        latest.map(|lack| Lack { whose, trails: lacks.len(), ..(*lack).clone() })
    };
    if lacking.len() > 1 && lacking.len() == there.len() {
        let all: Vec<&Lack> = lacking.iter().map(|(_, lack)| lack).collect();
        return as_one(Whose::Everybodys, &all).into_iter().collect();
    }
    let mut regions: BTreeMap<&str, usize> = BTreeMap::new();
    there.iter().for_each(|trail| *regions.entry(&trail.account).or_default() += 1);
    let accounts: BTreeSet<&str> =
        lacking.iter().map(|(trail, _)| trail.account.as_str()).collect();
    let mut lacks = Vec::new();
    for account in accounts {
        let of_account = lacking.iter().filter(|(trail, _)| trail.account == account);
        let of_account: Vec<&Lack> = of_account.map(|(_, lack)| lack).collect();
        if of_account.len() > 1 && regions.get(account) == Some(&of_account.len()) {
            lacks.extend(as_one(Whose::Account(account.to_owned()), &of_account));
        } else {
            lacks.extend(of_account.into_iter().cloned());
        }
    }
    lacks
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Day = Day(20_000);

    /// A trail with objects in these hours of these days, read as they came.
    fn trail(
        account: &str,
        region: &str,
        days: impl IntoIterator<Item = usize>,
        hours: u32,
    ) -> Trail {
        let mut trail = Trail::of(account, region);
        for day in days {
            trail.hours[day] = hours;
            trail.prompt |= u32::from(hours != 0) << day;
        }
        trail
    }

    fn at(day: i64, hour: i64) -> Time {
        FIRST.start().plus_seconds(day * 86_400 + hour * 3600)
    }

    const ALWAYS: u32 = (1 << 24) - 1;
    const OFFICE: u32 = 0b111_1111_1111 << 8;

    #[test]
    fn silence_is_what_lasts_longer_than_usual() {
        let whole = |until: usize| trail("1", "eu", 0..until, ALWAYS);
        for (trail, now, silent) in [
            (whole(28), at(28, 6), None),
            (whole(28), at(28, 7), Some(at(28, 0))),
            // Twenty days later it is the same silence.
            (whole(20), at(28, 0), Some(at(20, 0))),
            // At night it is always silent, from 19 until 8.
            (trail("1", "eu", 0..28, OFFICE), at(28, 8), None),
            (trail("1", "eu", 0..28, OFFICE), at(28, 15), Some(at(27, 19))),
            // So it is at weekends.
            (trail("1", "eu", (0..28).filter(|d| d % 7 < 5), OFFICE), at(28, 7), None),
            (trail("1", "eu", (0..28).filter(|d| d % 7 < 5), OFFICE), at(28, 15), Some(at(25, 19))),
            // Now and then is no habit.
            (trail("1", "eu", (0..28).step_by(3), ALWAYS), at(28, 23), None),
            // Nor are seven days.
            (trail("1", "eu", 13..20, ALWAYS), at(28, 23), None),
        ] {
            let found = lacks(std::slice::from_ref(&trail), FIRST, now);
            let found: Vec<Time> = found
                .iter()
                .filter(|lack| matches!(lack.kind, Kind::Silent { .. }))
                .map(|lack| lack.since)
                .collect();
            assert_eq!(found, silent.into_iter().collect::<Vec<_>>(), "{trail:?} {now}");
        }
    }

    #[test]
    fn an_import_of_old_logs_is_not_followed() {
        let mut imported = trail("1", "eu", 0..20, ALWAYS);
        imported.prompt = 0;
        imported.hours[12] = 0;
        assert_eq!(lacks(&[imported], FIRST, at(28, 12)), []);
        // The last days of an import may be fresh.
        let mut imported = trail("1", "eu", 0..28, ALWAYS);
        imported.prompt = 0b11 << 26;
        assert_eq!(lacks(&[imported], FIRST, at(28, 23)), []);
    }

    #[test]
    fn reading_late_and_reading_soon_are_told_apart() {
        let mut trail = Trail::of("1", "eu");
        trail.add(FIRST, at(3, 5), at(3, 6));
        trail.add(FIRST, at(4, 5), at(9, 6));
        trail.add(FIRST, at(-1, 5), at(0, 6));
        trail.add(FIRST, at(29, 5), at(29, 6));
        assert_eq!((trail.prompt, trail.hours[3], trail.hours[4]), (0b1000, 1 << 5, 1 << 5));
        assert_eq!(trail.hours.iter().filter(|hours| **hours != 0).count(), 2);
    }

    #[test]
    fn a_day_in_the_middle_is_missed_and_weekends_are_not() {
        let gap = |skip: usize, weekend: bool| {
            let days = (0..28).filter(move |d| *d != skip && !(weekend && d % 7 > 4));
            lacks(&[trail("1", "eu", days, ALWAYS)], FIRST, at(28, 2))
        };
        let missed = gap(15, false);
        assert_eq!(missed.len(), 1, "{missed:?}");
        assert_eq!((missed[0].kind, missed[0].since), (Kind::Day, at(15, 0)));
        assert_eq!(gap(16, true).iter().filter(|l| l.kind == Kind::Day).count(), 1);
        assert_eq!(gap(99, true).iter().filter(|l| l.kind == Kind::Day).count(), 0);
        assert_eq!(gap(27, false).len(), 1, "yesterday is a silence");
        assert_eq!(gap(26, false), [], "it may still come");
    }

    #[test]
    fn before_the_first_objects_nothing_is_missed() {
        for begin in 0..14 {
            let whole = trail("1", "eu", begin..28, ALWAYS);
            assert_eq!(lacks(&[whole], FIRST, at(28, 2)), [], "from day {begin}");
        }
    }

    #[test]
    fn what_all_lack_is_told_once() {
        let now = at(28, 12);
        let dead = |account: &str, region: &str| trail(account, region, 0..26, ALWAYS);
        let alive = |account: &str, region: &str| {
            let mut trail = trail(account, region, 0..29, ALWAYS);
            trail.hours[28] = 0b1111_1111_1111;
            trail
        };
        for (trails, expected) in [
            (vec![dead("1", "eu"), dead("1", "us"), dead("2", "eu")], vec![Whose::Everybodys]),
            (
                vec![dead("1", "eu"), dead("1", "us"), alive("2", "eu")],
                vec![Whose::Account("1".into())],
            ),
            (
                vec![dead("1", "eu"), alive("1", "us"), dead("2", "eu")],
                vec![
                    Whose::Region("1".into(), "eu".into()),
                    Whose::Region("2".into(), "eu".into()),
                ],
            ),
            (vec![dead("1", "eu")], vec![Whose::Region("1".into(), "eu".into())]),
            (vec![alive("1", "eu"), alive("2", "eu")], vec![]),
        ] {
            let found: Vec<Whose> = lacks(&trails, FIRST, now)
                .into_iter()
                .filter(|lack| matches!(lack.kind, Kind::Silent { .. }))
                .map(|lack| lack.whose)
                .collect();
            assert_eq!(found, expected);
        }
    }
}
