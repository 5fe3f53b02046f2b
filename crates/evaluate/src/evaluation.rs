//! What findings held against labels gave: each attack's verdict, the noise, and their sums.

use std::collections::BTreeMap;

use rolecall_model::{Finding, Time};

use crate::Sample;

/// What became of one labelled attack.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The catalogue id of the attack, or the file of its label.
    pub attack: String,
    /// What happens, in a sentence.
    pub scenario: String,
    /// The detections that found it, by name.
    pub found_by: Vec<String>,
    /// Whether one of them covers the catalogue id that the attack was made for.
    pub as_expected: bool,
    /// Whether all of them know it by what its client calls itself, which the caller can change.
    pub by_client_name_alone: bool,
    /// Seconds from the first evidence to the evidence that completed the first finding; none if
    /// nobody knows when the first evidence was.
    pub after_seconds: Option<i64>,
    /// Why nobody need find it; recall leaves it out.
    pub out_of_scope: Option<String>,
}

/// A finding of medium or higher that was told, and that no attack explains.
#[derive(Clone, Debug, PartialEq)]
pub struct Noise {
    /// The detection.
    pub detection: String,
    /// Its severity.
    pub severity: String,
    /// What it is about.
    pub subject: String,
    /// When.
    pub first_at: Time,
    /// The events that it names.
    pub event_ids: Vec<String>,
    /// The file or folder that it was found in, if that was read by itself.
    pub file: Option<String>,
}

impl Noise {
    /// A finding that nothing explains.
    pub(crate) fn of(finding: &Finding) -> Noise {
        let events = finding.event_ids.as_deref().unwrap_or_default();
        Noise {
            detection: finding.detection.clone(),
            severity: finding.severity.clone(),
            subject: finding.subject.clone(),
            first_at: finding.first_at,
            event_ids: events.split_whitespace().map(str::to_owned).collect(),
            file: None,
        }
    }
}

/// How well the findings of a trail answer its labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// Events in the trail.
    pub events: u64,
    /// Every labelled attack.
    pub attacks: Vec<Verdict>,
    /// Findings of medium or higher that were told, and that an attack explains.
    pub explained: u64,
    /// Those that none does.
    pub noise: Vec<Noise>,
    /// Findings of any severity, by detection.
    pub by_detection: BTreeMap<String, u64>,
    /// Sample events of published rules.
    pub samples: Vec<Sample>,
}

impl Evaluation {
    /// Attacks that are to be found.
    pub fn in_scope(&self) -> impl Iterator<Item = &Verdict> {
        self.attacks.iter().filter(|attack| attack.out_of_scope.is_none())
    }

    /// Those of them that were found.
    pub fn found(&self) -> usize {
        self.in_scope().filter(|attack| !attack.found_by.is_empty()).count()
    }

    /// Those of the found ones that nobody would have found had the client called itself otherwise.
    pub fn found_by_client_name_alone(&self) -> usize {
        self.in_scope().filter(|attack| attack.by_client_name_alone).count()
    }

    /// Found attacks of all that are to be found; 1 without any.
    pub fn recall(&self) -> f64 {
        share(self.found() as f64, self.in_scope().count() as f64)
    }

    /// Takes in what another part of the labels gave.
    pub fn add(&mut self, other: Evaluation) {
        self.events += other.events;
        self.attacks.extend(other.attacks);
        self.explained += other.explained;
        self.noise.extend(other.noise);
        self.samples.extend(other.samples);
        for (detection, count) in other.by_detection {
            *self.by_detection.entry(detection).or_default() += count;
        }
    }

    /// Explained findings of all of medium or higher; 1 without any.
    pub fn precision(&self) -> f64 {
        share(self.explained as f64, self.explained as f64 + self.noise.len() as f64)
    }

    /// Noise per million events.
    pub fn noise_per_million(&self) -> f64 {
        self.noise.len() as f64 * 1e6 / (self.events.max(1) as f64)
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 1.0 } else { part / whole }
}
