//! Which findings answer which labels.

use std::collections::HashSet;

use rolecall_model::arn::is_account;
use rolecall_model::{Finding, Severity, Time};

use crate::{Catalogue, Evaluation, Found, Label, Noise, Verdict};

/// How late after the last evidence a finding may still be about it, in seconds: a credential that
/// was handed out during an attack can be used for a day and a half.
const AFTER: i64 = 36 * 3600;

/// How long before the first evidence a finding may begin and still be about it, in seconds.
const BEFORE: i64 = 3600;

/// Holds what was found against labels.
pub fn judge(labels: &[Label], found: &Found, catalogue: &Catalogue) -> Evaluation {
    let findings = &found.findings;
    let mut evaluation = Evaluation { events: found.events, ..Evaluation::default() };
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
        let began = label.first_evidence(&found.times);
        let about = about.iter().map(|at| &findings[*at]);
        evaluation.attacks.push(verdict(label, about, began, catalogue));
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
            evaluation.noise.push(Noise::of(finding));
        }
    }
    evaluation
}

fn verdict<'a>(
    label: &Label,
    about: impl Iterator<Item = &'a Finding>,
    began: Option<Time>,
    catalogue: &Catalogue,
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
        let covers = catalogue.covers.get(name);
        label.attack.as_ref().is_some_and(|id| covers.is_some_and(|ids| ids.contains(id)))
    };
    let by_client_name = |name: &String| catalogue.by_client_name.contains(name);
    let after = |first: Time| Some((first.seconds() - began?.seconds()).max(0));
    Verdict {
        attack: label.attack.clone().or_else(|| label.file.clone()).unwrap_or_default(),
        scenario: label.scenario.clone(),
        as_expected: found_by.iter().any(expected),
        by_client_name_alone: !found_by.is_empty() && found_by.iter().all(by_client_name),
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
    use std::collections::HashMap;

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

    fn found(findings: impl Into<Vec<Finding>>, events: u64) -> Found {
        Found { findings: findings.into(), events, ..Found::default() }
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
        let found = found([quiet("e1"), quiet("e2")], 10);
        let found = judge(&[attack], &found, &Catalogue::default());
        assert_eq!((found.recall(), found.explained, found.noise.len()), (1.0, 0, 0));
    }

    #[test]
    fn what_is_mixed_is_neither_missed_nor_noise() {
        let mixed = Label { verdict: "mixed".into(), file: Some("f".into()), ..Label::default() };
        let findings = [finding("d", "high", "s", "2026-03-10T10:05:00Z", "")];
        let found = judge(&[mixed], &found(findings, 10), &Catalogue::default());
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
        let catalogue = Catalogue { covers, ..Catalogue::default() };
        let found = judge(&[label, benign], &found(findings, 2_000_000), &catalogue);
        assert_eq!(found.attacks.len(), 1);
        assert_eq!(found.attacks[0].found_by, ["two-places", "other"]);
        assert!(found.attacks[0].as_expected);
        assert_eq!(found.attacks[0].after_seconds, Some(300));
        assert_eq!((found.explained, found.noise.len()), (2, 2));
        assert_eq!((found.recall(), found.precision(), found.noise_per_million()), (1.0, 0.5, 1.0));
    }

    #[test]
    fn attacks_that_do_not_say_when_began_with_their_first_event() {
        let label = Label {
            verdict: "attack".into(),
            evidence_event_ids: vec!["later".into(), "first".into(), "lost".into()],
            file: Some("f".into()),
            ..Label::default()
        };
        let at = |text: &str| -> Time { text.parse().unwrap() };
        let times = HashMap::from([
            ("later".to_owned(), at("2026-03-10T10:02:00Z")),
            ("first".to_owned(), at("2026-03-10T10:00:00Z")),
            ("other".to_owned(), at("2026-03-10T09:00:00Z")),
        ]);
        let findings = vec![finding("d", "high", "s", "2026-03-10T10:05:00Z", "")];
        let known = Found { times, ..found(findings.clone(), 10) };
        let after = |label: &Label, found: &Found| {
            judge(std::slice::from_ref(label), found, &Catalogue::default()).attacks[0]
                .after_seconds
        };
        assert_eq!(after(&label, &known), Some(300));
        assert_eq!(after(&label, &found(findings, 10)), None);
        let says = Label { first_evidence_at: Some("2026-03-10T10:04:00Z".into()), ..label };
        assert_eq!(after(&says, &known), Some(60));
    }

    #[test]
    fn one_other_detection_is_enough_not_to_depend_on_the_name_of_the_client() {
        let label = |file: &str| Label {
            file: Some(file.into()),
            verdict: "attack".into(),
            ..Label::default()
        };
        let catalogue =
            Catalogue { by_client_name: HashSet::from(["tool".into()]), ..Catalogue::default() };
        let by = |names: &[&str]| {
            let finding = |name: &&str| finding(name, "high", "s", "2026-03-10T10:05:00Z", "");
            let findings: Vec<Finding> = names.iter().map(finding).collect();
            judge(&[label("f")], &found(findings, 1), &catalogue)
        };
        let mut all = by(&["tool"]);
        all.add(by(&["tool", "place"]));
        all.add(by(&["place"]));
        all.add(by(&[]));
        let mut unasked = by(&["tool"]);
        unasked.attacks[0].out_of_scope = Some("why".into());
        all.add(unasked);
        assert_eq!((all.found(), all.found_by_client_name_alone()), (3, 1));
    }

    #[test]
    fn noise_names_all_its_events() {
        let findings = [
            finding("d", "medium", "s", "2026-03-10T10:05:00Z", "e1 e2"),
            Finding { event_ids: None, ..finding("d", "high", "s", "2026-03-10T10:05:00Z", "") },
        ];
        let noise = judge(&[], &found(findings, 1), &Catalogue::default()).noise;
        assert_eq!(noise[0].event_ids, ["e1", "e2"]);
        assert!(noise[1].event_ids.is_empty());
    }
}
