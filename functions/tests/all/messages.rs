//! Messages as queues deliver them.

use serde_json::{Value, json};

use crate::world::World;

/// A batch of messages; their ids are the names that they are given.
pub(crate) fn batch(messages: impl IntoIterator<Item = (String, String)>) -> Value {
    let records = messages.into_iter().map(|(id, body)| {
        json!({
            "messageId": id, "receiptHandle": "planted-receipt", "body": body,
            "attributes": {"ApproximateReceiveCount": "1"}, "messageAttributes": {},
            "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:us-east-1:111111111111:new",
            "awsRegion": "us-east-1",
        })
    });
    json!({"Records": records.collect::<Vec<_>>()})
}

/// A message for each of these keys, as S3 writes it; its id is the place in the list.
pub(crate) fn of_keys<'a>(world: &World, keys: impl IntoIterator<Item = &'a String>) -> Value {
    batch(keys.into_iter().enumerate().map(|(n, key)| (format!("m{n}"), s3(world, key))))
}

/// What S3 says of a new object. It leaves out size and tag, which it may.
pub(crate) fn s3(world: &World, key: &str) -> String {
    json!({"Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": world.trail()}, "object": {"key": key, "sequencer": "0055AED6"}},
    }]})
    .to_string()
}

/// The same with size and tag, so that nobody needs to ask for them.
pub(crate) fn s3_whole(world: &World, key: &str) -> String {
    s3(world, key).replace("\"sequencer\"", "\"eTag\":\"abc\",\"size\":7,\"sequencer\"")
}

pub(crate) fn sns(message: &str) -> String {
    json!({"Type": "Notification", "TopicArn": "arn:aws:sns:us-east-1:111111111111:new", "Message": message})
        .to_string()
}

pub(crate) fn eventbridge(world: &World, key: &str) -> String {
    json!({
        "version": "0", "detail-type": "Object Created", "source": "aws.s3",
        "detail": {"bucket": {"name": world.trail()}, "object": {"key": key}},
    })
    .to_string()
}

pub(crate) fn cloudtrail(world: &World, keys: &[String]) -> String {
    json!({"s3Bucket": world.trail(), "s3ObjectKey": keys}).to_string()
}

pub(crate) fn digest(n: usize) -> String {
    format!(
        "AWSLogs/111111111111/CloudTrail-Digest/us-east-1/2026/03/10/111111111111_CloudTrail-Digest_us-east-1_trail_us-east-1_20260310T12{n:02}00Z.json.gz"
    )
}
