//! Roles that are not like others.

use rolecall_model::{SessionCeiling, SpecialRole};

use super::Said;
use crate::check::Wrong;
use crate::fault::Fault;
use crate::probe::{Probe, all, fits};
use crate::section::{Section, Text};
use crate::tables::Rows;
use crate::{duration, pattern};

const ROLES: &str = "write roles = [\"arn:aws:iam::*:role/admin\"]";

/// `[[role]]`
pub(super) fn role(section: &mut Section<'_, '_>) -> Option<Said> {
    let roles = section.needed_list("roles", ROLES, pattern::some_role);
    let help = "write kind = \"sensitive\", \"break-glass\" or \"decoy\"";
    let kind = section.choice("kind", help, &["sensitive", "break-glass", "decoy"]);
    let callers = section.list("allowed_callers", pattern::some_principal);
    let (kind, first) = (kind?, roles.first()?.value.clone());
    let (mut rows, mut probes) = (Vec::new(), Vec::new());
    for role in &roles {
        let row = |allowed_caller| SpecialRole {
            role: role.value.clone(),
            kind: kind.clone(),
            allowed_caller,
            ..SpecialRole::default()
        };
        if callers.is_empty() {
            rows.push(row(None));
        }
        rows.extend(callers.iter().map(|caller| row(Some(caller.value.clone()))));
        // That nobody uses a break-glass or decoy role is how it should be.
        if kind == "sensitive" {
            probes.push(Probe::new(&role.value, "session", fits("principal", &role.value)));
        }
    }
    Some(Said { about: format!("{kind} {first}"), rows: Rows::SpecialRole(rows), probes })
}

/// `[[ceiling]]`
pub(super) fn ceiling(section: &mut Section<'_, '_>) -> Option<Said> {
    let roles = section.needed_list("roles", ROLES, pattern::role);
    let duration = span(section);
    let about = format!("{} for {}", duration.as_ref()?.value, roles.first()?.value);
    let seconds = seconds(section, duration?)?;
    let probe = |role: &str| Probe::new(role, "session", all([fits("principal", role)]));
    let probes = roles.iter().map(|role| probe(&role.value)).collect();
    let rows = roles.into_iter().map(|role| SessionCeiling {
        role: role.value,
        seconds,
        ..SessionCeiling::default()
    });
    Some(Said { about, rows: Rows::SessionCeiling(rows.collect()), probes })
}

/// A span of time; of a bare number, which has no unit, the remedy is the span in seconds.
fn span(section: &mut Section<'_, '_>) -> Option<Text> {
    let number = section.fields.get("duration").filter(|value| value.get_ref().is_integer());
    let Some(value) = number else {
        return section.needed("duration", "write duration = \"12h\"");
    };
    let _ = section.value("duration");
    let help = match value.get_ref().as_integer() {
        Some(number) => format!("say the unit: \"{} seconds\"", number.as_str()),
        None => "write duration = \"12h\"".to_owned(),
    };
    section.wrong_type("duration", value.span(), value.get_ref(), "a span of time", help);
    None
}

fn seconds(section: &mut Section<'_, '_>, text: Text) -> Option<i64> {
    let seconds = duration::seconds(&text.value);
    let wrong = |wrong: Wrong| {
        let fault = Fault::Value { found: text.value.clone(), why: wrong.why, help: wrong.help };
        section.flaws.push(text.at, fault);
    };
    seconds.map_err(wrong).ok()
}
