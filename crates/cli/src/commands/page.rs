//! The page of `rolecall report -o FILE`: gathers what it shows, and writes it.

use std::path::Path;

use anyhow::{Context, Result, bail};
use rolecall_catalog::{Detection, ParamValue, Report, TOPICS};
use rolecall_lake::{Access, span_of};
use rolecall_model::{Time, Window, askable};
use rolecall_query::{Engine, answer, page_rows};
use rolecall_report::{
    Column, Finding, Head, MOST_KEYS, Material, Named, Session, Story, Table, named, page,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::detect::SpanArguments;
use super::report::asked_about;
use crate::clock;
use crate::config;
use crate::desk::Desk;
use crate::exit::Exit;

/// An edge is new if it was seen first in the last week of the span, and the lake knows a week before that.
const WEEK: i64 = 7 * 86_400;

/// The report that says which lengths are too long.
const CEILINGS: &str = "longest-sessions";

/// What is the same for all queries of the page.
struct Asking<'a> {
    engine: Engine,
    span: Window,
    new_since: Option<Time>,
    reports: &'a [Report],
}

/// Writes the page; without `chosen` reports it answers all that need no parameter.
pub(crate) async fn write(
    desk: &Desk,
    reports: &[Report],
    chosen: &[&Report],
    said: SpanArguments,
    file: &Path,
) -> Result<Exit> {
    if !file.extension().is_some_and(|end| end.eq_ignore_ascii_case("html")) {
        bail!("the page is HTML: name it `….html`, not `{}`", file.display());
    }
    let lake = desk.lake(Access::Existing).await?;
    let span = asked_about(&lake, said)?;
    let config = desk.config().await?;
    let engine = Engine::over(&lake, desk.limits()).await?;
    config::tell(&config, &engine).await?;
    let since = span.until.plus_seconds(-WEEK);
    let history = span_of(&lake).map(|data| data.from);
    let new_since = history.filter(|from| from.plus_seconds(WEEK) <= since).map(|_| since);
    let asking = Asking { engine, span, new_since, reports };
    let head = Head {
        lake: desk.global.lake.clone(),
        from: span.from,
        until: span.until,
        made_at: clock::now(),
        new_since,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let detections = desk.catalogue(&config).await?;
    let all: Vec<&Report> = if chosen.is_empty() { asking.answerable() } else { chosen.to_vec() };
    let material = asking.material(head, &detections, &all).await?;
    let html = page(&material)?;
    std::fs::write(file, &html)
        .with_context(|| format!("could not write the page to `{}`", file.display()))?;
    let (findings, sessions) = (material.findings.len(), material.sums.sessions);
    desk.out.say(&format!(
        "{} · {} kB · {findings} findings, {sessions} sessions · {span}",
        file.display(),
        html.len().div_ceil(1000)
    ))?;
    Ok(Exit::Done)
}

impl Asking<'_> {
    async fn material(
        &self,
        head: Head,
        detections: &[Detection],
        reports: &[&Report],
    ) -> Result<Material> {
        let findings: Vec<Finding> = self.rows("findings", &[]).await?;
        let named = named(&findings);
        let (keys, more_keys) = self.keys(&named).await?;
        let (sessions, named_sessions) = self.sessions(named).await?;
        let drawn = [("credentials".to_owned(), ParamValue::List(keys.clone()))];
        Ok(Material {
            head,
            sums: self.rows("sums", &[]).await?.into_iter().next().unwrap_or_default(),
            finding_counts: self.rows("finding_counts", &[]).await?,
            stories: stories(&findings, detections),
            accounts: self.rows("accounts", &[]).await?,
            edges: self.rows("edges", &[]).await?,
            chains: self.rows("chains", &[]).await?,
            hours: self.rows("hours", &[]).await?,
            lengths: self.rows("lengths", &self.ceilings()).await?,
            tables: self.tables(reports).await?,
            coverage_days: self.rows("coverage_days", &[]).await?,
            coverage_regions: self.rows("coverage_regions", &[]).await?,
            rejected: self.rows("rejected", &[]).await?,
            sessions,
            named_sessions,
            key_hours: self.rows("key_hours", &drawn).await?,
            findings,
            keys,
            more_keys,
        })
    }

    /// The sessions that are drawn one by one: those that findings name, and those that stand out; and how many
    /// findings name.
    async fn sessions(&self, named: Named) -> Result<(Vec<Session>, i64)> {
        let mut given = self.ceilings();
        given.push(("sessions".to_owned(), ParamValue::List(named.sessions)));
        given.push(("credentials".to_owned(), ParamValue::List(named.credentials)));
        given.push(("events".to_owned(), ParamValue::List(named.events)));
        let named: Vec<NamedSession> = self.rows("sessions_named", &given).await?;
        let all_named = named.first().map_or(0, |named| named.all_named);
        let marked = named.into_iter().map(|named| Session { is_named: true, ..named.session });
        let mut sessions: Vec<Session> = marked.collect();
        for query in ["sessions_longest", "sessions_chained"] {
            let more: Vec<Session> = self.rows(query, &given).await?;
            let known: Vec<String> =
                sessions.iter().map(|session| session.session_id.clone()).collect();
            sessions
                .extend(more.into_iter().filter(|session| !known.contains(&session.session_id)));
        }
        Ok((sessions, all_named))
    }

    /// The keys that are drawn, those that findings name first, and how many more there are.
    async fn keys(&self, named: &Named) -> Result<(Vec<String>, i64)> {
        let mut keys = named.credentials.clone();
        let given = [("credentials".to_owned(), ParamValue::List(keys.clone()))];
        let others: Vec<LongTerm> = self.rows("keys", &given).await?;
        let all = keys.len() as i64 + others.first().map_or(0, |key| key.all_keys);
        keys.extend(others.into_iter().map(|key| key.access_key_id));
        keys.truncate(MOST_KEYS);
        let more = all - keys.len() as i64;
        Ok((keys, more))
    }

    /// The parameters that say how long sessions may be.
    fn ceilings(&self) -> Vec<(String, ParamValue)> {
        let report = self.reports.iter().filter(|report| report.id == CEILINGS);
        report
            .flat_map(|report| &report.params)
            .map(|param| (param.name.clone(), param.default.clone()))
            .collect()
    }

    /// The reports that say something without being told what about, by topic.
    fn answerable(&self) -> Vec<&Report> {
        let needs_nothing = |report: &&Report| {
            report.params.iter().all(|param| param.default != ParamValue::Text(String::new()))
        };
        let of =
            |topic: &'static str| self.reports.iter().filter(move |report| report.topic == topic);
        TOPICS.into_iter().flat_map(of).filter(needs_nothing).collect()
    }

    async fn tables(&self, reports: &[&Report]) -> Result<Vec<Table>> {
        let mut tables = Vec::new();
        for report in reports {
            let rows = answer(&self.engine, report, self.span, &[]).await?;
            let names: Vec<String> =
                rows.first().map(|row| row.keys().cloned().collect()).unwrap_or_default();
            let columns =
                names.into_iter().map(|name| Column { about: about(report, &name), name });
            tables.push(Table {
                name: report.id.clone(),
                title: report.title.clone(),
                topic: report.topic.clone(),
                about: report.about.clone(),
                columns: columns.collect(),
                rows: rows
                    .into_iter()
                    .map(|row| row.into_iter().map(|(_, value)| value).collect())
                    .collect(),
            });
        }
        Ok(tables)
    }

    async fn rows<T: DeserializeOwned>(
        &self,
        query: &str,
        given: &[(String, ParamValue)],
    ) -> Result<Vec<T>> {
        let since = self.new_since.unwrap_or(self.span.until);
        let rows = page_rows(&self.engine, query, self.span, since, given).await?;
        let read = |row| serde_json::from_value(Value::Object(row));
        let rows: Result<_, _> = rows.into_iter().map(read).collect();
        rows.with_context(|| format!("could not read the answer of the page's query `{query}`"))
    }
}

/// A row of `sessions_named.sql`.
#[derive(Deserialize)]
struct NamedSession {
    #[serde(flatten)]
    session: Session,
    all_named: i64,
}

/// A row of `keys.sql`.
#[derive(Deserialize)]
struct LongTerm {
    access_key_id: String,
    all_keys: i64,
}

/// What a column of a report holds: as the report says, or as a table does.
fn about(report: &Report, name: &str) -> String {
    let own = report.columns.get(name).map(String::as_str);
    let of_table = || askable().find_map(|table| Some(table.columns[table.index(name)?].about));
    own.or_else(of_table).unwrap_or_default().to_owned()
}

/// The stories of the detections that found something.
fn stories(findings: &[Finding], detections: &[Detection]) -> Vec<Story> {
    let found =
        detections.iter().filter(|one| findings.iter().any(|finding| finding.detection == one.id));
    found.map(|one| Story { detection: one.id.clone(), about: one.about.clone() }).collect()
}
