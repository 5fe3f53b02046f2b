//! Objects that are damaged, enormous or made to hurt.

#![allow(clippy::unwrap_used)]

mod common;

use std::io::Read;

use common::{OBJECT, assume_role, base64, gzip, read, read_with, record, records};
use rolecall_cloudtrail::{Batch, Limits, Outcome, Reader};
use rolecall_model::{Event, Row, Sink, Time, Usage};
use serde_json::{Value, json};

fn refused(bytes: &[u8], reason: &str) {
    let (reading, batch) = read(bytes);
    assert_eq!((reading.outcome, reading.records), (Outcome::Refused, 0), "{reading:?}");
    assert!(reading.reason.as_deref().unwrap().contains(reason), "{reading:?}");
    assert_eq!(batch.rejected[0].record, None);
}

/// kept, passed over, rejected
fn counts(bytes: &[u8]) -> [i64; 3] {
    let (reading, _) = read(bytes);
    assert_eq!(reading.outcome, Outcome::Read, "{reading:?}");
    [reading.kept, reading.passed_over, reading.rejected]
}

#[test]
fn what_is_no_log_is_refused_with_a_reason() {
    let whole = gzip(&records(&[record(json!({}))]));
    refused(b"", "empty");
    refused(b" \n", "empty");
    refused(b"\xef\xbb\xbf", "empty");
    refused(b"<html></html>", "broken: expected { or [");
    refused(b"eventTime,eventName\n1,2\n", "broken");
    refused(b"{}", "holds no CloudTrail record");
    refused(br#"{"Records":null}"#, "holds no CloudTrail record");
    refused(br#"{"Records":[{"class_uid":3002}]}"#, "holds no CloudTrail record");
    refused(br#"{"Records":["#, "cut off");
    refused(&whole[..whole.len() - 9], "gzip");
    refused(&whole[..20], "gzip");
    refused(&[&whole[..], b"rubbish"].concat(), "gzip");
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    assert_eq!(read(&damaged).0.outcome, Outcome::Refused);
    let mut checksum = whole;
    let at = checksum.len() - 6;
    checksum[at] ^= 1;
    refused(&checksum, "gzip");
}

#[test]
fn empty_lists_are_fine() {
    for empty in [r#"{"Records":[]}"#, "[]", r#"{"Events":[]}"#] {
        assert_eq!(counts(empty.as_bytes()), [0, 0, 0], "{empty}");
    }
}

#[test]
fn one_bad_record_stops_no_other() {
    let good = record(json!({})).to_string();
    let among = |bad: &str| format!(r#"{{"Records":[{good},{bad},{good}]}}"#);
    for bad in [
        r#"{"eventVersion":"1.08""a":1}"#,
        r#"{"eventVersion":"1.08","a":}"#,
        r#"{"eventVersion":"1.08","a":1"#,
        r#"{"eventVersion":"1.08","a:1}"#,
        r#"{"eventVersion":"1.08","a":tru}"#,
        r#"{"eventVersion":"1.08","eventName":"X"}"#,
        r#"{"userIdentity":{}}"#,
        "null",
        "7",
        "\"text\"",
        "{}",
    ] {
        assert_eq!(counts(among(bad).as_bytes()), [2, 0, 1], "{bad}");
    }
    let lines = format!("{good}\n{{\"broken\":\n{good}\nrubbish\n{good}\n");
    assert_eq!(counts(lines.as_bytes()), [3, 0, 2]);
    let mut latin = among(r#"{"eventVersion":"1.08","x":"_"}"#).into_bytes();
    let at = latin.windows(3).position(|w| w == b"\"_\"").unwrap();
    latin[at + 1] = 0xe9;
    assert_eq!(counts(&latin), [2, 0, 1]);
}

#[test]
fn missing_and_unreadable_basics_are_told() {
    for (changes, reason) in [
        (json!({"eventTime": null}), "no eventTime"),
        (json!({"eventTime": "soon"}), "eventTime is no instant"),
        (json!({"eventName": ""}), "no eventName"),
        (json!({"eventSource": 7}), "no eventSource"),
        (json!({"eventSource": "aws:s3"}), "a notification by another service"),
    ] {
        let (_, batch) = read(&records(&[record(json!({})), record(changes)]));
        assert!(batch.rejected[0].reason.starts_with(reason), "{:?}", batch.rejected);
        assert_eq!(batch.rejected[0].record, Some(1));
        assert!(batch.rejected[0].byte_offset > Some(100));
    }
}

#[test]
fn odd_types_never_cost_a_record() {
    for field in [
        "userIdentity",
        "sourceIPAddress",
        "userAgent",
        "requestParameters",
        "responseElements",
        "additionalEventData",
        "resources",
        "tlsDetails",
        "readOnly",
        "awsRegion",
        "errorCode",
        "recipientAccountId",
    ] {
        for odd in [
            json!("null"),
            json!({"a": {"b": 1}}),
            json!([1, "x", {}]),
            json!(-1.5e3),
            json!(true),
            json!(null),
        ] {
            let mut changed = assume_role();
            changed[field] = odd;
            assert_eq!(counts(&records(&[changed.clone()])), [1, 0, 0], "{changed}");
        }
    }
}

/// Makes every text of a value long, names and times aside.
fn lengthen(value: &mut Value) {
    match value {
        Value::String(text) if !text.starts_with("2026-") => text.push_str(&"ü".repeat(5_000)),
        Value::Array(items) => items.iter_mut().for_each(lengthen),
        Value::Object(members) => members.values_mut().for_each(lengthen),
        _ => {}
    }
}

/// The longest text of a row: its column's place and its bytes.
struct Longest(usize, usize);

impl Longest {
    fn of<R: Row>(row: &R) -> (&'static str, usize) {
        let mut longest = Longest(0, 0);
        row.put(&mut longest);
        (R::TABLE.columns[longest.0].name, longest.1)
    }
}

impl Sink for Longest {
    fn text(&mut self, at: usize, value: Option<&str>) {
        let length = value.map_or(0, str::len);
        if length > self.1 {
            *self = Longest(at, length);
        }
    }
    fn long(&mut self, _at: usize, _value: Option<i64>) {}
    fn flag(&mut self, _at: usize, _value: Option<bool>) {}
    fn time(&mut self, _at: usize, _value: Option<Time>) {}
    fn bytes(&mut self, _at: usize, _value: Option<&[u8]>) {}
}

#[test]
fn no_text_fills_the_memory() {
    let mut record = assume_role();
    record["errorMessage"] = json!("denied");
    lengthen(&mut record);
    // A credential event still, and readable.
    record["eventSource"] = json!("sts.amazonaws.com");
    record["eventName"] = json!("AssumeRole");
    record["eventType"] = json!("AwsApiCall");
    record["eventCategory"] = json!("Management");
    let (_, batch) = read(&records(&[record]));
    let event: &Event = &batch.events[0].1;
    let (column, length) = Longest::of(event);
    assert!(length > 20_000, "JSON is kept as a whole up to 100 KB: {column} {length}");
    let mut bare = event.clone();
    (bare.request_parameters, bare.response_elements) = (None, None);
    (bare.additional_event_data, bare.resource_arns) = (None, None);
    let (column, length) = Longest::of(&bare);
    assert!(length <= 2 * 4100, "{column} has {length} bytes");
    let agent = event.user_agent.as_deref().unwrap();
    assert!(agent.starts_with("aws-cli/2üü") && agent.ends_with("ü…"), "{agent}");
    let group = batch.uses.into_groups().next().unwrap();
    let usage: &Usage = &group.row;
    let (column, length) = Longest::of(usage);
    assert!(length <= 2 * 4100, "{column} has {length} bytes");
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| {
        let text = record(json!({"requestParameters": "HERE"})).to_string();
        text.replace("\"HERE\"", &format!("{}1{}", "[".repeat(depth), "]".repeat(depth)))
    };
    let good = record(json!({}));
    let bytes = format!("[{},{good}]", nested(100_000));
    let (reading, batch) = read(bytes.as_bytes());
    assert_eq!((reading.kept, reading.rejected), (1, 1));
    assert_eq!(batch.rejected[0].reason, "nested deeper than 128");
    assert_eq!(counts(format!("[{}]", nested(100)).as_bytes()), [1, 0, 0]);
    // Wrappers in wrappers end as well.
    let mut wrapped = good.to_string();
    for _ in 0..3 {
        wrapped = json!({ "message": wrapped }).to_string();
    }
    assert_eq!(counts(wrapped.as_bytes()), [1, 0, 0]);
    for _ in 0..3 {
        wrapped = json!({ "message": wrapped }).to_string();
    }
    refused(wrapped.as_bytes(), "holds no CloudTrail record");
}

#[test]
fn long_records_are_passed_without_being_held() {
    let good = record(json!({})).to_string();
    let head = format!(r#"{{"Records":[{good},{{"eventVersion":"1.08","x":"\"{{"#);
    let tail = format!(r#""}},{good}]}}"#);
    let mut body =
        head.as_bytes().chain(std::io::repeat(b'y').take(100 << 20)).chain(tail.as_bytes());
    let mut batch = Batch::default();
    let reading = Reader::new(Limits::default()).read_stream(&OBJECT, &mut body, &mut batch);
    assert_eq!((reading.kept, reading.rejected), (2, 1), "{reading:?}");
    assert!(batch.rejected[0].reason.starts_with("longer than"));
    assert!(batch.rejected[0].bytes.len() <= 2048);
}

#[test]
fn what_stands_beside_the_records_cannot_hold_the_walk() {
    let good = record(json!({})).to_string();
    for beside in [
        format!("{}{}", "[".repeat(200), "]".repeat(200)),
        format!("\"{}\"", "y".repeat(9000)),
        format!("[{}]", "1,".repeat(9000) + "1"),
    ] {
        let text = format!(r#"{{"Records":[{good}],"z":{beside}}}"#);
        let limits = Limits { record: 2000, ..Limits::default() };
        let (reading, _) = read_with(limits, text.as_bytes());
        assert_eq!((reading.kept, reading.rejected), (1, 1), "{reading:?}");
    }
    // The same where it does not fit into memory.
    let (head, tail) = (format!(r#"{{"Records":[{good}],"z":""#), r#""}"#);
    let mut body =
        head.as_bytes().chain(std::io::repeat(b'y').take(1 << 20)).chain(tail.as_bytes());
    let limits = Limits { record: 9000, chunk: 1000, ..Limits::default() };
    let reading = Reader::new(limits).read_stream(&OBJECT, &mut body, &mut Batch::default());
    assert_eq!((reading.kept, reading.rejected), (1, 1), "{reading:?}");
}

#[test]
fn rubbish_without_end_is_refused_before_it_fills_the_memory() {
    let good = record(json!({})).to_string();
    let flood = format!(r#"{{"Records":[{good}{}]}}"#, ",{}".repeat(12_000));
    refused(flood.as_bytes(), "no log");
    refused(&gzip(flood.as_bytes()), "no log");
    let some = format!(r#"{{"Records":[{good}{}]}}"#, ",{}".repeat(3000));
    assert_eq!(counts(some.as_bytes()), [1, 0, 3000]);
}

#[test]
fn long_texts_are_searched_for_secrets_once() {
    for piece in
        ["secret:", "secret ", "arn:secret:", "token=", "\\\"", "Z2luX2Vj", "oJb3JpZ2luX2Vj:"]
    {
        let mut changed = assume_role();
        changed["requestParameters"]["policy"] = piece.repeat((128 << 10) / piece.len()).into();
        assert_eq!(counts(&records(&[changed])), [1, 0, 0], "{piece}");
    }
}

#[test]
fn archives_within_share_one_limit() {
    // Each inflates to 64 KiB, which is allowed; all together they are too much.
    let good = record(json!({})).to_string();
    let blanks = base64(&gzip(&[vec![b' '; 64 << 10], good.clone().into_bytes()].concat()));
    let event = json!({"awslogs": {"data": blanks}}).to_string();
    let lines = |n: usize| format!("{event}\n").repeat(n);
    let limits = Limits { inflated: 512 << 10, ..Limits::default() };
    assert_eq!(read_with(limits, lines(7).as_bytes()).0.kept, 7);
    let (reading, _) = read_with(limits, lines(9).as_bytes());
    assert_eq!(reading.outcome, Outcome::Refused);
    assert!(reading.reason.unwrap().contains("bomb"));
}

#[test]
fn bombs_stop_at_the_limit() {
    // A GiB of blanks, packed as 64 members of 16 MiB.
    let mut bomb = gzip(&vec![b' '; 16 << 20]).repeat(64);
    assert!(bomb.len() < 2 << 20);
    let limits = Limits { inflated: 1 << 20, ..Limits::default() };
    let (reading, _) = read_with(limits, &bomb);
    assert_eq!(reading.outcome, Outcome::Refused);
    assert!(reading.reason.unwrap().contains("bomb"));
    // An archive that lies about its size is no way around.
    let at = bomb.len() - 4;
    bomb[at..].copy_from_slice(&100u32.to_le_bytes());
    assert_eq!(read_with(limits, &bomb).0.outcome, Outcome::Refused);
    let plain = vec![b' '; 2 << 20];
    assert!(read_with(limits, &plain).0.reason.unwrap().contains("bomb"));
}

#[test]
fn a_failing_source_is_a_refusal_without_its_text() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::new(std::io::ErrorKind::TimedOut, "sessionToken=abc"))
        }
    }
    let head = records(&[assume_role()]);
    let mut body = head[..head.len() - 2].chain(Fails);
    let mut batch = Batch::default();
    let reading = Reader::new(Limits::default()).read_stream(&OBJECT, &mut body, &mut batch);
    assert_eq!(reading.outcome, Outcome::Refused);
    assert!(!reading.reason.unwrap().contains("abc"));
    assert_eq!((batch.events.len(), batch.uses.len()), (0, 0));
}
