//! The activity of keys: for each key a row of time for every place from which it was used.

use std::collections::BTreeMap;

use crate::axis::{Axis, Tick};
use crate::instant::minutes;
use crate::material::{KeyHour, Material};
use crate::numbers::{counted, grouped, lasting, percent};
use crate::room::Room;
use crate::text::cut;

/// More keys are not drawn, nor asked for.
pub const MOST_KEYS: usize = 12;
/// More places of a key are not drawn.
const MOST_PLACES: usize = 7;
/// Columns of time.
const PARTS: usize = 96;
/// An upper bound of the markup around each text of a picture, in bytes.
const MARKUP: usize = 110;
/// Pixels.
const ROW: i64 = 34;

#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(crate) shown: Vec<Key>,
    pub(crate) note: String,
}

#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) principal: String,
    pub(crate) calls: String,
    pub(crate) height: i64,
    pub(crate) ticks: Vec<Tick>,
    pub(crate) places: Vec<Place>,
    pub(crate) note: String,
}

#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) y: i64,
    pub(crate) label: String,
    pub(crate) is_new: bool,
    pub(crate) spots: Vec<Spot>,
}

/// Calls from a place within a part of the span.
#[derive(Debug)]
pub(crate) struct Spot {
    pub(crate) x: String,
    pub(crate) width: String,
    /// 1 to 4: how many calls, compared with the key's most.
    pub(crate) level: i64,
    pub(crate) is_failing: bool,
    pub(crate) tip: String,
}

pub(crate) fn keys(material: &Material, room: &mut Room) -> Keys {
    let axis = Axis::new(material.head.from, material.head.until);
    let met: Vec<Key> = material.keys.iter().filter_map(|id| key(id, material, &axis)).collect();
    let all = met.len() as i64 + material.more_keys;
    let fits = |key: &Key| {
        let labels = key.places.iter().map(|place| place.label.as_str());
        let tips = |place: &Place| {
            place
                .spots
                .iter()
                .map(|spot| (place.label.clone(), spot.tip.clone()))
                .collect::<Vec<_>>()
        };
        let spots: Vec<(String, String)> = key.places.iter().flat_map(tips).collect();
        let spots = spots.iter().flat_map(|(label, tip)| [label.as_str(), tip.as_str()]);
        room.take(labels.chain([key.id.as_str(), &key.principal]).chain(spots), MARKUP)
    };
    let shown: Vec<Key> = met.into_iter().take(MOST_KEYS).take_while(fits).collect();
    let note = match all - shown.len() as i64 {
        0 => String::new(),
        more => format!("{} not drawn.", counted(more, "more key is", "more keys are")),
    };
    Keys { shown, note }
}

fn key(id: &str, material: &Material, axis: &Axis) -> Option<Key> {
    let hours: Vec<&KeyHour> =
        material.key_hours.iter().filter(|hour| hour.access_key_id == id).collect();
    let begun = hours.iter().map(|hour| hour.hour).min()?;
    let mut places: BTreeMap<&str, Vec<&KeyHour>> = BTreeMap::new();
    for hour in &hours {
        places.entry(&hour.place).or_default().push(hour);
    }
    let mut places: Vec<(&str, Vec<&KeyHour>)> = places.into_iter().collect();
    let all = places.len();
    places.sort_by_key(|(place, hours)| (std::cmp::Reverse(calls(hours)), *place));
    places.truncate(MOST_PLACES);
    places.sort_by_key(|(place, hours)| (hours.iter().map(|hour| hour.hour).min(), *place));
    let parts = PARTS.min((axis.seconds() / 3600).max(1) as usize);
    let most = places.iter().flat_map(|(_, hours)| parted(hours, axis, parts).into_values());
    let most = most.map(|(calls, _)| calls).max().unwrap_or(1).max(1);
    let shown: Vec<Place> = places
        .iter()
        .enumerate()
        .map(|(at, (place, hours))| Place {
            y: at as i64 * ROW,
            label: label(place, hours),
            is_new: is_new(hours, begun, material),
            spots: spots(hours, axis, parts, most),
        })
        .collect();
    let failed: i64 = hours.iter().map(|hour| hour.failed_calls).sum();
    let left_out = all - shown.len();
    Some(Key {
        id: id.to_owned(),
        principal: cut(&hours[0].principal, 300),
        calls: format!(
            "{} from {}, {} failed",
            counted(calls(&hours), "call", "calls"),
            counted(all as i64, "place", "places"),
            grouped(failed)
        ),
        height: shown.len() as i64 * ROW + 4,
        ticks: axis.ticks(),
        places: shown,
        note: if left_out > 0 {
            format!(
                "{} with fewer calls left out.",
                counted(left_out as i64, "place is", "places are")
            )
        } else {
            String::new()
        },
    })
}

fn calls(hours: &[&KeyHour]) -> i64 {
    hours.iter().map(|hour| hour.calls).fold(0, i64::saturating_add)
}

/// A place is new to a key that was in use before [`new_since`](crate::Head::new_since), and not from there.
fn is_new(hours: &[&KeyHour], begun: rolecall_model::Time, material: &Material) -> bool {
    let first = hours.iter().map(|hour| hour.hour).min();
    material
        .head
        .new_since
        .is_some_and(|since| begun < since && first.is_some_and(|first| first >= since))
}

fn label(place: &str, hours: &[&KeyHour]) -> String {
    let mut said = vec![place];
    said.extend(hours.iter().find_map(|hour| hour.operator.as_deref()));
    said.extend(hours.iter().find_map(|hour| hour.country.as_deref()));
    cut(&said.join(" · "), 60)
}

/// Calls and failed calls by part of the span.
fn parted(hours: &[&KeyHour], axis: &Axis, parts: usize) -> BTreeMap<usize, (i64, i64)> {
    let mut sums: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
    for hour in hours {
        let sum = sums.entry(axis.part(hour.hour, parts)).or_default();
        *sum = (sum.0.saturating_add(hour.calls), sum.1.saturating_add(hour.failed_calls));
    }
    sums
}

fn spots(hours: &[&KeyHour], axis: &Axis, parts: usize, most: i64) -> Vec<Spot> {
    let spot = |(part, (calls, failed)): (usize, (i64, i64))| Spot {
        x: percent(part as f64 / parts as f64),
        width: percent((1.0 / parts as f64).max(0.008)),
        level: ((calls as f64 / most as f64).sqrt() * 4.0).ceil().clamp(1.0, 4.0) as i64,
        is_failing: failed.saturating_mul(2) > calls,
        tip: format!(
            "{} and {} on · {}, {} failed",
            minutes(axis.part_from(part, parts)),
            lasting(axis.seconds() / parts as i64),
            counted(calls, "call", "calls"),
            grouped(failed)
        ),
    };
    parted(hours, axis, parts).into_iter().map(spot).collect()
}
