//! What is not wrong, and could be better; and what only the catalogue can tell.

use rolecall_model::{UPKEEP_FINDINGS, nearest};

use crate::entry::Origin;
use crate::fault::Fault;
use crate::flaw::{Flaw, Spot};
use crate::tables::Rows;
use crate::{Entry, Known, Scope};

impl Known {
    /// Entries that let something pass and for which nobody vouches.
    pub fn advice(&self) -> Vec<Flaw> {
        let own = self.entries.iter().filter(|entry| entry.origin == Origin::File && allows(entry));
        own.filter_map(unvouched).collect()
    }

    /// Names of detections that the catalogue does not have, in entries and settings alike: a
    /// misspelt name would say nothing, and let nothing pass. Entries may also mean what upkeep
    /// tells.
    pub fn unknown_detections(&self, catalogue: &[Scope<'_>]) -> Vec<Flaw> {
        let ids = catalogue.iter().flat_map(|one| one.covers).map(String::as_str);
        let names: Vec<&str> = catalogue.iter().map(|one| one.name).collect();
        let choices: Vec<&str> = names.iter().copied().chain(ids).chain(UPKEEP_FINDINGS).collect();
        let mut flaws = Vec::new();
        for meant in self.entries().flat_map(|entry| &entry.meant) {
            let upkeep = UPKEEP_FINDINGS.map(|name| Scope { name, covers: &[] });
            if !catalogue.iter().chain(&upkeep).any(|detection| meant.means(*detection)) {
                flaws.push(stranger(&meant.name, &choices, meant.spot));
            }
        }
        for (name, settings) in &self.settings {
            if !catalogue.iter().any(|detection| detection.name == name) {
                flaws.push(stranger(name, &names, settings.spot));
            }
        }
        flaws.sort_by_key(|flaw| flaw.spot);
        flaws
    }
}

fn stranger(name: &str, choices: &[&str], spot: Spot) -> Flaw {
    let nearest = nearest(name, choices.iter().copied()).map(str::to_owned);
    Flaw { spot, fault: Fault::NoDetection { found: name.to_owned(), nearest } }
}

/// Own accounts and marks on roles and clients are facts; all else lets something pass.
fn allows(entry: &Entry) -> bool {
    match &entry.rows {
        None | Some(Rows::OwnAccount(_)) => false,
        Some(Rows::SpecialRole(rows)) => rows.iter().any(|row| row.allowed_caller.is_some()),
        Some(Rows::MarkedClient(rows)) => rows.iter().any(|row| row.kind == "expected"),
        Some(_) => true,
    }
}

fn unvouched(entry: &Entry) -> Option<Flaw> {
    let by = &entry.vouched;
    let lacks = [
        ("`owner`", by.owner.is_none()),
        ("`reason`", by.reason.is_none()),
        ("`expires`", by.expires_at.is_none()),
    ];
    let missing: Vec<&str> = lacks.iter().filter(|lack| lack.1).map(|lack| lack.0).collect();
    if missing.is_empty() {
        return None;
    }
    let fault = Fault::Unvouched { section: entry.section, missing: missing.join(", ") };
    Some(Flaw { spot: entry.spot, fault })
}
