//! Sample events of published rules: whether the detections that stand for a rule say the same.

use std::collections::HashMap;

use rolecall_model::Finding;

use crate::{Label, Notes};

/// What became of one sample event of a published rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The rule.
    pub rule: String,
    /// Its file.
    pub file: String,
    /// Our detections that stand for the rule; none if we leave it to others.
    pub stand_for: Vec<String>,
    /// Whether the rule fires.
    pub fires: bool,
    /// Those of `stand_for` that found something.
    pub found_by: Vec<String>,
    /// Why we mean to say something else.
    pub why: Option<String>,
}

impl Sample {
    /// Whether our detections say what the rule says.
    pub fn agrees(&self) -> bool {
        self.fires != self.found_by.is_empty()
    }
}

/// The sample that a label is, if it is one. `subsumes` gives the published rules that each detection
/// stands for.
pub fn sample(
    label: &Label,
    findings: &[Finding],
    subsumes: &HashMap<String, Vec<String>>,
    notes: &Notes,
) -> Option<Sample> {
    let rule = label.rule.clone()?;
    let fires = label.expected_rule_match?;
    let file = label.file.clone().unwrap_or_default();
    let id = notes.id(&rule).unwrap_or_default();
    let named = |(name, ids): (&String, &Vec<String>)| {
        ids.iter().any(|known| known == id).then(|| name.clone())
    };
    let mut stand_for: Vec<String> = subsumes.iter().filter_map(named).collect();
    stand_for.sort();
    let found = |name: &&String| findings.iter().any(|finding| finding.detection == **name);
    let found_by = stand_for.iter().filter(found).cloned().collect();
    let why = notes.differs(&file).map(str::to_owned);
    Some(Sample { rule, file, stand_for, fires, found_by, why })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_asks_only_the_detections_that_stand_for_its_rule() {
        let notes = Notes::read("[[rule]]\nname = \"Backdoor\"\nid = \"P17\"").unwrap();
        let subsumes = HashMap::from([
            ("trust-opened".to_owned(), vec!["P17".to_owned(), "K10".to_owned()]),
            ("other".to_owned(), vec!["P18".to_owned()]),
        ]);
        let found = |name: &str| Finding { detection: name.to_owned(), ..Finding::default() };
        let label = |fires| Label {
            rule: Some("Backdoor".into()),
            expected_rule_match: Some(fires),
            ..Label::default()
        };
        for (fires, findings, agrees) in [
            (true, vec![found("trust-opened")], true),
            (true, vec![found("other")], false),
            (false, vec![found("other")], true),
            (false, vec![found("trust-opened")], false),
        ] {
            let sample = sample(&label(fires), &findings, &subsumes, &notes).unwrap();
            assert_eq!(sample.stand_for, ["trust-opened"]);
            assert_eq!(sample.agrees(), agrees, "{sample:?}");
        }
        let unknown = Label { rule: Some("New".into()), ..label(true) };
        assert!(sample(&unknown, &[], &subsumes, &notes).unwrap().stand_for.is_empty());
        assert!(sample(&Label::default(), &[], &subsumes, &notes).is_none());
    }
}
