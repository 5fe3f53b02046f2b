//! Instants as CloudTrail writes them, quickly: seconds since 1970 in, text out.

/// Seconds of an hour and of a day.
pub(crate) const HOUR: i64 = 3600;
pub(crate) const DAY: i64 = 24 * HOUR;

/// A day and a time of day.
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    of_day: i64,
}

/// Howard Hinnant's civil_from_days: years begin in March, so that leap days come last.
fn civil(seconds: i64) -> Civil {
    let days = seconds.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    Civil {
        year: year + era * 400 + i64::from(month <= 2),
        month,
        day,
        of_day: seconds.rem_euclid(DAY),
    }
}

fn push_number(into: &mut String, value: i64, digits: u32) {
    for at in (0..digits).rev() {
        into.push(char::from(b'0' + (value / 10i64.pow(at) % 10) as u8));
    }
}

/// `2026-03-02T09:15:00Z`.
pub(crate) fn push_iso(into: &mut String, seconds: i64) {
    let Civil { year, month, day, of_day } = civil(seconds);
    push_number(into, year, 4);
    into.push('-');
    push_number(into, month, 2);
    into.push('-');
    push_number(into, day, 2);
    into.push('T');
    push_number(into, of_day / HOUR, 2);
    into.push(':');
    push_number(into, of_day / 60 % 60, 2);
    into.push(':');
    push_number(into, of_day % 60, 2);
    into.push('Z');
}

pub(crate) fn iso(seconds: i64) -> String {
    let mut text = String::with_capacity(20);
    push_iso(&mut text, seconds);
    text
}

/// `2026/03/02`, as in the keys of trail objects.
pub(crate) fn folder(seconds: i64) -> String {
    let Civil { year, month, day, .. } = civil(seconds);
    format!("{year:04}/{month:02}/{day:02}")
}

/// `20260302T0915Z`, as in the names of trail objects.
pub(crate) fn stamp(seconds: i64) -> String {
    let Civil { year, month, day, of_day } = civil(seconds);
    format!("{year:04}{month:02}{day:02}T{:02}{:02}Z", of_day / HOUR, of_day / 60 % 60)
}

/// `20260302091500`, as in the session names of Lambda.
pub(crate) fn digits(seconds: i64) -> String {
    let Civil { year, month, day, of_day } = civil(seconds);
    let (hour, minute, second) = (of_day / HOUR, of_day / 60 % 60, of_day % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

/// `Mar 2, 2026, 9:15:00 AM`, as AWS's Java services write; older ones leave the second comma out.
pub(crate) fn java(seconds: i64, comma: bool) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Civil { year, month, day, of_day } = civil(seconds);
    let (hour, minute, second) = (of_day / HOUR, of_day / 60 % 60, of_day % 60);
    let (twelve, half) =
        (if hour % 12 == 0 { 12 } else { hour % 12 }, if hour < 12 { "AM" } else { "PM" });
    let comma = if comma { "," } else { "" };
    let month = MONTHS[(month - 1) as usize];
    format!("{month} {day}, {year}{comma} {twelve}:{minute:02}:{second:02} {half}")
}

/// Monday is 0.
pub(crate) fn weekday(seconds: i64) -> i64 {
    (seconds.div_euclid(DAY) + 3).rem_euclid(7)
}

/// Whether the office is open on the day of that instant.
pub(crate) fn works(seconds: i64) -> bool {
    weekday(seconds) < 5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form() {
        let at = 1_772_442_900;
        assert_eq!(iso(at), "2026-03-02T09:15:00Z");
        assert_eq!(iso(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(iso(1_709_164_800), "2024-02-29T00:00:00Z");
        assert_eq!(folder(at), "2026/03/02");
        assert_eq!(stamp(at), "20260302T0915Z");
        assert_eq!(digits(at), "20260302091500");
        assert_eq!(java(at, true), "Mar 2, 2026, 9:15:00 AM");
        assert_eq!(java(at - 9 * HOUR, false), "Mar 2, 2026 12:15:00 AM");
        assert_eq!(java(at + 3 * HOUR, false), "Mar 2, 2026 12:15:00 PM");
        assert_eq!((weekday(at), works(at), works(at - DAY)), (0, true, false));
    }
}
