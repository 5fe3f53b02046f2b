//! What is true about the trail: which records belong to an attack.

use rolecall_model::Time;
use serde_json::json;

/// One attack as it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What happens, in a sentence.
    pub scenario: String,
    /// The id in the catalogue that it was made for, such as `LK-2`.
    pub attack: String,
    /// What it is: `attack`. What only looks like one is not labelled; it is everything else.
    pub verdict: &'static str,
    /// Every catalogue id whose detection should or may fire for it, the attack's own first.
    pub detections: Vec<String>,
    /// When the first of its records was made.
    pub first_evidence_at: Time,
    /// When the last was.
    pub until: Time,
    /// The event ids of its records, in the order in which they were told.
    pub evidence_event_ids: Vec<String>,
    /// Principals, access keys, session names and accounts that it touches.
    pub entities: Vec<String>,
}

impl Label {
    pub(crate) fn new(attack: &str, scenario: &str, verdict: &'static str) -> Label {
        Label {
            scenario: scenario.to_owned(),
            attack: attack.to_owned(),
            verdict,
            detections: vec![attack.to_owned()],
            first_evidence_at: Time(i64::MAX),
            until: Time(i64::MIN),
            evidence_event_ids: Vec::new(),
            entities: Vec::new(),
        }
    }

    pub(crate) fn evidence(&mut self, at: i64, event_id: String) {
        let at = Time::from_seconds(at);
        self.first_evidence_at = self.first_evidence_at.min(at);
        self.until = self.until.max(at);
        self.evidence_event_ids.push(event_id);
    }

    pub(crate) fn entity(&mut self, entity: &str) {
        if !entity.is_empty() && !self.entities.iter().any(|known| known == entity) {
            self.entities.push(entity.to_owned());
        }
    }

    pub(crate) fn may_fire(&mut self, ids: &[&str]) {
        for id in ids {
            if !self.detections.iter().any(|known| known == id) {
                self.detections.push((*id).to_owned());
            }
        }
    }

    /// The label as one line of JSON.
    pub fn to_json(&self) -> String {
        json!({
            "scenario": self.scenario,
            "attack": self.attack,
            "verdict": self.verdict,
            "detections": self.detections,
            "first_evidence_at": self.first_evidence_at.to_string(),
            "until": self.until.to_string(),
            "evidence_event_ids": self.evidence_event_ids,
            "entities": self.entities,
        })
        .to_string()
    }
}
