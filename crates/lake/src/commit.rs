//! Commits that only succeed on the version that was looked at.

use deltalake_core::DeltaTableError;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TransactionError};
use deltalake_core::kernel::{Action, Add, Remove, Transaction};
use deltalake_core::protocol::{DeltaOperation, SaveMode};

use crate::write::{now_millis, partition};
use crate::{Change, LakeError, LakeTable, Outcome};

impl LakeTable {
    /// Commits if nobody else has committed since this table was read; otherwise nothing happens.
    pub async fn commit(&mut self, change: Change) -> Result<Outcome, LakeError> {
        let data_change = !change.rearranges;
        let removed = change.remove.iter().map(|file| {
            Action::Remove(Remove {
                path: file.path.clone(),
                data_change,
                deletion_timestamp: Some(now_millis()),
                extended_file_metadata: Some(true),
                partition_values: Some(partition(file.day)),
                size: Some(file.size),
                tags: None,
                deletion_vector: None,
                base_row_id: None,
                default_row_commit_version: None,
            })
        });
        let added =
            change.add.iter().map(|new| Action::Add(Add { data_change, ..new.add.clone() }));
        let actions: Vec<Action> = removed.chain(added).collect();
        let checkpoints = change.checkpoints.into_iter();
        let properties = quiet_properties().with_application_transactions(
            checkpoints.map(|(step, at)| Transaction::new(step, at)).collect(),
        );
        let operation = if change.rearranges {
            let sizes = change.add.iter().map(|new| new.file.size);
            DeltaOperation::Optimize { predicate: None, target_size: sizes.max().unwrap_or(0) }
        } else {
            DeltaOperation::Write {
                mode: SaveMode::Append,
                partition_by: Some(vec!["date".to_owned()]),
                predicate: None,
            }
        };

        let failed = |e| LakeError::delta("commit to", self.table.name)(e);
        let state = self.delta.snapshot().map_err(failed)?;
        let commit = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(state), self.delta.log_store(), operation)
            .await;
        match commit {
            Ok(done) => {
                self.delta.state = Some(done.snapshot());
                let removed: Vec<&str> =
                    change.remove.iter().map(|file| file.path.as_str()).collect();
                self.files.retain(|file| !removed.contains(&file.path.as_str()));
                self.files.extend(change.add.into_iter().map(|new| new.file));
                Ok(Outcome::Committed(done.version()))
            }
            Err(error) if lost_the_race(&error) => {
                self.lost += 1;
                Ok(Outcome::Lost)
            }
            Err(error) => Err(failed(error)),
        }
    }
}

/// No commit tries again by itself, and none cleans the log: the log is where steps find what is
/// new, and only upkeep knows how far they have read.
pub(crate) fn quiet_properties() -> CommitProperties {
    CommitProperties::default().with_max_retries(0).with_cleanup_expired_logs(Some(false))
}

fn lost_the_race(error: &DeltaTableError) -> bool {
    matches!(
        error,
        DeltaTableError::VersionAlreadyExists(_)
            | DeltaTableError::Transaction {
                source: TransactionError::MaxCommitAttempts(_)
                    | TransactionError::VersionAlreadyExists(_)
                    | TransactionError::CommitConflict(_)
            }
    )
}
