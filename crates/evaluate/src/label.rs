//! What is true about a trail, or about one file of it.

use std::collections::HashMap;

use rolecall_model::Time;
use serde::Deserialize;

/// One labelled attack, or something harmless that only looks like one.
///
/// Labels of a simulated trail say when, with which events and about whom; labels of real logs name
/// a file, and often little more. Fields that are not named here are passed over.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Label {
    /// What happens, in a sentence.
    #[serde(default)]
    pub scenario: String,
    /// The catalogue id that it was made for, such as `LK-2`.
    #[serde(default)]
    pub attack: Option<String>,
    /// `attack`, `benign`, or `mixed` for a file that holds both.
    pub verdict: String,
    /// Catalogue ids of the detections that should or may fire.
    #[serde(default)]
    pub detections: Vec<String>,
    /// The first evidence, RFC 3339.
    #[serde(default)]
    pub first_evidence_at: Option<String>,
    /// The last evidence, RFC 3339.
    #[serde(default)]
    pub until: Option<String>,
    /// CloudTrail's ids of the events that are the evidence.
    #[serde(default)]
    pub evidence_event_ids: Vec<String>,
    /// Principals, access keys and session names of the attack.
    #[serde(default)]
    pub entities: Vec<String>,
    /// The file or folder that the label is about, relative to the labels; the whole trail if absent.
    #[serde(default)]
    pub file: Option<String>,
    /// The published rule that the file is a sample event of.
    #[serde(default)]
    pub rule: Option<String>,
    /// Whether that rule fires on it.
    #[serde(default)]
    pub expected_rule_match: Option<bool>,
}

/// A line that is no label.
#[derive(Debug, thiserror::Error)]
#[error("line {line} of the labels is none: {why}")]
pub struct LabelError {
    /// Which, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl Label {
    /// Whether something is to be found.
    pub fn is_attack(&self) -> bool {
        self.verdict == "attack"
    }

    /// Whether something may be found, though nobody says what.
    pub fn is_mixed(&self) -> bool {
        self.verdict == "mixed"
    }

    /// When its evidence lies, if it says.
    pub fn span(&self) -> Option<(Time, Time)> {
        Some((instant(&self.first_evidence_at)?, instant(&self.until)?))
    }

    /// When its first evidence was: as it says, or else by the times of its events, as far as they
    /// are known.
    pub fn first_evidence(&self, times: &HashMap<String, Time>) -> Option<Time> {
        let by_events = || self.evidence_event_ids.iter().filter_map(|id| times.get(id)).min();
        instant(&self.first_evidence_at).or_else(|| by_events().copied())
    }
}

fn instant(text: &Option<String>) -> Option<Time> {
    text.as_deref()?.parse().ok()
}

/// Reads labels, one JSON object a line; empty lines are passed over.
///
/// # Errors
///
/// A line is no label.
pub fn labels(text: &str) -> Result<Vec<Label>, LabelError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            serde_json::from_str(line)
                .map_err(|error| LabelError { line: at + 1, why: error.to_string() })
        })
        .collect()
}
