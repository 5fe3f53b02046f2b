//! Uses over time: a bar for each part of the time between the first and the last.

use rolecall_model::Time;

use super::sheet::UsedHour;
use crate::axis::{Axis, Tick};
use crate::instant::minutes;
use crate::numbers::{counted, grouped, percent};

/// The height of the highest bar, in pixels.
pub(crate) const HEIGHT: i64 = 90;
/// More bars are drawn as sums.
const MOST_PARTS: i64 = 120;

/// The picture.
#[derive(Debug, Default)]
pub(crate) struct Hours {
    pub(crate) bars: Vec<Bar>,
    pub(crate) ticks: Vec<Tick>,
    pub(crate) note: String,
}

#[derive(Debug)]
pub(crate) struct Bar {
    pub(crate) x: String,
    pub(crate) width: String,
    pub(crate) y: i64,
    pub(crate) height: i64,
    /// The part of the height that failed calls have, drawn from the floor.
    pub(crate) failed_y: i64,
    pub(crate) failed_height: i64,
    pub(crate) tip: String,
}

pub(crate) fn hours(hours: &[UsedHour]) -> Hours {
    let (Some(first), Some(last)) =
        (hours.iter().map(|hour| hour.hour).min(), hours.iter().map(|hour| hour.hour).max())
    else {
        return Hours::default();
    };
    let (first, last) = (first.hour(), last.hour().plus_seconds(3600));
    let all = ((last.seconds() - first.seconds()) / 3600).max(1);
    let each = all.div_euclid(MOST_PARTS) + i64::from(all % MOST_PARTS != 0);
    let parts = all.div_euclid(each) + i64::from(all % each != 0);
    let axis = Axis::new(first, first.plus_seconds(parts * each * 3600));
    let mut sums = vec![(0_i64, 0_i64); parts as usize];
    for hour in hours {
        let sum = &mut sums[axis.part(hour.hour, parts as usize)];
        sum.0 = sum.0.saturating_add(hour.calls);
        sum.1 = sum.1.saturating_add(hour.failed_calls);
    }
    let most = sums.iter().map(|sum| sum.0).max().unwrap_or(1).max(1);
    let high = |calls: i64| {
        if calls <= 0 { 0 } else { (calls as f64 / most as f64 * HEIGHT as f64).ceil() as i64 }
    };
    let bars = sums.iter().enumerate().filter(|(_, sum)| sum.0 > 0).map(|(at, (calls, failed))| {
        let from = first.plus_seconds(at as i64 * each * 3600);
        Bar {
            x: percent(at as f64 / parts as f64),
            width: percent(0.9 / parts as f64),
            y: HEIGHT - high(*calls),
            height: high(*calls),
            failed_y: HEIGHT - high(*failed),
            failed_height: high(*failed),
            tip: tip(from, each, *calls, *failed),
        }
    });
    Hours {
        bars: bars.collect(),
        ticks: axis.ticks().into_iter().filter(|tick| !tick.is_minor).collect(),
        note: format!(
            "A bar is {}; the highest has {}.",
            counted(each, "hour", "hours"),
            counted(most, "call", "calls")
        ),
    }
}

fn tip(from: Time, hours: i64, calls: i64, failed: i64) -> String {
    let failed = if failed > 0 { format!(", {} failed", grouped(failed)) } else { String::new() };
    let until = minutes(from.plus_seconds(hours * 3600));
    format!("{} to {until} · {}{failed}", minutes(from), counted(calls, "call", "calls"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(hour: i64, calls: i64, failed_calls: i64) -> UsedHour {
        UsedHour { hour: Time::from_seconds(hour * 3600), calls, failed_calls }
    }

    #[test]
    fn every_call_is_in_a_bar() {
        let drawn = hours(&[used(10, 4, 1), used(11, 2, 2), used(13, 1, 0)]);
        let heights: Vec<_> =
            drawn.bars.iter().map(|bar| (bar.height, bar.failed_height)).collect();
        assert_eq!(heights, [(90, 23), (45, 45), (23, 0)]);
        assert_eq!(drawn.bars[0].tip, "1970-01-01 10:00 to 1970-01-01 11:00 · 4 calls, 1 failed");
        assert!(hours(&[]).bars.is_empty());
    }

    #[test]
    fn a_long_time_has_few_bars() {
        let many: Vec<UsedHour> = (0..24 * 400).map(|hour| used(hour, 1, 0)).collect();
        let drawn = hours(&many);
        assert!(drawn.bars.len() <= 120, "{}", drawn.bars.len());
        assert_eq!(drawn.note, "A bar is 80 hours; the highest has 80 calls.");
    }
}
