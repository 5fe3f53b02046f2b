//! A function as Lambda runs it: a process, its environment, its events, and its log.

use std::io::{BufRead, BufReader};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rolecall_tests::runtime_api::{Answer, RuntimeApi};
use serde_json::Value;

/// What must never be in a log: each is in the environment of every function.
const SECRETS: [(&str, &str); 2] = [
    ("AWS_SECRET_ACCESS_KEY", "planted-secret-access-key"),
    ("AWS_SESSION_TOKEN", "planted-session-token"),
];

/// A function that runs.
pub(crate) struct Lambda {
    pub(crate) api: RuntimeApi,
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
    readers: Vec<std::thread::JoinHandle<()>>,
    /// Calls that went well, each of which has written its metrics.
    answered: AtomicUsize,
}

impl Lambda {
    /// Starts a function with these settings, and nothing else of this machine's environment.
    pub(crate) fn start(function: &str, settings: &[(&str, String)]) -> Lambda {
        let program = match function {
            "ingest" => env!("CARGO_BIN_EXE_ingest"),
            "poll" => env!("CARGO_BIN_EXE_poll"),
            "detect" => env!("CARGO_BIN_EXE_detect"),
            "upkeep" => env!("CARGO_BIN_EXE_upkeep"),
            "notify" => env!("CARGO_BIN_EXE_notify"),
            other => panic!("there is no function `{other}`"),
        };
        let api = RuntimeApi::start();
        let mut child = api
            .command(program, function)
            .envs(SECRETS)
            .env("ROLECALL_LOG", "debug")
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let out = child.stdout.take().unwrap();
        let err = child.stderr.take().unwrap();
        let readers = vec![keep(out, lines.clone()), keep(err, lines.clone())];
        Lambda { api, child, lines, readers, answered: AtomicUsize::new(0) }
    }

    /// Hands over an event with a minute of time, and waits for the answer.
    pub(crate) fn call(&self, event: Value) -> Answer {
        self.call_within(event, Duration::from_secs(60))
    }

    pub(crate) fn call_within(&self, event: Value, time: Duration) -> Answer {
        self.api.event(event, time);
        let answer = self.api.answer();
        if matches!(answer, Answer::Response(_)) {
            let answered = self.answered.fetch_add(1, Ordering::Relaxed) + 1;
            self.wait_for_metrics(answered);
        }
        answer
    }

    /// Waits until what was written before an answer has come through the pipe.
    fn wait_for_metrics(&self, times: usize) {
        let until = Instant::now() + Duration::from_secs(20);
        let written = || self.log().lines().filter(|line| line.contains("\"_aws\"")).count();
        while written() < times {
            assert!(Instant::now() < until, "no metrics after an answer:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The ids of the messages that a batch hands back.
    pub(crate) fn back(&self, batch: Value) -> Vec<String> {
        back_of(self.call(batch), || self.log())
    }

    /// Kills the function; on Unix this is SIGKILL: nothing is tidied up. Gives its log.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.end()
    }

    /// Waits until the function ends by itself.
    pub(crate) fn wait(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        (status, self.end())
    }

    /// What it has said so far.
    pub(crate) fn log(&self) -> String {
        self.lines.lock().unwrap().join("\n")
    }

    /// The last number of a metric.
    pub(crate) fn metric(&self, name: &str) -> Option<f64> {
        let lines = self.lines.lock().unwrap();
        let mut told =
            lines.iter().rev().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        told.find(|line| line.get("_aws").is_some())?[name].as_f64()
    }

    fn end(&mut self) -> String {
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        let log = self.log();
        for line in log.lines() {
            let line: Value =
                serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
            assert!(line.is_object());
        }
        for secret in ["planted", "IQoJb3JpZ2luX2Vj", "Credential="] {
            assert!(!log.contains(secret), "the log holds `{secret}`:\n{log}");
        }
        log
    }
}

impl Drop for Lambda {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !std::thread::panicking() {
            self.end();
        }
    }
}

/// The ids that an answer hands back.
pub(crate) fn back_of(answer: Answer, log: impl Fn() -> String) -> Vec<String> {
    let Answer::Response(answer) = &answer else { panic!("{answer:?}\n{}", log()) };
    let failures = answer["batchItemFailures"].as_array().unwrap();
    failures.iter().map(|one| one["itemIdentifier"].as_str().unwrap().to_owned()).collect()
}

fn keep(
    from: impl std::io::Read + Send + 'static,
    lines: Arc<Mutex<Vec<String>>>,
) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            lines.lock().unwrap().push(line);
        }
    })
}
