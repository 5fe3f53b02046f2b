//! Messages as services write them, in every wrapper, and as nobody should.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn named(key: &str, etag: Option<&str>, size: Option<u64>) -> Named {
    Named { bucket: "trail".into(), key: key.into(), etag: etag.map(str::to_owned), size }
}

fn s3(key: &str) -> Value {
    json!({"Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-west-1",
        "eventTime": "2026-03-10T12:05:31.000Z", "eventName": "ObjectCreated:Put",
        "s3": {
            "s3SchemaVersion": "1.0", "configurationId": "trail",
            "bucket": {"name": "trail", "arn": "arn:aws:s3:::trail"},
            "object": {"key": key, "size": 1024, "eTag": "d41d8cd98f00b204", "sequencer": "0055AED6"},
        },
    }]})
}

fn eventbridge(key: &str) -> Value {
    json!({
        "version": "0", "id": "17793124", "detail-type": "Object Created", "source": "aws.s3",
        "account": "111111111111", "time": "2026-03-10T12:05:31Z", "region": "eu-west-1",
        "resources": ["arn:aws:s3:::trail"],
        "detail": {
            "version": "0", "bucket": {"name": "trail"},
            "object": {"key": key, "size": 1024, "etag": "d41d8cd98f00b204", "sequencer": "0055AED6"},
            "reason": "PutObject",
        },
    })
}

fn sns(message: &str) -> String {
    json!({
        "Type": "Notification", "MessageId": "22b80b92", "Message": message,
        "TopicArn": "arn:aws:sns:eu-west-1:111111111111:trail", "Timestamp": "2026-03-10T12:05:32.000Z",
        "SignatureVersion": "1", "Signature": "EXAMPLE",
    })
    .to_string()
}

fn lambda_sns(message: &str) -> String {
    json!({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"Message": message}}]})
        .to_string()
}

fn lambda_sqs(message: &str) -> String {
    json!({"Records": [{"eventSource": "aws:sqs", "messageId": "1", "body": message}]}).to_string()
}

fn check(body: &str, expected: Result<Told, Unreadable>) {
    assert_eq!(told(body), expected, "{body}");
}

#[test]
fn an_object_is_told_in_any_nesting() {
    let key = "AWSLogs/1/x y+z=ü.json.gz";
    let encoded = "AWSLogs/1/x+y%2Bz%3D%C3%BC.json.gz";
    let whole: Result<Told, Unreadable> =
        Ok(Told::Objects(vec![named(key, Some("d41d8cd98f00b204"), Some(1024))]));
    let short: Result<Told, Unreadable> = Ok(Told::Objects(vec![named(key, None, None)]));
    let cloudtrail = json!({"s3Bucket": "trail", "s3ObjectKey": [key]});
    for (message, expected) in [
        (s3(encoded).to_string(), &whole),
        (eventbridge(key).to_string(), &whole),
        (cloudtrail.to_string(), &short),
    ] {
        for wrapped in [
            message.clone(),
            sns(&message),
            lambda_sns(&message),
            lambda_sqs(&sns(&message)),
            lambda_sqs(&lambda_sns(&message)),
            json!(message).to_string(),
        ] {
            check(&wrapped, expected.clone());
        }
    }
}

#[test]
fn keys_of_s3_are_encoded_and_those_of_others_are_not() {
    let objects = |key| Ok(Told::Objects(vec![named(key, Some("d41d8cd98f00b204"), Some(1024))]));
    check(&s3("a%2Fb+c").to_string(), objects("a/b c"));
    check(&eventbridge("a%2Fb+c").to_string(), objects("a%2Fb+c"));
    check(&s3("100%+sure").to_string(), objects("100% sure"));
    check(&s3("%ff").to_string(), Err(Unreadable::Key));
}

#[test]
fn several_objects_and_those_that_went() {
    let cloudtrail = json!({"s3Bucket": "trail", "s3ObjectKey": ["a+b", "%41"]}).to_string();
    check(&cloudtrail, Ok(Told::Objects(vec![named("a+b", None, None), named("%41", None, None)])));
    let mut event = s3("a");
    let mut removed = event["Records"][0].clone();
    removed["eventName"] = json!("ObjectRemoved:Delete");
    event["Records"][0]["s3"]["object"]["eTag"] = json!("");
    event["Records"].as_array_mut().unwrap().push(removed.clone());
    check(&event.to_string(), Ok(Told::Objects(vec![named("a", None, Some(1024))])));
    check(&json!({"Records": [removed]}).to_string(), Ok(Told::Objects(vec![])));
    let mut event = eventbridge("a");
    event["detail-type"] = json!("Object Deleted");
    check(&event.to_string(), Ok(Told::Objects(vec![])));
}

#[test]
fn messages_that_only_try_the_way_are_nothing_to_do() {
    let test =
        json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "trail"}).to_string();
    for body in [
        test.clone(),
        sns(&test),
        lambda_sns(&test),
        sns("CloudTrail validation message."),
        json!({"Type": "SubscriptionConfirmation", "TopicArn": "arn:aws:sns:x", "Token": "t"})
            .to_string(),
    ] {
        assert!(matches!(told(&body), Ok(Told::Nothing(_))), "{body}");
    }
}

#[test]
fn what_is_not_understood_says_why() {
    let mut deep = s3("a").to_string();
    for _ in 0..DEEPEST + 1 {
        deep = json!(deep).to_string();
    }
    let without = |pointer: &str, name: &str| {
        let mut event = s3("a");
        event.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(name);
        event.to_string()
    };
    for (body, why) in [
        ("", Unreadable::NoJson),
        ("{", Unreadable::NoJson),
        ("[]", Unreadable::Unknown),
        ("{}", Unreadable::Unknown),
        ("null", Unreadable::Unknown),
        ("{\"Records\":[7]}", Unreadable::Unknown),
        ("{\"Records\":{}}", Unreadable::Unknown),
        (&sns("{"), Unreadable::NoJson),
        ("{\"TopicArn\":\"t\",\"Type\":\"Notification\"}", Unreadable::Lacks("Message")),
        ("{\"s3Bucket\":\"trail\"}", Unreadable::Lacks("s3ObjectKey")),
        ("{\"s3Bucket\":\"trail\",\"s3ObjectKey\":[7]}", Unreadable::Lacks("s3ObjectKey")),
        (&without("/Records/0", "eventName"), Unreadable::Lacks("eventName")),
        (&without("/Records/0/s3/bucket", "name"), Unreadable::Lacks("s3.bucket.name")),
        (&without("/Records/0/s3/object", "key"), Unreadable::Lacks("s3.object.key")),
        (&deep, Unreadable::Deep),
    ] {
        check(body, Err(why));
    }
}

/// JSON of any shape, with the names that mean something here.
fn hostile() -> impl Strategy<Value = Value> {
    let names = prop_oneof![
        Just("Records"),
        Just("Event"),
        Just("Type"),
        Just("TopicArn"),
        Just("Message"),
        Just("body"),
        Just("s3Bucket"),
        Just("s3ObjectKey"),
        Just("s3"),
        Just("bucket"),
        Just("object"),
        Just("key"),
        Just("name"),
        Just("eventSource"),
        Just("eventName"),
        Just("source"),
        Just("detail-type"),
        Just("detail"),
        Just("Sns"),
        Just("size"),
        Just("eTag"),
    ];
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<i64>().prop_map(|n| json!(n)),
        "[ -~é\u{0}]{0,12}".prop_map(|text| json!(text)),
        prop_oneof![
            Just("aws:s3"),
            Just("aws.s3"),
            Just("Notification"),
            Just("ObjectCreated:Put"),
            Just("%"),
            Just("{\"Records\":[]}"),
            Just("\"\\\"x\\\"\""),
            Just("Object Created"),
        ]
        .prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| json!(list)),
            prop::collection::vec((names.clone(), inner), 0..6).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(n, v)| (n.to_owned(), v)).collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_shape_is_read_or_refused(value in hostile()) {
        let _ = told(&value.to_string());
        let _ = told(&sns(&value.to_string()));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        let _ = told(&text);
        let _ = told(&sns(&text));
    }

    /// Any key arrives as it is, whoever tells of it.
    #[test]
    fn any_key_survives(key in "[a-zA-Z0-9 +%=/_.~üß€&-]{1,40}") {
        let encoded: String = key
            .bytes()
            .map(|b| match b {
                b' ' => "+".to_owned(),
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => (b as char).to_string(),
                other => format!("%{other:02X}"),
            })
            .collect();
        for message in [s3(&encoded).to_string(), eventbridge(&key).to_string()] {
            let Ok(Told::Objects(objects)) = told(&sns(&message)) else { panic!("{message}") };
            prop_assert_eq!(&objects[0].key, &key);
        }
    }
}
