//! `rolecall serve`: the lake as live pages on this machine.

use std::time::Duration;

use anyhow::Result;
use clap::Args;
use rolecall_lake::{Access, Location};
use rolecall_query::Limits;
use rolecall_serve::{Allowed, Server, Serving};

use crate::clock;
use crate::desk::Desk;
use crate::exit::Exit;

/// Show the lake as live pages on 127.0.0.1, with search and SQL
///
/// Prints the address, and answers until Ctrl-C. The pages are of credentials with their lineage, principals,
/// accounts, edges and addresses; a page for SQL has the reports as saved queries, and gives CSV. Nothing can be
/// changed through it, and nothing but this machine can reach it; whoever has an account on this machine can.
/// New commits to the lake are seen within five seconds; rolecall.toml and `--queries` are read once.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall serve\n  rolecall serve --port 0\n  rolecall serve --lake s3://bucket/lake --time-limit 2m --memory 4096"
)]
pub(crate) struct Serve {
    /// Listen on this port; 0 is any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8020)]
    port: u16,
    /// How long a statement may take
    #[arg(long, value_name = "LENGTH", default_value = "30s", value_parser = clock::seconds)]
    time_limit: i64,
    /// Memory for all questions together, in MiB; sorts and sums beyond it go to disk
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    memory: usize,
    /// Rows of an answer that a page shows
    #[arg(long, value_name = "N", default_value_t = 1000)]
    rows: usize,
    /// Rows of an answer that a CSV holds
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    csv_rows: usize,
}

impl Serve {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        // What is wrong is said here, and not on every page.
        let lake = desk.lake(Access::Read).await?;
        let location: Location = lake.location().clone();
        let limits = Limits { memory: Some(self.memory.saturating_mul(1 << 20)), ..desk.limits() };
        let serving = Serving {
            location,
            lake: desk.global.lake.clone(),
            known: desk.config().await?.known,
            reports: desk.reports().await?,
            version: env!("CARGO_PKG_VERSION"),
            clock: clock::now,
            allowed: Allowed {
                engine: limits,
                time: Duration::from_secs(self.time_limit.max(1).unsigned_abs()),
                rows: self.rows,
                csv_rows: self.csv_rows,
            },
        };
        let server = Server::bind(self.port, serving).await?;
        desk.out.text(&server.url())?;
        desk.out.say("open it in a browser on this machine; Ctrl-C ends it")?;
        let end = async {
            // Without a way to hear Ctrl-C, the program ends as any other.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        server.run(end).await;
        Ok(Exit::Done)
    }
}
