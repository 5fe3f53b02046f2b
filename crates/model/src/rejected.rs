//! What could not be read, and why.

use crate::Time;

crate::table! {
    /// One row per record that could not be read, or object that could not be read as a whole.
    Rejected is "rejected" by rejected_at, sorted ["object_key", "record"], bloom [];
    /// The object it was found in.
    object_key: String,
    /// The entity tag of that object; empty if it could not be fetched, though it may have been since.
    object_etag: String,
    /// Which record of the object, from 0; NULL for the object as a whole.
    record: Option<i64>,
    /// Where it begins in the inflated object, in bytes, if that is known.
    byte_offset: Option<i64>,
    /// When rolecall met it.
    rejected_at: Time,
    /// Why it could not be read.
    reason: String,
    /// Its first bytes, with secrets cut out.
    bytes: Vec<u8>,
}
