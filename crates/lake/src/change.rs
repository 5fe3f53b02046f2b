//! What one commit adds, removes and remembers.

use crate::{DataFile, NewFile};

/// Everything one Delta commit does, at once or not at all.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Files to add.
    pub add: Vec<NewFile>,
    /// Files to take out.
    pub remove: Vec<DataFile>,
    /// Checkpoints to set: a step and the version (or instant) up to which it has read.
    pub checkpoints: Vec<(String, i64)>,
    /// Whether the added files hold the rows of the removed ones and nothing else: whoever follows
    /// the commits has met them already, and [`LakeTable::commits_since`](crate::LakeTable::commits_since)
    /// passes over them.
    pub rearranges: bool,
}

impl Change {
    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty() && self.checkpoints.is_empty()
    }
}

/// How a commit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The table has it, at this version.
    Committed(u64),
    /// Another writer committed first; look at what it added, and try again.
    Lost,
}
