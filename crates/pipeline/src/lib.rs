//! The steps: ingest, trace, detect. Each gathers, decides in pure code, and stores; each may be
//! killed anywhere and run again.

mod asking;
mod detect;
mod error;
mod ingest;
mod progress;
mod trace;
mod trail;

pub use detect::{Detected, Span, detect, detect_small, span_of};
pub use error::StepError;
pub use ingest::{Ingested, Settings, Unreached, ingest};
pub use progress::{Progress, Watch};
pub use trace::{Traced, trace};
pub use trail::{Found, Place, Trail};
