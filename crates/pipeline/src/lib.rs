//! The steps: ingest, poll, trace, detect, alert, upkeep. Each gathers, decides in pure code, and
//! stores; each may be killed anywhere and run again.

mod alert;
mod asking;
mod catch_up;
mod config;
mod databases;
mod detect;
mod error;
mod ingest;
mod named;
mod poll;
mod progress;
mod trace;
mod trail;
mod upkeep;

pub use alert::{Alerted, Alerting, alert, told, unsent};
pub use catch_up::{CaughtUp, catch_up};
pub use config::{Config, ConfigError};
pub use detect::{Detected, Span, detect, detect_small};
pub use error::StepError;
pub use ingest::{Ingested, Settings, Unreached, ingest};
pub use named::{Buckets, Named};
pub use poll::{
    Account, Left, NotAnAccount, PollSettings, Polled, Why, aws_environment, poll, whoami,
};
pub use progress::{Progress, Watch};
pub use trace::{Traced, trace};
pub use trail::{Found, Place, Trail};
pub use upkeep::{GoOn, Tidied, UpkeepSettings, Upkept, upkeep};
