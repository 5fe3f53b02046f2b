//! Progress on standard error, only where somebody watches.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};
use rolecall_pipeline::Progress;

use super::Out;

/// A bar that follows a step, or nothing in a pipe.
pub(crate) struct Bar {
    bar: ProgressBar,
    what: &'static str,
}

impl Bar {
    pub(crate) fn new(out: &Out, what: &'static str) -> Bar {
        let shown = !out.quiet && std::io::stderr().is_terminal();
        let bar = if shown { ProgressBar::new(0) } else { ProgressBar::hidden() };
        let style = ProgressStyle::with_template("{prefix:>8} {bar:24} {pos}/{len} {msg} {eta}");
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("━╸ "));
        }
        bar.set_prefix(what);
        Bar { bar, what }
    }

    /// Takes what a step tells.
    pub(crate) fn tell(&self, progress: Progress) {
        self.bar.set_length(progress.total);
        self.bar.set_position(progress.done);
        let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
        if self.what == "ingest" {
            let records = progress.records as f64 / seconds;
            let megabytes = progress.bytes as f64 / 1e6 / seconds;
            self.bar.set_message(format!(
                "objects · {} records · {records:.0}/s · {megabytes:.1} MB/s",
                progress.records
            ));
        }
    }

    /// Clears the bar.
    pub(crate) fn end(self) {
        self.bar.finish_and_clear();
    }
}
