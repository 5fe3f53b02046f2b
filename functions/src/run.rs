//! The only place that talks to Lambda: settings at the start, then one event after the other, each
//! under its deadline, with a line of log and a line of metrics.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde_json::{Map, Value, json};

use crate::log::{now, write};
use crate::{Call, Deadline, Done, Function, Handler, Level, Log, Metric, Settings, metrics};

/// Where Lambda's runtime interface listens.
const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";

/// Runs a function until Lambda ends it.
pub fn run<H: Handler>(function: Function, handler: impl FnOnce(&Settings) -> H) -> ExitCode {
    let variable = |name: &str| std::env::var(name).ok();
    let secrets = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"].into_iter().filter_map(variable);
    let log = Log::new(function, Level::Info, secrets);
    let settings = match Settings::read(function, variable) {
        Ok(settings) => settings,
        Err(wrong) => return refuse(&log, "rolecall::BadSettings", &wrong.to_string()),
    };
    let log = log.at_least(settings.log);
    panics_are_lines(log.clone());
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&log, "rolecall::NoRuntime", &error.to_string()),
    };
    let running = Running {
        handler: handler(&settings),
        log: log.clone(),
        namespace: settings.metrics_namespace,
        function,
        is_cold: AtomicBool::new(true),
    };
    let serve = service_fn(|event: LambdaEvent<Value>| running.one(event));
    match runtime.block_on(lambda_runtime::run(serve)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log.say(Level::Error, &format!("the runtime ended: {error}"), &Map::new());
            ExitCode::FAILURE
        }
    }
}

struct Running<H> {
    handler: H,
    log: Log,
    namespace: String,
    function: Function,
    is_cold: AtomicBool,
}

impl<H: Handler> Running<H> {
    async fn one(&self, event: LambdaEvent<Value>) -> Result<Value, Diagnostic> {
        let begun = Instant::now();
        let (event, context) = (event.payload, event.context);
        let at = now();
        let left = context.deadline.saturating_sub(at.0.unsigned_abs() / 1000);
        let deadline = Deadline::of(begun, Duration::from_millis(left));
        let call = Call { log: self.log.of_request(&context.request_id), deadline, now: at };

        // Boxed: the futures of the steps nest deeper than the compiler follows.
        let handling = Box::pin(self.handler.handle(&event, &call));
        let ended = tokio::time::timeout_at(deadline.end.into(), handling).await;
        let took = begun.elapsed().as_millis();
        let (level, message, done) = match ended {
            Ok(Ok(done)) => (Level::Info, "done".to_owned(), Ok(done)),
            Ok(Err(error)) => {
                let why = self.log.scrub(&format!("{error:#}"));
                (Level::Error, why.clone(), Err(diagnostic("rolecall::StepFailed", why)))
            }
            Err(_) => {
                let why = "the time was up: all of it is handed back".to_owned();
                let answer = self.handler.time_is_up(&event);
                let done = answer.map(|answer| Done { answer, ..Done::default() });
                let over = || diagnostic("rolecall::TimeIsUp", "the time was up".to_owned());
                (Level::Warn, why, done.ok_or_else(over))
            }
        };
        let mut told = done.as_ref().map(|done| done.told.clone()).unwrap_or_default();
        told.insert("durationMs".into(), json!(took));
        told.insert("coldStart".into(), self.is_cold.swap(false, Ordering::Relaxed).into());
        call.log.say(level, &message, &told);
        let mut numbers = done.as_ref().map(|done| done.metrics.clone()).unwrap_or_default();
        numbers.push(Metric::milliseconds("DurationMs", took));
        write(&metrics::line(&self.namespace, self.function.as_str(), at, &numbers));
        done.map(|done| done.answer)
    }
}

fn diagnostic(error_type: &str, error_message: String) -> Diagnostic {
    Diagnostic { error_type: error_type.to_owned(), error_message }
}

/// Says why the function does not start, to the log and to Lambda.
fn refuse(log: &Log, kind: &str, why: &str) -> ExitCode {
    log.say(Level::Error, why, &Map::new());
    let body = json!({"errorType": kind, "errorMessage": log.scrub(why), "stackTrace": []});
    if let Err(error) = tell_lambda(kind, &body.to_string()) {
        let message = format!("could not tell Lambda that the function does not start: {error}");
        log.say(Level::Warn, &message, &Map::new());
    }
    ExitCode::FAILURE
}

/// Posts an error of the start; the path is that of Lambda's "Initialization error".
fn tell_lambda(kind: &str, body: &str) -> std::io::Result<()> {
    let Ok(api) = std::env::var(RUNTIME_API) else { return Ok(()) };
    let host = api.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    write!(
        stream,
        "POST /2018-06-01/runtime/init/error HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nLambda-Runtime-Function-Error-Type: {kind}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    stream.read_to_end(&mut Vec::new()).map(drop)
}

/// A fault of the program is one line of the log too.
fn panics_are_lines(log: Log) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        let mut told = Map::new();
        told.insert("place".into(), place.into());
        log.say(Level::Error, &format!("rolecall has a fault: {message}"), &told);
    }));
}
