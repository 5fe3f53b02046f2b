//! The part of an object that is in memory: all of it, or a window that moves along.

use std::borrow::Cow;
use std::io::Read;

use crate::Refusal;

/// A stretch of an object's inflated bytes.
pub(crate) struct Window<'a> {
    bytes: Cow<'a, [u8]>,
    /// Where in the object the stretch begins.
    start: u64,
    source: Option<Source<'a>>,
}

struct Source<'a> {
    reader: &'a mut dyn Read,
    /// How much it may still give.
    left: u64,
    chunk: usize,
}

impl<'a> Window<'a> {
    /// All of an object.
    pub(crate) fn whole(bytes: &'a [u8]) -> Window<'a> {
        Window { bytes: Cow::Borrowed(bytes), start: 0, source: None }
    }

    /// The beginning of an object, which may give at most so many bytes.
    pub(crate) fn of(reader: &'a mut dyn Read, limit: u64, chunk: usize) -> Window<'a> {
        let source = Some(Source { reader, left: limit, chunk: chunk.max(1) });
        Window { bytes: Cow::Owned(Vec::new()), start: 0, source }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where in the object a place in the window lies.
    pub(crate) fn offset(&self, at: usize) -> u64 {
        self.start + at as u64
    }

    /// Reads more. If there was more, the bytes before `keep` are dropped and `keep` becomes place 0;
    /// at the end nothing changes.
    pub(crate) fn more(&mut self, keep: usize) -> Result<bool, Refusal> {
        let Some(source) = &mut self.source else { return Ok(false) };
        let bytes = self.bytes.to_mut();
        let held = bytes.len();
        // At least as much as is held already: a long record is not walked again and again.
        let wanted = source.chunk.max(held - keep) as u64;
        // One byte beyond the limit tells that there is more.
        let mut limited = (&mut *source.reader).take(wanted.min(source.left.saturating_add(1)));
        limited.read_to_end(bytes).map_err(Refusal::unreadable)?;
        let got = (bytes.len() - held) as u64;
        if got == 0 {
            self.source = None;
            return Ok(false);
        }
        source.left = source.left.checked_sub(got).ok_or(Refusal::TooLong)?;
        bytes.drain(..keep);
        self.start += keep as u64;
        Ok(true)
    }
}
