//! Progress on standard error, only where somebody watches.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use rolecall_pipeline::Progress;

use super::Out;

/// How often what moves is drawn, so that people see that it is not stuck.
const TICK: Duration = Duration::from_millis(150);

/// The line of a step of which it is known how much there is to do.
const MEASURED: &str = "{spinner} {prefix} {bar:14} {percent:>3}% {wide_msg}";

/// A bar that follows a step, or nothing in a pipe. It is gone when it is dropped.
pub(crate) struct Bar {
    bar: ProgressBar,
    units: Units,
}

/// What a step counts.
#[derive(Clone, Copy, Default)]
struct Units {
    name: &'static str,
    /// So many are counted for each day, and the days are told too; 0: they are counted once.
    a_day: u64,
}

impl Bar {
    /// A bar for a step that counts in some unit, such as `objects`.
    pub(crate) fn new(out: &Out, what: &'static str, unit: &'static str) -> Bar {
        Bar::with(out, MEASURED, what, Units { name: unit, a_day: 0 })
    }

    /// The same for a step that counts so many units for each of some days.
    pub(crate) fn daily(out: &Out, what: &'static str, unit: &'static str, a_day: u64) -> Bar {
        Bar::with(out, MEASURED, what, Units { name: unit, a_day })
    }

    /// The same for a step of which nobody knows how much there is to do: its total is 0.
    pub(crate) fn endless(out: &Out, what: &'static str, unit: &'static str) -> Bar {
        Bar::with(out, "{spinner} {prefix} {wide_msg}", what, Units { name: unit, a_day: 0 })
    }

    /// Says what is waited for, and for how long.
    pub(crate) fn waiting(out: &Out, what: impl Into<String>) -> Bar {
        let bar = Bar::with(out, "{spinner} {msg} {elapsed}", "", Units::default());
        bar.bar.set_message(super::plain::plain(&what.into()));
        bar
    }

    fn with(out: &Out, template: &str, what: &'static str, units: Units) -> Bar {
        let shown = !out.quiet && std::io::stderr().is_terminal();
        let bar = if shown { ProgressBar::new(0) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        bar.set_prefix(what);
        if shown {
            bar.enable_steady_tick(TICK);
        }
        Bar { bar, units }
    }

    /// Takes what a step tells.
    pub(crate) fn tell(&self, progress: Progress) {
        let (done, total) = measure(progress);
        self.bar.set_length(total);
        self.bar.set_position(done);
        self.bar.set_message(message(self.units, progress, self.bar.elapsed().as_secs_f64()));
    }

    /// Clears the bar.
    pub(crate) fn end(self) {}
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// How far a step is, of how much: in bytes where they are known, for objects differ in size.
fn measure(progress: Progress) -> (u64, u64) {
    match progress.bytes_total {
        0 => (progress.done, progress.total),
        total => (progress.bytes, total),
    }
}

/// What is told beside the bar, the most wanted first, for a narrow terminal cuts the rest: how much is
/// done, the time that is left, and rates.
fn message(units: Units, progress: Progress, seconds: f64) -> String {
    let seconds = seconds.max(0.001);
    let (done, total) = measure(progress);
    let mut parts = vec![match progress.bytes_total {
        0 => counted(units, done, total),
        total => format!("{} of {}", size(progress.bytes), size(total)),
    }];
    if done > 0 && done < total {
        parts.push(format!("{} left", time(seconds / done as f64 * (total - done) as f64)));
    }
    if progress.bytes > 0 {
        parts.push(format!("{}/s", size((progress.bytes as f64 / seconds) as u64)));
    }
    if progress.records > 0 {
        let rate = short((progress.records as f64 / seconds) as u64);
        parts.push(format!("{} records, {rate}/s", short(progress.records)));
    }
    if units.a_day > 0 && done > 0 {
        parts.push(format!("{:.1}/s", done as f64 / seconds));
    }
    parts.join(" · ")
}

/// How many units are done, and of which day if they are counted by days.
fn counted(Units { name, a_day }: Units, done: u64, total: u64) -> String {
    if total == 0 {
        return format!("{} {name}", short(done));
    }
    let day =
        done.checked_div(a_day).unwrap_or_default().min(total.saturating_sub(1) / a_day.max(1));
    let (done, of) = if a_day > 0 { (done - day * a_day, a_day) } else { (done, total) };
    let text = format!("{} of {} {name}", short(done), short(of));
    if total > of { format!("{text}, day {} of {}", day + 1, total / of) } else { text }
}

/// A number in few characters: `917`, `12.3k`, `4.5M`.
fn short(number: u64) -> String {
    match number {
        0..10_000 => number.to_string(),
        10_000..1_000_000 => format!("{:.1}k", number as f64 / 1e3),
        _ => format!("{:.1}M", number as f64 / 1e6),
    }
}

/// Bytes in the unit that fits.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// A length of time that is only guessed.
fn time(seconds: f64) -> String {
    let seconds = seconds as u64;
    match seconds {
        0..90 => format!("{} s", seconds.max(1)),
        90..5400 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{:.1} h", seconds as f64 / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(name: &'static str) -> Units {
        Units { name, a_day: 0 }
    }

    #[test]
    fn bytes_records_rates_and_the_time_left_are_told() {
        let ingest = Progress {
            done: 10,
            total: 5000,
            records: 93_000,
            bytes: 120_000_000,
            bytes_total: 480_000_000,
        };
        let text = message(units("objects"), ingest, 10.0);
        assert_eq!(text, "120.0 MB of 480.0 MB · 30 s left · 12.0 MB/s · 93.0k records, 9300/s");
        let poll = Progress { done: 3, total: 16, ..Progress::default() };
        assert_eq!(message(units("slices"), poll, 60.0), "3 of 16 slices · 5 min left");
        let begun = Progress { total: 16, ..Progress::default() };
        assert_eq!(message(units("slices"), begun, 0.0), "0 of 16 slices");
        let done = Progress { done: 16, total: 16, ..Progress::default() };
        assert_eq!(message(units("slices"), done, 0.0), "16 of 16 slices");
        let endless = Progress { done: 12, ..Progress::default() };
        assert_eq!(message(units("steps"), endless, 5.0), "12 steps");
    }

    #[test]
    fn detections_are_told_with_their_day() {
        for (done, total, expected) in [
            (0, 120, "0 of 60 detections, day 1 of 2"),
            (12, 120, "12 of 60 detections, day 1 of 2 · 2 min left · 1.2/s"),
            (60, 120, "0 of 60 detections, day 2 of 2 · 10 s left · 6.0/s"),
            (120, 120, "60 of 60 detections, day 2 of 2 · 12.0/s"),
            (30, 60, "30 of 60 detections · 10 s left · 3.0/s"),
        ] {
            let progress = Progress { done, total, ..Progress::default() };
            let units = Units { name: "detections", a_day: 60 };
            assert_eq!(message(units, progress, 10.0), expected);
        }
        let none = Units { name: "detections", a_day: 0 };
        assert_eq!(message(none, Progress::default(), 1.0), "0 detections");
    }

    #[test]
    fn numbers_are_short() {
        for (number, expected) in [(9999, "9999"), (12_345, "12.3k"), (4_500_000, "4.5M")] {
            assert_eq!(short(number), expected);
        }
        assert_eq!((size(1500).as_str(), size(2_500_000_000).as_str()), ("2 kB", "2.5 GB"));
        assert_eq!(
            (time(0.2).as_str(), time(91.0).as_str(), time(9000.0).as_str()),
            ("1 s", "2 min", "2.5 h")
        );
    }
}
