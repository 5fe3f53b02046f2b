//! Coverage: the hours of which the lake has logs, by account and day.

use std::collections::BTreeMap;

use rolecall_model::{Day, Time};

use crate::axis::{Axis, Tick};
use crate::grid::{Cell, Grid, heads};
use crate::instant::{minutes, month_day};
use crate::material::Material;
use crate::names::Names;
use crate::numbers::{counted, grouped, percent};
use crate::room::Room;
use crate::text::{cut, shortened};

/// More accounts and columns are not drawn.
const MOST_ACCOUNTS: usize = 60;
const PARTS: usize = 62;
/// An upper bound of the markup around each text of the picture, in bytes.
const MARKUP: usize = 80;
/// Pixels.
const ROW: i64 = 34;

#[derive(Debug, Default)]
pub(crate) struct Coverage {
    pub(crate) height: i64,
    pub(crate) ticks: Vec<Tick>,
    pub(crate) rows: Vec<Row>,
    pub(crate) note: String,
    pub(crate) regions: Grid,
    pub(crate) rejected: Grid,
}

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) y: i64,
    pub(crate) label: String,
    pub(crate) hours: String,
    pub(crate) spots: Vec<Spot>,
}

/// The days of a part of the span.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(crate) x: String,
    pub(crate) width: String,
    /// 0 to 4: no hour to all hours.
    pub(crate) level: i64,
    pub(crate) has_rejected: bool,
    pub(crate) tip: String,
}

/// What a part holds of an account.
#[derive(Clone, Copy, Default)]
struct Sum {
    hours: i64,
    records: i64,
    rejected: i64,
}

pub(crate) fn coverage(
    material: &Material,
    names: &Names<'_>,
    picture: &mut Room,
    room: &mut Room,
) -> Coverage {
    let (from, until) = (material.head.from, material.head.until);
    let first = Day::from(from);
    let last = Day::from(Time(until.0.saturating_sub(1)));
    let days = (i64::from(last.0) - i64::from(first.0) + 1).max(1);
    let a_part = (days + PARTS as i64 - 1) / PARTS as i64;
    let parts = ((days + a_part - 1) / a_part) as usize;
    let axis =
        Axis::new(first.start(), first.plus((parts as i64 * a_part).min(1_000_000) as i32).start());
    let mut accounts: BTreeMap<&str, Vec<Sum>> = BTreeMap::new();
    for day in &material.coverage_days {
        let at = (i64::from(day.day.0) - i64::from(first.0)) / a_part;
        let sums = accounts.entry(&day.account).or_insert_with(|| vec![Sum::default(); parts]);
        if let Some(sum) = usize::try_from(at).ok().and_then(|at| sums.get_mut(at)) {
            sum.hours += day.hours;
            sum.records = sum.records.saturating_add(day.records);
            sum.rejected = sum.rejected.saturating_add(day.rejected);
        }
    }
    let all = accounts.len();
    let covered = |sums: &[Sum]| sums.iter().map(|sum| sum.hours).sum::<i64>();
    let mut order: Vec<(&str, Vec<Sum>)> = accounts.into_iter().collect();
    order.sort_by_key(|(account, sums)| (covered(sums), *account));
    order.truncate(MOST_ACCOUNTS);
    let possible = possible_hours(from, until);
    let rows = order.iter().enumerate().map(|(at, (account, sums))| Row {
        y: at as i64 * ROW,
        label: shortened(&crate::map::place_name(account, names), 44),
        hours: format!("{} of {} h", grouped(covered(sums)), grouped(possible)),
        spots: spots(sums, first, a_part, parts, (from, until)),
    });
    let rows = rows.take_while(|row| {
        let tips = row.spots.iter().flat_map(|spot| [row.label.as_str(), spot.tip.as_str()]);
        picture.take(tips.chain([row.label.as_str(), &row.hours]), MARKUP)
    });
    let rows: Vec<Row> = rows.collect();
    let left_out = if rows.len() < all {
        format!("Drawn are the {} of {all} accounts with the fewest hours. ", rows.len())
    } else {
        String::new()
    };
    let step = if a_part == 1 { "a day".to_owned() } else { format!("{a_part} days") };
    Coverage {
        height: rows.len() as i64 * ROW,
        ticks: axis.ticks().into_iter().filter(|tick| !tick.is_minor).collect(),
        rows,
        note: format!(
            "{left_out}Each field is {step}; the fuller, the more of its hours have logs. CloudTrail delivers nothing while nothing happens, so an empty hour is a gap or a quiet one."
        ),
        regions: regions(material, names, room),
        rejected: rejected(material, room),
    }
}

fn possible_hours(from: Time, until: Time) -> i64 {
    let hours = (until.seconds() - from.hour().seconds() + 3599) / 3600;
    hours.max(1)
}

fn spots(
    sums: &[Sum],
    first: Day,
    a_part: i64,
    parts: usize,
    (from, until): (Time, Time),
) -> Vec<Spot> {
    let spot = |(at, sum): (usize, &Sum)| {
        let begin = first.plus((at as i64 * a_part) as i32).start();
        let end = begin.plus_seconds(a_part * 86_400);
        let possible = possible_hours(begin.max(from), end.min(until));
        let level = match sum.hours {
            0 => 0,
            hours if hours >= possible => 4,
            hours => (hours * 4 / possible).clamp(1, 3),
        };
        let rejected = if sum.rejected > 0 {
            format!(", {} rejected", grouped(sum.rejected))
        } else {
            String::new()
        };
        Spot {
            x: percent(at as f64 / parts as f64),
            width: percent(0.94 / parts as f64),
            level,
            has_rejected: sum.rejected > 0,
            tip: format!(
                "{} · {} of {} h · {}{rejected}",
                month_day(begin),
                sum.hours,
                possible,
                counted(sum.records, "record", "records")
            ),
        }
    };
    sums.iter().enumerate().map(spot).collect()
}

fn regions(material: &Material, names: &Names<'_>, room: &mut Room) -> Grid {
    let time = |at: Option<Time>| Cell::of(at.map(minutes).unwrap_or_default());
    let rows = material.coverage_regions.iter().map(|region| {
        vec![
            Cell::of(crate::map::place_name(&region.account, names)),
            Cell::of(region.region.as_str()),
            Cell::number(region.objects),
            Cell::number(region.records),
            Cell::number(region.kept),
            Cell::number(region.passed_over),
            Cell::number(region.rejected),
            time(region.first_event_at),
            time(region.last_event_at),
        ]
    });
    let heads = heads(&[
        ("account", "The account whose trail it is.", false),
        ("region", "The region in the object's name.", false),
        ("objects", "Objects that were read or refused.", true),
        ("records", "Records in them.", true),
        ("kept", "Records that were counted.", true),
        ("passed over", "Records that are no call, such as Insights.", true),
        ("rejected", "Records that could not be read.", true),
        ("first event", "The earliest event in them (UTC).", false),
        ("last event", "The latest event in them (UTC).", false),
    ]);
    let all = material.coverage_regions.len();
    Grid::fill("coverage-regions", "What was read, by account and region", heads, rows, all, room)
}

fn rejected(material: &Material, room: &mut Room) -> Grid {
    let rows = material.rejected.iter().map(|reason| {
        vec![
            Cell::of(reason.what.as_str()),
            Cell::of(reason.reason.as_str()),
            Cell::number(reason.times),
            Cell::of(cut(&reason.first_object, 200)),
        ]
    });
    let heads = heads(&[
        ("what", "A record, or a whole object.", false),
        ("reason", "Why it could not be read.", false),
        ("times", "How often, in the whole lake.", true),
        ("first object", "One object where it was met.", false),
    ]);
    let all = material.rejected.len();
    Grid::fill("rejected", "What could not be read, and why", heads, rows, all, room)
}
