//! Spans of time as people write them.

use crate::check::Wrong;

/// A span of time such as `12h`, `90 minutes` or `1 day 2 hours`, in seconds.
pub(crate) fn seconds(text: &str) -> Result<i64, Wrong> {
    let none = || Wrong {
        why: "is no span of time".into(),
        help: "write \"12h\", \"90 minutes\" or \"1 day 12 hours\"".into(),
    };
    let (mut rest, mut total) = (text.trim(), 0i64);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(none)?;
        let number: i64 = rest[..digits].parse().map_err(|_| none())?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "s" | "second" | "seconds" => 1,
            "m" | "min" | "minute" | "minutes" => 60,
            "h" | "hour" | "hours" => 3600,
            "d" | "day" | "days" => 86_400,
            _ => return Err(none()),
        };
        rest = rest[letters..].trim_start();
        total =
            number.checked_mul(unit).and_then(|more| total.checked_add(more)).ok_or_else(none)?;
    }
    if total == 0 { Err(none()) } else { Ok(total) }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn spans_are_numbers_with_units() {
        for (text, expected) in [
            ("12h", Some(43_200)),
            ("1 day 12 hours", Some(129_600)),
            ("1h30m", Some(5400)),
            ("43200", None),
            ("0h", None),
            ("", None),
            ("9999999999999999 days", None),
            ("2 fortnights", None),
        ] {
            assert_eq!(seconds(text).ok(), expected, "{text}");
        }
    }
}
