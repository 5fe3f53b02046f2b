//! Any bytes as an object: nothing panics, counts balance, both ways of reading agree, what is
//! refused leaves nothing behind, and no session token gets through.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_cloudtrail::{Batch, Limits, ObjectKind, ObjectRef, Outcome, Reader, Reading};
use rolecall_model::Time;

/// Small limits, so that small inputs meet them.
const LIMITS: Limits = Limits { inflated: 1 << 20, record: 4096, buffered: 1 << 16, chunk: 100 };

fn check(reading: &Reading, batch: &Batch) {
    assert_eq!(reading.records, reading.kept + reading.passed_over + reading.rejected);
    assert_eq!(batch.uses.len() as i64, reading.kept);
    assert_eq!(batch.events.len() as i64, reading.credential_events);
    let refused = i64::from(reading.outcome == Outcome::Refused);
    assert_eq!(batch.rejected.len() as i64, reading.rejected + refused);
    const TOKEN: &str = "IQoJb3JpZ2luX2Vj";
    for row in &batch.rejected {
        assert!(!String::from_utf8_lossy(&row.bytes).contains(TOKEN));
    }
    for (_, row) in &batch.events {
        assert!(!format!("{row:?}").contains(TOKEN));
    }
}

fuzz_target!(|bytes: &[u8]| {
    let object = ObjectRef { key: "k", etag: "e", kind: ObjectKind::Log, read_at: Time(0) };
    let mut reader = Reader::new(LIMITS);
    let (mut held, mut streamed) = (Batch::default(), Batch::default());
    let first = reader.read(&object, bytes, &mut held);
    check(&first, &held);
    let mut body = bytes;
    let second = reader.read_stream(&object, &mut body, &mut streamed);
    check(&second, &streamed);
    assert_eq!(first, second);
    assert_eq!(held.events, streamed.events);
    assert_eq!(held.rejected, streamed.rejected);
});
