//! Noise in Markdown: every finding that nothing explains, or a sum for each detection.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use rolecall_model::Severity;

use crate::Noise;
use crate::table::cell;

/// So many events of a finding are named; the others are counted.
const EVENTS: usize = 3;

/// How many findings nothing explains, and each of them; each detection of them if they are more
/// than `most`.
pub(crate) fn noise(text: &mut String, noise: &[Noise], most: Option<usize>) {
    let (number, found) = match noise.len() {
        0 => return,
        1 => (1, "finding"),
        number => (number, "findings"),
    };
    let by_detection = most.is_some_and(|most| number > most);
    let how = if by_detection { ", by detection" } else { "" };
    let _ = writeln!(text, "\n{number} {found} of medium or higher that no label explains{how}:");
    if by_detection { sums(text, noise) } else { each(text, noise) }
}

fn sums(text: &mut String, noise: &[Noise]) {
    text.push_str("\n| noise of | times | such as |\n| --- | ---: | --- |\n");
    let mut subjects: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in noise {
        subjects.entry(&one.detection).or_default().push(&one.subject);
    }
    for (detection, subjects) in subjects {
        let _ = writeln!(text, "| `{detection}` | {} | {} |", subjects.len(), cell(subjects[0]));
    }
}

/// The worst first, those of a detection together.
fn each(text: &mut String, noise: &[Noise]) {
    let mut noise: Vec<&Noise> = noise.iter().collect();
    let severity = |one: &Noise| Reverse(one.severity.parse::<Severity>().ok());
    noise.sort_by_cached_key(|one| (severity(one), one.detection.clone(), one.first_at));
    // Only what was read file by file has a file to look into.
    let files = noise.iter().any(|one| one.file.is_some());
    let (head, line) = if files { (" in |", " --- |") } else { ("", "") };
    let _ = writeln!(text, "\n| severity | noise of | about | first | events |{head}");
    let _ = writeln!(text, "| --- | --- | --- | --- | --- |{line}");
    for one in noise {
        let file = one.file.as_deref().unwrap_or_default();
        let file = if files { format!(" {} |", cell(file)) } else { String::new() };
        let _ = writeln!(
            text,
            "| {} | `{}` | {} | {} | {} |{file}",
            one.severity,
            one.detection,
            cell(&one.subject),
            one.first_at,
            events(&one.event_ids),
        );
    }
}

fn events(ids: &[String]) -> String {
    if ids.is_empty() {
        return "none named".to_owned();
    }
    let named: Vec<String> = ids.iter().take(EVENTS).map(|id| cell(id)).collect();
    match ids.len() - named.len() {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(detection: &str, severity: &str, subject: &str, events: usize) -> Noise {
        Noise {
            detection: detection.into(),
            severity: severity.into(),
            subject: subject.into(),
            first_at: "2026-03-10T10:05:00Z".parse().unwrap(),
            event_ids: (1..=events).map(|n| format!("e{n}")).collect(),
            file: None,
        }
    }

    fn shown(noise: &[Noise], most: Option<usize>) -> String {
        let mut text = String::new();
        super::noise(&mut text, noise, most);
        text
    }

    #[test]
    fn every_noise_has_its_line_the_worst_first() {
        let all =
            [one("a", "medium", "x", 0), one("b", "critical", "y|z", 3), one("a", "high", "v", 5)];
        let text = shown(&all, None);
        assert!(text.starts_with("\n3 findings of medium or higher that no label explains:\n"));
        let lines: Vec<&str> = text.lines().skip(5).collect();
        assert_eq!(
            lines,
            [
                "| critical | `b` | y\\|z | 2026-03-10T10:05:00Z | e1, e2, e3 |",
                "| high | `a` | v | 2026-03-10T10:05:00Z | e1, e2, e3 and 2 more |",
                "| medium | `a` | x | 2026-03-10T10:05:00Z | none named |",
            ]
        );
    }

    #[test]
    fn what_was_found_in_a_file_says_in_which() {
        let all = [Noise { file: Some("a/b.json".into()), ..one("a", "high", "x", 1) }];
        let text = shown(&all, None);
        assert!(text.starts_with("\n1 finding of"), "{text}");
        assert!(
            text.contains("| events | in |\n| --- | --- | --- | --- | --- | --- |\n"),
            "{text}"
        );
        assert!(text.ends_with("| e1 | a/b.json |\n"), "{text}");
    }

    #[test]
    fn more_than_the_most_is_summed_and_says_how_much_it_is() {
        let all = [one("a", "high", "x", 1), one("a", "high", "y", 1), one("b", "high", "z", 1)];
        assert!(shown(&all, Some(3)).contains("| high | `a` | y |"));
        let text = shown(&all, Some(2));
        assert!(text.starts_with("\n3 findings of medium or higher"), "{text}");
        assert!(text.contains(", by detection:\n"), "{text}");
        assert!(text.contains("| `a` | 2 | x |\n| `b` | 1 | z |\n"), "{text}");
        assert!(shown(&[], None).is_empty());
    }
}
