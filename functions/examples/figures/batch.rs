//! A batch of notifications given to `ingest`, with the trail and the lake on an emulated S3.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rolecall_bench::{Plan, write};
use rolecall_tests::proxy::{Fault, Proxy, Rule};
use rolecall_tests::runtime_api::{Answer, RuntimeApi};
use rolecall_tests::s3::S3;
use serde_json::{Value, json};

/// What a batch is like.
pub(crate) struct Batch {
    /// How many objects.
    pub(crate) objects: u64,
    /// Records in each.
    pub(crate) records: u64,
}

/// What it took.
pub(crate) struct Took {
    /// Bytes of all objects as they lie on S3.
    pub(crate) bytes: u64,
    /// Of all objects.
    pub(crate) records: u64,
    /// From the event to the answer. S3 has part in it: it runs on the same processor.
    pub(crate) seconds: f64,
    /// The most memory that the function's process had, in bytes.
    pub(crate) peak: u64,
    /// GET and HEAD, without lists.
    pub(crate) reads: usize,
    /// PUT and lists.
    pub(crate) writes: usize,
    /// Bytes of the lake.
    pub(crate) lake: u64,
}

/// Gives a batch to a function that has just started, on a lake that is still empty.
pub(crate) fn ingest(built: &Path, s3: &S3, name: &str, batch: &Batch) -> Took {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        files: batch.objects,
        records: batch.records,
        uneven: false,
        accounts: 10,
        days: 1,
        seed: 1,
    };
    let (records, _) = write(folder.path(), &plan).unwrap();
    let (trail, lake) = (format!("{name}-trail"), format!("{name}-lake"));
    s3.put(&format!("/{trail}"), b"");
    s3.put(&format!("/{lake}"), b"");
    let (mut bytes, mut messages) = (0, Vec::new());
    for file in files(folder.path()) {
        let key = file.strip_prefix(folder.path()).unwrap().to_str().unwrap();
        let body = std::fs::read(&file).unwrap();
        bytes += body.len() as u64;
        s3.put(&format!("/{trail}/{key}"), &body);
        messages.push(message(messages.len(), &trail, key));
    }

    let proxy = counting(s3.port);
    let api = RuntimeApi::start();
    let mut function = api
        .command(built.join("ingest"), "ingest")
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", proxy.port))
        .env("ROLECALL_LAKE", format!("s3://{lake}/tables"))
        .env("ROLECALL_TRAIL", format!("s3://{trail}"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    api.asked_at();
    let begun = Instant::now();
    api.event(json!({"Records": messages}), Duration::from_secs(110));
    let answer = api.answer();
    let seconds = begun.elapsed().as_secs_f64();
    let peak = peak(&function);
    function.kill().unwrap();
    function.wait().unwrap();
    let Answer::Response(answer) = answer else { panic!("ingest failed: {answer:?}") };
    assert_eq!(answer["batchItemFailures"], json!([]));

    let counted = proxy.happened();
    let (lists, gets, heads, puts) = (counted[0], counted[1], counted[2], counted[3]);
    let copy = folder.path().join("copy");
    s3.download(&lake, "tables", &copy);
    let lake = files(&copy).iter().map(|file| file.metadata().unwrap().len()).sum();
    Took { bytes, records, seconds, peak, reads: gets - lists + heads, writes: puts + lists, lake }
}

/// A message of the queue for one object.
fn message(n: usize, bucket: &str, key: &str) -> Value {
    let body = json!({"Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": bucket}, "object": {"key": key, "sequencer": "0055AED6"}},
    }]});
    json!({"messageId": format!("m{n}"), "body": body.to_string(), "eventSource": "aws:sqs"})
}

/// A proxy that only counts: lists, and each method.
fn counting(port: u16) -> Proxy {
    let proxy = Proxy::start(port);
    for (method, path) in [("GET", "list-type"), ("GET", ""), ("HEAD", ""), ("PUT", "")] {
        let fault = Fault::Delay(Duration::ZERO);
        proxy.rule(Rule { method, path: path.into(), skip: 0, times: usize::MAX, fault });
    }
    proxy
}

/// The most memory that a process has had, in bytes, as Linux counts it.
fn peak(process: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
