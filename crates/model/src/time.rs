//! Instants and days, in UTC.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SecondsFormat};

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

/// A UTC day: days since 1970-01-01.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// A text that is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no instant: write 2026-03-10, 2026-03-10T12:00:00 or 2026-03-10T12:00:00Z")]
pub struct NotATime(pub String);

const SECOND: i64 = 1_000_000;

impl Time {
    /// An instant from whole seconds since 1970.
    pub const fn from_seconds(seconds: i64) -> Time {
        Time(seconds.saturating_mul(SECOND))
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }

    /// The instant this many seconds later (earlier if negative).
    pub const fn plus_seconds(self, seconds: i64) -> Time {
        Time(self.0.saturating_add(seconds.saturating_mul(SECOND)))
    }

    /// The beginning of its UTC hour.
    pub const fn hour(self) -> Time {
        Time(self.0 - self.0.rem_euclid(3600 * SECOND))
    }
}

impl Day {
    /// Midnight at its beginning.
    pub const fn start(self) -> Time {
        Time(self.0 as i64 * 86_400 * SECOND)
    }

    /// The day this many days later (earlier if negative).
    pub const fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }
}

impl From<Time> for Day {
    fn from(time: Time) -> Day {
        let day = time.0.div_euclid(86_400 * SECOND);
        Day(day.clamp(i32::MIN as i64, i32::MAX as i64) as i32)
    }
}

impl From<Option<Time>> for Day {
    /// A row without an instant lies in the partition of 1970-01-01.
    fn from(time: Option<Time>) -> Day {
        time.map(Day::from).unwrap_or_default()
    }
}

impl fmt::Display for Time {
    /// RFC 3339 with as many fraction digits as needed: `2026-03-10T12:00:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_micros(self.0) {
            Some(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            None => write!(f, "{} µs", self.0),
        }
    }
}

impl fmt::Display for Day {
    /// `2026-03-10`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DAYS_BEFORE_1970: i32 = 719_163;
        match NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(DAYS_BEFORE_1970)) {
            Some(day) => write!(f, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day()),
            None => write!(f, "day {}", self.0),
        }
    }
}

impl FromStr for Time {
    type Err = NotATime;

    /// Reads RFC 3339, or the same without zone (UTC), with a blank for the `T`, or a day alone.
    fn from_str(text: &str) -> Result<Time, NotATime> {
        let micros = |at: NaiveDateTime| Time(at.and_utc().timestamp_micros());
        let trimmed = text.trim();
        if let Ok(at) = DateTime::parse_from_rfc3339(trimmed) {
            return Ok(Time(at.timestamp_micros()));
        }
        for format in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"] {
            if let Ok(at) = NaiveDateTime::parse_from_str(trimmed, format) {
                return Ok(micros(at));
            }
        }
        NaiveDate::parse_from_str(trimmed, "%Y-%m-%d")
            .ok()
            .and_then(|day| day.and_hms_opt(0, 0, 0))
            .map(micros)
            .ok_or_else(|| NotATime(text.to_owned()))
    }
}

impl FromStr for Day {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Day, NotATime> {
        NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
            .map(|day| Day(day.num_days_from_ce() - 719_163))
            .map_err(|_| NotATime(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes_and_what_people_write() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-03-10T12:00:00Z", 1_773_144_000),
            ("2026-03-10 12:00", 1_773_144_000),
            ("2026-03-10", 1_773_100_800),
            ("2026-03-10T13:00:00+01:00", 1_773_144_000),
        ] {
            assert_eq!(text.parse(), Ok(Time::from_seconds(seconds)), "{text}");
        }
        assert_eq!(Time::from_seconds(1_773_144_000).to_string(), "2026-03-10T12:00:00Z");
        assert!("yesterday".parse::<Time>().is_err());
    }

    #[test]
    fn days_begin_at_midnight_also_before_1970() {
        assert_eq!(Day::from(Time(-1)), Day(-1));
        assert_eq!(Day::from(Time(-1)).to_string(), "1969-12-31");
        assert_eq!("2026-03-10".parse::<Day>().map(|d| d.to_string()), Ok("2026-03-10".into()));
    }

    proptest::proptest! {
        #[test]
        fn an_instant_survives_its_text(micros in -62_000_000_000_000_000i64..250_000_000_000_000_000) {
            let time = Time(micros);
            proptest::prop_assert_eq!(time.to_string().parse(), Ok(time));
            proptest::prop_assert!(Day::from(time).start() <= time);
            proptest::prop_assert!(time < Day::from(time).plus(1).start());
        }
    }
}
