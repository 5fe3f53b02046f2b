//! A finding as JSON of bounded length: what is left out is said in its `cut`.

use serde_json::Value;

use crate::FindingV1;
use crate::text::{self, cut};

/// Items that stay of each list when a finding is too long, and then characters of each text.
const ITEMS: usize = 20;
const CHARACTERS: usize = 1000;

impl FindingV1 {
    /// The finding as one line of JSON; see [`text::json`].
    pub fn to_json(&self) -> String {
        text::json(self)
    }

    /// The same in at most `limit` bytes, as far as that is possible for a finding of short texts:
    /// lists become shorter first, then the evidence goes, then texts are cut.
    pub fn to_json_within(&self, limit: usize) -> String {
        self.fitted(limit).to_json()
    }

    /// The finding that [`FindingV1::to_json_within`] writes.
    pub fn fitted(&self, limit: usize) -> FindingV1 {
        let mut short = self.clone();
        for shorten in [lists, evidence, texts] {
            if short.to_json().len() <= limit {
                break;
            }
            shorten(&mut short);
        }
        short
    }
}

fn lists(finding: &mut FindingV1) {
    let all = [
        ("event_ids", &mut finding.event_ids),
        ("networks", &mut finding.networks),
        ("accounts", &mut finding.accounts),
        ("path", &mut finding.path),
    ];
    for (name, list) in all {
        if list.len() > ITEMS {
            finding.cut.push(format!(
                "{name}: {} of {} are left out",
                list.len() - ITEMS,
                list.len()
            ));
            list.truncate(ITEMS);
        }
    }
}

fn evidence(finding: &mut FindingV1) {
    if !finding.evidence.is_null() {
        finding.evidence = Value::Null;
        finding.cut.push("evidence: it is left out, and stands in the table `finding`".to_owned());
    }
}

fn texts(finding: &mut FindingV1) {
    let short = |text: &mut String| *text = cut(text, CHARACTERS);
    let one = [
        &mut finding.fingerprint,
        &mut finding.detection,
        &mut finding.title,
        &mut finding.subject,
        &mut finding.confidence,
        &mut finding.first_at,
        &mut finding.last_at,
        &mut finding.found_at,
    ];
    one.into_iter().for_each(short);
    finding.window.iter_mut().for_each(short);
    let maybe = [
        &mut finding.root,
        &mut finding.more,
        &mut finding.suppressed,
        &mut finding.family,
        &mut finding.why,
        &mut finding.harmless,
    ];
    maybe.into_iter().flatten().for_each(short);
    let lists =
        [&mut finding.path, &mut finding.accounts, &mut finding.networks, &mut finding.event_ids];
    lists.into_iter().flatten().for_each(short);
    finding
        .cut
        .push(format!("texts: those above {CHARACTERS} characters say how many are missing"));
}

#[cfg(test)]
mod tests {
    use crate::FindingV1;
    use crate::sample::finding;

    const LIMIT: usize = 200_000;

    #[test]
    fn what_fits_is_whole() {
        let finding = finding();
        assert_eq!(FindingV1::read(&finding.to_json_within(LIMIT)).unwrap(), finding);
    }

    #[test]
    fn what_does_not_fit_says_what_is_missing() {
        let mut many = finding();
        many.event_ids = (0..9000).map(|at| format!("{at:036}")).collect();
        let read = FindingV1::read(&many.to_json_within(LIMIT)).unwrap();
        assert_eq!(read.event_ids.len(), 20);
        assert_eq!(read.cut, ["event_ids: 8980 of 9000 are left out"]);
        assert_eq!(read.evidence, many.evidence, "nothing goes that need not go");

        many.evidence = serde_json::json!({"long": "x".repeat(LIMIT)});
        let read = FindingV1::read(&many.to_json_within(LIMIT)).unwrap();
        assert!(read.evidence.is_null() && read.cut.len() == 2, "{:?}", read.cut);

        many.subject = "\u{202e}".repeat(LIMIT);
        let json = many.to_json_within(LIMIT);
        assert!(json.len() <= LIMIT && json.is_ascii() || !json.contains('\u{202e}'));
        let read = FindingV1::read(&json).unwrap();
        assert!(read.subject.ends_with("characters are left out)"), "{}", read.subject);
    }
}
