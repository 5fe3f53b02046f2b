//! Why an object is refused as a whole, and what is written down then.

use rolecall_model::Rejected;

use crate::{Batch, ObjectRef, Outcome, Reading, rough};

/// How gzip with deflate begins.
pub(crate) const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

/// Why an object is refused as a whole.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the object is empty")]
    Empty,
    #[error("the JSON ends in the middle of a value: the object was cut off")]
    EndsEarly,
    #[error("the gzip data is damaged or cut off")]
    Damaged,
    #[error("the object could not be read to its end: {0}")]
    Unreadable(std::io::ErrorKind),
    #[error("the object inflates to more bytes than are allowed: a bomb, or raise the limit")]
    TooLong,
    #[error(
        "most of what the object holds cannot be read: it is no log of CloudTrail, or a damaged one"
    )]
    Flooded,
    #[error("{0}")]
    Foreign(String),
}

impl Refusal {
    /// What a failed read means. The decoder says what is wrong with the archive by these kinds;
    /// the texts of errors are not passed on, since they come from outside.
    pub(crate) fn unreadable(error: std::io::Error) -> Refusal {
        use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        match error.kind() {
            InvalidData | InvalidInput | UnexpectedEof => Refusal::Damaged,
            kind => Refusal::Unreadable(kind),
        }
    }
}

/// Writes an object down as refused.
pub(crate) fn refuse(
    object: &ObjectRef<'_>,
    refusal: &Refusal,
    shown: &[u8],
    into: &mut Batch,
) -> Reading {
    let reason = refusal.to_string();
    // Of an archive no byte is worth keeping.
    let bytes = if shown.starts_with(&GZIP) { Vec::new() } else { rough::excerpt(shown) };
    into.rejected.push(Rejected {
        object_key: object.key.to_owned(),
        object_etag: object.etag.to_owned(),
        record: None,
        byte_offset: None,
        rejected_at: object.read_at,
        reason: reason.clone(),
        bytes,
    });
    Reading { outcome: Outcome::Refused, reason: Some(reason), ..Reading::nothing() }
}
