//! Finds records inside whatever was wrapped around them.
//!
//! One rule for LookupEvents entries, CloudWatch Logs messages, EventBridge events, OpenSearch documents
//! and the rest: what is no record itself is opened, be it an object, a list, a text that holds
//! JSON, or base64 of gzip. A record is never opened, so nothing that a caller wrote into a request
//! passes for a record.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use crate::Limits;
use crate::fields::{Field, Fields};
use crate::object::{elements, members};
use crate::record::Keeper;
use crate::scan::Cursor;
use crate::value::text;

/// Wrappers in wrappers are opened this deep.
const DEPTH: u32 = 8;

/// The message type of those that are about the delivery itself.
pub(crate) const CONTROL: &str = "\"CONTROL_MESSAGE\"";
/// Why something is rejected in which no record was found.
pub(crate) const NO_RECORD: &str = "holds no CloudTrail record";

/// Keeps every record found in a JSON value that is no record, and says how many there were.
pub(crate) fn open(json: &str, offset: u64, limits: Limits, keeper: &mut Keeper<'_, '_>) -> i64 {
    let before = keeper.tally.records;
    Opener { offset, limits, packed: false, keeper }.value(json, 0);
    keeper.tally.records - before
}

struct Opener<'a, 'b, 'c> {
    offset: u64,
    limits: Limits,
    /// Within an archive: nothing is inflated twice, because gzip in gzip would multiply.
    packed: bool,
    keeper: &'a mut Keeper<'b, 'c>,
}

impl Opener<'_, '_, '_> {
    fn value(&mut self, json: &str, depth: u32) {
        if depth > DEPTH {
            return;
        }
        match json.as_bytes().first() {
            Some(b'{') => self.object(json, depth),
            Some(b'[') => elements(json).for_each(|element| self.value(element, depth + 1)),
            Some(b'"') => self.string(json, depth),
            _ => {}
        }
    }

    fn object(&mut self, json: &str, depth: u32) {
        let mut fields = Fields::new();
        let mut cursor = Cursor::new(json.as_bytes(), 0);
        if fields.read(json.as_bytes(), &mut cursor, false, self.keeper.known).is_err() {
            return;
        }
        if fields.are_a_record() {
            return self.keeper.record(json, &fields, self.offset);
        }
        let control = fields.get(json, Field::MessageType) == CONTROL;
        for (name, value) in members(json) {
            match name {
                "\"Records\"" | "\"Events\"" | "\"logEvents\"" if value.starts_with('[') => {
                    elements(value).for_each(|one| self.listed(one, control, depth + 2));
                }
                _ => self.value(value, depth + 1),
            }
        }
    }

    /// An element of a list of records: accounted for whatever it is.
    fn listed(&mut self, json: &str, control: bool, depth: u32) {
        if control {
            return self.keeper.pass_over();
        }
        let before = self.keeper.tally.records;
        self.value(json, depth);
        if self.keeper.tally.records == before {
            self.keeper.reject_foreign(NO_RECORD.to_owned(), self.offset, json.as_bytes());
        }
    }

    fn string(&mut self, json: &str, depth: u32) {
        // Most texts are names and numbers: look before resolving escapes.
        let start = json[1..].trim_start();
        if start.starts_with(['{', '[']) {
            if let Some(inner) = text(json) {
                self.document(&inner, depth);
            }
        } else if start.starts_with("H4sI")
            && !self.packed
            && let Some(inner) = text(json).and_then(|text| self.inflate(&text))
        {
            self.packed = true;
            self.document(&inner, depth);
            self.packed = false;
        }
    }

    /// JSON that was in a text.
    fn document(&mut self, text: &str, depth: u32) {
        let text = text.trim();
        let mut cursor = Cursor::new(text.as_bytes(), 0);
        if cursor.skip().is_ok() && cursor.at == text.len() {
            self.value(text, depth + 1);
        }
    }

    fn inflate(&mut self, text: &str) -> Option<String> {
        let left = self.limits.inflated.saturating_sub(self.keeper.tally.unpacked);
        let limit = left.min(self.limits.buffered as u64);
        let packed = base64(text)?;
        let mut inner = String::new();
        // One byte beyond the limit tells that there is more.
        let mut limited = MultiGzDecoder::new(packed.as_slice()).take(limit + 1);
        let read = limited.read_to_string(&mut inner);
        self.keeper.tally.unpacked += limit + 1 - limited.limit();
        (read.is_ok() && inner.len() as u64 <= limit).then_some(inner)
    }
}

/// The bytes behind standard base64.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').bytes().map(|byte| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    });
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0);
    for digit in digits {
        bits = bits << 6 | u32::from(digit?);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_of_every_length() {
        for (text, bytes) in
            [("", ""), ("QQ==", "A"), ("QUI=", "AB"), ("QUJD", "ABC"), ("QUJDRA==", "ABCD")]
        {
            assert_eq!(base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(base64("Q!=="), None);
    }
}
