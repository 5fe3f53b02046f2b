//! The metadata of a detection: front matter in TOML, checked value by value.

use std::collections::BTreeMap;

use rolecall_model::{Confidence, Severity};
use serde::Deserialize;

use crate::param::Raw as RawParam;
use crate::{Flaw, Param, ParamValue};

/// What is known about a detection beside its query and its story.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    /// What is seen, in a sentence.
    pub title: String,
    /// How bad it is; a row may say otherwise by a column `severity`.
    pub severity: Severity,
    /// How often it is true.
    pub confidence: Confidence,
    /// Long session, cross-account chain, leaked key, …
    pub family: String,
    /// The ids of the published catalogue that it covers.
    pub covers: Vec<String>,
    /// The published rules of others whose purpose it serves, by their ids in that catalogue.
    pub subsumes: Vec<String>,
    /// MITRE ATT&CK techniques.
    pub attack: Vec<String>,
    /// The columns that tell one finding from another.
    pub fingerprint: Vec<String>,
    /// How old the history must be before findings count; in words, such as `14 days`.
    pub baseline: Option<String>,
    /// Where to read on.
    pub references: Vec<String>,
    /// Evidence columns that are no columns of the tables, with their meaning.
    pub columns: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    title: String,
    severity: String,
    confidence: String,
    family: String,
    #[serde(default)]
    covers: Vec<String>,
    #[serde(default)]
    subsumes: Vec<String>,
    #[serde(default)]
    attack: Vec<String>,
    fingerprint: Vec<String>,
    baseline: Option<String>,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    param: BTreeMap<String, RawParam>,
    #[serde(default)]
    column: BTreeMap<String, RawColumn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawColumn {
    pub(crate) about: String,
}

/// The families that the mission names, and those of the catalogue around them.
pub(crate) const FAMILIES: [&str; 7] =
    ["long session", "cross-account chain", "leaked key", "recon", "federation", "root", "lineage"];

/// Reads TOML that begins on a line of its file.
pub(crate) fn front_matter<T: serde::de::DeserializeOwned>(
    text: &str,
    line: usize,
) -> Result<T, Flaw> {
    toml::from_str(text).map_err(|error| Flaw::FrontMatter {
        line: line + error.span().map_or(0, |span| text[..span.start].matches('\n').count()),
        why: error.message().to_owned(),
    })
}

/// Reads front matter; all flaws of its values at once.
pub(crate) fn parse(text: &str, line: usize) -> Result<(Meta, Vec<Param>), Vec<Flaw>> {
    let raw: Raw = front_matter(text, line).map_err(|flaw| vec![flaw])?;
    let mut flaws = Vec::new();
    let mut wrong = |key: &str, why: String| flaws.push(Flaw::Value { key: key.into(), why });

    let severity = raw.severity.parse().map_err(|e| wrong("severity", format!("{e}"))).ok();
    let confidence = raw.confidence.parse().map_err(|e| wrong("confidence", format!("{e}"))).ok();
    if !FAMILIES.contains(&raw.family.as_str()) {
        wrong("family", format!("is none of {}", FAMILIES.join(", ")));
    }
    for technique in raw.attack.iter().filter(|id| !is_technique(id)) {
        wrong("attack", format!("names `{technique}`, which is no technique such as T1078.004"));
    }
    if raw.fingerprint.is_empty() {
        wrong("fingerprint", "is empty: name the columns that tell findings apart".into());
    }
    for reference in raw.references.iter().filter(|url| !url.starts_with("https://")) {
        wrong("references", format!("has `{reference}`, which is no https address"));
    }
    if let Some(text) = &raw.baseline
        && let Err(why) = ParamValue::parse("interval", text)
    {
        wrong("baseline", why);
    }
    let mut params = Vec::new();
    for (name, param) in raw.param {
        match param.checked(&name) {
            Ok(param) => params.push(param),
            Err(flaw) => flaws.push(flaw),
        }
    }
    let (Some(severity), Some(confidence), true) = (severity, confidence, flaws.is_empty()) else {
        return Err(flaws);
    };
    let meta = Meta {
        title: raw.title,
        severity,
        confidence,
        family: raw.family,
        covers: raw.covers,
        subsumes: raw.subsumes,
        attack: raw.attack,
        fingerprint: raw.fingerprint,
        baseline: raw.baseline,
        references: raw.references,
        columns: raw.column.into_iter().map(|(name, column)| (name, column.about)).collect(),
    };
    Ok((meta, params))
}

/// `T1078` or `T1078.004`.
fn is_technique(id: &str) -> bool {
    let digits =
        |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    let Some(number) = id.strip_prefix('T') else { return false };
    match number.split_once('.') {
        Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
        None => digits(number, 4),
    }
}
