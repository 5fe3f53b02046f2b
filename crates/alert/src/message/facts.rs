//! What an alert tells, in the order in which people ask: what, who really, how, where, what next.

use serde_json::Value;

use crate::FindingV1;

/// Items that are shown of a list.
const ITEMS: usize = 12;

/// A line of an alert: its name is ours, its text is hostile.
pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) text: String,
}

/// The headline: `HIGH: title`.
pub(super) fn headline(finding: &FindingV1) -> String {
    format!("{}: {}", finding.severity.to_uppercase(), finding.title)
}

/// Everything worth a line; what is not known has none.
pub(super) fn facts(finding: &FindingV1) -> Vec<Fact> {
    let when = if finding.first_at == finding.last_at {
        finding.first_at.clone()
    } else {
        format!("{} until {}", finding.first_at, finding.last_at)
    };
    let path = if finding.path.len() > 1 { list(&finding.path, " → ") } else { String::new() };
    // The paragraph is Markdown, with line ends of its own.
    let harmless = finding.harmless.as_deref().unwrap_or_default();
    let harmless = harmless.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = [
        ("subject", finding.subject.clone()),
        ("root", finding.root.clone().unwrap_or_default()),
        ("path", path),
        ("when", when),
        ("accounts", list(&finding.accounts, ", ")),
        ("networks", list(&finding.networks, ", ")),
        ("evidence", evidence(finding)),
        ("confidence", finding.confidence.clone()),
        ("harmless", harmless),
        ("more", finding.more.clone().unwrap_or_default()),
        ("explain", format!("rolecall explain {}", finding.detection)),
    ];
    let shown = all.into_iter().filter(|(_, text)| !text.is_empty());
    shown.map(|(name, text)| Fact { name, text }).collect()
}

/// The first and the last items of a list; what is between is counted.
fn list(items: &[String], between: &str) -> String {
    if items.len() <= ITEMS {
        return items.join(between);
    }
    let (head, tail) = (&items[..ITEMS / 2], &items[items.len() - ITEMS / 2..]);
    let left_out = format!("({} more)", items.len() - ITEMS);
    [head.join(between), left_out, tail.join(between)].join(between)
}

/// The detection's own columns in a line.
fn evidence(finding: &FindingV1) -> String {
    let Value::Object(columns) = &finding.evidence else { return String::new() };
    let shown = columns.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{} {text}", name.replace('_', " "))
    });
    shown.collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::finding;

    #[test]
    fn long_lists_keep_their_ends() {
        let items: Vec<String> = (0..30).map(|at| format!("r{at}")).collect();
        let shown = list(&items, " → ");
        assert!(shown.starts_with("r0 → ") && shown.ends_with(" → r29"), "{shown}");
        assert!(shown.contains(" → (18 more) → "), "{shown}");
    }

    #[test]
    fn what_is_not_known_has_no_line() {
        let mut bare = finding();
        bare.root = None;
        bare.more = None;
        bare.harmless = None;
        bare.evidence = Value::Null;
        bare.path.truncate(1);
        let names: Vec<_> = facts(&bare).iter().map(|fact| fact.name).collect();
        assert_eq!(names, ["subject", "when", "accounts", "networks", "confidence", "explain"]);
    }
}
