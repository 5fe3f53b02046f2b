//! Errors in three lines: what failed, why, and what helps.

use std::io::Write;

use rolecall_query::QueryError;

use super::colour::Paint;
use super::plain::plain;

/// Where the text of an error begins.
const INDENT: usize = 7;

/// Shows an error and its causes on standard error. What helps stands after the last colon-space of
/// the message's own text, where the error says it; it is not taken apart.
pub(crate) fn show(error: &anyhow::Error, colour: bool) {
    let paint = Paint::new(colour);
    let mut stderr = std::io::stderr().lock();
    // A line of a statement, with a mark below it, is short enough to stay as it is.
    let line = |text: &str| super::on_stderr(&plain(text), INDENT);
    let lines = |text: &str| text.lines().map(line).collect::<Vec<_>>().join("\n       ");
    let causes = causes(error);
    for (at, text) in causes.iter().enumerate() {
        let word = if at == 0 { paint.severity_word("error:") } else { paint.dim("  why:") };
        let _ = writeln!(stderr, "{word} {}", lines(text));
    }
}

/// What an error says, and what each of its causes adds.
pub(crate) fn causes(error: &anyhow::Error) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = cause.to_string();
        // Some errors repeat their source in their own text.
        if !said.iter().any(|known| known.contains(&text)) {
            said.push(text);
        }
        // It says in our words what the engine says at length.
        if let Some(QueryError::Sql { .. }) = cause.downcast_ref() {
            break;
        }
    }
    said
}

impl Paint {
    fn severity_word(self, word: &str) -> String {
        if self.on { format!("\u{1b}[1;31m{word}\u{1b}[0m") } else { word.to_owned() }
    }
}
