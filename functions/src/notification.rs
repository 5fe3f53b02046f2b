//! What a message tells: new objects, nothing to do, or something that nobody here understands.
//!
//! S3 tells of objects in three ways: by itself, through EventBridge, and CloudTrail tells of its own
//! through SNS. Each may be wrapped by SNS, by SQS and by Lambda, in any nesting. The shapes: Amazon S3,
//! "Event message structure" and "Using EventBridge"; CloudTrail, "Configuring Amazon SNS notifications".

use percent_encoding::percent_decode_str;
use rolecall_pipeline::Named;
use serde_json::Value;

/// What a message tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// These objects are new; perhaps none, if others were removed.
    Objects(Vec<Named>),
    /// A message that only says that messages arrive.
    Nothing(&'static str),
}

/// Why a message is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("the message is no JSON")]
    NoJson,
    #[error("the message is no notification of S3, CloudTrail, SNS or EventBridge")]
    Unknown,
    #[error("the notification lacks `{0}`")]
    Lacks(&'static str),
    #[error("the key in the notification is no text in UTF-8")]
    Key,
    #[error("the message is wrapped more than {DEEPEST} times")]
    Deep,
}

/// More wrappers than any service puts around a message.
const DEEPEST: usize = 6;

/// Reads the body of a message.
pub(crate) fn told(body: &str) -> Result<Told, Unreadable> {
    told_within(body, 0)
}

fn told_within(body: &str, depth: usize) -> Result<Told, Unreadable> {
    if depth > DEEPEST {
        return Err(Unreadable::Deep);
    }
    // CloudTrail tries a topic out with a text that is no JSON.
    if body.len() < 1000 && body.contains("CloudTrail validation message") {
        return Ok(Told::Nothing("CloudTrail tried its topic"));
    }
    let value: Value = serde_json::from_str(body).map_err(|_| Unreadable::NoJson)?;
    told_by(&value, depth)
}

fn told_by(value: &Value, depth: usize) -> Result<Told, Unreadable> {
    let text = |name: &str| value.get(name).and_then(Value::as_str);
    if let Some(wrapped) = value.as_str() {
        return told_within(wrapped, depth + 1);
    }
    if text("Event") == Some("s3:TestEvent") {
        return Ok(Told::Nothing("S3 tried its notifications"));
    }
    if let (Some(_), Some(kind)) = (text("TopicArn"), text("Type")) {
        return match kind {
            "Notification" => {
                told_within(text("Message").ok_or(Unreadable::Lacks("Message"))?, depth + 1)
            }
            _ => Ok(Told::Nothing("SNS told of a subscription")),
        };
    }
    if let Some(bucket) = text("s3Bucket") {
        return by_cloudtrail(bucket, value);
    }
    if text("source") == Some("aws.s3") && value.get("detail-type").is_some() {
        return by_eventbridge(value);
    }
    let records = value.get("Records").and_then(Value::as_array).ok_or(Unreadable::Unknown)?;
    let mut objects = Vec::new();
    for record in records {
        match told_by_record(record, depth)? {
            Told::Objects(more) => objects.extend(more),
            nothing if records.len() == 1 => return Ok(nothing),
            Told::Nothing(_) => {}
        }
    }
    Ok(Told::Objects(objects))
}

/// A record of S3, or one in which Lambda hands over a message of SNS or SQS.
fn told_by_record(record: &Value, depth: usize) -> Result<Told, Unreadable> {
    let text = |path: &str| record.pointer(path).and_then(Value::as_str);
    if let Some(message) = text("/Sns/Message").or(text("/body")) {
        return told_within(message, depth + 1);
    }
    let Some("aws:s3") = text("/eventSource") else { return Err(Unreadable::Unknown) };
    let event = text("/eventName").ok_or(Unreadable::Lacks("eventName"))?;
    if !event.trim_start_matches("s3:").starts_with("ObjectCreated") {
        return Ok(Told::Objects(Vec::new()));
    }
    let bucket = text("/s3/bucket/name").ok_or(Unreadable::Lacks("s3.bucket.name"))?;
    let key = text("/s3/object/key").ok_or(Unreadable::Lacks("s3.object.key"))?;
    // As in a form: blanks are plus signs.
    let key = key.replace('+', " ");
    let key = percent_decode_str(&key).decode_utf8().map_err(|_| Unreadable::Key)?;
    Ok(Told::Objects(vec![Named {
        bucket: bucket.to_owned(),
        key: key.into_owned(),
        etag: text("/s3/object/eTag").and_then(some),
        size: record.pointer("/s3/object/size").and_then(Value::as_u64),
    }]))
}

/// Keys are as they are here, unlike S3's own.
fn by_eventbridge(event: &Value) -> Result<Told, Unreadable> {
    if event["detail-type"] != "Object Created" {
        return Ok(Told::Objects(Vec::new()));
    }
    let text = |path: &str| event.pointer(path).and_then(Value::as_str);
    Ok(Told::Objects(vec![Named {
        bucket: text("/detail/bucket/name").ok_or(Unreadable::Lacks("detail.bucket.name"))?.into(),
        key: text("/detail/object/key").ok_or(Unreadable::Lacks("detail.object.key"))?.into(),
        etag: text("/detail/object/etag").and_then(some),
        size: event.pointer("/detail/object/size").and_then(Value::as_u64),
    }]))
}

/// Keys are as they are here too, and several.
fn by_cloudtrail(bucket: &str, message: &Value) -> Result<Told, Unreadable> {
    const KEY: &str = "s3ObjectKey";
    let keys = match &message[KEY] {
        Value::Array(keys) => keys.iter().map(Value::as_str).collect(),
        Value::String(key) => Some(vec![key.as_str()]),
        _ => None,
    };
    let named = keys.ok_or(Unreadable::Lacks(KEY))?.into_iter().map(|key| Named {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        etag: None,
        size: None,
    });
    Ok(Told::Objects(named.collect()))
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
#[path = "notification_tests.rs"]
mod tests;
