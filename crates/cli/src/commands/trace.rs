//! `rolecall trace`: sessions and their lineage.

use anyhow::Result;
use clap::Args;
use rolecall_lake::{Access, Lake};
use rolecall_pipeline::trace;

use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::progress::Bar;

/// Link what is new into sessions with parent, root and path
///
/// Reads only what was added since the last run, and repairs lineages whose parents arrived late.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall ingest ~/logs && rolecall trace\n  rolecall sessions --depth 2"
)]
pub(crate) struct Trace {}

impl Trace {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let mut lake = desk.lake(Access::Existing).await?;
        trace_lake(desk, &mut lake).await?;
        Ok(Exit::Done)
    }
}

/// Traces, and says what came of it.
pub(crate) async fn trace_lake(desk: &Desk, lake: &mut Lake) -> Result<()> {
    let bar = Bar::new(&desk.out, "trace", "rows");
    let did = trace(lake, &|progress| bar.tell(progress)).await;
    bar.end();
    let did = did?;
    desk.out.say(&format!(
        "traced {} credential events and {} rows of usage: {} sessions are new or changed",
        did.events, did.usages, did.sessions
    ))
}
