//! `rolecall run`: ingest, trace and detect in one go.

use anyhow::Result;
use clap::Args;

use crate::commands::detect::{self, SpanArguments, detect_lake};
use crate::commands::ingest::ingest_all;
use crate::commands::trace::trace_lake;
use crate::desk::Desk;
use crate::exit::Exit;

/// Read logs, link them, and look for trouble: ingest, trace and detect
///
/// It can be stopped and run again at any time: whatever was committed stays, and the rest follows.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall run ~/logs\n  rolecall run s3://my-trail/AWSLogs/111111111111/CloudTrail/eu-west-1/2026/03/ --fail-on high\n  rolecall run ~/logs --format json > findings.jsonl"
)]
pub(crate) struct Run {
    /// Files, folders or s3://bucket/prefix
    #[arg(required = true, value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<String>,
    #[command(flatten)]
    span: SpanArguments,
}

impl Run {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        // A broken catalogue should not be noticed after an hour of reading.
        desk.catalogue(&desk.config().await?).await?;
        let (mut lake, read) = ingest_all(desk, &self.paths).await?;
        trace_lake(desk, &mut lake).await?;
        let did = detect_lake(desk, &mut lake, self.span).await?;
        let told = detect::tell(desk, &did)?;
        // An answer about a part of the input is shown, and is no full answer.
        Ok(if read == Exit::Failed { read } else { told })
    }
}
