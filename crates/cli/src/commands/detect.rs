//! `rolecall detect`: every detection, asked about every window that is not answered yet.

use anyhow::Result;
use clap::Args;
use rolecall_lake::{Access, Lake};
use rolecall_model::{Severity, Time};
use rolecall_pipeline::{Detected, Span, detect};

use crate::clock;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::finding;
use crate::output::progress::Bar;

/// Ask every detection about what is new
///
/// Windows are UTC days. What was found before is not told again within seven days; every finding
/// is in the table `finding`. Detections that compare with the past stay in dry run while the
/// lake's history is short.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall detect\n  rolecall detect --from 7d --fail-on high\n  rolecall detect --format json | jq .root"
)]
pub(crate) struct Detect {
    #[command(flatten)]
    span: SpanArguments,
}

/// A span of time on the command line.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct SpanArguments {
    /// Ask about what happened from here: 2026-03-10, 2026-03-10T12:00:00Z, or an age such as 7d
    #[arg(long, value_name = "TIME", value_parser = clock::instant, allow_hyphen_values = true)]
    pub(crate) from: Option<Time>,
    /// Ask about what happened before this
    #[arg(long, value_name = "TIME", value_parser = clock::instant, allow_hyphen_values = true)]
    pub(crate) until: Option<Time>,
}

impl Detect {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let mut lake = desk.lake(Access::Existing).await?;
        let did = detect_lake(desk, &mut lake, self.span).await?;
        tell(desk, &did)
    }
}

/// Detects, without telling.
pub(crate) async fn detect_lake(
    desk: &Desk,
    lake: &mut Lake,
    span: SpanArguments,
) -> Result<Detected> {
    let config = desk.config()?;
    let detections = desk.catalogue(&config).await?;
    let bar = Bar::new(&desk.out, "detect");
    let span = Span { from: span.from, until: span.until };
    let tell = |progress| bar.tell(progress);
    let limits = desk.limits();
    let did = detect(lake, &detections, &config.known, span, limits, clock::now(), &tell).await;
    bar.end();
    Ok(did?)
}

/// Tells what was found, or what was looked at in vain.
pub(crate) fn tell(desk: &Desk, did: &Detected) -> Result<Exit> {
    finding::write(&desk.out, &did.findings)?;
    let told = did.findings.iter().filter(|finding| finding.is_told()).count();
    let looked_at = match did.window {
        Some(window) => format!("{} detections · {window}", did.detections),
        None => "nothing is new in the lake".to_owned(),
    };
    let number = match told {
        0 => "no findings".to_owned(),
        1 => "1 finding".to_owned(),
        many => format!("{many} findings"),
    };
    let repeated =
        if did.repeated > 0 { format!(" · {} told before", did.repeated) } else { String::new() };
    desk.out.say(&format!("{number} · {looked_at}{repeated}"))?;
    let severe = |finding: &rolecall_model::Finding| {
        let severity: Option<Severity> = finding.severity.parse().ok();
        finding.is_told() && severity >= desk.global.fail_on
    };
    let found = desk.global.fail_on.is_some() && did.findings.iter().any(severe);
    Ok(if found { Exit::Found } else { Exit::Done })
}
