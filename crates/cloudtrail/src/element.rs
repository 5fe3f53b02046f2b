//! One element of an object: a record or something around one.

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
