//! Text from events is hostile: what steers is written out, and what is too long is cut and counted.

use serde::Serialize;

/// Whether a character steers a terminal or the order of text, or is not seen at all.
pub fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The text in one line, with characters that steer written out.
pub fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_steering(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// The text in at most `most` characters, and how many are missing.
pub fn cut(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    let note = |left_out: usize| format!(" … ({left_out} characters are left out)");
    let kept = most.saturating_sub(note(length).chars().count());
    let mut short: String = text.chars().take(kept).collect();
    short.push_str(&note(length - kept));
    short
}

/// A value as one line of JSON. Control characters, and characters that reorder text, are written as JSON
/// escapes: a reader gets them back, and a terminal that shows the line does not.
pub fn json(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).unwrap_or_default();
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if is_steering(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_and_readable_text_stays() {
        assert_eq!(plain("a\u{1b}[31m\u{202e}b\n"), "a\\u{1b}[31m\\u{202e}b\\u{a}");
        assert_eq!(plain("Ökonomie 東京"), "Ökonomie 東京");
    }

    #[test]
    fn what_is_cut_is_counted() {
        assert_eq!(cut("short", 5), "short");
        let long = cut(&"x".repeat(100), 60);
        assert!(long.chars().count() <= 60, "{long}");
        assert!(long.ends_with("(72 characters are left out)"), "{long}");
    }
}
