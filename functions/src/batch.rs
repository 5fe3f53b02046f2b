//! A batch of messages from SQS, and which of them are handed back.

use std::collections::{BTreeMap, BTreeSet};

use rolecall_pipeline::Named;
use serde_json::{Value, json};

use crate::notification::{Told, told};

/// What the messages of a batch tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    /// The objects to ingest, by URL.
    pub(crate) objects: BTreeMap<String, Vec<Named>>,
    /// The messages that tell of each URL.
    pub(crate) messages: BTreeMap<String, BTreeSet<String>>,
    /// Messages that are not understood, and why.
    pub(crate) unreadable: Vec<(String, String)>,
    /// Messages that only try the way.
    pub(crate) nothing: u64,
    /// Objects that are no logs by their name: digests, and whatever else lies in the bucket.
    pub(crate) passed_over: u64,
}

/// The messages of an event; none if it is no batch of SQS.
fn messages(event: &Value) -> Option<Vec<(&str, Option<&str>)>> {
    event.get("Records")?.as_array()?.iter().map(message).collect()
}

/// The id and the body of a message.
fn message(record: &Value) -> Option<(&str, Option<&str>)> {
    Some((record.get("messageId")?.as_str()?, record.get("body").and_then(Value::as_str)))
}

/// All messages of an event, handed back.
pub(crate) fn all_back(event: &Value) -> Option<Value> {
    Some(answer(messages(event)?.into_iter().map(|(id, _)| id)))
}

/// What tells SQS to deliver these messages again, and to forget the others: Lambda's
/// `ReportBatchItemFailures`, which takes each id once.
pub(crate) fn answer<'a>(back: impl IntoIterator<Item = &'a str>) -> Value {
    let unique: BTreeSet<&str> = back.into_iter().collect();
    let items: Vec<Value> = unique.iter().map(|id| json!({"itemIdentifier": id})).collect();
    json!({"batchItemFailures": items})
}

impl Batch {
    /// Reads an event message by message; none if it is no batch of SQS.
    pub(crate) fn of(event: &Value) -> Option<Batch> {
        let mut batch = Batch::default();
        for (id, body) in messages(event)? {
            match body.map(told) {
                Some(Ok(Told::Objects(objects))) => {
                    objects.into_iter().for_each(|named| batch.enter(id, named));
                }
                Some(Ok(Told::Nothing(_))) => batch.nothing += 1,
                Some(Err(why)) => batch.unreadable.push((id.to_owned(), why.to_string())),
                None => batch.unreadable.push((id.to_owned(), "it has no body".to_owned())),
            }
        }
        Some(batch)
    }

    fn enter(&mut self, id: &str, named: Named) {
        let url = named.url();
        if !named.is_a_log() {
            self.passed_over += 1;
            return;
        }
        self.messages.entry(url.clone()).or_default().insert(id.to_owned());
        let same = self.objects.entry(url).or_default();
        if !same.contains(&named) {
            same.push(named);
        }
    }

    /// The messages to hand back: those not understood, and those that tell of an object that was
    /// not reached.
    pub(crate) fn back<'a>(
        &'a self,
        unreached: impl Iterator<Item = &'a str>,
    ) -> BTreeSet<&'a str> {
        let unread = self.unreadable.iter().map(|(id, _)| id.as_str());
        let lost = unreached.filter_map(|url| self.messages.get(url)).flatten();
        unread.chain(lost.map(String::as_str)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(file: &str) -> String {
        format!(
            "AWSLogs/111111111111/CloudTrail/eu-west-1/2026/03/10/111111111111_CloudTrail_eu-west-1_20260310T1205Z_{file}.json.gz"
        )
    }

    fn body(keys: &[String]) -> String {
        json!({"s3Bucket": "trail", "s3ObjectKey": keys}).to_string()
    }

    #[test]
    fn a_message_comes_back_for_its_own_faults_alone() {
        let digest = "AWSLogs/111111111111/CloudTrail-Digest/eu-west-1/2026/03/10/111111111111_CloudTrail-Digest_eu-west-1_t_eu-west-1_20260310T120507Z.json.gz";
        let event = json!({"Records": [
            {"messageId": "good", "body": body(&[key("a")])},
            {"messageId": "same", "body": body(&[key("a"), key("b")])},
            {"messageId": "lost", "body": body(&[key("b"), key("c")])},
            {"messageId": "digest", "body": body(&[digest.to_owned(), "readme.txt".to_owned()])},
            {"messageId": "test", "body": "{\"Event\":\"s3:TestEvent\"}"},
            {"messageId": "broken", "body": "{"},
            {"messageId": "empty"},
        ]});
        let batch = Batch::of(&event).unwrap();
        assert_eq!(batch.objects.len(), 3);
        assert_eq!((batch.passed_over, batch.nothing, batch.unreadable.len()), (2, 1, 2));
        let back = |urls: &[String]| {
            let back = batch.back(urls.iter().map(String::as_str));
            back.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(back(&[]), ["broken", "empty"]);
        let lost = format!("s3://trail/{}", key("b"));
        assert_eq!(back(&[lost]), ["broken", "empty", "lost", "same"]);
        let all = all_back(&event).unwrap();
        assert_eq!(all["batchItemFailures"].as_array().unwrap().len(), 7);
        assert_eq!(all["batchItemFailures"][0], json!({"itemIdentifier": "broken"}));
    }

    #[test]
    fn what_is_no_batch_is_none() {
        for event in [
            json!(null),
            json!({"rolecall": "catch-up"}),
            json!({"Records": 7}),
            json!({"Records": [{"body": "{}"}]}),
        ] {
            assert_eq!(Batch::of(&event), None, "{event}");
            assert!(all_back(&event).is_none());
        }
    }
}
