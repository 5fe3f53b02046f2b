//! What looks like an attack and is none, one line each.

use crate::trail::Trail;
use crate::{organisation, people, workloads};

/// Something that a detection must not tell, or not as severe.
struct Impostor {
    name: &'static str,
    /// So many of it there are at least.
    least: usize,
    /// Counts it in a trail.
    count: fn(&Trail) -> usize,
}

const fn held(name: &'static str, least: usize, count: fn(&Trail) -> usize) -> Impostor {
    Impostor { name, least, count }
}

const IMPOSTORS: [Impostor; 33] = [
    held(
        "sessions with which services went on under a key that nobody issued",
        100,
        workloads::forwarded,
    ),
    held(
        "kinds of logs that a service writes as itself, by account",
        27,
        workloads::writers_of_logs,
    ),
    held("roles that services take for themselves, and use", 20, workloads::service_linked),
    held("roots in whose name the adviser looks around", 8, workloads::advised_roots),
    held("addresses of AWS that three roles and more share", 3, workloads::behind_nat),
    held("endpoints of own VPCs, with private addresses", 2, workloads::endpoints),
    held("pods whose node asked, and which the service gave a role", 50, workloads::pods),
    held("pods that brought their cluster's token", 50, workloads::pods_with_token),
    held("tasks of ECS, on six hours that nobody asked for", 50, workloads::tasks),
    held("sessions of functions that no answer shows", 100, workloads::functions),
    held("instances that got two sets of credentials at once", 2, workloads::instances),
    held("instances with the old metadata service", 1, workloads::old_metadata),
    held("servers with a certificate", 1, workloads::certified),
    held("people at the console for whom it calls", 3, people::console_on_behalf),
    held("switches of roles at the console, which use another key", 10, people::switches),
    held("people who came by Identity Center's command line", 10, people::portal),
    held("people who came to a console by Identity Center", 3, people::portal_console),
    held("sessions on IPv4 and IPv6 at once", 10, people::dual_stack),
    held("sessions on which the VPN came up", 10, people::vpn),
    held("sessions that went to a telephone and came back", 10, people::telephone),
    held("people on journeys", 2, people::journeys),
    held("people who mistyped a role and got it at once", 3, people::typists),
    held("keys that were replaced", 6, people::rotations),
    held("people who are refused now and then", 5, people::refused),
    held("people hired", 1, people::hired),
    held("nights with a job of twelve hours", 20, organisation::nightly_jobs),
    held("days on which the scanner entered every account", 20, organisation::scans),
    held("days on which Terraform entered every account", 20, organisation::drift),
    held(
        "accounts that joined, and were entered by the organisation's role",
        1,
        organisation::joined,
    ),
    held("visits of vendors with an external id", 500, organisation::visits),
    held("vendors let in midway", 1, organisation::new_vendors),
    held("accounts whose root is lent for an audit", 7, organisation::lent_roots),
    held("runners' addresses, a new one for each build", 20, organisation::runners),
];

/// What there is too little of.
pub(crate) fn lacking(trail: &Trail) -> impl Iterator<Item = String> {
    IMPOSTORS.iter().filter_map(|impostor| {
        let Impostor { name, least, count } = impostor;
        let found = count(trail);
        (found < *least).then(|| format!("{found} instead of {least} {name}"))
    })
}
