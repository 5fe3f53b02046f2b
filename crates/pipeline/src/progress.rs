//! How far a step is, for whoever watches.

/// What a step has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Units done: objects, slices, rows, or detections of each day.
    pub done: u64,
    /// Units in all.
    pub total: u64,
    /// Records met so far.
    pub records: u64,
    /// Bytes read so far, as stored.
    pub bytes: u64,
    /// Bytes in all, as stored; 0 where nobody knows.
    pub bytes_total: u64,
}

/// Is told about progress, from any thread.
pub type Watch<'a> = &'a (dyn Fn(Progress) + Sync);
