//! The page of one thing: a credential, a principal, an account, an edge, an address; and the first page.

use askama::Template;
use rolecall_model::Time;
use serde::Deserialize;
use serde_json::Value;

use super::frame::Frame;
use super::hours::{self, Hours, hours};
use super::lineage::{Drawn, Lineage};
use super::link::{about_principal, link};
use super::rows::{Rows, cell};
use super::written;
use crate::findings::{Shown, shown};
use crate::grid::{Cell, Grid};
use crate::instant;
use crate::map::Drawn as OnMap;
use crate::names::Names;
use crate::numbers::lasting;
use crate::text::{cut, shortened};
use crate::{Finding, PageError};

/// Calls of an hour.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct UsedHour {
    /// Its beginning.
    #[serde(deserialize_with = "instant::read")]
    pub hour: Time,
    /// All calls.
    pub calls: i64,
    /// Those that failed.
    pub failed_calls: i64,
}

/// What a page says about one thing.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// What it is, in a word or two: `Principal`.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// A sentence about it.
    pub about: String,
    /// What is known of it: columns and values; NULLs are left out.
    pub facts: Vec<(String, Value)>,
    /// Its line.
    pub lineage: Option<Lineage>,
    /// Its findings, the worst first; none if nobody looked for them.
    pub findings: Option<Vec<Finding>>,
    /// Its calls over time.
    pub hours: Vec<UsedHour>,
    /// Its tables.
    pub tables: Vec<Rows>,
    /// Pages that say more: a text and a path of this server.
    pub more: Vec<(String, String)>,
    /// What is missing, and what helps.
    pub notes: Vec<String>,
}

/// A fact with its page.
struct Fact {
    name: String,
    cell: Cell,
}

/// A finding with the pages of the principals on its path.
struct Told {
    shown: Shown,
    links: Vec<String>,
    facts: Vec<Fact>,
}

#[derive(Template)]
#[template(path = "live/sheet.html")]
struct Page<'a> {
    frame: &'a Frame,
    title: String,
    kind: &'a str,
    name: String,
    about: String,
    facts: Vec<Fact>,
    line: Option<Drawn>,
    findings: Option<Vec<Told>>,
    more_findings: bool,
    hours: Hours,
    height: i64,
    grids: Vec<Grid>,
    /// The tables without rows.
    missing: String,
    more: &'a [(String, String)],
    notes: &'a [String],
}

/// Findings that are shown at most.
const MOST_FINDINGS: usize = 100;

impl Sheet {
    /// The page as HTML. The same values give the same bytes.
    ///
    /// # Errors
    /// If the templates cannot be written, which they always can into memory.
    pub fn page(&self, frame: &Frame) -> Result<String, PageError> {
        let names = Names::of(&frame.accounts);
        let told = |finding: &Finding| told(finding, &names);
        let findings =
            self.findings.as_ref().map(|all| all.iter().take(MOST_FINDINGS).map(told).collect());
        written(&Page {
            frame,
            title: shortened(&format!("{} {}", self.kind, self.name), 120),
            kind: &self.kind,
            name: cut(&self.name, 400),
            about: cut(&self.about, 600),
            facts: self
                .facts
                .iter()
                .filter(|(_, value)| says(value))
                .map(|f| fact(f, &names))
                .collect(),
            line: self.lineage.as_ref().map(Lineage::drawn),
            findings,
            more_findings: self.findings.as_ref().is_some_and(|all| all.len() > MOST_FINDINGS),
            hours: hours(&self.hours),
            height: hours::HEIGHT,
            grids: self.tables.iter().map(Rows::grid).collect(),
            missing: missing(&self.tables),
            more: &self.more,
            notes: &self.notes,
        })
    }
}

fn missing(tables: &[Rows]) -> String {
    let empty = tables.iter().filter(|table| table.rows.is_empty());
    let said = empty.map(|table| match &table.note {
        Some(note) => cut(&format!("{} ({note})", table.title), 400),
        None => cut(&table.title, 400),
    });
    said.collect::<Vec<_>>().join(" · ")
}

fn says(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}

fn fact((column, value): &(String, Value), names: &Names<'_>) -> Fact {
    let mut cell = cell(column, value);
    // One fact has room for what a table shortens.
    if let Some(whole) = cell.whole.take() {
        cell.shown = whole;
    }
    if let (Some(column), Some(seconds)) = (column.strip_suffix("_seconds"), value.as_i64()) {
        return Fact { name: column.replace('_', " "), cell: Cell::of(lasting(seconds)) };
    }
    if let Some(name) = value.as_str().and_then(|id| names.name(id)) {
        cell.shown = cut(&format!("{} ({name})", cell.shown), 400);
    }
    Fact { name: cut(&column.replace('_', " "), 60), cell }
}

fn told(finding: &Finding, names: &Names<'_>) -> Told {
    let shown = shown(finding, false, names, &OnMap::default());
    let links = shown.steps.iter().map(|step| about_principal(&step.whole)).collect();
    let linked = |(name, value): &(String, String)| {
        let mut cell = Cell { shown: value.clone(), ..Cell::default() };
        cell.link = link(&name.replace(' ', "_"), &Value::from(value.as_str()));
        Fact { name: name.clone(), cell }
    };
    let facts = shown.facts.iter().map(linked).collect();
    Told { shown, links, facts }
}
