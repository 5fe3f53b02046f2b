//! What the five functions share: settings, notifications, the run under a deadline, logs and metrics.
//!
//! A function is a [`Handler`]: it takes an event, calls a step of the pipeline, and says what it did.
//! [`run()`] is the only place that talks to Lambda.

mod batch;
mod deadline;
mod delivered;
mod detect;
mod function;
mod ingest;
mod log;
mod memory;
mod metrics;
mod networks;
mod notification;
mod notify;
mod poll;
mod run;
mod scrub;
mod settings;
mod shelf;
mod upkeep;

pub use deadline::Deadline;
pub use detect::Detect;
pub use function::{Call, Done, Function, Handler};
pub use ingest::Ingest;
pub use log::{Level, Log};
pub use metrics::Metric;
pub use notify::Notify;
pub use poll::Poll;
pub use run::run;
pub use settings::{BadSettings, Settings};
pub use upkeep::Upkeep;

/// Rows are many short texts, made by one thread and dropped by another: glibc's allocator spends
/// more time on them than the parser does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
