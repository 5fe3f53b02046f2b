//! Findings as people read them: what, who really, how, where, and what to ask next.

use anyhow::Result;
use rolecall_model::{Finding, Severity};
use serde_json::{Map, Value};

use super::plain::{plain, wrapped};
use super::{Out, Row};
use crate::args::Format;
use rolecall_outputs::{FindingV1, word};

/// Writes what a run found. Findings that nobody is told of are no answer: whoever wants nothing else is
/// not shown them.
pub(crate) fn write_found(out: &Out, findings: &[Finding]) -> Result<()> {
    if out.quiet && out.format == Format::Text {
        let told: Vec<Finding> = findings.iter().filter(|f| f.is_told()).cloned().collect();
        return write(out, &told);
    }
    write(out, findings)
}

/// Writes findings, most severe first; those that nobody is told of only as a list.
pub(crate) fn write(out: &Out, findings: &[Finding]) -> Result<()> {
    let rank = |finding: &Finding| finding.severity.parse::<Severity>().ok();
    let mut findings: Vec<&Finding> = findings.iter().collect();
    findings.sort_by(|a, b| rank(b).cmp(&rank(a)).then(a.first_at.cmp(&b.first_at)));
    match out.format {
        Format::Json => {
            for finding in findings {
                out.text(&serde_json::to_string(&FindingV1::from(finding))?)?;
            }
        }
        Format::Csv => {
            let rows: Vec<Row> =
                findings.iter().map(|finding| flat(finding)).collect::<Result<_>>()?;
            let columns: Vec<String> =
                rows.first().map(|row| row.keys().cloned().collect()).unwrap_or_default();
            out.rows(&columns, &rows)?;
        }
        Format::Text => {
            let (told, quiet): (Vec<&Finding>, Vec<&Finding>) =
                findings.into_iter().partition(|finding| finding.is_told());
            for finding in told {
                out.text(&block(out, finding))?;
            }
            let (dry, suppressed): (Vec<&Finding>, Vec<&Finding>) =
                quiet.into_iter().partition(|finding| finding.suppressed.is_none());
            list(out, &dry, DRY, "dry_run")?;
            list(out, &suppressed, SUPPRESSED, "suppressed is not null")?;
        }
    }
    Ok(())
}

/// The same fields for spreadsheets: lists are joined by blanks.
fn flat(finding: &Finding) -> Result<Row> {
    let Value::Object(fields) = serde_json::to_value(FindingV1::from(finding))? else {
        return Ok(Map::new());
    };
    let text = |value: Value| match value {
        Value::Array(items) => {
            let items: Vec<String> =
                items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
            Value::String(items.join(" "))
        }
        Value::Object(_) => Value::String(value.to_string()),
        other => other,
    };
    Ok(fields.into_iter().map(|(name, value)| (name, text(value))).collect())
}

/// Where the texts of a finding begin.
const INDENT: usize = 11;

fn block(out: &Out, finding: &Finding) -> String {
    let paint = out.paint;
    let mut lines = vec![format!(
        "{}  {}",
        paint.severity(&finding.severity.to_uppercase()),
        paint.bold(&plain(&finding.title))
    )];
    let mut line = |name: &str, text: String| {
        if !text.is_empty() {
            lines.push(format!("  {} {text}", paint.dim(&format!("{name:>8}"))));
        }
    };
    line("subject", plain(&finding.subject));
    line("root", finding.root.as_deref().map(plain).unwrap_or_default());
    if let Some(path) = finding.path.as_deref().filter(|path| path.contains(" > ")) {
        for (at, hop) in path.split(" > ").enumerate() {
            line(if at == 0 { "path" } else { "→" }, plain(hop));
        }
    }
    let when = |at: rolecall_model::Time| {
        at.to_string().replace('T', " ").trim_end_matches('Z').to_owned()
    };
    line(
        "when",
        if finding.first_at == finding.last_at {
            format!("{} (UTC)", when(finding.first_at))
        } else {
            format!("{} until {} (UTC)", when(finding.first_at), when(finding.last_at))
        },
    );
    line("accounts", finding.accounts.as_deref().map(plain).unwrap_or_default());
    line("networks", finding.networks.as_deref().map(plain).unwrap_or_default());
    let fitted = |text: String| match out.width {
        Some(width) => wrapped(&text, width, INDENT),
        None => text,
    };
    line("evidence", fitted(evidence(finding)));
    line("events", fitted(finding.event_ids.as_deref().map(plain).unwrap_or_default()));
    line(
        "more",
        finding
            .more
            .as_deref()
            .map(|sql| format!("rolecall sql {}", word(&plain(sql))))
            .unwrap_or_default(),
    );
    line("explain", format!("rolecall explain {}", finding.detection));
    lines.push(String::new());
    lines.join("\n")
}

/// The facts that are the detection's own, in a line.
fn evidence(finding: &Finding) -> String {
    let Ok(Value::Object(facts)) = serde_json::from_str(&finding.evidence) else {
        return String::new();
    };
    let shown = facts
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| format!("{} {}", name.replace('_', " "), super::plain::cell(value)));
    shown.collect::<Vec<_>>().join(" · ")
}

const DRY: &str =
    "in dry run: counted and not told, because the lake's history before them is short";
const SUPPRESSED: &str = "suppressed by rolecall.toml: counted and not told";

/// Findings that nobody is told of, in a line each.
fn list(out: &Out, findings: &[&Finding], why: &str, condition: &str) -> Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    let paint = out.paint;
    out.text(&paint.dim(&format!("{} {why}", findings.len())))?;
    const SHOWN: usize = 10;
    for finding in findings.iter().take(SHOWN) {
        let day = rolecall_model::Day::from(finding.first_at);
        let line = format!(
            "  {day}  {:<8} {} · {}",
            finding.severity,
            finding.detection,
            plain(&finding.subject)
        );
        out.text(&paint.dim(&line))?;
    }
    if findings.len() > SHOWN {
        out.text(&paint.dim(&format!(
            "  and {} more: rolecall sql 'select * from finding where {condition}'",
            findings.len() - SHOWN
        )))?;
    }
    out.text("")
}
