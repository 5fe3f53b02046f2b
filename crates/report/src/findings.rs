//! Findings, each with its root, its path, its evidence and the way to more.

use serde_json::Value;

use crate::grid::{Cell, Grid, heads};
use crate::instant::{minutes, seconds};
use crate::map::{Drawn, walked};
use crate::material::{Finding, Material};
use crate::names::{Names, account_of, short, steps};
use crate::numbers::{counted, grouped};
use crate::room::Room;
use crate::story::{Block, blocks};
use crate::text::{cut, shortened};

/// An upper bound of the markup of a finding and of each text in it, in bytes.
const MARKUP: usize = 1_400;
const MARKUP_EACH: usize = 40;

#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) shown: Vec<Shown>,
    pub(crate) stories: Vec<Told>,
    pub(crate) counts: Grid,
    /// How many of those shown are of low severity.
    pub(crate) low: usize,
    pub(crate) note: String,
}

/// A finding.
#[derive(Debug)]
pub(crate) struct Shown {
    pub(crate) detection: String,
    pub(crate) has_story: bool,
    pub(crate) title: String,
    pub(crate) severity: &'static str,
    pub(crate) confidence: String,
    pub(crate) brief: String,
    pub(crate) when: String,
    pub(crate) steps: Vec<PathStep>,
    pub(crate) walk: String,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) more: Option<String>,
}

/// A principal on the way.
#[derive(Debug)]
pub(crate) struct PathStep {
    pub(crate) name: String,
    pub(crate) whole: String,
    pub(crate) account: String,
}

/// A detection's story.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) detection: String,
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
}

pub(crate) fn findings(
    material: &Material,
    names: &Names<'_>,
    drawn: &Drawn<'_>,
    room: &mut Room,
) -> Findings {
    let mut findings = Findings { counts: counts(material, room), ..Findings::default() };
    for story in &material.stories {
        if room.take([story.about.as_str()], 2_000) {
            let title = material.findings.iter().find(|f| f.detection == story.detection);
            findings.stories.push(Told {
                detection: story.detection.clone(),
                title: title
                    .map_or_else(|| story.detection.clone(), |finding| cut(&finding.title, 200)),
                blocks: blocks(&story.about),
            });
        }
    }
    for finding in &material.findings {
        let has_story = findings.stories.iter().any(|story| story.detection == finding.detection);
        let shown = shown(finding, has_story, names, drawn);
        let texts = [&shown.title, &shown.brief, &shown.detection].into_iter().chain(&shown.more);
        let texts = texts
            .chain(shown.steps.iter().flat_map(|step| [&step.name, &step.whole, &step.account]));
        let texts = texts.chain(shown.facts.iter().flat_map(|(name, value)| [name, value]));
        if !room.take([""], MARKUP) || !room.take(texts.map(String::as_str), MARKUP_EACH) {
            break;
        }
        findings.shown.push(shown);
    }
    findings.low = findings.shown.iter().filter(|finding| finding.severity == "low").count();
    findings.note = note(material, findings.shown.len());
    findings
}

/// The severities, the worst first.
pub(crate) const SEVERITIES: [&str; 4] = ["critical", "high", "medium", "low"];

pub(crate) fn shown(
    finding: &Finding,
    has_story: bool,
    names: &Names<'_>,
    drawn: &Drawn<'_>,
) -> Shown {
    let path = finding.path.as_deref().map(steps).unwrap_or_default();
    let mut way: Vec<&str> = Vec::new();
    way.extend(finding.root.as_deref().filter(|root| path.first() != Some(root)));
    way.extend(&path);
    if way.last() != Some(&finding.subject.as_str()) && !finding.subject.is_empty() {
        way.push(&finding.subject);
    }
    way.dedup();
    let step = |principal: &&str| PathStep {
        name: shortened(short(principal), 60),
        whole: cut(principal, 1_000),
        account: account_of(principal)
            .map(|id| crate::map::place_name(id, names))
            .unwrap_or_default(),
    };
    let ends = match (way.first(), way.last()) {
        (Some(first), Some(last)) if short(first) != short(last) => {
            format!("{} → {}", shortened(short(first), 40), shortened(short(last), 40))
        }
        (Some(only), _) => shortened(short(only), 60),
        _ => String::new(),
    };
    let accounts = finding.accounts.iter().flat_map(|accounts| accounts.split_whitespace());
    let accounts: Vec<String> = accounts.take(6).map(|id| names.account(id)).collect();
    let brief = match accounts.is_empty() {
        true => ends,
        false => format!("{ends} · {}", cut(&accounts.join(", "), 120)),
    };
    let severity = SEVERITIES.into_iter().find(|word| *word == finding.severity).unwrap_or("low");
    Shown {
        detection: cut(&finding.detection, 100),
        has_story,
        title: cut(&finding.title, 200),
        severity,
        confidence: cut(&finding.confidence, 20),
        brief,
        when: minutes(finding.first_at),
        steps: way.iter().take(12).map(step).collect(),
        walk: drawn.walk(walked(finding)),
        facts: facts(finding, names),
        more: finding.more.as_deref().map(|more| cut(more, 1_500)),
    }
}

fn facts(finding: &Finding, names: &Names<'_>) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: String| facts.push((name.to_owned(), cut(&value, 600)));
    let until = if finding.last_at > finding.first_at {
        format!(" until {}", seconds(finding.last_at))
    } else {
        String::new()
    };
    fact("when", format!("{}{until}", seconds(finding.first_at)));
    let accounts = finding.accounts.iter().flat_map(|accounts| accounts.split_whitespace());
    let accounts: Vec<String> = accounts.map(|id| crate::map::place_name(id, names)).collect();
    if !accounts.is_empty() {
        fact("accounts", accounts.join(", "));
    }
    if let Some(networks) = &finding.networks {
        fact("networks", networks.replace(' ', ", "));
    }
    if finding.count > 1 {
        fact("evidence", counted(finding.count, "piece", "pieces"));
    }
    if let Ok(Value::Object(evidence)) = serde_json::from_str::<Value>(&finding.evidence) {
        for (name, value) in evidence.iter().filter(|(_, value)| !value.is_null()).take(30) {
            let cell = Cell::value(value);
            fact(&cut(&name.replace('_', " "), 60), cell.whole.unwrap_or(cell.shown));
        }
    }
    if let Some(events) = &finding.event_ids {
        let ids: Vec<&str> = events.split_whitespace().collect();
        let more =
            if ids.len() > 5 { format!(" and {} more", ids.len() - 5) } else { String::new() };
        fact("events", format!("{}{more}", ids[..ids.len().min(5)].join(" ")));
    }
    facts
}

fn counts(material: &Material, room: &mut Room) -> Grid {
    let rows = material.finding_counts.iter().map(|count| {
        vec![
            Cell::of(count.severity.as_str()),
            Cell::of(count.title.as_str()),
            Cell::of(count.detection.as_str()),
            Cell::number(count.told),
            Cell::number(count.dry_run),
            Cell::number(count.suppressed),
        ]
    });
    let heads = heads(&[
        ("severity", "How bad it is if true.", false),
        ("detection", "What was seen.", false),
        ("name", "The name of the detection, for `rolecall explain`.", false),
        ("told", "Findings that were told.", true),
        ("dry run", "Findings that were only counted, while the history is too short.", true),
        ("suppressed", "Findings that rolecall.toml suppresses, with a reason.", true),
    ]);
    let all = material.finding_counts.len();
    Grid::fill("findings-by-detection", "Findings by detection", heads, rows, all, room)
}

/// Findings told, and of these severities.
pub(crate) fn told(material: &Material, severity: Option<&str>) -> i64 {
    let of_it =
        material.finding_counts.iter().filter(|c| severity.is_none_or(|word| c.severity == word));
    of_it.map(|count| count.told).fold(0, i64::saturating_add)
}

fn note(material: &Material, shown: usize) -> String {
    let all = told(material, None).max(material.findings.len() as i64);
    let sum =
        |of: fn(&crate::FindingCount) -> i64| material.finding_counts.iter().map(of).sum::<i64>();
    let mut said = Vec::new();
    if (shown as i64) < all {
        said.push(format!(
            "The {} worst of {} findings are here; the table below counts all.",
            grouped(shown as i64),
            grouped(all)
        ));
    }
    let (dry, suppressed) = (sum(|count| count.dry_run), sum(|count| count.suppressed));
    if dry > 0 {
        said.push(format!(
            "{} only counted, because the lake's history is too short for what they compare with.",
            counted(dry, "more is", "more are")
        ));
    }
    if suppressed > 0 {
        said.push(format!(
            "{} suppressed by rolecall.toml.",
            counted(suppressed, "more is", "more are")
        ));
    }
    said.join(" ")
}
