//! A function's process, in front of an S3 whose requests are counted.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rolecall_tests::proxy::{Fault, Proxy, Rule};
use rolecall_tests::runtime_api::{Answer, RuntimeApi};
use rolecall_tests::s3::S3;
use serde_json::Value;

/// The buckets of an organisation: its trail, and its lake.
pub(crate) struct Buckets {
    pub(crate) trail: String,
    pub(crate) lake: String,
}

impl Buckets {
    /// Makes them.
    pub(crate) fn new(s3: &S3, name: &str) -> Buckets {
        let buckets = Buckets { trail: format!("{name}-trail"), lake: format!("{name}-lake") };
        s3.put(&format!("/{}", buckets.trail), b"");
        s3.put(&format!("/{}", buckets.lake), b"");
        buckets
    }
}

/// A function that has started, until it is dropped.
pub(crate) struct Function {
    api: RuntimeApi,
    proxy: Proxy,
    process: Child,
    name: &'static str,
}

/// What calls took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Took {
    /// From the event to the answer. S3 has part in it: it runs on the same processor.
    pub(crate) seconds: f64,
    /// The most memory that the process had until then, in bytes.
    pub(crate) peak: u64,
    /// GET and HEAD, without lists.
    pub(crate) reads: f64,
    /// PUT and lists.
    pub(crate) writes: f64,
}

impl Took {
    /// Both together.
    pub(crate) fn and(self, other: Took) -> Took {
        Took {
            seconds: self.seconds + other.seconds,
            peak: self.peak.max(other.peak),
            reads: self.reads + other.reads,
            writes: self.writes + other.writes,
        }
    }

    /// So many times of it.
    pub(crate) fn times(self, many: f64) -> Took {
        Took {
            seconds: self.seconds * many,
            reads: self.reads * many,
            writes: self.writes * many,
            ..self
        }
    }
}

impl Function {
    /// Starts it with so much memory, in MB, and waits until it asks for an event.
    pub(crate) fn start(
        built: &Path,
        s3: &S3,
        buckets: &Buckets,
        name: &'static str,
        memory: u64,
    ) -> Function {
        let (api, proxy) = (RuntimeApi::start(), counting(s3.port));
        let process = api
            .command(built.join(name), name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", memory.to_string())
            .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", proxy.port))
            .env("ROLECALL_LAKE", format!("s3://{}/tables", buckets.lake))
            .env("ROLECALL_TRAIL", format!("s3://{}", buckets.trail))
            .env("ROLECALL_TOPIC_ARN", "arn:aws:sns:us-east-1:000000000000:findings")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        api.asked_at();
        Function { api, proxy, process, name }
    }

    /// Gives it an event, and waits for the answer.
    pub(crate) fn call(&self, event: Value) -> (Took, Value) {
        let before = self.counted();
        let begun = Instant::now();
        self.api.event(event, Duration::from_secs(110));
        let answer = self.api.answer();
        let seconds = begun.elapsed().as_secs_f64();
        let Answer::Response(answer) = answer else { panic!("{} failed: {answer:?}", self.name) };
        let after = self.counted();
        let [reads, writes] = [0, 1].map(|at| (after[at] - before[at]) as f64);
        (Took { seconds, peak: peak(&self.process), reads, writes }, answer)
    }

    /// Reads and writes until now.
    fn counted(&self) -> [usize; 2] {
        let counted = self.proxy.happened();
        let (lists, gets, heads, puts) = (counted[0], counted[1], counted[2], counted[3]);
        [gets - lists + heads, puts + lists]
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
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
