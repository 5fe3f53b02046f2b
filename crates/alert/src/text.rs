//! Text from events is hostile: what could steer, mention, link or mark up is made harmless here.

/// Whether a character steers a terminal or the order of text, or is not seen at all.
pub(crate) fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The text in one line, with characters that steer written out.
pub(crate) fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_steering(c) { shown.extend(c.escape_unicode()) } else { shown.push(c) }
    }
    shown
}

/// The text in at most `most` characters, and how many are missing.
pub(crate) fn cut(text: &str, most: usize) -> String {
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

/// Plain text for a chat, where nothing becomes a link, a mention or a tag: `://` becomes `[:]//`, as
/// analysts write addresses that nobody should click, and a `<` that could open a tag becomes `‹`.
pub(crate) fn chat(text: &str, most: usize) -> String {
    let text = cut(&plain(text), most);
    let text = text.replace("://", "[:]//").replace("](", "] (").replace("www.", "www[.]");
    let mut safe = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let opens = |next: &char| next.is_alphabetic() || "!@#/".contains(*next);
        safe.push(if c == '<' && rest.peek().is_some_and(opens) { '‹' } else { c });
    }
    safe
}

/// What Slack asks for: `&`, `<` and `>` as entities.
pub(crate) fn slack(text: &str, most: usize) -> String {
    chat(text, most).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A span of code in Markdown, in which nothing is markup.
pub(crate) fn code(text: &str, most: usize) -> String {
    format!("`{}`", slack(text, most).replace('`', "'"))
}

/// Letters, digits and signs of ASCII alone, everything else as `?`.
pub(crate) fn ascii(text: &str, most: usize) -> String {
    let printable = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
    let text: String = text.chars().map(printable).collect();
    if text.len() <= most { text } else { format!("{}...", &text[..most.saturating_sub(3)]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_and_readable_text_stays() {
        assert_eq!(plain("a\u{1b}[31m\u{202e}b\n"), "a\\u{1b}[31m\\u{202e}b\\u{a}");
        assert_eq!(plain("Ökonomie 東京"), "Ökonomie 東京");
        assert_eq!(chat("a < b and c <= 3", 99), "a < b and c <= 3");
    }

    #[test]
    fn what_is_cut_is_counted() {
        assert_eq!(cut("short", 5), "short");
        let long = cut(&"x".repeat(100), 60);
        assert!(long.chars().count() <= 60, "{long}");
        assert!(long.ends_with("(72 characters are left out)"), "{long}");
    }

    #[test]
    fn mentions_links_and_tags_fall_apart() {
        assert_eq!(slack("<!channel> & <@U1>", 99), "‹!channel&gt; &amp; ‹@U1&gt;");
        assert_eq!(chat("[x](https://e.example)", 99), "[x] (https[:]//e.example)");
        assert_eq!(code("a`b", 9), "`a'b`");
        assert_eq!(ascii("Zoë\n", 99), "Zo??");
        assert_eq!(ascii(&"x".repeat(200), 100).len(), 100);
    }
}
