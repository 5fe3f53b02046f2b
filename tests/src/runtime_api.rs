//! Lambda's runtime interface, as far as a function needs it: it hands out events, and takes answers.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::BufReader;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::http::Message;

/// What a function answered to an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It is done.
    Response(Value),
    /// It failed.
    Error(Value),
    /// It did not start.
    InitError(Value),
}

#[derive(Default)]
struct State {
    events: VecDeque<(Value, Duration)>,
    answers: VecDeque<Answer>,
    asked_at: Option<Instant>,
    /// The next response is cut off, and is no answer.
    cut: bool,
    cuts: usize,
    requests: usize,
}

/// The interface, for one function.
pub struct RuntimeApi {
    /// Where it listens.
    pub port: u16,
    state: Arc<(Mutex<State>, Condvar)>,
}

impl RuntimeApi {
    /// Begins to listen.
    pub fn start() -> RuntimeApi {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state: Arc<(Mutex<State>, Condvar)> = Arc::default();
        let api = RuntimeApi { port, state: state.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = state.clone();
                // A function that was killed in the middle is no fault of the interface.
                std::thread::spawn(move || drop(serve(stream, &state)));
            }
        });
        api
    }

    /// A function's process as Lambda starts it, with nothing of this machine's environment.
    pub fn command(&self, program: impl AsRef<OsStr>, function: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", format!("127.0.0.1:{}", self.port))
            .env("AWS_LAMBDA_FUNCTION_NAME", function)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", "us-east-1");
        command
    }

    /// Hands out an event, and so much time for it, as soon as the function asks.
    pub fn event(&self, event: Value, time: Duration) {
        self.state.0.lock().unwrap().events.push_back((event, time));
        self.state.1.notify_all();
    }

    /// The next response is lost, as when a function dies while it answers.
    pub fn cut_next(&self) {
        self.state.0.lock().unwrap().cut = true;
    }

    /// Waits until a response was lost.
    pub fn wait_for_cut(&self) {
        self.wait(|state| (state.cuts > 0).then_some(()));
    }

    /// Waits for the next answer, two minutes at most.
    pub fn answer(&self) -> Answer {
        self.wait(|state| state.answers.pop_front())
    }

    /// Waits until the function has asked for its first event, and says when that was.
    pub fn asked_at(&self) -> Instant {
        self.wait(|state| state.asked_at)
    }

    fn wait<T>(&self, found: impl Fn(&mut State) -> Option<T>) -> T {
        let mut state = self.state.0.lock().unwrap();
        let until = Instant::now() + Duration::from_secs(120);
        loop {
            if let Some(found) = found(&mut state) {
                return found;
            }
            assert!(Instant::now() < until, "the function did not do what was waited for");
            state = self.state.1.wait_timeout(state, Duration::from_millis(200)).unwrap().0;
        }
    }
}

fn serve(stream: TcpStream, state: &(Mutex<State>, Condvar)) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut to = stream;
    let Some(request) = Message::read(&mut reader, false)? else { return Ok(()) };
    let json = || serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    let path = request.path().trim_start_matches("/2018-06-01/runtime/").to_owned();
    match path.rsplit('/').next().unwrap_or_default() {
        "next" => {
            let (id, event, time) = next(state);
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            let answer = Message::answer(200, event.to_string())
                .with("Content-Type", "application/json")
                .with("Lambda-Runtime-Aws-Request-Id", format!("request-{id}"))
                .with("Lambda-Runtime-Deadline-Ms", (now + time).as_millis())
                .with(
                    "Lambda-Runtime-Invoked-Function-Arn",
                    "arn:aws:lambda:us-east-1:111111111111:function:test",
                )
                .with("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700");
            answer.write(&mut to, usize::MAX)
        }
        kind => {
            let mut held = state.0.lock().unwrap();
            if kind == "response" && std::mem::take(&mut held.cut) {
                held.cuts += 1;
                state.1.notify_all();
                // The function waits for ever, until whoever watches kills it.
                drop(held);
                std::thread::sleep(Duration::from_secs(30));
                return to.shutdown(Shutdown::Both);
            }
            held.answers.push_back(match (kind, path.starts_with("init/")) {
                ("response", _) => Answer::Response(json()),
                (_, true) => Answer::InitError(json()),
                _ => Answer::Error(json()),
            });
            state.1.notify_all();
            drop(held);
            Message::answer(202, "{}").write(&mut to, usize::MAX)
        }
    }
}

fn next(state: &(Mutex<State>, Condvar)) -> (usize, Value, Duration) {
    let mut held = state.0.lock().unwrap();
    held.asked_at.get_or_insert_with(Instant::now);
    state.1.notify_all();
    loop {
        if let Some((event, time)) = held.events.pop_front() {
            held.requests += 1;
            return (held.requests, event, time);
        }
        held = state.1.wait(held).unwrap();
    }
}
