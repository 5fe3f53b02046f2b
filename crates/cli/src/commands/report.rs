//! `rolecall report`: the questions of the field, answered.

use anyhow::{Context, Result, bail};
use clap::Args;
use rolecall_catalog::{ParamValue, Report as Asked};
use rolecall_lake::Access;
use rolecall_model::{Time, Window};
use rolecall_pipeline::span_of;
use rolecall_query::{Engine, answer, report_columns};
use serde_json::json;

use super::detect::SpanArguments;
use crate::args::Format;
use crate::config;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::plain;
use crate::output::{Row, described};

/// Answer one of the field's questions; without a name, list them
///
/// Reports look at the whole lake unless `--from` and `--until` say otherwise.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall report\n  rolecall report third-parties --from 90d\n  rolecall report grown-from-credential --set credential=AKIA… --format csv"
)]
pub(crate) struct Report {
    /// The report's name
    name: Option<String>,
    #[command(flatten)]
    span: SpanArguments,
    /// Turn a parameter of the report; its list shows them
    #[arg(long = "set", value_name = "NAME=VALUE")]
    turned: Vec<String>,
    /// Show what the report is about, its parameters and its query
    #[arg(long)]
    explain: bool,
}

impl Report {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let reports = desk.reports().await?;
        let Some(name) = &self.name else {
            list(desk, &reports)?;
            return Ok(Exit::Done);
        };
        let Some(report) = reports.iter().find(|report| report.id == *name) else {
            let names: Vec<&str> = reports.iter().map(|report| report.id.as_str()).collect();
            bail!("there is no report `{}`: there are {}", plain(name), names.join(", "))
        };
        if self.explain {
            explain(desk, report)?;
            return Ok(Exit::Done);
        }
        let turned = turned(report, &self.turned)?;
        let lake = desk.lake(Access::Existing).await?;
        let span = match span_of(&lake) {
            Some(data) => self.span.of(data)?,
            None => Window { from: Time(0), until: Time(1) },
        };
        let engine = Engine::over(&lake, desk.limits()).await?;
        config::tell(&desk.config().await?, &engine).await?;
        let rows: Vec<Row> = answer(&engine, report, span, &turned).await?;
        let columns = report_columns(report).await?;
        if !rows.is_empty() || desk.out.format == Format::Csv {
            desk.out.rows(&columns, &rows)?;
        }
        let count =
            if rows.is_empty() { "nothing".to_owned() } else { format!("{} rows", rows.len()) };
        desk.out.say(&format!("{} · {count} · {span}", report.title))?;
        Ok(Exit::Done)
    }
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
