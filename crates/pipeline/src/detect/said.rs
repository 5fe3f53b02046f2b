//! What was said before, and is not said again for some days.

use std::collections::HashMap;

use rolecall_lake::LakeTable;
use rolecall_model::{Day, Finding};

use crate::StepError;

/// The same finding is said again after this many days.
const AGAIN_AFTER: i32 = 7;

/// What was said: the latest day of each fingerprint.
#[derive(Debug, Default)]
pub(crate) struct Said(HashMap<String, Day>);

impl Said {
    pub(super) fn add(&mut self, finding: &Finding) {
        let day = Day::from(finding.first_at);
        let latest = self.0.entry(finding.fingerprint.clone()).or_insert(day);
        *latest = day.max(*latest);
    }

    /// Whether the same was said so lately that it is not said again.
    pub(crate) fn covers(&self, finding: &Finding) -> bool {
        self.0.get(&finding.fingerprint).is_some_and(|day| *day >= said_from(finding))
    }
}

/// From which day on a finding counts as said already.
fn said_from(finding: &Finding) -> Day {
    Day::from(finding.first_at).plus(-AGAIN_AFTER)
}

/// What was stored for the days before these findings.
pub(crate) async fn said(table: &LakeTable, findings: &[Finding]) -> Result<Said, StepError> {
    let mut said = Said::default();
    let Some(from) = findings.iter().map(said_from).min() else { return Ok(said) };
    let recent = table.files().iter().filter(|file| file.day >= from);
    let recent: Vec<_> = recent.cloned().collect();
    let columns = ["fingerprint", "first_at"];
    table.read::<Finding>(&recent, &columns, |finding| said.add(&finding)).await?;
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_said_again_after_a_week_whatever_else_is_found() {
        let finding = |fingerprint: &str, day: i32| Finding {
            fingerprint: fingerprint.into(),
            first_at: Day(day).start(),
            ..Finding::default()
        };
        let mut said = Said::default();
        for (name, day) in [("a", 10), ("a", 3), ("b", 1)] {
            said.add(&finding(name, day));
        }
        // What began three weeks ago is found together with what began today.
        let found = [("a", 17), ("a", 18), ("b", 8), ("b", 9), ("a", 2), ("c", 18)];
        let covered = found.map(|(name, day)| said.covers(&finding(name, day)));
        assert_eq!(covered, [true, false, true, false, true, false]);
    }
}
