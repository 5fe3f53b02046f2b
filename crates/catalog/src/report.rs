//! A report: a question that an analyst asks, and whose answer she reads as a table.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::case::{self, Words};
use crate::detection::{is_identifier, split};
use crate::header::{RawColumn, front_matter};
use crate::param::Raw as RawParam;
use crate::{Case, Flaw, Folder, Param, Question};

/// A report, as its folder under `queries/reports/` tells it: `report.sql` and `cases.md`.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The name of its folder.
    pub id: String,
    /// The question, in a sentence.
    pub title: String,
    /// What it is about: one of [`TOPICS`].
    pub topic: String,
    /// How to read the answer, as Markdown.
    pub about: String,
    /// The query; `$from` and `$until` are the span asked about.
    pub sql: String,
    /// The line of `report.sql` on which the query begins, from 1.
    pub line: usize,
    /// What people may turn, by name.
    pub params: Vec<Param>,
    /// Columns that are no columns of the tables, with their meaning.
    pub columns: BTreeMap<String, String>,
    /// What proves it.
    pub cases: Vec<Case>,
}

/// The questions of the field, in the order in which they are listed.
pub const TOPICS: [&str; 5] =
    ["temporary access", "cross-account access", "federated access", "mobile and web", "keys"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    title: String,
    topic: String,
    #[serde(default)]
    param: BTreeMap<String, RawParam>,
    #[serde(default)]
    column: BTreeMap<String, RawColumn>,
}

/// Cases of a report either give rows or are empty.
const WORDS: Words = Words { yes: "gives", no: "empty", expected: "answer" };

impl Report {
    /// What it has in common with detections.
    pub fn question(&self) -> Question<'_> {
        Question {
            id: &self.id,
            file: "report.sql",
            finds: false,
            sql: &self.sql,
            line: self.line,
            params: &self.params,
            cases: &self.cases,
        }
    }

    /// Reads one folder, or says everything that is wrong with it.
    pub fn parse(folder: &Folder) -> Result<Report, Vec<Flaw>> {
        let parts = folder.file("report.sql").and_then(split).map_err(|flaw| vec![flaw])?;
        let raw: Raw = front_matter(parts.front, parts.front_line).map_err(|flaw| vec![flaw])?;
        let mut flaws = Vec::new();
        if !is_identifier(&folder.name) {
            flaws.push(Flaw::Name);
        }
        if !TOPICS.contains(&raw.topic.as_str()) {
            let why = format!("is none of {}", TOPICS.join(", "));
            flaws.push(Flaw::Value { key: "topic".into(), why });
        }
        let mut params = Vec::new();
        for (name, param) in raw.param {
            param.checked(&name).map_or_else(|flaw| flaws.push(flaw), |param| params.push(param));
        }
        let cases = folder.file("cases.md").map_err(|flaw| flaws.push(flaw)).ok();
        let cases = cases.and_then(|text| {
            case::parse(text, Some(&params), WORDS).map_err(|found| flaws.extend(found)).ok()
        });
        let cases = cases.unwrap_or_default();
        if flaws.is_empty() && !cases.iter().any(|case| case.fires) {
            flaws.push(Flaw::NeverGives);
        }
        if !flaws.is_empty() {
            return Err(flaws);
        }
        Ok(Report {
            id: folder.name.clone(),
            title: raw.title,
            topic: raw.topic,
            about: parts.about.to_owned(),
            sql: parts.sql.to_owned(),
            line: parts.sql_line,
            params,
            columns: raw.column.into_iter().map(|(name, column)| (name, column.about)).collect(),
            cases,
        })
    }
}
