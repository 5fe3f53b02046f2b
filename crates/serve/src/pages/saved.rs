//! Saved queries: which one, about which span, and with which parameters.

use rolecall_catalog::{Param, ParamValue, Report, TOPICS};
use rolecall_model::{Time, Window};
use rolecall_report::live::{Chosen, ParamField, Saved, Topic, encoded};

use crate::asked::Asked;
use crate::sight::{Sight, Viewer};
use crate::statement::Statement;
use crate::trouble::Trouble;

/// The longest statement, in bytes; the form takes as many characters.
const MOST_SQL: usize = 15_000;

/// Saved queries look at so many days unless somebody says otherwise.
const DAYS: i64 = 30;

pub(super) fn chosen<'a>(viewer: &'a Viewer, asked: &Asked) -> Result<Option<&'a Report>, Trouble> {
    let Some(id) = asked.get("saved").filter(|id| !id.is_empty()) else { return Ok(None) };
    let found = viewer.serving.reports.iter().find(|report| report.id == id);
    found.map(Some).ok_or_else(|| Trouble::Unknown {
        what: format!("saved query `{id}`"),
        looked: "the reports that come with rolecall, and those of `--queries`".to_owned(),
    })
}

/// The span of a saved query: as somebody filled it in, or the last days.
pub(super) fn span(sight: &Sight, asked: &Asked) -> Result<Window, Trouble> {
    let usual = sight.last_days(DAYS);
    let from = asked.instant("from")?.unwrap_or(usual.from);
    let until = asked.instant("until")?.unwrap_or(usual.until);
    if from >= until {
        return Err(Trouble::Unclear {
            why: "the span is empty".to_owned(),
            help: format!("`from` is {from}, and `until` {until}: no time lies between"),
        });
    }
    Ok(Window { from, until })
}

pub(super) fn statement(
    report: Option<&Report>,
    span: Option<Window>,
    asked: &Asked,
) -> Result<Option<Statement>, Trouble> {
    if let (Some(report), Some(span)) = (report, span) {
        let turned = turned(report, asked)?;
        let is_open = |param: &Param| {
            param.default == ParamValue::Text(String::new())
                && !turned
                    .iter()
                    .any(|(name, value)| *name == param.name && *value != param.default)
        };
        // A question that needs to be told what about is not asked yet.
        if report.params.iter().any(is_open) {
            return Ok(None);
        }
        return Ok(Some(Statement::Saved(Box::new(report.clone()), span, turned)));
    }
    let written = written(asked);
    let text = written.trim().trim_end_matches(';').trim_end();
    if report.is_some() || text.is_empty() {
        return Ok(None);
    }
    if text.len() > MOST_SQL {
        return Err(Trouble::Unclear {
            why: format!("the statement is longer than {MOST_SQL} bytes"),
            help: "`rolecall sql --file` takes longer ones".to_owned(),
        });
    }
    Ok(Some(Statement::Written(text.to_owned())))
}

/// A statement as it was written: forms end lines with CR and LF.
pub(super) fn written(asked: &Asked) -> String {
    asked.get("q").unwrap_or_default().replace("\r\n", "\n")
}

fn turned(report: &Report, asked: &Asked) -> Result<Vec<(String, ParamValue)>, Trouble> {
    let mut turned = Vec::new();
    for param in &report.params {
        let Some(text) = asked.get(&field(&param.name)) else { continue };
        let value = param.default.like(text.trim()).map_err(|why| Trouble::Unclear {
            why: format!("`{}` {why}", param.name),
            help: format!("write it as in `{}` ({})", param.default, param.default.kind()),
        })?;
        turned.push((param.name.clone(), value));
    }
    Ok(turned)
}

/// The field of a parameter.
fn field(name: &str) -> String {
    format!("p.{name}")
}

pub(super) fn filled(report: &Report, sight: &Sight, asked: &Asked) -> Chosen {
    let usual = sight.last_days(DAYS);
    let instant = |field: &str, usual: Time, about: &str| ParamField {
        field: field.to_owned(),
        name: field.to_owned(),
        value: asked.get(field).map_or_else(|| usual.to_string(), str::to_owned),
        about: about.to_owned(),
    };
    let mut params = vec![
        instant("from", usual.from, "the beginning of the span, UTC"),
        instant("until", usual.until, "the end of the span (not in it)"),
    ];
    params.extend(report.params.iter().map(|param| ParamField {
        field: field(&param.name),
        name: param.name.replace('_', " "),
        value:
            asked.get(&field(&param.name)).map_or_else(|| param.default.to_string(), str::to_owned),
        about: param.about.clone(),
    }));
    Chosen {
        id: report.id.clone(),
        title: report.title.clone(),
        about: report.about.clone(),
        sql: report.sql.clone(),
        params,
    }
}

/// An address that asks the same.
pub(super) fn address(path: &str, asked: &Asked, report: Option<&Report>) -> String {
    let mut fields = vec!["q".to_owned()];
    if let Some(report) = report {
        fields = ["saved", "from", "until"].map(str::to_owned).into();
        fields.extend(report.params.iter().map(|param| field(&param.name)));
    }
    let pairs =
        fields.iter().filter_map(|name| Some(format!("{name}={}", encoded(asked.get(name)?))));
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

pub(super) fn topics(reports: &[Report]) -> Vec<Topic> {
    let saved = |report: &Report| Saved { id: report.id.clone(), title: report.title.clone() };
    let of =
        |topic: &str| reports.iter().filter(|report| report.topic == topic).map(saved).collect();
    let topics = TOPICS.iter().map(|name| Topic { name: (*name).to_owned(), saved: of(name) });
    topics.filter(|topic| !topic.saved.is_empty()).collect()
}
