//! A finding as JSON of bounded length: what is left out is said in its `cut`.

use serde_json::Value;

use crate::FindingV1;
use crate::text::{cut, is_steering};

/// Items that stay of each list when a finding is too long, and then characters of each text.
const ITEMS: usize = 20;
const CHARACTERS: usize = 1000;

impl FindingV1 {
    /// The finding as one line of JSON. Control characters, and characters that reorder text, are
    /// written as JSON escapes: a reader gets them back, and a terminal that shows the line does not.
    pub fn to_json(&self) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        let mut safe = String::with_capacity(json.len());
        for c in json.chars() {
            if is_steering(c) {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    safe.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                safe.push(c);
            }
        }
        safe
    }

    /// The same in at most `limit` bytes, as far as that is possible for a finding of short texts:
    /// lists become shorter first, then the evidence goes, then texts are cut.
    pub fn to_json_within(&self, limit: usize) -> String {
        let mut json = self.to_json();
        if json.len() <= limit {
            return json;
        }
        let mut short = self.clone();
        for shorten in [lists, evidence, texts] {
            shorten(&mut short);
            json = short.to_json();
            if json.len() <= limit {
                break;
            }
        }
        json
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
