//! What a function is, to whatever runs it.

use rolecall_model::Time;
use serde_json::{Map, Value};

use crate::{Deadline, Log, Metric};

/// Which of the functions runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Takes notifications, and ingests the objects that they tell of.
    Ingest,
    /// Asks accounts without a trail for their events.
    Poll,
    /// Traces, detects and publishes.
    Detect,
    /// Keeps the lake small, and looks for what is missing.
    Upkeep,
    /// Carries findings to chats, pagers and webhooks.
    Notify,
}

impl Function {
    /// Its name in logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Function::Ingest => "ingest",
            Function::Poll => "poll",
            Function::Detect => "detect",
            Function::Upkeep => "upkeep",
            Function::Notify => "notify",
        }
    }
}

/// One call of a function.
#[derive(Clone, Debug)]
pub struct Call {
    /// Writes lines that carry the id of the request.
    pub log: Log,
    /// When to stop.
    pub deadline: Deadline,
    /// When it began.
    pub now: Time,
}

/// What a call did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Done {
    /// What Lambda is answered.
    pub answer: Value,
    /// Numbers for CloudWatch.
    pub metrics: Vec<Metric>,
    /// Numbers and words for the log.
    pub told: Map<String, Value>,
}

/// A function: an event in, a step of the pipeline, an answer out.
pub trait Handler: Send + Sync + 'static {
    /// Handles one event.
    fn handle(
        &self,
        event: &Value,
        call: &Call,
    ) -> impl Future<Output = anyhow::Result<Done>> + Send;

    /// What to answer when the time is up before [`Handler::handle`] ends: what hands everything
    /// back. `None` is an error.
    fn time_is_up(&self, _event: &Value) -> Option<Value> {
        None
    }
}
