//! Text in Markdown that stays text, whatever an event put into it.
//!
//! By the rules of CommonMark and of GitHub's dialect. Names, ids and everything else that events say stand in
//! spans or blocks of code, in which nothing is markup, a link or a mention.

use crate::text::{cut, plain};

/// A span of code: its backticks are more than any in the text.
pub(super) fn code(text: &str, most: usize) -> String {
    let text = cut(&plain(text), most);
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    // One blank at both ends is no part of the span; without it a backtick at the end would be.
    format!("{fence} {text} {fence}")
}

/// A block of code, in which lines stay lines.
pub(super) fn block(language: &str, text: &str, most: usize) -> String {
    let lines: Vec<String> = cut(text, most).lines().map(plain).collect();
    let text = lines.join("\n");
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}

/// Prose in one line, such as a title: what could be markup, an entity, a link or a mention is escaped.
/// It must not stand at the beginning of a line.
pub(super) fn prose(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut safe = String::with_capacity(text.len());
    for c in cut(&plain(&text), most).chars() {
        match c {
            '@' => safe.push_str("\\[at\\]"),
            '.' | ',' | ';' | '?' | '%' | '+' | '-' | '/' | '(' | ')' => safe.push(c),
            // Dialects differ in what they take for markup; all take an escaped mark for itself.
            _ if c.is_ascii_punctuation() => safe.extend(['\\', c]),
            _ => safe.push(c),
        }
    }
    safe.replace("www.", "www\\.")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_do_not_end_a_span_or_block() {
        assert_eq!(code("a", 9), "` a `");
        assert_eq!(code("``a`", 9), "``` ``a` ```");
        assert_eq!(code(" \n", 9), "` \\u{a} `".replace("` ", "`  "));
        assert_eq!(code("", 9), "(empty)");
        assert_eq!(block("sql", "a\n````\nb", 99), "`````sql\na\n````\nb\n`````");
    }

    #[test]
    fn prose_is_prose() {
        assert_eq!(prose("A chain of roles,\n grown", 99), "A chain of roles, grown");
        assert_eq!(prose("<b> @all [x](y)", 99), "\\<b\\> \\[at\\]all \\[x\\](y)");
        assert_eq!(prose("x^2^ {.a}", 99), "x\\^2\\^ \\{.a\\}");
    }
}
