//! The axis of time that pictures share.

use rolecall_model::Time;

use crate::instant;
use crate::numbers::percent;

/// A span of time that is never empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    pub(crate) from: Time,
    pub(crate) until: Time,
}

/// A line across the picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) x: String,
    pub(crate) label: String,
    /// Whether its label is shown only where there is room.
    pub(crate) is_minor: bool,
}

/// Steps between ticks, in seconds.
const STEPS: [i64; 15] = [
    300, 900, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 345_600, 604_800, 1_209_600,
    2_592_000, 7_776_000, 15_552_000, 31_536_000,
];

/// How many labels fit on a phone, and how many when the picture is widened.
const MAJOR: i64 = 7;
const MINOR: i64 = 48;

impl Axis {
    pub(crate) fn new(from: Time, until: Time) -> Axis {
        Axis { from, until: if until > from { until } else { from.plus_seconds(1) } }
    }

    /// Where an instant lies: 0 at the beginning, 1 at the end.
    pub(crate) fn share(&self, at: Time) -> f64 {
        let whole = self.until.0.saturating_sub(self.from.0) as f64;
        (at.0.saturating_sub(self.from.0) as f64 / whole).clamp(0.0, 1.0)
    }

    pub(crate) fn x(&self, at: Time) -> String {
        percent(self.share(at))
    }

    pub(crate) fn seconds(&self) -> i64 {
        (self.until.seconds() - self.from.seconds()).max(1)
    }

    /// The part of a number of equal parts in which an instant lies.
    pub(crate) fn part(&self, at: Time, parts: usize) -> usize {
        ((self.share(at) * parts as f64) as usize).min(parts.saturating_sub(1))
    }

    /// When a part begins.
    pub(crate) fn part_from(&self, part: usize, parts: usize) -> Time {
        self.from.plus_seconds(self.seconds() * part as i64 / parts.max(1) as i64)
    }

    /// Lines at round instants, those with room for a label and those between them.
    pub(crate) fn ticks(&self) -> Vec<Tick> {
        let step = |most: i64| {
            let fits = |step: &i64| self.seconds() / step <= most;
            STEPS.into_iter().find(fits).unwrap_or(self.seconds() / most + 1)
        };
        let (major, minor) = (step(MAJOR), step(MINOR));
        let first = self.from.seconds().div_euclid(minor) + 1;
        let mut ticks = Vec::new();
        for at in (first..).map(|n| n * minor).take_while(|at| *at < self.until.seconds()) {
            let time = Time::from_seconds(at);
            let label = if at.rem_euclid(86_400) == 0 {
                instant::month_day(time)
            } else {
                instant::clock(time)
            };
            ticks.push(Tick { x: self.x(time), label, is_minor: at.rem_euclid(major) != 0 });
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_few_round_and_inside() {
        for (from, until) in
            [(0, 1), (100, 5000), (0, 86_400), (1_772_330_400, 1_773_666_000), (0, 400_000_000)]
        {
            let ticks = Axis::new(Time::from_seconds(from), Time::from_seconds(until)).ticks();
            assert!(ticks.len() <= 49, "{} ticks", ticks.len());
            assert!(ticks.iter().filter(|tick| !tick.is_minor).count() <= 8);
        }
        let empty = Axis::new(Time(5), Time(5));
        assert_eq!(empty.part(Time(99_000_000), 7), 6);
    }
}
