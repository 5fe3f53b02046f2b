//! `[[suppress]]`: findings that are not told.

use crate::entry::{Entry, Meant, Origin};
use crate::pattern::{self, everything};
use crate::probe::{Probe, all, any, fits};
use crate::section::Section;
use crate::suppression::{Marks, Suppression};

const KEYS: [&str; 10] = [
    "detections",
    "fingerprints",
    "subjects",
    "roots",
    "paths",
    "accounts",
    "networks",
    "owner",
    "reason",
    "expires",
];

pub(super) fn suppress(mut section: Section<'_, '_>) -> Option<Suppression> {
    let mut list = |key| -> Vec<String> {
        section.list(key, pattern::any).into_iter().map(|text| text.value).collect()
    };
    let marks = Marks {
        fingerprints: list("fingerprints"),
        subjects: list("subjects"),
        roots: list("roots"),
        paths: list("paths"),
        accounts: list("accounts"),
        networks: list("networks"),
    };
    let (vouched, meant) = section.vouched();
    // What makes findings disappear has somebody to ask, and an end.
    for (key, help) in [
        ("detections", "write detections = [\"new-cross-account-edge\"]; \"*\" stands for all"),
        ("owner", "write owner = \"secops@example.com\""),
        ("reason", "write reason = \"migration until March\""),
        ("expires", "write expires = 2027-01-31"),
    ] {
        if section.value(key).is_none() {
            section.missing(key, help);
        }
    }
    let narrow = |patterns: &[String]| patterns.iter().any(|pattern| !everything(pattern));
    if meant.iter().any(|meant| everything(&meant.name))
        && !marks.lists().any(|(_, one)| narrow(one))
    {
        let help = "add subjects, roots, paths, accounts, networks or fingerprints";
        section.missing("`subjects` or the like, and would keep every finding quiet", help);
    }
    let entry = Entry {
        section: section.name,
        spot: section.spot(),
        about: about(&marks, &meant),
        vouched,
        origin: Origin::File,
        probes: vec![probe(&marks, &meant)],
        meant,
        rows: None,
    };
    section.finish(&KEYS);
    Some(Suppression { entry, marks })
}

impl Marks {
    /// Every list with its column of the finding.
    fn lists(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        [
            ("fingerprint", self.fingerprints.as_slice()),
            ("subject", &self.subjects),
            ("root", &self.roots),
            ("path", &self.paths),
            ("accounts", &self.accounts),
            ("networks", &self.networks),
        ]
        .into_iter()
        .filter(|(_, patterns)| !patterns.is_empty())
    }
}

fn about(marks: &Marks, meant: &[Meant]) -> String {
    let names: Vec<&str> = meant.iter().map(|meant| meant.name.as_str()).collect();
    let marks =
        marks.lists().map(|(column, patterns)| format!("{column} {}", patterns.join(" or ")));
    std::iter::once(names.join(", ")).chain(marks).collect::<Vec<_>>().join("; ")
}

/// Counts the findings that it may have kept quiet. Where SQL cannot tell, it counts too many: an
/// entry that lives must not look dead.
fn probe(marks: &Marks, meant: &[Meant]) -> Probe {
    let mut conditions = Vec::new();
    // The lake knows detections by the names of their folders, which have no capital letters.
    if meant.iter().all(|meant| !meant.name.bytes().any(|byte| byte.is_ascii_uppercase())) {
        let names = meant.iter().filter(|meant| !everything(&meant.name));
        let names: Vec<String> = names.map(|meant| fits("detection", &meant.name)).collect();
        if names.len() == meant.len() && !names.is_empty() {
            conditions.push(any(names));
        }
    }
    for (column, patterns) in marks.lists() {
        conditions.push(any(patterns.iter().map(|pattern| match column {
            "accounts" | "networks" => {
                fits(&format!("' ' || {column} || ' '"), &format!("* {pattern} *"))
            }
            _ => fits(column, pattern),
        })));
    }
    Probe::new(about(marks, meant), "finding", all(conditions))
}
