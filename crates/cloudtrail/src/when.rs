//! Every way in which CloudTrail and those who copy it write an instant.

use chrono::NaiveDateTime;
use rolecall_model::Time;

/// Reads an instant: RFC 3339, the same with a blank or without zone, basic ISO 8601
/// (`20131102T010628Z`), and the text that AWS's Java services write for expirations
/// (`Jul 30, 2021 12:56:03 AM`, with or without a comma after the year, with any blank before AM).
pub(crate) fn read(text: &str) -> Option<Time> {
    usual(text.as_bytes())
        .or_else(|| text.parse().ok())
        .or_else(|| basic(text))
        .or_else(|| java(text))
        .filter(|at| CALENDAR.contains(at))
}

/// The years 0 to 9999: what lies outside has no date that every reader of the tables understands.
const CALENDAR: std::ops::Range<Time> =
    Time::from_seconds(-62_167_219_200)..Time::from_seconds(253_402_300_800);

/// `2023-07-10T11:55:22Z`, which nearly every record has.
fn usual(text: &[u8]) -> Option<Time> {
    let text: &[u8; 20] = text.try_into().ok()?;
    let number = |at: usize, digits: usize| {
        text[at..at + digits].iter().try_fold(0i64, |value, byte| {
            byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0'))
        })
    };
    if [text[4], text[7], text[10], text[13], text[16], text[19]] != *b"--T::Z" {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    instant([year, month, day], [hour, minute, second])
}

/// The instant of a day and a time of day, if there are such.
fn instant([year, month, day]: [i64; 3], [hour, minute, second]: [i64; 3]) -> Option<Time> {
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
    if !is_time || !(1..=12).contains(&month) || day < 1 || !has_day(year, month, day) {
        return None;
    }
    // Howard Hinnant's days_from_civil: years begin in March, so that leap days come last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some(Time::from_seconds(days * 86_400 + hour * 3600 + minute * 60 + second))
}

fn has_day(year: i64, month: i64, day: i64) -> bool {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    day <= match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn basic(text: &str) -> Option<Time> {
    let at = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").ok()?;
    Some(Time(at.and_utc().timestamp_micros()))
}

fn java(text: &str) -> Option<Time> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts =
        text.split([' ', ',', ':', '\u{202f}', '\u{a0}']).filter(|part| !part.is_empty());
    let name = parts.next()?;
    let month = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))? as i64 + 1;
    let mut number = || {
        let part = parts.next()?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i64>().ok())?
    };
    let (day, year, hour) = (number()?, number()?, number()?);
    let (minute, second) = (number()?, number()?);
    let half = match parts.next()? {
        half if half.eq_ignore_ascii_case("AM") => 0,
        half if half.eq_ignore_ascii_case("PM") => 12,
        _ => return None,
    };
    if parts.next().is_some() || !(0..=12).contains(&hour) || year > 9999 {
        return None;
    }
    instant([year, month, day], [hour % 12 + half, minute, second])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_seen_in_logs() {
        for (text, expected) in [
            ("2023-07-10T11:55:22Z", "2023-07-10T11:55:22Z"),
            ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
            ("2021-10-19 04:50:27", "2021-10-19T04:50:27Z"),
            ("2021-08-31 15:46:02.000000000", "2021-08-31T15:46:02Z"),
            ("2020-09-14T00:44:23.250Z", "2020-09-14T00:44:23.250Z"),
            ("20131102T010628Z", "2013-11-02T01:06:28Z"),
            ("Jul 30, 2021 12:56:03 AM", "2021-07-30T00:56:03Z"),
            ("Jul 10, 2023, 6:30:22 PM", "2023-07-10T18:30:22Z"),
            ("Jul 1, 2026, 12:08:19\u{202f}PM", "2026-07-01T12:08:19Z"),
        ] {
            assert_eq!(read(text).map(|t| t.to_string()).as_deref(), Some(expected), "{text}");
        }
        for none in
            ["", "...", "2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z", "2023-07-10T24:00:00Z"]
        {
            assert_eq!(read(none), None, "{none}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_quick_way_agrees_with_the_calendar(seconds in -62_167_219_200i64..253_402_300_800) {
            let time = Time::from_seconds(seconds);
            proptest::prop_assert_eq!(usual(time.to_string().as_bytes()), Some(time));
        }
    }
}
