//! One element of an object: a record or something around one; and where the next one begins.

use crate::Limits;
use crate::fields::{Field, Fields};
use crate::open;
use crate::record::Keeper;

/// Takes one element: a record, or something around records.
pub(crate) fn element(
    bytes: &[u8],
    offset: u64,
    fields: &Fields,
    limits: Limits,
    control: bool,
    keeper: &mut Keeper<'_, '_>,
) {
    if control {
        return keeper.pass_over();
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return keeper.reject("the record is not UTF-8".to_owned(), offset, bytes);
    };
    if fields.are_a_record() {
        keeper.record(text, fields, offset);
    } else if open::open(text, offset, limits, keeper) == 0 {
        keeper.reject_foreign(open::NO_RECORD.to_owned(), offset, bytes);
    }
}

/// What an object without a list of records is.
pub(crate) fn envelope_of(fields: &Fields) -> &'static str {
    if fields.are_a_record() {
        "record"
    } else if fields.has(Field::AwsLogs) {
        "cloudwatch-logs"
    } else if fields.has(Field::DetailType) {
        "eventbridge"
    } else {
        "document"
    }
}

/// Where, after its first byte, a broken stretch of bytes seems to go on with a new record: at an
/// object that begins with `eventVersion`, as CloudTrail's do, or as the list's first record did, or
/// among lines at a new line.
pub(crate) fn next_record(bytes: &[u8], opening: &[u8], lines: bool) -> Option<usize> {
    // Broken records may stand side by side by the thousand: each looks nearby first.
    const NEAR: usize = 16 << 10;
    let near = &bytes[..bytes.len().min(NEAR)];
    next_within(near, opening, lines).or_else(|| next_within(bytes, opening, lines))
}

fn next_within(bytes: &[u8], opening: &[u8], lines: bool) -> Option<usize> {
    let object = |key: &[u8]| {
        memchr::memmem::find_iter(bytes, key).find_map(|at| {
            let blanks = bytes[..at].iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
            let brace = at.checked_sub(blanks + 1)?;
            (brace > 0 && bytes[brace] == b'{').then_some(brace)
        })
    };
    let version = object(b"\"eventVersion\"");
    let alike = if opening.len() > 2 { object(opening) } else { None };
    let line = memchr::memchr_iter(b'\n', bytes)
        .map(|at| at + 1)
        .find(|at| lines && matches!(bytes.get(*at), Some(b'{' | b'[')));
    version.into_iter().chain(alike).chain(line).min()
}
