//! Text from events is hostile: what could steer or reorder text is written out, and what is long is cut.

/// The text with control characters, and characters that reorder or hide text, written out as `\u{202e}`.
/// Line breaks and tabs stay.
pub(crate) fn visible(text: String) -> String {
    let steers = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    if !text.contains(steers) {
        return text;
    }
    let mut shown = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if steers(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// At most `most` characters: the middle goes.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most || most < 3 {
        return text.to_owned();
    }
    let head = (most - 1) / 2;
    let tail = most - 1 - head;
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(length - tail).collect();
    format!("{start}…{end}")
}

/// At most `most` characters: the end goes.
pub(crate) fn ended(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{start}…")
}

/// At most `most` characters, with a note of how many are missing.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    let start: String = text.chars().take(most).collect();
    format!("{start}… ({} more characters)", length - most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_and_nothing_is_cut_in_silence() {
        let hostile = "a\u{1b}[31m\u{202e}\u{0}b\nc\tÖkonomie 東京".to_owned();
        assert_eq!(visible(hostile), "a\\u{1b}[31m\\u{202e}\\u{0}b\nc\tÖkonomie 東京");
        assert_eq!(shortened("abcdefghij", 5), "ab…ij");
        assert_eq!(cut("abcdef", 4), "abcd… (2 more characters)");
    }
}
