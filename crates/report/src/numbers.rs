//! Numbers and lengths of time, as people read them.

/// `1,234,567`.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        shown.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// `1 session`, `2 sessions`, `1,000 sessions`.
pub(crate) fn counted(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// `15 min`, `1 h`, `12.5 h`, `3.2 d`.
pub(crate) fn lasting(seconds: i64) -> String {
    let tenths = |unit: i64| {
        let tenths = (seconds * 10 + unit / 2) / unit;
        let whole = grouped(tenths / 10);
        if tenths % 10 == 0 { whole } else { format!("{whole}.{}", tenths % 10) }
    };
    match seconds {
        ..120 => format!("{seconds} s"),
        120..3600 => format!("{} min", seconds / 60),
        3600..259_200 => format!("{} h", tenths(3600)),
        _ => format!("{} d", tenths(86_400)),
    }
}

/// A share of a whole in percent, with two digits: what SVG takes as a coordinate.
pub(crate) fn percent(part: f64) -> String {
    let text = format!("{:.2}", part.clamp(0.0, 1.0) * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([0, 999, 1000, -1_234_567].map(grouped).join(" "), "0 999 1,000 -1,234,567");
        assert_eq!(
            [59, 900, 3600, 45_000, 129_600, 276_480].map(lasting).join(", "),
            "59 s, 15 min, 1 h, 12.5 h, 36 h, 3.2 d"
        );
        assert_eq!([-1.0, 0.0, 0.12345, 0.5, 9.0].map(percent).join(" "), "0% 0% 12.35% 50% 100%");
        assert_eq!(counted(1, "key", "keys") + &counted(0, "key", "keys"), "1 key0 keys");
    }
}
