//! What contradicts or repeats what was said before.

use std::collections::HashMap;

use crate::Known;
use crate::entry::Origin;
use crate::fault::Fault;
use crate::flaw::{Flaws, Spot};
use crate::tables::Rows;

/// Notes entries that say the same about the same thing, and partners that are own accounts.
pub(super) fn check(known: &Known, flaws: &mut Flaws<'_>) {
    let mut said: HashMap<(&str, Vec<String>, Vec<&str>), Spot> = HashMap::new();
    let mut own: HashMap<&str, usize> = HashMap::new();
    let mut entries: Vec<_> = known.entries.iter().collect();
    entries.sort_by_key(|entry| entry.spot);
    for entry in &entries {
        let Some(rows) = &entry.rows else { continue };
        let mut meant: Vec<&str> = entry.detections().collect();
        meant.sort_unstable();
        if let Rows::OwnAccount(rows) = rows {
            own.extend(rows.iter().map(|row| (row.account_id.as_str(), entry.spot.line)));
        }
        if entry.origin != Origin::File {
            continue;
        }
        for key in rows.keys() {
            let what = key.iter().filter(|word| !word.is_empty());
            let what: Vec<String> = what.map(|word| format!("`{word}`")).collect();
            let first = *said.entry((rows.table().name, key, meant.clone())).or_insert(entry.spot);
            if first != entry.spot {
                let what = format!("{} with {}", entry.section, what.join(", "));
                flaws.at(entry.spot, Fault::Duplicate { what, line: first.line });
            }
        }
    }
    for entry in entries {
        let Some(Rows::Partner(rows)) = &entry.rows else { continue };
        let Some(account) = rows.first().map(|row| row.account_id.clone()) else { continue };
        if let Some(line) = own.get(account.as_str()) {
            let why = format!("is an own account by line {line}, and so no partner");
            let help = "delete one of the two: a partner is outside the organisation".into();
            flaws.at(entry.spot, Fault::Value { found: account, why, help });
        }
    }
}
