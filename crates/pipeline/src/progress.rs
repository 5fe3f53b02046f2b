//! How far a step is, for whoever watches.

/// What a step has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Units done: objects, days or windows.
    pub done: u64,
    /// Units in all.
    pub total: u64,
    /// Records met so far.
    pub records: u64,
    /// Bytes read so far, as stored.
    pub bytes: u64,
}

/// Is told about progress, from any thread.
pub type Watch<'a> = &'a (dyn Fn(Progress) + Sync);
