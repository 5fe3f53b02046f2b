//! The organisation and its accounts.

use std::collections::HashSet;

use rolecall_model::OwnAccount;
use toml::de::DeTable;

use super::{Said, table};
use crate::entry::Origin;
use crate::fault::Fault;
use crate::flaw::Flaws;
use crate::probe::{Probe, equals};
use crate::section::Section;
use crate::tables::Rows;
use crate::{Entry, Known, Vouched, accounts, check};

/// `[[account]]`
pub(super) fn account(section: &mut Section<'_, '_>) -> Option<Said> {
    let id = section.needed("id", "write id = \"111111111111\"");
    let id = section.checked(id, check::account);
    let name = section.text("name").map(|name| name.value);
    Some(said(id?.value, name))
}

/// `[organization]`, and the accounts of the file that it names.
pub(super) fn organization(
    top: &DeTable<'_>,
    content: Result<&str, &str>,
    known: &mut Known,
    flaws: &mut Flaws<'_>,
) {
    let Some((fields, span)) = table(top, "organization", "write `[organization]`", flaws) else {
        return;
    };
    let mut section = Section::new("[organization]", fields, span, flaws);
    let id = section.text("id");
    known.organization = section.checked(id, check::organization).map(|id| id.value);
    let file = section.text("accounts_file");
    let at = file.as_ref().map(|file| section.flaws.spot(file.at));
    section.finish(&["id", "accounts_file"]);
    let Some(spot) = at else { return };
    // To go on without it would make strangers of the own accounts.
    let read = content.map_err(|why| vec![why.to_owned()]).and_then(accounts::read);
    let accounts = match read {
        Ok(accounts) => accounts,
        Err(faults) => {
            return faults.into_iter().for_each(|why| flaws.at(spot, Fault::Export(why)));
        }
    };
    let named = known.entries.iter().filter_map(|entry| match &entry.rows {
        Some(Rows::OwnAccount(rows)) => rows.first().map(|row| row.account_id.clone()),
        _ => None,
    });
    // What the file says about an account goes before what the list says.
    let mut seen: HashSet<String> = named.collect();
    for (id, name) in accounts {
        if seen.insert(id.clone()) {
            let Said { about, rows, probes } = said(id, name);
            known.entries.push(Entry {
                section: "[organization]",
                spot,
                about,
                vouched: Vouched::default(),
                origin: Origin::Accounts,
                probes,
                meant: Vec::new(),
                rows: Some(rows),
            });
        }
    }
}

fn said(account_id: String, name: Option<String>) -> Said {
    let about = match &name {
        Some(name) => format!("{name} ({account_id})"),
        None => account_id.clone(),
    };
    let probe = Probe::new(&account_id, "footprint", equals("account_id", &account_id));
    let row = OwnAccount { account_id, name, ..OwnAccount::default() };
    Said { about, rows: Rows::OwnAccount(vec![row]), probes: vec![probe] }
}
