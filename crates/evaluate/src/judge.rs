//! Which findings answer which labels.

use std::collections::{BTreeMap, HashMap, HashSet};

use rolecall_model::arn::is_account;
use rolecall_model::{Finding, Severity, Time};

use crate::{Label, Sample};

/// How late after the last evidence a finding may still be about it, in seconds: a credential that
/// was handed out during an attack can be used for a day and a half.
const AFTER: i64 = 36 * 3600;

/// How long before the first evidence a finding may begin and still be about it, in seconds.
const BEFORE: i64 = 3600;

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
    /// Seconds from the first evidence to the evidence that completed the first finding.
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

/// Holds findings against labels. `covers` gives the catalogue ids of each detection.
pub fn judge(
    labels: &[Label],
    findings: &[Finding],
    covers: &HashMap<String, Vec<String>>,
    events: u64,
) -> Evaluation {
    let mut evaluation = Evaluation { events, ..Evaluation::default() };
    let attacks: Vec<&Label> = labels.iter().filter(|label| label.is_attack()).collect();
    let mut explained = HashSet::new();
    let mixed = labels.iter().filter(|label| label.is_mixed());
    for label in mixed {
        explained.extend((0..findings.len()).filter(|at| is_about(&findings[*at], label)));
    }
    for label in &attacks {
        let about: Vec<usize> =
            (0..findings.len()).filter(|at| is_about(&findings[*at], label)).collect();
        explained.extend(about.iter().copied());
        evaluation.attacks.push(verdict(label, about.iter().map(|at| &findings[*at]), covers));
    }
    for (at, finding) in findings.iter().enumerate() {
        *evaluation.by_detection.entry(finding.detection.clone()).or_default() += 1;
        let severity: Option<Severity> = finding.severity.parse().ok();
        // What is in dry run or suppressed may find an attack, and disturbs nobody.
        if severity < Some(Severity::Medium) || !finding.is_told() {
            continue;
        }
        if explained.contains(&at) {
            evaluation.explained += 1;
        } else {
            evaluation.noise.push(Noise {
                detection: finding.detection.clone(),
                severity: finding.severity.clone(),
                subject: finding.subject.clone(),
                first_at: finding.first_at,
            });
        }
    }
    evaluation
}

fn verdict<'a>(
    label: &Label,
    about: impl Iterator<Item = &'a Finding>,
    covers: &HashMap<String, Vec<String>>,
) -> Verdict {
    let mut found_by = Vec::new();
    let mut first: Option<Time> = None;
    for finding in about {
        if !found_by.contains(&finding.detection) {
            found_by.push(finding.detection.clone());
        }
        first = Some(first.map_or(finding.last_at, |first| first.min(finding.last_at)));
    }
    let expected = |name: &String| {
        label.attack.as_ref().is_some_and(|id| covers.get(name).is_some_and(|ids| ids.contains(id)))
    };
    let after = |first: Time| Some((first.seconds() - label.span()?.0.seconds()).max(0));
    Verdict {
        attack: label.attack.clone().or_else(|| label.file.clone()).unwrap_or_default(),
        scenario: label.scenario.clone(),
        as_expected: found_by.iter().any(expected),
        found_by,
        after_seconds: first.and_then(after),
        out_of_scope: None,
    }
}

/// Whether a finding names an event of the label, or one of its entities at its time.
fn is_about(finding: &Finding, label: &Label) -> bool {
    let events = finding.event_ids.as_deref().unwrap_or_default();
    if events.split(' ').any(|id| label.evidence_event_ids.iter().any(|known| known == id)) {
        return true;
    }
    if label.file.is_some() {
        return true; // Whatever is found in the file is about it.
    }
    let Some((from, until)) = label.span() else { return false };
    let at_its_time = finding.first_at <= until.plus_seconds(AFTER)
        && finding.last_at >= from.plus_seconds(-BEFORE);
    let texts = [Some(&finding.subject), finding.root.as_ref(), finding.path.as_ref()];
    // An account alone is no entity: it has everyday traffic too.
    let names = |entity: &String| {
        !is_account(entity)
            && (texts.iter().flatten().any(|text| text.contains(entity.as_str()))
                || finding.evidence.contains(entity.as_str()))
    };
    at_its_time && label.entities.iter().any(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(detection: &str, severity: &str, subject: &str, at: &str, events: &str) -> Finding {
        let at = at.parse().unwrap();
        Finding {
            detection: detection.into(),
            severity: severity.into(),
            subject: subject.into(),
            first_at: at,
            last_at: at,
            event_ids: Some(events.into()),
            ..Finding::default()
        }
    }

    #[test]
    fn dry_runs_find_and_are_no_noise() {
        let quiet = |about: &str| Finding {
            dry_run: true,
            ..finding("d", "high", "s", "2026-03-10T10:05:00Z", about)
        };
        let attack = Label {
            verdict: "attack".into(),
            evidence_event_ids: vec!["e1".into()],
            ..Label::default()
        };
        let found = judge(&[attack], &[quiet("e1"), quiet("e2")], &HashMap::new(), 10);
        assert_eq!((found.recall(), found.explained, found.noise.len()), (1.0, 0, 0));
    }

    #[test]
    fn what_is_mixed_is_neither_missed_nor_noise() {
        let mixed = Label { verdict: "mixed".into(), file: Some("f".into()), ..Label::default() };
        let findings = [finding("d", "high", "s", "2026-03-10T10:05:00Z", "")];
        let found = judge(&[mixed], &findings, &HashMap::new(), 10);
        assert_eq!((found.attacks.len(), found.explained, found.noise.len()), (0, 1, 0));
    }

    #[test]
    fn findings_are_explained_by_events_or_by_entities_at_their_time() {
        let label = Label {
            attack: Some("LK-2".into()),
            verdict: "attack".into(),
            first_evidence_at: Some("2026-03-10T10:00:00Z".into()),
            until: Some("2026-03-10T11:00:00Z".into()),
            evidence_event_ids: vec!["e1".into()],
            entities: vec!["AKIAX".into(), "111111111111".into()],
            ..Label::default()
        };
        let benign = Label { verdict: "benign".into(), ..label.clone() };
        let findings = [
            finding("two-places", "high", "somebody", "2026-03-10T10:05:00Z", "e0 e1"),
            finding("other", "medium", "key AKIAX", "2026-03-10T10:30:00Z", ""),
            finding("other", "medium", "key AKIAX", "2026-03-14T10:30:00Z", ""),
            finding("other", "high", "account 111111111111", "2026-03-10T10:30:00Z", ""),
            finding("other", "low", "nobody", "2026-03-10T10:30:00Z", ""),
        ];
        let covers = HashMap::from([("two-places".to_owned(), vec!["LK-2".to_owned()])]);
        let found = judge(&[label, benign], &findings, &covers, 2_000_000);
        assert_eq!(found.attacks.len(), 1);
        assert_eq!(found.attacks[0].found_by, ["two-places", "other"]);
        assert!(found.attacks[0].as_expected);
        assert_eq!(found.attacks[0].after_seconds, Some(300));
        assert_eq!((found.explained, found.noise.len()), (2, 2));
        assert_eq!((found.recall(), found.precision(), found.noise_per_million()), (1.0, 0.5, 1.0));
    }
}
