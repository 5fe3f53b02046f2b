//! What is seen first: the verdict in a sentence, and the numbers behind it.

use std::collections::BTreeMap;

use crate::findings::{SEVERITIES, told};
use crate::lengths::Lengths;
use crate::map::is_outside;
use crate::material::Material;
use crate::names::{Names, short};
use crate::numbers::{counted, grouped, lasting};
use crate::text::shortened;

#[derive(Debug, Default)]
pub(crate) struct Summary {
    /// The worst severity there is, or `none`.
    pub(crate) worst: &'static str,
    pub(crate) verdict: String,
    /// Who is behind the findings, the one with the most first.
    pub(crate) behind: String,
    pub(crate) severities: Vec<(&'static str, String)>,
    pub(crate) tiles: Vec<Tile>,
}

/// A number and where it comes from.
#[derive(Debug)]
pub(crate) struct Tile {
    pub(crate) link: &'static str,
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) below: String,
    pub(crate) is_marked: bool,
}

pub(crate) fn summary(material: &Material, names: &Names<'_>, lengths: &Lengths) -> Summary {
    let count = |word: &'static str| (word, told(material, Some(word)));
    let severities: Vec<(&str, i64)> =
        SEVERITIES.into_iter().map(count).filter(|(_, n)| *n > 0).collect();
    let worst = severities.first().map_or("none", |(word, _)| word);
    let all = told(material, None);
    let verdict = match material.findings.first() {
        None if all == 0 => "Nothing was found in this span.".to_owned(),
        None => counted(all, "finding", "findings"),
        Some(_) if all <= 1 => "One finding needs a look.".to_owned(),
        Some(_) => format!("{} findings need a look.", grouped(all)),
    };
    let shown = severities.iter().map(|(word, number)| (*word, grouped(*number))).collect();
    Summary {
        worst,
        verdict,
        behind: behind(material),
        severities: shown,
        tiles: tiles(material, names, lengths),
    }
}

/// More roots than these are only counted.
const MOST_ROOTS: usize = 5;

fn behind(material: &Material) -> String {
    let mut roots: BTreeMap<&str, i64> = BTreeMap::new();
    for finding in &material.findings {
        *roots.entry(finding.root.as_deref().unwrap_or(&finding.subject)).or_default() += 1;
    }
    let mut roots: Vec<(&str, i64)> = roots.into_iter().collect();
    roots.sort_by_key(|(root, number)| (std::cmp::Reverse(*number), *root));
    let rest = roots.len().saturating_sub(MOST_ROOTS);
    let said = roots
        .iter()
        .take(MOST_ROOTS)
        .map(|(root, number)| format!("{} ({number})", shortened(short(root), 60)));
    let mut said: Vec<String> = said.collect();
    if rest > 0 {
        said.push(format!("{} more", grouped(rest as i64)));
    }
    said.join(", ")
}

fn tiles(material: &Material, names: &Names<'_>, lengths: &Lengths) -> Vec<Tile> {
    let sums = &material.sums;
    let between: Vec<_> =
        material.edges.iter().filter(|e| e.from_where != e.to_account_id).collect();
    let new = between.iter().filter(|edge| edge.is_new).count() as i64;
    let outside: Vec<_> = between.iter().filter(|edge| is_outside(edge, names)).collect();
    let mut outsiders: Vec<&str> = outside.iter().map(|edge| edge.from_where.as_str()).collect();
    outsiders.sort_unstable();
    outsiders.dedup();
    let above: i64 = lengths.kinds.iter().map(|kind| kind.above).sum();
    let longest = material.lengths.iter().map(|length| length.longest_seconds).fold(0.0, f64::max);
    let deepest = material.chains.iter().map(|chain| chain.depth).max().unwrap_or(0);
    let rejected: i64 = material.coverage_regions.iter().map(|region| region.rejected).sum();
    let records: i64 = material.coverage_regions.iter().map(|region| region.records).sum();
    vec![
        Tile {
            link: "sessions",
            name: "sessions",
            value: grouped(sums.sessions),
            below: format!(
                "from {}, {} never used",
                counted(sums.roots, "root", "roots"),
                grouped(sums.unused)
            ),
            is_marked: false,
        },
        Tile {
            link: "map",
            name: "edges between accounts",
            value: grouped(between.len() as i64),
            below: match material.head.new_since {
                Some(_) => format!("{} new", grouped(new)),
                None => "too little history to tell new ones".to_owned(),
            },
            is_marked: new > 0,
        },
        Tile {
            link: "map",
            name: "accounts from outside",
            value: grouped(outsiders.len() as i64),
            below: format!(
                "{} of theirs",
                counted(outside.iter().map(|e| e.sessions).sum(), "session", "sessions")
            ),
            is_marked: !outsiders.is_empty(),
        },
        Tile {
            link: "chains",
            name: "chained sessions",
            value: grouped(sums.chained),
            below: format!(
                "{} cross accounts, up to {} deep",
                grouped(sums.crossing),
                counted(deepest, "step", "steps")
            ),
            is_marked: false,
        },
        Tile {
            link: "lengths",
            name: "above their ceiling",
            value: grouped(above),
            below: format!("the longest lasted {}", lasting(longest as i64)),
            is_marked: above > 0,
        },
        Tile {
            link: "coverage",
            name: "records read",
            value: grouped(records),
            below: format!(
                "{} could not be read; {} without a known root",
                grouped(rejected),
                counted(sums.rootless, "session is", "sessions are")
            ),
            is_marked: rejected > 0,
        },
    ]
}
