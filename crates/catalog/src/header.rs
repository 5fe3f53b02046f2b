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
struct Raw {
    title: Option<String>,
    severity: Option<String>,
    confidence: Option<String>,
    family: Option<String>,
    #[serde(default)]
    covers: Vec<String>,
    #[serde(default)]
    subsumes: Vec<String>,
    #[serde(default)]
    attack: Vec<String>,
    fingerprint: Option<Vec<String>>,
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
    let given: toml::Table = front_matter(text, line).map_err(|flaw| vec![flaw])?;
    let mut flaws: Vec<Flaw> = unfit_keys(&given, line).collect();
    let raw: Raw = match front_matter(text, line) {
        Ok(raw) => raw,
        Err(flaw) => {
            flaws.push(flaw);
            return Err(flaws);
        }
    };
    let mut wrong = |key: &str, why: String| flaws.push(Flaw::Value { key: key.into(), why });

    let severity = raw.severity.and_then(|text| {
        text.parse::<Severity>().map_err(|e| wrong("severity", format!("{e}"))).ok()
    });
    let confidence = raw.confidence.and_then(|text| {
        text.parse::<Confidence>().map_err(|e| wrong("confidence", format!("{e}"))).ok()
    });
    if raw.family.as_ref().is_some_and(|family| !FAMILIES.contains(&family.as_str())) {
        wrong("family", format!("is none of {}", FAMILIES.join(", ")));
    }
    for technique in raw.attack.iter().filter(|id| !is_technique(id)) {
        wrong("attack", format!("names `{technique}`, which is no technique such as T1078.004"));
    }
    if raw.fingerprint.as_ref().is_some_and(Vec::is_empty) {
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
    let whole = (raw.title, severity, confidence, raw.family, raw.fingerprint);
    let (Some(title), Some(severity), Some(confidence), Some(family), Some(fingerprint)) = whole
    else {
        return Err(flaws);
    };
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let meta = Meta {
        title,
        severity,
        confidence,
        family,
        covers: raw.covers,
        subsumes: raw.subsumes,
        attack: raw.attack,
        fingerprint,
        baseline: raw.baseline,
        references: raw.references,
        columns: raw.column.into_iter().map(|(name, column)| (name, column.about)).collect(),
    };
    Ok((meta, params))
}

/// Keys that must be there, and that may.
const NEEDED: [&str; 5] = ["title", "severity", "confidence", "family", "fingerprint"];
const ALLOWED: [&str; 7] =
    ["covers", "subsumes", "attack", "baseline", "references", "param", "column"];

/// Keys that are missing, and keys that nobody knows.
fn unfit_keys(given: &toml::Table, line: usize) -> impl Iterator<Item = Flaw> + '_ {
    let missing = NEEDED.into_iter().filter(|key| !given.contains_key(*key));
    let missing = missing
        .map(move |key| Flaw::FrontMatter { line, why: format!("`{key}` is missing: add it") });
    let is_known = |key: &str| NEEDED.contains(&key) || ALLOWED.contains(&key);
    let unknown = given.keys().filter(move |key| !is_known(key)).map(|key| {
        let why =
            format!("is unknown: the keys are {}", [&NEEDED[..], &ALLOWED[..]].concat().join(", "));
        Flaw::Value { key: key.clone(), why }
    });
    missing.chain(unknown)
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
