//! The findings of one commit: they are sent together, and the checkpoint is the version of that commit.

use rolecall_alert::FindingV1;
use rolecall_catalog::Detection;
use rolecall_lake::{DataFile, LakeTable};
use rolecall_model::{Finding, Severity};

use super::{Alerted, Alerting};
use crate::StepError;

/// What one commit added.
pub(super) struct Group {
    pub(super) version: u64,
    files: Vec<DataFile>,
    /// Whether only what was found lately is told, because the channel is new.
    is_first: bool,
}

/// The commits that added findings since the channel was told, oldest first.
pub(super) async fn waiting(
    table: &LakeTable,
    how: &Alerting<'_>,
) -> Result<Vec<Group>, StepError> {
    let seen = table.checkpoint(&how.channel_checkpoint()).await?;
    let seen = seen.map(|version| version.unsigned_abs());
    let commits = table.commits_since(seen).await?;
    // If the log of those commits is gone, everything comes as one: nobody wants to hear it all again.
    let next = seen.map(|version| version + 1);
    let is_first = next.is_none() || commits.first().map(|(version, _)| *version) != next;
    let added = commits.into_iter().filter(|(_, files)| !files.is_empty());
    Ok(added.map(|(version, files)| Group { version, files, is_first }).collect())
}

impl Group {
    /// The findings to send, with what their detections tell of them; counts those that are not.
    pub(super) async fn read(
        &self,
        table: &LakeTable,
        how: &Alerting<'_>,
        did: &mut Alerted,
    ) -> Result<Vec<FindingV1>, StepError> {
        let mut findings = Vec::new();
        table
            .read::<Finding>(&self.files, &[], |finding| {
                let severity: Option<Severity> = finding.severity.parse().ok();
                if self.is_first && finding.found_at < how.since {
                    did.older += 1;
                } else if !finding.is_told() {
                    did.quiet += 1;
                } else if severity.is_some_and(|severity| severity < how.minimum) {
                    did.passed_over += 1;
                } else {
                    findings.push(told(&finding, how.detections));
                }
            })
            .await?;
        Ok(findings)
    }
}

/// The finding as others read it, with what its detection tells of it.
pub fn told(finding: &Finding, detections: &[Detection]) -> FindingV1 {
    let detection = detections.iter().find(|detection| detection.id == finding.detection);
    let section = |heading| detection.and_then(|d| d.section(heading)).map(str::to_owned);
    FindingV1 {
        family: detection.map(|detection| detection.meta.family.clone()),
        attack: detection.map(|detection| detection.meta.attack.clone()).unwrap_or_default(),
        why: section("Why it matters"),
        harmless: section("When it is harmless"),
        ..FindingV1::from(finding)
    }
}
