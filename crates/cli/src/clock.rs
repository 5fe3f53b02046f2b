//! The one place that reads the clock; everything below takes the time as an argument.

use std::time::{SystemTime, UNIX_EPOCH};

use rolecall_model::Time;

/// This instant.
pub(crate) fn now() -> Time {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(elapsed.as_micros() as i64)
}

/// Reads `2026-03-10`, `2026-03-10T12:00:00Z`, or an age such as `24h` or `7d` before now.
pub(crate) fn instant(text: &str) -> Result<Time, String> {
    if let Some(seconds) = span(text.trim_start_matches('-')) {
        return Ok(now().plus_seconds(-seconds));
    }
    text.parse().map_err(|error| format!("{error}; or an age such as 24h or 7d"))
}

/// Reads a length of time such as `90m`, `4h` or `7d`, in seconds.
pub(crate) fn seconds(text: &str) -> Result<i64, String> {
    span(text).ok_or_else(|| format!("`{text}` is no length of time: write 90m, 4h or 7d"))
}

fn span(text: &str) -> Option<i64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return None,
    };
    text[..text.len() - 1].parse::<i64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_a_unit() {
        assert_eq!(seconds("4h"), Ok(14_400));
        assert_eq!(seconds("7d"), Ok(604_800));
        assert!(seconds("4").is_err() && seconds("").is_err() && seconds("xh").is_err());
    }

    #[test]
    fn instants_are_written_out_or_counted_back() {
        assert_eq!(instant("2026-03-10"), Ok("2026-03-10".parse().unwrap()));
        assert!(instant("1h").unwrap() < now());
        assert!(instant("soon").is_err());
    }
}
