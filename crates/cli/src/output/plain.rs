//! Text from events is hostile: what could steer a terminal is shown instead of sent.

use serde_json::Value;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The cells of a terminal that a text takes: none for marks on letters, two for 東.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

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

/// The text in at most `room` cells: the middle goes, or of an ARN its beginning, which says the
/// least.
pub(crate) fn shortened(text: &str, room: usize) -> String {
    if width(text) <= room || room < 5 {
        return text.to_owned();
    }
    let head = if text.starts_with("arn:") { 0 } else { (room - 1) / 2 };
    let start = fitting(text.chars(), head);
    let end = fitting(text.chars().rev(), room - 1 - head);
    format!("{start}…{}", end.chars().rev().collect::<String>())
}

/// The first characters that fit into so many cells.
fn fitting(chars: impl Iterator<Item = char>, room: usize) -> String {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= room
    };
    chars.take_while(fits).collect()
}

/// The text in lines of at most `room` cells where it has blanks; all lines but the first begin
/// with so many blanks.
pub(crate) fn wrapped(text: &str, room: usize, indent: usize) -> String {
    let mut lines = String::new();
    let mut used = indent;
    for word in text.split(' ') {
        let length = width(word);
        if used > indent && used + 1 + length > room {
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
        assert_eq!(shortened("東京都千代田区", 14), "東京都千代田区");
        assert_eq!(shortened("東京都千代田区", 11), "東京…田区");
    }
}
