//! What a reader of CloudTrail gets wrong at first: shapes that records have, against what habit
//! or documentation makes one expect.

#![allow(clippy::unwrap_used)]

mod common;

use common::{assume_role, base64, gzip, read, record, records};
use rolecall_cloudtrail::Outcome;
use rolecall_model::{Event, Time};
use serde_json::{Value, json};

/// The one row of a record.
fn row(record: &Value) -> Event {
    let (reading, batch) = read(&records(std::slice::from_ref(record)));
    assert_eq!((reading.kept, batch.events.len()), (1, 1), "{record} {:?}", batch.rejected);
    *batch.events.into_iter().next().unwrap().1
}

fn assume_role_with(path: &str, value: Value) -> Event {
    let mut changed = assume_role();
    let (parent, name) = path.rsplit_once('/').unwrap();
    changed.pointer_mut(parent).unwrap()[name] = value;
    row(&changed)
}

#[test]
fn flags_are_texts_in_one_place_and_booleans_in_another() {
    for (yes, no) in [(json!(true), json!(false)), (json!("true"), json!("false"))] {
        for (value, expected) in [(yes, true), (no, false)] {
            let session = json!({"attributes": {"mfaAuthenticated": value}});
            let event = assume_role_with("/userIdentity/sessionContext", session);
            assert_eq!(event.session_mfa, Some(expected));
            assert_eq!(assume_role_with("/readOnly", value.clone()).read_only, Some(expected));
            let event = assume_role_with("/sessionCredentialFromConsole", value);
            assert_eq!(event.session_from_console, expected);
        }
    }
}

#[test]
fn expirations_come_in_many_forms() {
    for text in [
        "Mar 1, 2026 1:05:09 PM",
        "Mar 1, 2026, 1:05:09 PM",
        "Mar 1, 2026, 1:05:09\u{202f}PM",
        "Mar 1, 2026, 1:05:09\u{a0}pm",
        "2026-03-01T13:05:09Z",
        "2026-03-01T14:05:09+01:00",
        "2026-03-01 13:05:09.000",
        "20260301T130509Z",
    ] {
        let event = assume_role_with("/responseElements/credentials/expiration", text.into());
        let at = event.expires_at.map(|at| at.to_string());
        assert_eq!(at.as_deref(), Some("2026-03-01T13:05:09Z"), "{text}");
        assert_eq!(event.expiration_text.as_deref(), Some(text));
    }
    for (text, hour) in [("12:00:00 AM", "00"), ("12:00:00 PM", "12"), ("0:00:00 PM", "12")] {
        let text = format!("Mar 1, 2026 {text}");
        let event = assume_role_with("/responseElements/credentials/expiration", text.into());
        let at = event.expires_at.unwrap().to_string();
        assert_eq!(at, format!("2026-03-01T{hour}:00:00Z"));
    }
    let event = assume_role_with("/responseElements/credentials/expiration", "soon".into());
    assert_eq!((event.expires_at, event.issued_access_key_id.is_some()), (None, true));
}

#[test]
fn the_versions_of_records_do_not_matter() {
    for version in ["1.0", "1.01", "1.05", "1.08", "1.09", "1.10", "1.11", "1.99", "2.0"] {
        let event = assume_role_with("/eventVersion", version.into());
        assert_eq!(event.event_version.as_deref(), Some(version));
    }
    assert_eq!(assume_role_with("/eventVersion", json!(1.08)).event_version, None);
    // The first version knew no ids, and nobody who received a copy.
    let mut first = assume_role();
    for newer in
        ["eventID", "requestID", "readOnly", "resources", "recipientAccountId", "eventType"]
    {
        first.as_object_mut().unwrap().remove(newer);
    }
    let event = row(&first);
    assert_eq!((event.event_id.as_str(), event.read_only), ("", None));
    assert_eq!(event.recipient_account_id.as_deref(), Some("111111111111"));
}

#[test]
fn fields_of_the_future_are_no_trouble() {
    let mut future = assume_role();
    for name in ["eventContext", "addendum", "edgeDeviceDetails", "somethingNew"] {
        future[name] = json!({"a": [1, {"b": null}]});
        future["userIdentity"][name] = json!({"a": []});
        future["requestParameters"][name] = json!("x");
    }
    assert_eq!(row(&future).role_session_name.as_deref(), Some("run-7"));
    assert_eq!(assume_role_with("/requestParameters", json!({"omitted": true})).role_arn, None);
}

#[test]
fn resources_have_an_upper_case_arn_and_sometimes_no_account() {
    for (resources, expected) in [
        (json!([{"ARN": "arn:aws:iam::1:role/r"}, {"type": "x"}]), Some("arn:aws:iam::1:role/r")),
        (json!([{"arn": "a:b"}, {"ARNPrefix": "c:d"}]), Some("a:b c:d")),
        (json!([]), None),
        (json!(null), None),
    ] {
        let event = assume_role_with("/resources", resources);
        assert_eq!(event.resource_arns.as_deref(), expected);
    }
}

#[test]
fn kinds_of_events_are_told_whatever_their_case() {
    for kind in ["AwsCloudTrailInsight", "awscloudtrailinsight", "AwsVpceEvents", "AwsVpceEvent"] {
        let (reading, _) = read(&records(&[record(json!({"eventType": kind}))]));
        assert_eq!((reading.outcome, reading.passed_over), (Outcome::Read, 1), "{kind}");
    }
    for category in ["Insight", "NetworkActivity"] {
        let (reading, _) = read(&records(&[record(json!({"eventCategory": category}))]));
        assert_eq!(reading.passed_over, 1, "{category}");
    }
    for kind in ["AwsConsoleSignIn", "AwsConsoleSignin", "AwsServiceEvent", "AwsConsoleAction"] {
        assert_eq!(assume_role_with("/eventType", kind.into()).event_type.as_deref(), Some(kind));
    }
}

#[test]
fn other_partitions_are_read_like_the_first() {
    for (source, arn) in [
        ("sts.amazonaws.com", "arn:aws-cn:iam::111111111111:role/r"),
        ("sts.amazonaws.com.cn", "arn:aws-cn:iam::111111111111:role/r"),
        ("sts.amazonaws.eu", "arn:aws-eusc:iam::111111111111:role/r"),
    ] {
        let mut changed = assume_role();
        changed["eventSource"] = source.into();
        changed["requestParameters"]["roleArn"] = arn.into();
        let event = row(&changed);
        assert_eq!((event.role_arn.as_deref(), event.has_session_policy), (Some(arn), Some(false)));
    }
    let denied = json!({
        "eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", "errorCode": "AccessDenied",
        "errorMessage": "User: arn:aws-us-gov:iam::111111111111:user/ann is not authorized to perform: sts:AssumeRole on resource: arn:aws-us-gov:iam::222222222222:role/r with an explicit deny in a service control policy",
    });
    let event = row(&record(denied));
    assert_eq!(event.role_arn.as_deref(), Some("arn:aws-us-gov:iam::222222222222:role/r"));
}

#[test]
fn an_empty_policy_narrows_nothing() {
    for (value, expected) in [
        (json!([]), false),
        (json!(""), false),
        (json!(null), false),
        (json!([{"arn": "a"}]), true),
    ] {
        let event = assume_role_with("/requestParameters/policyArns", value);
        assert_eq!(event.has_session_policy, Some(expected));
    }
}

#[test]
fn escapes_in_keys_and_keys_that_occur_twice() {
    let text = assume_role().to_string();
    for (from, to) in [
        ("\"eventName\"", "\"event\\u004eame\""),
        ("\"userIdentity\"", "\"user\\u0049dentity\""),
        ("\"roleArn\"", "\"role\\u0041rn\""),
        ("\"accessKeyId\"", "\"access\\u004BeyId\""),
    ] {
        let (plain, escaped) = (read(text.as_bytes()), read(text.replace(from, to).as_bytes()));
        assert_eq!(plain.1.events[0].0, escaped.1.events[0].0, "{to}");
        let (mut plain, mut escaped) = (plain.1.events[0].1.clone(), escaped.1.events[0].1.clone());
        // The texts of requests stay as they were written.
        for event in [&mut plain, &mut escaped] {
            (event.request_parameters, event.response_elements) = (None, None);
        }
        assert_eq!(plain, escaped, "{to}");
    }
    // The last one counts everywhere, as in JSON libraries.
    let twice = text
        .replace("\"roleArn\":", "\"roleArn\":\"arn:aws:iam::999999999999:role/x\",\"roleArn\":")
        .replace("\"type\":\"IAMUser\"", "\"type\":\"Root\",\"type\":\"IAMUser\"")
        .replace("\"eventName\":", "\"eventName\":\"GetCallerIdentity\",\"eventName\":");
    let (_, batch) = read(twice.as_bytes());
    let event = &batch.events[0].1;
    assert_eq!(event.event_name, "AssumeRole");
    assert_eq!(event.user_identity_type.as_deref(), Some("IAMUser"));
    assert_eq!(event.role_arn.as_deref(), Some("arn:aws:iam::111111111111:role/team/build"));
    let lists = format!(r#"{{"Records":[{text}],"Records":[{text},{text}]}}"#);
    assert_eq!(read(lists.as_bytes()).0.kept, 3);
}

#[test]
fn every_message_of_a_subscription_is_accounted_for() {
    let good = record(json!({})).to_string();
    let payload = |kind: &str, messages: &[&str]| {
        let events: Vec<Value> = messages
            .iter()
            .map(|text| json!({"id": "1", "timestamp": 1, "message": text}))
            .collect();
        let inner = json!({"messageType": kind, "owner": "111111111111", "logEvents": events});
        json!({"awslogs": {"data": base64(&gzip(inner.to_string().as_bytes()))}}).to_string()
    };
    // CloudWatch Logs cuts long messages off.
    let (reading, batch) =
        read(payload("DATA_MESSAGE", &[&good, &good[..good.len() - 9], "hello"]).as_bytes());
    assert_eq!((reading.kept, reading.rejected, reading.records), (1, 2, 3), "{reading:?}");
    assert!(batch.rejected.iter().all(|row| row.reason == "holds no CloudTrail record"));
    let (reading, _) = read(payload("CONTROL_MESSAGE", &["checking health"]).as_bytes());
    assert_eq!((reading.outcome, reading.passed_over), (Outcome::Read, 1), "{reading:?}");
}

#[test]
fn times_that_no_calendar_has_are_told() {
    for text in ["+262142-01-01T00:00:00", "-0001-12-31 23:59:59", "10000-01-01 00:00:00"] {
        let (reading, batch) =
            read(&records(&[record(json!({})), record(json!({"eventTime": text}))]));
        assert_eq!(reading.rejected, 1, "{text}");
        assert_eq!(batch.rejected[0].reason, "eventTime is no instant");
    }
    // Instead of eventTime, Logstash writes @timestamp.
    let event = record(json!({"eventTime": null, "@timestamp": "2026-03-10T12:00:00.250Z"}));
    let (reading, _) = read(&records(&[event]));
    assert_eq!(reading.first_event_at, Some(Time(1_773_144_000_250_000)));
}

#[test]
fn texts_cut_in_the_middle_of_a_character_keep_their_record() {
    let text = assume_role().to_string();
    let cut = text
        .replace("\"externalId\":\"x-1\"", r#""externalId":"x-\ud83d""#)
        .replace("aws-cli/2", r"aws-cli/2 \ude00\ud83d");
    let (reading, batch) = read(cut.as_bytes());
    assert_eq!(reading.kept, 1, "{:?}", batch.rejected);
    let event = &batch.events[0].1;
    assert_eq!(event.external_id.as_deref(), Some("x-\u{fffd}"));
    assert_eq!(event.user_agent.as_deref(), Some("aws-cli/2 \u{fffd}\u{fffd}"));
    assert!(event.request_parameters.as_deref().unwrap().contains("x-\u{fffd}"));
}
