//! A trail on an emulated S3, and the messages that tell of its objects.

use rolecall_bench::{Plan, write};
use rolecall_tests::files::files_below;
use rolecall_tests::s3::S3;
use serde_json::{Value, json};

/// Objects of a trail in the order of their delivery.
pub(crate) struct Trail {
    /// A message of the queue for each object.
    pub(crate) messages: Vec<Value>,
    /// Bytes of all objects as they lie on S3.
    pub(crate) bytes: u64,
    /// Records of all objects.
    pub(crate) records: u64,
}

impl Trail {
    /// Makes up a trail of ten accounts, and puts it into a bucket.
    pub(crate) fn put(s3: &S3, bucket: &str, files: u64, records: u64, slots: u64) -> Trail {
        let folder = tempfile::tempdir().unwrap();
        let plan = Plan { files, records, uneven: false, accounts: 10, slots, seed: 1 };
        let (records, _) = write(folder.path(), &plan).unwrap();
        let mut files = files_below(folder.path());
        files.sort_by_key(|file| {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            name.rsplit('_').nth(1).map(str::to_owned)
        });
        let mut trail = Trail { messages: Vec::new(), bytes: 0, records };
        for file in files {
            let key = file.strip_prefix(folder.path()).unwrap().to_str().unwrap();
            let body = std::fs::read(&file).unwrap();
            trail.bytes += body.len() as u64;
            s3.put(&format!("/{bucket}/{key}"), &body);
            trail.messages.push(message(trail.messages.len(), bucket, key));
        }
        trail
    }
}

/// A message of the queue for one object.
fn message(n: usize, bucket: &str, key: &str) -> Value {
    let body = json!({"Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": bucket}, "object": {"key": key, "sequencer": "0055AED6"}},
    }]});
    json!({"messageId": format!("m{n}"), "body": body.to_string(), "eventSource": "aws:sqs"})
}
