//! The overview of all detections: by family, by technique, and by the published rules they cover.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::Detection;
use crate::header::FAMILIES;

/// The overview in Markdown; pages are linked as `NAME.md`.
pub fn overview(detections: &[Detection]) -> String {
    let mut page = String::from("# Detections\n\n");
    let _ = writeln!(
        page,
        "{} detections. Each is a folder under `queries/detections/`: a query in SQL with its story, \
         and the cases that prove it. `rolecall explain NAME` shows the same page.",
        detections.len()
    );
    for family in FAMILIES {
        let of_family: Vec<_> = detections.iter().filter(|d| d.meta.family == family).collect();
        if of_family.is_empty() {
            continue;
        }
        let _ = write!(
            page,
            "\n## {}\n\n| detection | sees | severity | confidence | id |\n| --- | --- | --- | --- | --- |\n",
            capitalised(family)
        );
        for detection in of_family {
            let meta = &detection.meta;
            let _ = writeln!(
                page,
                "| [`{0}`]({0}.md) | {1} | {2} | {3} | {4} |",
                detection.id,
                meta.title,
                meta.severity,
                meta.confidence,
                meta.covers.join(", ")
            );
        }
    }
    techniques(&mut page, detections);
    subsumed(&mut page, detections);
    page
}

fn techniques(page: &mut String, detections: &[Detection]) {
    let by_technique = grouped(detections, |detection| &detection.meta.attack);
    page.push_str("\n## By ATT&CK technique\n\n| technique | detections |\n| --- | --- |\n");
    for (technique, names) in by_technique {
        let url = technique.replace('.', "/");
        let _ = writeln!(
            page,
            "| [{technique}](https://attack.mitre.org/techniques/{url}/) | {} |",
            links(&names)
        );
    }
}

fn subsumed(page: &mut String, detections: &[Detection]) {
    let rules: BTreeSet<&str> =
        detections.iter().flat_map(|d| &d.meta.subsumes).map(String::as_str).collect();
    if rules.is_empty() {
        return;
    }
    let _ = write!(
        page,
        "\n## Published rules whose purpose they serve\n\n{} rules of Elastic (E), Sigma (S), Splunk (K), \
         Panther (P), Suzaku (Z), GuardDuty (G) and others, by their numbers in the study that this catalogue \
         was drawn from. Each page names its own.\n",
        rules.len()
    );
}

fn grouped<'a>(
    detections: &'a [Detection],
    of: impl Fn(&'a Detection) -> &'a Vec<String>,
) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for detection in detections {
        for key in of(detection) {
            groups.entry(key).or_default().push(&detection.id);
        }
    }
    groups
}

fn links(names: &[&str]) -> String {
    names.iter().map(|name| format!("[`{name}`]({name}.md)")).collect::<Vec<_>>().join(", ")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
