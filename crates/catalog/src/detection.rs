//! One question, with all it takes to explain and to prove the answer.

use rolecall_model::Severity;

use crate::case::{self, Words};
use crate::{Case, Flaw, FlawIn, Meta, Param, Question, header};

/// A folder under `queries/`, as read by whoever calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// Its name.
    pub name: String,
    /// Its files: name and text.
    pub files: Vec<(String, String)>,
}

impl Folder {
    pub(crate) fn file(&self, name: &'static str) -> Result<&str, Flaw> {
        let file = self.files.iter().find(|(found, _)| found == name);
        file.map(|(_, text)| text.as_str()).ok_or(Flaw::MissingFile(name))
    }
}

/// A question that is asked of every window.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// The name of its folder.
    pub id: String,
    /// What is known about it.
    pub meta: Meta,
    /// Its story, as Markdown.
    pub about: String,
    /// The query.
    pub sql: String,
    /// The line of `detection.sql` on which the query begins, from 1.
    pub line: usize,
    /// What people may turn, by name.
    pub params: Vec<Param>,
    /// What proves it.
    pub cases: Vec<Case>,
    /// What somebody says of all its findings, whatever the query says; none in the folder itself.
    pub severity: Option<Severity>,
}

/// The sections that every story has.
const SECTIONS: [&str; 3] = ["Why it matters", "When it is harmless", "What it cannot see"];

/// Cases of a detection fire or are silent.
const WORDS: Words = Words { yes: "fires", no: "silent", expected: "finding" };

impl Folder {
    /// The ids that its metadata says it covers, as far as that can be read: whoever looks for names
    /// that mean nothing must know what a broken detection would be called.
    pub fn covers(&self) -> Vec<String> {
        let front = self.file("detection.sql").and_then(split).ok().map(|parts| parts.front);
        let table = front.and_then(|front| front.parse::<toml::Table>().ok());
        let ids = table.as_ref().and_then(|table| table.get("covers")?.as_array());
        ids.into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned)).collect()
    }
}

impl Detection {
    /// What it has in common with reports.
    pub fn question(&self) -> Question<'_> {
        Question {
            id: &self.id,
            file: "detection.sql",
            finds: true,
            sql: &self.sql,
            line: self.line,
            params: &self.params,
            cases: &self.cases,
        }
    }

    /// A section of its story by its heading, without the heading: Markdown.
    pub fn section(&self, heading: &str) -> Option<&str> {
        let mut rest = self.about.as_str();
        loop {
            let (_, after) = rest.split_once("## ")?;
            let (title, body) = after.split_once('\n')?;
            if title.trim() == heading {
                return Some(body.split("\n## ").next().unwrap_or(body).trim());
            }
            rest = body;
        }
    }

    /// Reads one folder, or says everything that is wrong with it.
    pub fn parse(folder: &Folder) -> Result<Detection, Vec<Flaw>> {
        let mut flaws = Vec::new();
        if !is_identifier(&folder.name) {
            flaws.push(Flaw::Name);
        }
        let query = folder.file("detection.sql").and_then(split);
        let query = query.map_err(|flaw| flaws.push(flaw)).ok();
        let header = query.as_ref().and_then(|parts| {
            flaws.extend(missing_sections(parts.about));
            header::parse(parts.front, parts.front_line).map_err(|found| flaws.extend(found)).ok()
        });
        let params = header.as_ref().map(|(_, params)| params.as_slice());
        let cases = folder.file("cases.md").map_err(|flaw| flaws.push(flaw)).ok();
        let cases = cases.and_then(|text| {
            case::parse(text, params, WORDS).map_err(|found| flaws.extend(found)).ok()
        });
        if let Some(cases) = &cases {
            if !cases.iter().any(|case| case.fires) {
                flaws.push(Flaw::NeverFires);
            }
            if cases.iter().all(|case| case.fires) {
                flaws.push(Flaw::NeverSilent);
            }
        }
        match (query, header, cases) {
            (Some(parts), Some((meta, params)), Some(cases)) if flaws.is_empty() => Ok(Detection {
                id: folder.name.clone(),
                meta,
                about: parts.about.to_owned(),
                sql: parts.sql.to_owned(),
                line: parts.sql_line,
                params,
                cases,
                severity: None,
            }),
            _ => Err(flaws),
        }
    }
}

/// Reads every folder, and says every flaw of all of them.
///
/// A catalogue with one broken detection is none: a question that silently went missing looks just
/// like a question whose answer was "nothing".
pub fn parse_all(folders: &[Folder]) -> Result<Vec<Detection>, Vec<FlawIn>> {
    let mut detections = Vec::new();
    let mut flaws = Vec::new();
    for folder in folders {
        match Detection::parse(folder) {
            Ok(detection) => detections.push(detection),
            Err(found) => flaws
                .extend(found.into_iter().map(|flaw| FlawIn { folder: folder.name.clone(), flaw })),
        }
    }
    detections.sort_by(|a, b| a.id.cmp(&b.id));
    if flaws.is_empty() { Ok(detections) } else { Err(flaws) }
}

pub(crate) fn is_identifier(name: &str) -> bool {
    !name.is_empty()
        && name.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

/// Metadata, story and query, and on which lines they begin, from 1.
pub(crate) struct Parts<'a> {
    pub(crate) front: &'a str,
    pub(crate) front_line: usize,
    pub(crate) about: &'a str,
    pub(crate) sql: &'a str,
    pub(crate) sql_line: usize,
}

/// Takes the text of a query with its leading comment apart.
pub(crate) fn split(source: &str) -> Result<Parts<'_>, Flaw> {
    let comment = source.trim_start().strip_prefix("/*").ok_or(Flaw::NoHeader)?;
    let (comment, sql) = comment.split_once("*/").ok_or(Flaw::NoHeader)?;
    let after = comment.trim_start().strip_prefix("+++").ok_or(Flaw::NoFrontMatter)?;
    let (front, about) = after.split_once("\n+++").ok_or(Flaw::NoFrontMatter)?;
    let sql = sql.trim();
    if sql.is_empty() {
        return Err(Flaw::NoQuery);
    }
    // All parts are slices of the source, so the distance of their beginnings is what lies before.
    let line = |part: &str| {
        let before = part.as_ptr().addr() - source.as_ptr().addr();
        source[..before].matches('\n').count() + 1
    };
    let (front_line, sql_line) = (line(front), line(sql));
    Ok(Parts { front, front_line, about: about.trim(), sql, sql_line })
}

fn missing_sections(about: &str) -> impl Iterator<Item = Flaw> + '_ {
    let has = |section: &str| {
        about
            .lines()
            .any(|line| line.strip_prefix("## ").is_some_and(|title| title.trim() == section))
    };
    SECTIONS.into_iter().filter(move |section| !has(section)).map(Flaw::MissingSection)
}
