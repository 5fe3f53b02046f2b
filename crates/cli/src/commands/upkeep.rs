//! `rolecall upkeep`: looks after the lake, and tells what the trail lacks.

use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;
use rolecall_lake::Access;
use rolecall_model::Severity;
use rolecall_pipeline::{Progress, Tidied, UpkeepSettings, Upkept, upkeep};

use crate::clock;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::finding;
use crate::output::progress::Bar;

/// Look after the lake: tell what the logs lack, remove old days, merge small files, delete what is
/// not needed
///
/// Run it once a day. It tells of accounts and regions that fell silent, of missing days, of objects
/// that were lost or could not be read, and of entries of rolecall.toml that are over or met nothing.
/// Nothing is removed for its age unless --retention says so. It may run beside every other command,
/// and be stopped and run again at any time.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall upkeep --dry-run\n  rolecall upkeep --retention 400\n  rolecall upkeep --at-most 10m --format json"
)]
pub(crate) struct Upkeep {
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Keep so many days of events, uses and sessions, at least 35 [default: all]
    #[arg(long, value_name = "DAYS", env = "ROLECALL_RETENTION_DAYS", hide_env_values = true)]
    retention: Option<i32>,
    /// Merge files to this size
    #[arg(long, value_name = "SIZE", default_value = "128MiB", value_parser = bytes)]
    compact_to: i64,
    /// Delete files that no version needs after this, from 1h to 7d
    #[arg(long, value_name = "AGE", default_value = "7d", value_parser = clock::seconds)]
    vacuum_after: i64,
    /// Begin no more work after this
    #[arg(long, value_name = "TIME", value_parser = clock::seconds)]
    at_most: Option<i64>,
}

impl Upkeep {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let config = desk.config().await?;
        let mut lake = desk.lake(Access::Existing).await?;
        let settings = UpkeepSettings {
            retention_days: self.retention,
            compact_to: self.compact_to,
            vacuum_after: self.vacuum_after,
            dry_run: self.dry_run,
            ..UpkeepSettings::default()
        };
        let begun = Instant::now();
        let at_most =
            self.at_most.map(|seconds| Duration::from_secs(seconds.max(0).unsigned_abs()));
        let go_on = || at_most.is_none_or(|at_most| begun.elapsed() < at_most);
        let bar = Bar::endless(&desk.out, "upkeep", "steps");
        // What is next is known only when the last is done.
        let tell = |progress| bar.tell(Progress { total: 0, ..progress });
        let now = clock::now();
        let did = upkeep(&mut lake, &config.known, &settings, now, &go_on, &tell).await;
        bar.end();
        self.tell(desk, &did?)
    }

    fn tell(&self, desk: &Desk, did: &Upkept) -> Result<Exit> {
        finding::write_found(&desk.out, &did.findings)?;
        for table in &did.tables {
            if let Some(line) = line(table) {
                desk.out.say(&line)?;
            }
        }
        for left in &did.left {
            desk.out.say(&format!("left for the next time: {left}"))?;
        }
        let told: Vec<_> = did.findings.iter().filter(|finding| finding.is_told()).collect();
        let number = match told.len() {
            0 => "no findings".to_owned(),
            1 => "1 finding".to_owned(),
            many => format!("{many} findings"),
        };
        let repeated = if did.repeated > 0 {
            format!(" · {} told before", did.repeated)
        } else {
            String::new()
        };
        let dry = if self.dry_run { " · nothing was changed: this was a dry run" } else { "" };
        desk.out.say(&format!("{number}{repeated}{dry}"))?;
        let fail_on = desk.global.fail_on;
        let severe =
            told.iter().any(|finding| finding.severity.parse::<Severity>().ok() >= fail_on);
        Ok(if fail_on.is_some() && severe { Exit::Found } else { Exit::Done })
    }
}

/// What became of a table, if anything.
fn line(table: &Tidied) -> Option<String> {
    let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    let mut parts = Vec::new();
    if table.rows_removed > 0 {
        parts.push(format!("{} old rows removed", table.rows_removed));
    }
    if table.files_merged > 0 {
        parts.push(format!("{} files merged", table.files_merged));
    }
    if table.files_deleted > 0 {
        parts.push(format!("{} unneeded files deleted", table.files_deleted));
    }
    if table.log_entries_deleted > 0 {
        parts.push(format!("{} entries of the log deleted", table.log_entries_deleted));
    }
    let [before, after] = table.files;
    let [bytes_before, bytes_after] = table.bytes.map(megabytes);
    (!parts.is_empty()).then(|| {
        format!(
            "{}: {before} files ({bytes_before}) → {after} ({bytes_after}) · {}",
            table.table,
            parts.join(" · ")
        )
    })
}

/// Reads a size such as `128MiB`, `64MB` or `1GiB`, in bytes.
fn bytes(text: &str) -> Result<i64, String> {
    let wrong = || format!("`{text}` is no size: write 64MiB, 128MiB or 1GiB");
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit: i64 = match &text[digits.len()..] {
        "" | "B" => 1,
        "kB" => 1000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return Err(wrong()),
    };
    digits.parse::<i64>().ok().and_then(|number| number.checked_mul(unit)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes("128MiB"), Ok(134_217_728));
        assert_eq!(bytes("64MB"), Ok(64_000_000));
        assert_eq!(bytes("7"), Ok(7));
        for wrong in ["", "MiB", "1 MiB", "1TiB", "9999999999GiB"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_table_where_nothing_was_done_has_no_line() {
        let table =
            Tidied { table: "usage", files: [3, 1], bytes: [3_000_000, 0], ..Tidied::default() };
        assert_eq!(line(&table), None);
        let merged = Tidied { files_merged: 3, ..table };
        assert_eq!(line(&merged).unwrap(), "usage: 3 files (3.0 MB) → 1 (0.0 MB) · 3 files merged");
    }
}
