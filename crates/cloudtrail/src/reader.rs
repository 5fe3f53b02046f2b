//! Reads objects: told by magic bytes, inflated, walked, and taken whole or not at all.

use std::io::{Cursor, Read};

use flate2::read::MultiGzDecoder;
use libdeflater::{DecompressionError, Decompressor};

use crate::envelope::Walk;
use crate::fields::Fields;
use crate::known::Known;
use crate::record::{Keeper, Tally};
use crate::refusal::{GZIP, Refusal, refuse};
use crate::window::Window;
use crate::{Batch, Limits, ObjectKind, ObjectRef, Outcome, Reading};

/// Reads trail objects. Holds buffers that are used again: keep one per thread.
pub struct Reader {
    limits: Limits,
    inflater: Decompressor,
    inflated: Vec<u8>,
    scratch: Vec<u8>,
    known: Known,
}

impl Reader {
    /// A reader with these limits.
    pub fn new(limits: Limits) -> Reader {
        Reader {
            limits,
            inflater: Decompressor::new(),
            inflated: Vec::new(),
            scratch: Vec::new(),
            known: Known::new(),
        }
    }

    /// Reads one object held in memory, gzip or plain.
    ///
    /// Never fails: an object that cannot be read is a [`Reading`] with the outcome
    /// [`Outcome::Refused`] and one row in `into.rejected`; nothing else of it is in `into`.
    pub fn read(&mut self, object: &ObjectRef<'_>, bytes: &[u8], into: &mut Batch) -> Reading {
        if let Some(reading) = pass_over(object.kind) {
            return reading;
        }
        if !bytes.starts_with(&GZIP) {
            if bytes.len() as u64 > self.limits.inflated {
                return refuse(object, &Refusal::TooLong, bytes, into);
            }
            return self.walk(object, Window::whole(bytes), bytes, into);
        }
        let mut buffer = std::mem::take(&mut self.inflated);
        let reading = match self.inflate(bytes, &mut buffer) {
            Some(length) => self.walk(object, Window::whole(&buffer[..length]), bytes, into),
            None => {
                let mut inflater = MultiGzDecoder::new(bytes);
                self.walk(
                    object,
                    Window::of(&mut inflater, self.limits.inflated, self.limits.chunk),
                    bytes,
                    into,
                )
            }
        };
        self.inflated = buffer;
        reading
    }

    /// Reads one object too big to hold, gzip or plain, in a window of about one record and one
    /// chunk. The outcome is the same as that of [`Reader::read`], whatever the size: also here a
    /// damaged object leaves nothing but its refusal.
    pub fn read_stream(
        &mut self,
        object: &ObjectRef<'_>,
        body: &mut dyn Read,
        into: &mut Batch,
    ) -> Reading {
        if let Some(reading) = pass_over(object.kind) {
            return reading;
        }
        let mut head = Vec::new();
        if let Err(error) = (&mut *body).take(HEAD).read_to_end(&mut head) {
            return refuse(object, &Refusal::unreadable(error), &head, into);
        }
        let shown = head.clone();
        let mut whole = Cursor::new(head).chain(body);
        let Limits { inflated, chunk, .. } = self.limits;
        if shown.starts_with(&GZIP) {
            let mut inflater = MultiGzDecoder::new(whole);
            self.walk(object, Window::of(&mut inflater, inflated, chunk), &shown, into)
        } else {
            self.walk(object, Window::of(&mut whole, inflated, chunk), &shown, into)
        }
    }

    /// Inflates an archive of one member into the buffer at once. `None` if that cannot be done:
    /// too big, damaged or of several members; the decoder of streams then decides.
    fn inflate(&mut self, bytes: &[u8], buffer: &mut Vec<u8>) -> Option<usize> {
        // Several members are told by the magic bytes of another header. They may also occur by
        // chance, once in some ten megabytes; those objects just take the slower way.
        if memchr::memmem::find(&bytes[3..], &GZIP).is_some() {
            return None;
        }
        // The archive says how much it holds (modulo 4 GiB), truthfully or not.
        let length = u32::from_le_bytes(*bytes.last_chunk()?) as usize;
        let limit =
            self.limits.buffered.min(usize::try_from(self.limits.inflated).unwrap_or(usize::MAX));
        if length > limit {
            return None;
        }
        if buffer.len() < length {
            buffer.resize(length, 0);
        }
        match self.inflater.gzip_decompress(bytes, &mut buffer[..length]) {
            Ok(inflated) => (inflated == length).then_some(length),
            Err(DecompressionError::BadData | DecompressionError::InsufficientSpace) => None,
        }
    }

    /// Walks the object and takes it whole, or refuses it and takes nothing.
    fn walk(
        &mut self,
        object: &ObjectRef<'_>,
        window: Window<'_>,
        shown: &[u8],
        into: &mut Batch,
    ) -> Reading {
        let (events, rejected, uses) = (into.events.len(), into.rejected.len(), into.uses.mark());
        let keeper = Keeper {
            object,
            batch: into,
            scratch: &mut self.scratch,
            known: &mut self.known,
            tally: Tally::default(),
        };
        let mut walk = Walk {
            window,
            limits: self.limits,
            keeper,
            fields: Fields::new(),
            at: 0,
            stopped: 0,
            opening: Vec::new(),
            envelope: None,
            values: 0,
            control: false,
            digest: false,
        };
        let done = walk.skip_mark().and_then(|()| walk.run());
        let (tally, envelope) = (std::mem::take(&mut walk.keeper.tally), walk.envelope);
        let (digest, empty) = (walk.digest, walk.values == 0 && tally.records == 0);
        let refusal = match done {
            Err(refusal) => Some(refusal),
            Ok(()) if digest && tally.records == 0 => {
                return passed_over("a digest file: it holds hashes of log files");
            }
            Ok(()) if empty => Some(Refusal::Empty),
            Ok(()) if tally.unpacked > self.limits.inflated => Some(Refusal::TooLong),
            // Nothing but foreign things: not records that could not be read, but no log at all.
            Ok(()) if tally.records > 0 && tally.foreign == tally.records => {
                Some(Refusal::Foreign(tally.foreign_reason.clone().unwrap_or_default()))
            }
            Ok(()) if tally.flooded => Some(Refusal::Flooded),
            Ok(()) => None,
        };
        if let Some(refusal) = refusal {
            into.events.truncate(events);
            into.rejected.truncate(rejected);
            into.uses.back_to(uses);
            return refuse(object, &refusal, shown, into);
        }
        Reading {
            outcome: Outcome::Read,
            reason: None,
            envelope,
            records: tally.records,
            kept: tally.kept,
            passed_over: tally.passed_over,
            rejected: tally.rejected,
            credential_events: tally.credential_events,
            first_event_at: tally.first_event_at,
            last_event_at: tally.last_event_at,
        }
    }
}

/// So many bytes of a stream are looked at first.
const HEAD: u64 = 2048;

fn pass_over(kind: ObjectKind) -> Option<Reading> {
    match kind {
        ObjectKind::Log | ObjectKind::Unknown => None,
        ObjectKind::Digest => Some(passed_over("a digest file by its name")),
        ObjectKind::Insight => Some(passed_over("Insights by its name")),
        ObjectKind::NetworkActivity => Some(passed_over("network activity by its name")),
        ObjectKind::Aggregated => Some(passed_over("aggregated events by its name")),
    }
}

fn passed_over(reason: &str) -> Reading {
    Reading { outcome: Outcome::PassedOver, reason: Some(reason.to_owned()), ..Reading::nothing() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_window_ends_does_not_matter() {
        let record = r#"{"eventVersion":"1.08","eventSource":"sts.amazonaws.com","eventName":"X\"é","eventTime":"2026-03-10T12:00:00Z","requestParameters":{"a":[1,"\\"]},"eventID":"1"}"#;
        let long = format!(r#"{{"eventVersion":"1.08","x":"{}"}}"#, "y".repeat(600));
        let object = crate::ObjectRef {
            key: "k",
            etag: "e",
            kind: ObjectKind::Log,
            read_at: rolecall_model::Time(0),
        };
        for text in [
            format!(
                r#" {{"a":[{{}}],"Records" : [{record} , {record},{long},{{"a" 1}},{record}],"z":{{}}}} "#
            ),
            format!("{record}\n{record}\nrubbish\n{long}\n{record}"),
            format!(r#"{{"Records":[{record},{record}"#),
            format!(
                r#"{{"Records":[{record},{{"deep":{}1{}}},{record}]}}"#,
                "[".repeat(200),
                "]".repeat(200)
            ),
            format!(
                r#"{{"Records":[{record}],"z":[{}],"Records":[{record}]}}"#,
                "1,".repeat(600) + "1"
            ),
            format!(r#"{{"Records":[{record}],"{}":1,"Records":[{record}]}}"#, "k".repeat(600)),
        ] {
            let mut seen = Vec::new();
            for chunk in (1..40).chain([1000, 1 << 20]) {
                let mut reader = Reader::new(Limits { record: 500, chunk, ..Limits::default() });
                let mut batch = Batch::default();
                let reading = reader.read_stream(&object, &mut text.as_bytes(), &mut batch);
                seen.push((reading, batch.events, batch.rejected));
            }
            assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{text}: {seen:?}");
        }
    }
}
