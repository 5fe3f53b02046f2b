//! Who may come in: partners, programs, federated subjects, and pairs of principals.

use rolecall_model::{Automation, Partner, TrustedEdge, TrustedSubject};

use super::Said;
use crate::probe::{Probe, all, equals, fits};
use crate::section::Section;
use crate::tables::Rows;
use crate::{check, pattern};

/// `[[partner]]`
pub(super) fn partner(section: &mut Section<'_, '_>) -> Option<Said> {
    let account = section.needed("account", "write account = \"666666666666\"");
    let account = section.checked(account, check::account);
    let name = section.text("name").map(|name| name.value);
    let ids = section.list("external_ids", check::external_id);
    let account_id = account?.value;
    let own = equals("caller_account_id", &account_id);
    let row = |external_id| Partner {
        account_id: account_id.clone(),
        name: name.clone(),
        external_id,
        ..Partner::default()
    };
    let (rows, probes) = if ids.is_empty() {
        (vec![row(None)], vec![Probe::new(&account_id, "session", own)])
    } else {
        let probe =
            |id: &str| Probe::new(id, "session", all([own.clone(), equals("external_id", id)]));
        let probes = ids.iter().map(|id| probe(&id.value)).collect();
        (ids.into_iter().map(|id| row(Some(id.value))).collect(), probes)
    };
    let about = match &name {
        Some(name) => format!("{name} ({account_id})"),
        None => account_id.clone(),
    };
    Some(Said { about, rows: Rows::Partner(rows), probes })
}

/// `[[automation]]`
pub(super) fn automation(section: &mut Section<'_, '_>) -> Option<Said> {
    let name = section.text("name").map(|name| name.value);
    let help = "write principals = [\"arn:aws:iam::*:role/ci-*\"]";
    let principals = section.needed_list("principals", help, pattern::some_principal);
    let probe = |pattern: &str| Probe::new(pattern, "footprint", fits("principal", pattern));
    let probes = principals.iter().map(|one| probe(&one.value)).collect();
    let first = principals.first()?.value.clone();
    let rows = principals.into_iter().map(|principal| Automation {
        principal: principal.value,
        name: name.clone(),
        ..Automation::default()
    });
    let rows = Rows::Automation(rows.collect());
    Some(Said { about: name.unwrap_or(first), rows, probes })
}

/// `[[federated_subject]]`
pub(super) fn subject(section: &mut Section<'_, '_>) -> Option<Said> {
    let help = "write provider = \"*:oidc-provider/token.actions.githubusercontent.com\"";
    let provider = section.needed("provider", help);
    let provider = section.checked(provider, pattern::simple);
    let help = "write subjects = [\"repo:example/*\"]";
    let subjects = section.needed_list("subjects", help, pattern::any);
    let help = "write roles = [\"arn:aws:iam::111111111111:role/deploy-*\"]";
    let roles = section.needed_list("roles", help, pattern::role);
    let provider = provider?.value;
    let (mut rows, mut probes) = (Vec::new(), Vec::new());
    for subject in &subjects {
        for role in &roles {
            let conditions = [
                fits("identity_provider", &provider),
                fits("subject", &subject.value),
                fits("principal", &role.value),
            ];
            let about = format!("{} > {}", subject.value, role.value);
            probes.push(Probe::new(about, "session", all(conditions)));
            rows.push(TrustedSubject {
                provider: provider.clone(),
                subject: subject.value.clone(),
                role: role.value.clone(),
                ..TrustedSubject::default()
            });
        }
    }
    let about = format!("{provider} {}", subjects.first()?.value);
    Some(Said { about, rows: Rows::TrustedSubject(rows), probes })
}

/// `[[trusted_edge]]`
pub(super) fn edge(section: &mut Section<'_, '_>) -> Option<Said> {
    let help = "write from = [\"arn:aws:iam::111111111111:role/ci\"]";
    let from = section.needed_list("from", help, pattern::some_principal);
    let help = "write to = [\"arn:aws:iam::*:role/deploy\"]";
    let to = section.needed_list("to", help, pattern::principal);
    let (mut rows, mut probes) = (Vec::new(), Vec::new());
    for from in &from {
        for to in &to {
            let (from, to) = (&from.value, &to.value);
            let conditions = [fits("from_principal", from), fits("to_principal", to)];
            probes.push(Probe::new(format!("{from} > {to}"), "edge", all(conditions)));
            rows.push(TrustedEdge {
                from_principal: from.clone(),
                to_principal: to.clone(),
                ..TrustedEdge::default()
            });
        }
    }
    let about = format!("{} > {}", from.first()?.value, to.first()?.value);
    Some(Said { about, rows: Rows::TrustedEdge(rows), probes })
}
