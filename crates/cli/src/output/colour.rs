//! Colours, where they help and are wanted.

use rolecall_model::Severity;

use crate::args::When;

/// Whether to colour: asked for, or on a terminal without `NO_COLOR` (<https://no-color.org>).
pub(crate) fn wanted(when: When, terminal: bool) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}

/// Paints texts, or leaves them as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    pub(crate) on: bool,
}

impl Paint {
    pub(crate) fn new(on: bool) -> Paint {
        Paint { on }
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.code("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.code("2", text)
    }

    /// The mark of what was asked for.
    pub(crate) fn mark(self) -> String {
        format!("{} ", self.code("1;33", "▶"))
    }

    /// A word such as `ok`, `warning` or `problem`, which may have blanks behind it.
    pub(crate) fn state(self, word: &str) -> String {
        let code = match word.trim_end() {
            "ok" => "32",
            "warning" => "33",
            _ => "1;31",
        };
        self.code(code, word)
    }

    pub(crate) fn severity(self, severity: &str) -> String {
        let code = match severity.to_ascii_lowercase().parse() {
            Ok(Severity::Critical) => "1;37;41",
            Ok(Severity::High) => "1;31",
            Ok(Severity::Medium) => "33",
            _ => "36",
        };
        self.code(code, severity)
    }
}
