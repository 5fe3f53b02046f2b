//! The DataFusion session over the lake: views, functions, detections, findings.

mod answer;
mod asked;
mod bind;
mod bundle;
mod case;
mod check;
mod contract;
mod detect;
mod error;
mod finding;
mod functions;
mod given;
mod json;
mod known;
mod pages;
mod proof;
mod report;
mod session;
mod steps;
mod views;
mod weaken;

pub use answer::{Answer, explain, sql};
pub use bundle::{bundled, bundled_reports};
pub use check::{CaseOutcome, CaseReport, check};
pub use contract::{Flaw, Refused, columns, flaws, load};
pub use detect::detect;
pub use error::{QueryError, Trouble};
pub use functions::{FunctionDoc, documented};
pub use json::json_rows;
pub use known::{know, know_as, turn};
pub use pages::page_rows;
pub use report::{answer, load_reports, report_columns};
pub use session::{Engine, Limits};
pub use views::{View, views};
