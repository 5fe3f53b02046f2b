//! Text from events is hostile: what could steer, mention, link or mark up is made harmless here.

#[cfg(test)]
pub(crate) use rolecall_outputs::text::is_steering;
pub(crate) use rolecall_outputs::text::{cut, plain};

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
    fn what_only_compares_stays() {
        assert_eq!(chat("a < b and c <= 3", 99), "a < b and c <= 3");
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
