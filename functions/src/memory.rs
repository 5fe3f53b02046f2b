//! What a function may hold in memory, from what Lambda gives it.

/// Bytes that the rows of one chunk of an ingest may take: a sixteenth of the memory. A chunk is
/// held several times: as rows, as columns, and as a file.
pub(crate) fn of_chunk(megabytes: usize) -> usize {
    ((megabytes << 20) / 16).clamp(8 << 20, 256 << 20)
}

/// Bytes that questions may take before they go to disk: half of the memory.
pub(crate) fn of_questions(megabytes: usize) -> usize {
    (megabytes << 20) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_shared_out() {
        assert_eq!(of_chunk(512), 32 << 20);
        assert_eq!(of_chunk(0), 8 << 20);
        assert_eq!(of_chunk(1 << 20), 256 << 20);
        assert_eq!(of_questions(2048), 1 << 30);
    }
}
