//! Text from events is hostile: what could steer a terminal is shown instead of sent.

use serde_json::Value;

/// The text with control characters, and characters that reorder text, written out.
pub(crate) fn plain(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if !text.contains(steers) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if steers(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// A value in a cell: texts without quotation marks, NULL as nothing, instants without `T` and `Z`.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if is_instant(text) => text.trim_end_matches('Z').replace('T', " "),
        Value::String(text) => plain(text),
        other => other.to_string(),
    }
}

fn is_instant(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 20
        && bytes[10] == b'T'
        && bytes.ends_with(b"Z")
        && bytes[..4].iter().all(u8::is_ascii_digit)
}

/// The text in at most `width` characters: the middle goes, or of an ARN its beginning, which says the
/// least.
pub(crate) fn shortened(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length <= width || width < 5 {
        return text.to_owned();
    }
    let head = if text.starts_with("arn:") { 0 } else { (width - 1) / 2 };
    let tail = width - 1 - head;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{start}…{end}")
}

/// The text in lines of at most `width` characters where it has blanks; all lines but the first begin
/// with so many blanks.
pub(crate) fn wrapped(text: &str, width: usize, indent: usize) -> String {
    let mut lines = String::new();
    let mut used = indent;
    for word in text.split(' ') {
        let length = word.chars().count();
        if used > indent && used + 1 + length > width {
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', indent));
            used = indent;
        } else if used > indent {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += length;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks_and_go_on_below_their_text() {
        assert_eq!(wrapped("one two three", 11, 4), "one two\n    three");
        assert_eq!(
            wrapped("incomprehensibilities are long", 10, 2),
            "incomprehensibilities\n  are long"
        );
        assert_eq!(wrapped("", 10, 2), "");
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(plain("a\u{1b}[31mred\u{202e}"), "a\\u{1b}[31mred\\u{202e}");
        assert_eq!(plain("Ökonomie 東京"), "Ökonomie 東京");
        assert_eq!(cell(&Value::String("2026-03-10T12:00:00Z".into())), "2026-03-10 12:00:00");
        assert_eq!(cell(&Value::Null), "");
    }

    #[test]
    fn the_ends_of_long_texts_stay() {
        assert_eq!(shortened("arn:aws:iam::111111111111:role/build", 15), "…111:role/build");
        assert_eq!(shortened("tomas.novak@example.com", 15), "tomas.n…ple.com");
        assert_eq!(shortened("short", 15), "short");
    }
}
