//! Findings as an incident for a ticket: what, who, where, when, what proves it, and what to do next.

mod escape;

use crate::FindingV1;
use crate::seen::shown;
use crate::text::plain;
use crate::word;
use escape::{block, code, prose};

/// Characters that stay of each text.
const TEXT: usize = 600;

/// Characters that stay of a query: whole it can be run.
const QUERY: usize = 6000;

/// Items that stay of each list.
const ITEMS: usize = 20;

/// The findings as one Markdown document, in the order given.
///
/// Everything that an event, a query or a detection says is escaped: in CommonMark and in GitHub's dialect it
/// is neither markup nor a link, a tag or a mention.
pub fn markdown(findings: &[FindingV1]) -> String {
    let mut lines = vec![format!("# {}", headline(findings)), String::new()];
    if findings.len() > 1 {
        for finding in findings {
            lines.push(format!(
                "- **{}** {} · {} · {}",
                severity(finding),
                prose(&finding.title, TEXT),
                code(finding.root.as_ref().unwrap_or(&finding.subject), TEXT),
                code(&finding.first_at, TEXT)
            ));
        }
        lines.push(String::new());
    }
    for finding in findings {
        section(&mut lines, finding);
    }
    lines.join("\n")
}

/// How many there are, the most severe first.
fn headline(findings: &[FindingV1]) -> String {
    let counts = ["critical", "high", "medium", "low"].map(|word| {
        let count = findings.iter().filter(|finding| finding.severity == word).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let counts = counts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    match findings.len() {
        0 => "rolecall: no findings".to_owned(),
        1 => format!("rolecall: 1 finding ({counts})"),
        many => format!("rolecall: {many} findings ({counts})"),
    }
}

fn severity(finding: &FindingV1) -> String {
    prose(&finding.severity.to_uppercase(), TEXT)
}

fn section(lines: &mut Vec<String>, finding: &FindingV1) {
    lines.push(format!("## {} · {}", severity(finding), prose(&finding.title, TEXT)));
    lines.push(String::new());
    if let Some(why) = &finding.suppressed {
        lines.push(format!("**Suppressed:** {}", prose(why, TEXT)));
        lines.push(String::new());
    } else if finding.dry_run {
        lines.push(
            "**In dry run:** the history before it is too short to be sure of it.".to_owned(),
        );
        lines.push(String::new());
    }
    let mut fact = |name: &str, text: String| {
        if !text.is_empty() {
            lines.push(format!("- **{name}** {text}"));
        }
    };
    let one = |text: &Option<String>| text.as_deref().map(|t| code(t, TEXT)).unwrap_or_default();
    fact("subject", code(&finding.subject, TEXT));
    fact("root", one(&finding.root));
    fact("path", if finding.path.len() > 1 { list(&finding.path, " → ") } else { String::new() });
    fact("accounts", list(&finding.accounts, ", "));
    fact("networks", list(&finding.networks, ", "));
    let first = code(&finding.first_at, TEXT);
    let is_instant = finding.first_at == finding.last_at;
    fact(
        "when",
        if is_instant { first } else { format!("{first} to {}", code(&finding.last_at, TEXT)) },
    );
    fact("count", finding.count.to_string());
    fact("detection", code(&finding.detection, TEXT));
    fact("family", finding.family.as_deref().map(|text| prose(text, TEXT)).unwrap_or_default());
    fact("confidence", prose(&finding.confidence, TEXT));
    fact("ATT&CK", list(&finding.attack, ", "));
    fact("events", list(&finding.event_ids, ", "));
    fact("fingerprint", code(&finding.fingerprint, TEXT));
    let columns = finding.evidence.as_object().into_iter().flatten();
    for (name, value) in columns.filter(|(_, value)| !value.is_null()) {
        fact(&prose(&name.replace('_', " "), TEXT), code(&shown(value), TEXT));
    }
    lines.push(String::new());
    for (heading, text) in
        [("Why it matters:", &finding.why), ("When it is harmless:", &finding.harmless)]
    {
        if let Some(text) = text {
            lines.push(format!("**{heading}** {}", prose(text, TEXT * 4)));
            lines.push(String::new());
        }
    }
    next(lines, finding);
}

/// What to do: commands to paste, which run nothing of an event.
fn next(lines: &mut Vec<String>, finding: &FindingV1) {
    lines.push("### What to do next".to_owned());
    lines.push(String::new());
    let who = finding.root.as_ref().unwrap_or(&finding.subject);
    let mut step = |what: &str, command: String| {
        lines.push(format!("{what}:"));
        lines.push(String::new());
        lines.push(block("sh", &command, QUERY));
        lines.push(String::new());
    };
    step(
        "See what else grew from the same root",
        format!("rolecall lineage {}", word(&plain(who))),
    );
    step(
        "Read what the detection sees, and what it cannot see",
        format!("rolecall explain {}", word(&plain(&finding.detection))),
    );
    if let Some(more) = &finding.more {
        lines.push("Ask for more, with `rolecall sql`:".to_owned());
        lines.push(String::new());
        lines.push(block("sql", more, QUERY));
        lines.push(String::new());
    }
}

/// The items as spans of code; those that are left out are counted.
fn list(items: &[String], between: &str) -> String {
    let mut shown: Vec<String> = items.iter().take(ITEMS).map(|item| code(item, TEXT)).collect();
    if items.len() > ITEMS {
        shown.push(format!("and {} more", items.len() - ITEMS));
    }
    shown.join(between)
}

#[cfg(test)]
mod tests;
