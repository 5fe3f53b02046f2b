//! `rolecall detect`: every detection, asked about every window that is not answered yet.

use anyhow::{Result, bail};
use clap::Args;
use rolecall_lake::{Access, Lake, span_of};
use rolecall_model::{Day, Finding, Severity, Time, Window};
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

impl SpanArguments {
    /// The span that is asked about, of what the lake holds.
    ///
    /// # Errors
    ///
    /// The lake holds nothing of what was asked for; an answer would look like peace.
    pub(crate) fn of(self, data: Window) -> Result<Window> {
        let from = self.from.unwrap_or(data.from);
        let until = self.until.unwrap_or(data.until);
        if from >= until && self.from.is_some() && self.until.is_some() {
            bail!("`--from` is {from}, and `--until` {until}: no time lies between");
        }
        if from >= data.until || until <= data.from {
            let asked = match (self.from, self.until) {
                (Some(from), Some(until)) => Window { from, until }.to_string(),
                (None, Some(until)) => format!("the time before {until}"),
                _ => format!("{from} or later"),
            };
            bail!(
                "the lake holds {data}, and nothing of {asked}: name a time in it, such as `--from {}`, or none",
                Day::from(data.from)
            );
        }
        Ok(Window { from, until })
    }
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
    if let Some(data) = span_of(lake)
        && (span.from.is_some() || span.until.is_some())
    {
        span.of(data)?;
    }
    let config = desk.config().await?;
    let detections = desk.catalogue(&config).await?;
    let bar = Bar::daily(&desk.out, "detect", "detections", detections.len() as u64);
    let span = Span { from: span.from, until: span.until };
    let tell = |progress| bar.tell(progress);
    let limits = desk.limits();
    let did = detect(lake, &detections, &config.known, span, limits, clock::now(), &tell).await;
    bar.end();
    Ok(did?)
}

/// Tells what was found, or what was looked at in vain.
pub(crate) fn tell(desk: &Desk, did: &Detected) -> Result<Exit> {
    finding::write_found(&desk.out, &did.findings)?;
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
    Ok(exit(desk, &did.findings))
}

/// What `--fail-on` makes of findings.
pub(crate) fn exit(desk: &Desk, findings: &[Finding]) -> Exit {
    let severe = |finding: &Finding| {
        let severity: Option<Severity> = finding.severity.parse().ok();
        finding.is_told() && severity >= desk.global.fail_on
    };
    let found = desk.global.fail_on.is_some() && findings.iter().any(severe);
    if found { Exit::Found } else { Exit::Done }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_without_data_says_what_the_lake_holds() {
        let at = |text: &str| text.parse::<Time>().unwrap();
        let data = Window { from: at("2026-03-01"), until: at("2026-03-15 13:00") };
        for (from, until, expected) in [
            (None, None, None),
            (Some("2026-03-10"), None, None),
            (Some("2025-01-01"), Some("2027-01-01"), None),
            (Some("2026-03-15 12:59"), None, None),
            (Some("2026-08-01"), None, Some("nothing of 2026-08-01")),
            (Some("2026-03-15 13:00"), None, Some("`--from 2026-03-01`")),
            (None, Some("2026-03-01"), Some("the lake holds 2026-03-01")),
            (
                Some("2025-01-01"),
                Some("2025-02-01"),
                Some("2025-02-01T00:00:00Z: name a time in it"),
            ),
            (Some("2026-03-10"), Some("2026-03-09"), Some("no time lies between")),
        ] {
            let span = SpanArguments { from: from.map(at), until: until.map(at) };
            match (span.of(data), expected) {
                (Ok(_), None) => {}
                (Err(error), Some(part)) => {
                    assert!(error.to_string().contains(part), "{error}: {part}");
                }
                (found, expected) => panic!("{from:?} {until:?}: {found:?}, not {expected:?}"),
            }
        }
    }
}
