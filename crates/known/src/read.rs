//! The walk over the file: every section to its reader, every flaw noted.

mod access;
mod client;
mod kinds;
mod network;
mod organization;
mod role;
mod same;
mod settings;
mod suppress;

use std::collections::HashSet;
use std::ops::Range;

use rolecall_model::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use self::kinds::{KINDS, Said, TOP};
use crate::Known;
use crate::fault::Fault;
use crate::flaw::{Flaw, Flaws};
use crate::section::{Section, type_of};

/// Reads what can be read of a file, and says every flaw at once.
pub(crate) fn file(text: &str, accounts: Result<&str, &str>) -> (Known, Vec<Flaw>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut flaws = Flaws::of(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        flaws.push(at, Fault::Syntax(error.message().to_owned()));
    }
    let broken: HashSet<usize> = flaws.found.iter().map(|flaw| flaw.spot.line).collect();
    let top = document.get_ref();
    unknown_at_top(top, &mut flaws);

    let mut known = Known::default();
    for kind in &KINDS {
        for (fields, span) in list(top, kind.key, kind.shown, &mut flaws) {
            let mut section = Section::new(kind.shown, fields, span, &mut flaws);
            let said = (kind.read)(&mut section);
            let vouched = section.vouched();
            known.entries.extend(said.map(|said| said.entry(&section, vouched)));
            section.finish(kind.keys);
        }
    }
    for (fields, span) in list(top, "suppress", "[[suppress]]", &mut flaws) {
        let section = Section::new("[[suppress]]", fields, span, &mut flaws);
        known.suppressions.extend(suppress::suppress(section));
    }
    organization::organization(top, accounts, &mut known, &mut flaws);
    settings::detections(top, &mut known.settings, &mut flaws);
    settings::databases(top, &mut known.databases, &mut flaws);
    same::check(&known, &mut flaws);

    let mut found = flaws.found;
    if !errors.is_empty() {
        // What the parser skipped looks missing or strange, and is neither.
        found.retain(|flaw| match flaw.fault {
            Fault::Syntax(_) => true,
            Fault::Missing { .. } => false,
            _ => !broken.contains(&flaw.spot.line),
        });
    }
    found.sort_by_key(|flaw| flaw.spot);
    (known, found)
}

fn unknown_at_top(top: &DeTable<'_>, flaws: &mut Flaws<'_>) {
    for key in top.keys() {
        let found = key.get_ref().to_string();
        if !TOP.contains(&found.as_str()) {
            let nearest = nearest(&found, TOP);
            let fault = Fault::Unknown { found, section: "the file", nearest, choices: &TOP };
            flaws.push(key.span().start, fault);
        }
    }
}

/// The tables under a key that stands for a list of them.
fn list<'a>(
    top: &'a DeTable<'a>,
    key: &str,
    shown: &str,
    flaws: &mut Flaws<'_>,
) -> Vec<(&'a DeTable<'a>, Range<usize>)> {
    let Some(value) = top.get(key) else { return Vec::new() };
    let mut wrong = |value: &Spanned<DeValue<'_>>| {
        let (found, help) = (type_of(value.get_ref()), format!("begin each entry with `{shown}`"));
        let key = key.to_owned();
        flaws.push(
            value.span().start,
            Fault::Type { key, found, wanted: "a list of entries", help },
        );
    };
    let DeValue::Array(items) = value.get_ref() else {
        wrong(value);
        return Vec::new();
    };
    let mut tables = Vec::new();
    for item in items.iter() {
        match item.get_ref() {
            DeValue::Table(fields) => tables.push((fields, item.span())),
            _ => wrong(item),
        }
    }
    tables
}

/// The table under a key that stands for one.
fn table<'a>(
    top: &'a DeTable<'a>,
    key: &str,
    help: &str,
    flaws: &mut Flaws<'_>,
) -> Option<(&'a DeTable<'a>, Range<usize>)> {
    let value = top.get(key)?;
    match value.get_ref() {
        DeValue::Table(fields) => Some((fields, value.span())),
        other => {
            let fault = Fault::Type {
                key: key.into(),
                found: type_of(other),
                wanted: "a table",
                help: help.into(),
            };
            flaws.push(value.span().start, fault);
            None
        }
    }
}
