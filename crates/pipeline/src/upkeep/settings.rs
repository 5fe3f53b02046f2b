//! How a lake is looked after.

use crate::StepError;

const DAY: i64 = 86_400;

/// Detections look at events and sessions of the 30 days before their window, which may lie some
/// days back.
const SHORTEST_RETENTION: i32 = 35;

/// What upkeep does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpkeepSettings {
    /// How many days of events, uses and sessions are kept, before today; None keeps all. What other
    /// tables keep follows from it: docs/upkeep.md.
    pub retention_days: Option<i32>,
    /// After how many days `usage` forgets which events it counted.
    pub hashes_days: i32,
    /// The size that files are merged to, in bytes.
    pub compact_to: i64,
    /// After how many seconds files that no version needs are deleted.
    pub vacuum_after: i64,
    /// Only say what would be done.
    pub dry_run: bool,
}

impl Default for UpkeepSettings {
    /// Keeps all, forgets hashes after 30 days, merges to 128 MiB, deletes after 7 days.
    fn default() -> UpkeepSettings {
        UpkeepSettings {
            retention_days: None,
            hashes_days: 30,
            compact_to: 128 << 20,
            vacuum_after: 7 * DAY,
            dry_run: false,
        }
    }
}

impl UpkeepSettings {
    /// Whether the settings can be kept.
    pub(super) fn check(&self) -> Result<(), StepError> {
        let wrong = |what, given, short_or_long, help| {
            Err(StepError::Setting { what, given, short_or_long, help })
        };
        if let Some(days) = self.retention_days.filter(|days| *days < SHORTEST_RETENTION) {
            let help = "detections look back 30 days, so keep at least 35";
            return wrong("a retention", format!("{days} days"), "short", help);
        }
        if self.hashes_days < 1 {
            let help = "trails deliver late, so keep at least 1";
            return wrong(
                "a memory of events",
                format!("{} days", self.hashes_days),
                "short",
                help,
            );
        }
        if self.compact_to < 1 << 20 {
            let help = "say at least 1MiB";
            return wrong("a file size", format!("{} bytes", self.compact_to), "short", help);
        }
        let seconds = format!("{} seconds", self.vacuum_after);
        if self.vacuum_after < 3600 {
            let help =
                "whoever reads or writes now may need files of the last hour, so say at least 1h";
            return wrong("a vacuum age", seconds, "short", help);
        }
        if self.vacuum_after > 7 * DAY {
            let help = "Delta remembers removed files for 7 days, so say at most 7d";
            return wrong("a vacuum age", seconds, "long", help);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_would_hurt_are_refused() {
        let with = |change: fn(&mut UpkeepSettings)| {
            let mut settings = UpkeepSettings::default();
            change(&mut settings);
            settings.check().is_ok()
        };
        assert!(with(|_| ()));
        assert!(with(|s| s.retention_days = Some(35)));
        assert!(!with(|s| s.retention_days = Some(34)));
        assert!(!with(|s| s.hashes_days = 0));
        assert!(!with(|s| s.compact_to = 1000));
        assert!(!with(|s| s.vacuum_after = 60));
        assert!(!with(|s| s.vacuum_after = 8 * DAY));
    }
}
