//! What the tests of this crate share: records to read, and ways to read them.
#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used)]

use std::io::Write;

use rolecall_cloudtrail::{Batch, Limits, ObjectKind, ObjectRef, Outcome, Reader, Reading};
use rolecall_model::Time;
use serde_json::{Value, json};

pub const OBJECT: ObjectRef<'static> =
    ObjectRef { key: "k", etag: "e", kind: ObjectKind::Log, read_at: Time(7) };

/// Reads bytes both ways, checks that they agree and that the counts balance.
pub fn read_with(limits: Limits, bytes: &[u8]) -> (Reading, Batch) {
    let mut reader = Reader::new(limits);
    let (mut held, mut streamed) = (Batch::default(), Batch::default());
    let reading = reader.read(&OBJECT, bytes, &mut held);
    let again = reader.read_stream(&OBJECT, &mut &*bytes, &mut streamed);
    assert_eq!(reading, again);
    assert_eq!(held.events, streamed.events);
    assert_eq!(held.rejected, streamed.rejected);
    assert_eq!(reading.records, reading.kept + reading.passed_over + reading.rejected);
    assert_eq!(held.uses.len() as i64, reading.kept);
    assert_eq!(held.events.len() as i64, reading.credential_events);
    let refused = i64::from(reading.outcome == Outcome::Refused);
    assert_eq!(held.rejected.len() as i64, reading.rejected + refused);
    assert_eq!(counts(streamed), counts_of(&mut reader, bytes));
    (reading, held)
}

pub fn read(bytes: &[u8]) -> (Reading, Batch) {
    read_with(Limits::default(), bytes)
}

fn counts_of(reader: &mut Reader, bytes: &[u8]) -> Vec<String> {
    let mut batch = Batch::default();
    reader.read(&OBJECT, bytes, &mut batch);
    counts(batch)
}

/// The rows of `usage` with their events, as text in a fixed order.
pub fn counts(batch: Batch) -> Vec<String> {
    let mut rows: Vec<String> = batch
        .uses
        .into_groups()
        .map(|mut group| {
            group.events.sort();
            format!("{:?} {:?}", group.row, group.events)
        })
        .collect();
    rows.sort();
    rows
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at)) as usize & 63];
            text.push(if at > three.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

/// A record with everything that a usual one has; `changes` replace or add fields.
pub fn record(changes: Value) -> Value {
    let mut record = json!({
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "IAMUser", "principalId": "AIDAEXAMPLE", "arn": "arn:aws:iam::111111111111:user/ann",
            "accountId": "111111111111", "accessKeyId": "AKIAEXAMPLE", "userName": "ann",
        },
        "eventTime": "2026-03-10T12:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "ListBuckets",
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "192.0.2.1",
        "userAgent": "aws-cli/2",
        "requestParameters": null,
        "responseElements": null,
        "requestID": "r-1",
        "eventID": "e-1",
        "readOnly": true,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": "111111111111",
        "eventCategory": "Management",
    });
    let (fields, changes) = (record.as_object_mut().unwrap(), changes.as_object().unwrap().clone());
    fields.extend(changes);
    record
}

pub fn records(records: &[Value]) -> Vec<u8> {
    json!({ "Records": records }).to_string().into_bytes()
}

/// An AssumeRole that succeeded.
pub fn assume_role() -> Value {
    record(json!({
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRole",
        "requestParameters": {
            "roleArn": "arn:aws:iam::111111111111:role/team/build",
            "roleSessionName": "run-7", "durationSeconds": 900, "externalId": "x-1",
        },
        "responseElements": {
            "credentials": {
                "accessKeyId": "ASIAEXAMPLE", "expiration": "Mar 10, 2026, 12:15:00 PM",
                "sessionToken": "IQoJb3JpZ2luX2VjNOTREALNOTREALNOTREAL",
            },
            "assumedRoleUser": {
                "assumedRoleId": "AROAEXAMPLE:run-7",
                "arn": "arn:aws:sts::111111111111:assumed-role/build/run-7",
            },
            "packedPolicySize": 6,
        },
        "resources": [{"ARN": "arn:aws:iam::111111111111:role/team/build", "accountId": "111111111111"}],
        "tlsDetails": {"clientProvidedHostHeader": "sts.eu-west-1.amazonaws.com"},
    }))
}
