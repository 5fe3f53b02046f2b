//! Errors in three lines: what failed, why, and what helps.

use std::io::Write;

use super::colour::Paint;
use super::plain::plain;

/// Shows an error and its causes on standard error. What helps stands after the last colon-space of
/// the message's own text, where the error says it; it is not taken apart.
pub(crate) fn show(error: &anyhow::Error, colour: bool) {
    let paint = Paint::new(colour);
    let mut stderr = std::io::stderr().lock();
    let mut said = vec![error.to_string()];
    let lines = |text: &str| text.lines().map(plain).collect::<Vec<_>>().join("\n       ");
    let _ = writeln!(stderr, "{} {}", paint.severity_word("error:"), lines(&said[0]));
    for cause in error.chain().skip(1) {
        let text = cause.to_string();
        // Some errors repeat their source in their own text.
        if said.iter().any(|known| known.contains(&text)) {
            continue;
        }
        let _ = writeln!(stderr, "{} {}", paint.dim("  why:"), lines(&text));
        said.push(text);
    }
}

impl Paint {
    fn severity_word(self, word: &str) -> String {
        if self.on { format!("\u{1b}[1;31m{word}\u{1b}[0m") } else { word.to_owned() }
    }
}
