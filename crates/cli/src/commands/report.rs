//! `rolecall report`: the questions of the field, answered as tables or together as a page.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use rolecall_catalog::{Param, ParamValue, Report as Asked};
use rolecall_lake::{Access, Lake, span_of};
use rolecall_model::{Time, Window};
use rolecall_query::{Engine, answer, report_columns};
use serde_json::json;

use super::detect::SpanArguments;
use super::page;
use crate::args::Format;
use crate::config;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::plain;
use crate::output::{Row, described};

/// Answer one of the field's questions, or write a page that shows everything; without a name, list them
///
/// Reports look at the whole lake unless `--from` and `--until` say otherwise. With `-o` the answers go
/// into one HTML file, with the findings, a map of who enters which account, sessions over time and more;
/// it needs nothing else, so that it can be mailed and printed.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall report\n  rolecall report third-parties --from 90d\n  rolecall report -o report.html --from 30d\n  rolecall report grown-from-credential --set credential=AKIA… --format csv"
)]
pub(crate) struct Report {
    /// The report's name; of a page, the reports that it answers instead of all
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    span: SpanArguments,
    /// Turn a parameter of the report; its list shows them
    #[arg(long = "set", value_name = "NAME=VALUE")]
    turned: Vec<String>,
    /// Show what the report is about, its parameters and its query
    #[arg(long)]
    explain: bool,
    /// Write a page to this file, whose name ends in `.html`
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["explain", "turned"])]
    output: Option<PathBuf>,
}

impl Report {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let reports = desk.reports().await?;
        let named = named(&reports, &self.names)?;
        if let Some(file) = &self.output {
            return page::write(desk, &reports, &named, self.span, file).await;
        }
        let report = match named[..] {
            [] => {
                list(desk, &reports)?;
                return Ok(Exit::Done);
            }
            [report] => report,
            _ => bail!(
                "one report is answered at a time: name one, or write a page with `-o report.html`"
            ),
        };
        if self.explain {
            explain(desk, report)?;
            return Ok(Exit::Done);
        }
        let turned = turned(report, &self.turned)?;
        let lake = desk.lake(Access::Existing).await?;
        let span = asked_about(&lake, self.span)?;
        let engine = Engine::over(&lake, desk.limits()).await?;
        config::tell(&desk.config().await?, &engine).await?;
        let rows: Vec<Row> = answer(&engine, report, span, &turned).await?;
        let columns = report_columns(report).await?;
        if !rows.is_empty() || desk.out.format == Format::Csv {
            desk.out.rows(&columns, &rows)?;
        }
        let count = match rows.len() {
            0 => "nothing".to_owned(),
            1 => "1 row".to_owned(),
            many => format!("{many} rows"),
        };
        desk.out.say(&format!("{} · {count} · {span}", report.title))?;
        let is_open = |param: &&Param| {
            param.default == ParamValue::Text(String::new())
                && !turned.iter().any(|(name, _)| *name == param.name)
        };
        if let Some(param) = report.params.iter().find(is_open) {
            desk.out.say(&format!("`--set {}=…` says which: {}", param.name, param.about))?;
        }
        Ok(Exit::Done)
    }
}

/// The span that is asked about: what somebody said, or else the whole lake.
pub(crate) fn asked_about(lake: &Lake, said: SpanArguments) -> Result<Window> {
    let nothing = Window { from: Time(0), until: Time(1) };
    span_of(lake).map_or(Ok(nothing), |data| said.of(data))
}

/// The reports that somebody named.
fn named<'a>(reports: &'a [Asked], names: &[String]) -> Result<Vec<&'a Asked>> {
    let find = |name: &String| {
        let found = reports.iter().find(|report| report.id == *name);
        found.with_context(|| {
            let names: Vec<&str> = reports.iter().map(|report| report.id.as_str()).collect();
            format!("there is no report `{}`: there are {}", plain(name), names.join(", "))
        })
    };
    names.iter().map(find).collect()
}

fn list(desk: &Desk, reports: &[Asked]) -> Result<()> {
    let topics = rolecall_catalog::TOPICS;
    let ordered = topics.iter().flat_map(|topic| reports.iter().filter(move |r| r.topic == *topic));
    let rows = ordered.map(|report| {
        let cells = [("topic", &report.topic), ("name", &report.id), ("question", &report.title)];
        cells.into_iter().map(|(name, text)| (name.to_owned(), json!(text))).collect()
    });
    described::write(&desk.out, &["topic", "name", "question"], rows.collect())
}

fn explain(desk: &Desk, report: &Asked) -> Result<()> {
    let paint = desk.out.paint;
    desk.out.text(&format!("{}\n\n{}\n", paint.bold(&report.title), report.about))?;
    for param in &report.params {
        desk.out.text(&format!(
            "--set {}=… ({}, {}): {}",
            param.name,
            param.default.kind(),
            param.default,
            param.about
        ))?;
    }
    desk.out.text(&format!("\n{}", report.sql))
}

/// The parameters that somebody turned, with the types that the report gives them.
fn turned(report: &Asked, said: &[String]) -> Result<Vec<(String, ParamValue)>> {
    let known = || report.params.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
    said.iter()
        .map(|text| {
            let (name, value) = text
                .split_once('=')
                .with_context(|| format!("write `--set NAME=VALUE`, not `{}`", plain(text)))?;
            let param = report.params.iter().find(|param| param.name == name);
            let param = param.with_context(|| {
                format!("`{}` has no parameter `{}`: it has {}", report.id, plain(name), known())
            })?;
            let value = param
                .default
                .like(value)
                .map_err(|why| anyhow::anyhow!("the parameter `{name}` {}", plain(&why)))?;
            Ok((name.to_owned(), value))
        })
        .collect()
}
