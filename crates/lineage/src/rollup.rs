//! The baselines of a day: edges from sessions, footprints from usage.

use std::collections::{BTreeMap, HashSet};

use rolecall_model::{Edge, Footprint, Session, Usage, client, key, network, subject};

use crate::words;

/// All hops of one day counted by root and pair of principals: `edge` rows from the sessions of
/// that day. Sessions without an issuance are no hops.
pub fn edges<'a>(sessions: impl IntoIterator<Item = &'a Session>) -> Vec<Edge> {
    let mut edges: BTreeMap<_, Edge> = BTreeMap::new();
    for session in sessions {
        let Some(issued_by) = &session.issued_by else { continue };
        // The role owner's copy alone shows only the unique id of a foreign caller; the path names
        // the parent if it was found.
        let parent =
            session.parent_session_id.as_ref().and_then(|_| session.path.rsplit(" > ").nth(1));
        let from = match (session.caller_type.as_deref(), parent) {
            (Some("AWSAccount"), Some(parent)) => parent,
            (Some("WebIdentityUser"), _) => {
                subject::stable(session.caller_principal.as_deref().unwrap_or_default())
            }
            _ => session.caller_principal.as_deref().unwrap_or(&session.root_principal),
        };
        let identity = (
            (&session.root_principal, &session.root_account_id),
            (from, &session.caller_account_id),
            (&session.principal, &session.account_id),
            issued_by,
        );
        let edge = edges.entry(identity).or_insert_with(|| Edge {
            root_principal: session.root_principal.clone(),
            root_account_id: session.root_account_id.clone(),
            from_principal: from.to_owned(),
            from_account_id: session.caller_account_id.clone(),
            to_principal: session.principal.clone(),
            to_account_id: session.account_id.clone(),
            issued_by: issued_by.clone(),
            sessions: 0,
            min_depth: session.depth,
            max_depth: session.depth,
            with_external_id: 0,
            first_at: session.created_at,
            last_at: session.created_at,
            ..Edge::default()
        });
        edge.sessions += 1;
        edge.min_depth = edge.min_depth.min(session.depth);
        edge.max_depth = edge.max_depth.max(session.depth);
        edge.with_external_id += i64::from(session.external_id.is_some());
        let first_use = session.first_used_at.map(|at| at.seconds() - session.created_at.seconds());
        edge.longest_seconds = edge.longest_seconds.max(session.granted_seconds);
        edge.slowest_first_use_seconds = edge.slowest_first_use_seconds.max(first_use);
        words::unite(&mut edge.changed_services, &session.changed_services);
        edge.first_at = edge.first_at.min(session.created_at);
        edge.last_at = edge.last_at.max(session.created_at);
    }
    edges.into_values().collect()
}

/// `footprint` rows of usage rows of one day.
///
/// Calls that AWS services make as themselves are left out: they come from the services' own
/// networks, tell nothing about a person or workload, and would outnumber all others.
pub fn footprints<'a>(usages: impl IntoIterator<Item = &'a Usage>) -> Vec<Footprint> {
    #[derive(Default)]
    struct Seen<'a> {
        apis: HashSet<(&'a str, &'a str)>,
        credentials: HashSet<(&'a Option<String>, Option<i64>)>,
    }
    let mut found: BTreeMap<_, (Footprint, Seen)> = BTreeMap::new();
    for usage in usages {
        if usage.user_identity_type.as_deref() == Some("AWSService") {
            continue;
        }
        let long_term = usage.access_key_id.as_deref().filter(|key| key::is_long_term(key));
        let network = network::prefix(usage.source_ip_address.as_deref().unwrap_or_default());
        let client = client::family(usage.user_agent.as_deref().unwrap_or_default());
        let place = usage.source_place.clone().unwrap_or_else(|| network.clone());
        let principal = match usage.user_identity_type.as_deref() {
            Some("WebIdentityUser") => subject::stable(&usage.principal),
            _ => &usage.principal,
        };
        let identity = (
            (principal, &usage.account_id, long_term),
            (network.clone(), place.clone(), client.clone()),
        );
        let (footprint, seen) = found.entry(identity).or_insert_with(|| {
            let footprint = Footprint {
                principal: principal.to_owned(),
                account_id: usage.account_id.clone(),
                access_key_id: long_term.map(str::to_owned),
                network,
                place,
                country: usage.source_country.clone(),
                client,
                first_at: usage.first_at,
                last_at: usage.last_at,
                ..Footprint::default()
            };
            (footprint, Seen::default())
        });
        footprint.calls += usage.calls;
        footprint.failed_calls += if usage.error_code.is_some() { usage.calls } else { 0 };
        footprint.first_at = footprint.first_at.min(usage.first_at);
        footprint.last_at = footprint.last_at.max(usage.last_at);
        seen.apis.insert((&usage.event_source, &usage.event_name));
        let created_at = usage.session_created_at.map(|at| at.seconds());
        seen.credentials.insert((&usage.access_key_id, created_at));
    }
    let count = |(footprint, seen): (Footprint, Seen)| Footprint {
        apis: seen.apis.len() as i64,
        credentials: seen.credentials.len() as i64,
        ..footprint
    };
    found.into_values().map(count).collect()
}
