//! Logs: one JSON object a line on standard output, flat, with the request it belongs to.

use std::io::Write;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rolecall_model::Time;
use serde_json::{Map, Value};

use crate::Function;
use crate::scrub::scrub;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever looks for a fault.
    Debug,
    /// What was done.
    Info,
    /// What will be tried again.
    Warn,
    /// What somebody must look at.
    Error,
}

impl Level {
    fn as_str(self) -> &'static str {
        match self {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
        }
    }
}

impl FromStr for Level {
    type Err = ();

    /// Reads the two that can be asked for: `info` and `debug`.
    fn from_str(text: &str) -> Result<Level, ()> {
        match text {
            "debug" => Ok(Level::Debug),
            "info" => Ok(Level::Info),
            _ => Err(()),
        }
    }
}

/// Writes lines.
#[derive(Clone, Debug)]
pub struct Log {
    function: Function,
    least: Level,
    request: Option<String>,
    secrets: Arc<[String]>,
}

impl Log {
    /// A log that keeps lines from `least` on, and lets none of the secrets through.
    pub fn new(function: Function, least: Level, secrets: impl IntoIterator<Item = String>) -> Log {
        Log { function, least, request: None, secrets: secrets.into_iter().collect() }
    }

    /// The same from another level on.
    pub(crate) fn at_least(&self, least: Level) -> Log {
        Log { least, ..self.clone() }
    }

    /// The same for one request.
    pub(crate) fn of_request(&self, id: &str) -> Log {
        Log { request: Some(id.to_owned()), ..self.clone() }
    }

    /// Writes a line. A log that cannot be written stops nothing.
    pub fn say(&self, level: Level, message: &str, told: &Map<String, Value>) {
        if level >= self.least {
            write(&self.line(now(), level, message, told));
        }
    }

    /// A text as it may leave the program.
    pub(crate) fn scrub(&self, text: &str) -> String {
        scrub(text, &self.secrets)
    }

    fn line(&self, at: Time, level: Level, message: &str, told: &Map<String, Value>) -> String {
        let mut line = Map::new();
        line.insert("timestamp".into(), at.to_string().into());
        line.insert("level".into(), level.as_str().into());
        line.insert("function".into(), self.function.as_str().into());
        line.insert("message".into(), self.scrub(message).into());
        if let Some(request) = &self.request {
            line.insert("requestId".into(), request.as_str().into());
        }
        for (name, value) in told {
            let value = match value {
                Value::String(text) => self.scrub(text).into(),
                other => other.clone(),
            };
            line.entry(name.as_str()).or_insert(value);
        }
        Value::Object(line).to_string()
    }
}

/// Writes one line to standard output.
pub(crate) fn write(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// This instant.
pub(crate) fn now() -> Time {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(elapsed.as_micros() as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_is_one_flat_object_without_secrets() {
        let log = Log::new(Function::Ingest, Level::Info, ["planted-secret".to_owned()]);
        let told = json!({"objects": 3, "why": "planted-secret\n\u{1b}[31m", "level": "none"});
        let at = "2026-03-10T12:00:00Z".parse().unwrap();
        let line =
            log.of_request("r-1").line(at, Level::Warn, "not all", told.as_object().unwrap());
        assert!(!line.contains('\n') && !line.contains('\u{1b}'), "{line}");
        assert_eq!(
            serde_json::from_str::<Value>(&line).unwrap(),
            json!({
                "timestamp": "2026-03-10T12:00:00Z", "level": "warn", "function": "ingest",
                "message": "not all", "requestId": "r-1", "objects": 3, "why": "…\n\u{1b}[31m",
            })
        );
    }

    #[test]
    fn two_levels_can_be_asked_for() {
        assert!("warn".parse::<Level>().is_err());
        assert_eq!("debug".parse(), Ok(Level::Debug));
        assert!(Level::Debug < Level::Info && Level::Warn < Level::Error);
    }
}
