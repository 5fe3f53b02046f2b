//! What an event shows: evidences with actor and source, and what to look up elsewhere.

use serde_json::{Value, json};

use super::ITEMS;
use super::who::actor;
use crate::FindingV1;
use crate::named::Named;
use crate::seen::{Kind, Seen};

/// Who did it, from where, and what the detection saw: the first entry has the columns of the detection.
pub(super) fn evidences(finding: &FindingV1, seen: &[Seen<'_>]) -> Vec<Value> {
    let actor = finding.root.as_deref().map(|root| actor(Named::new(root)));
    let data = Some(&finding.evidence).filter(|value| value.is_object());
    let endpoints = seen.iter().filter_map(|seen| match seen.kind {
        Kind::Address => Some(json!({"ip": seen.text})),
        Kind::Service => Some(json!({"svc_name": seen.text})),
        _ => None,
    });
    let mut endpoints = endpoints.take(ITEMS);
    let first = endpoints.next();
    if actor.is_none() && data.is_none() && first.is_none() {
        return Vec::new();
    }
    let mut evidences = vec![json!({"actor": actor, "data": data, "src_endpoint": first})];
    evidences.extend(endpoints.map(|endpoint| json!({"actor": actor, "src_endpoint": endpoint})));
    evidences
}

/// What to look up elsewhere, with where it stands in the event.
pub(super) fn observables(finding: &FindingV1, seen: &[Seen<'_>]) -> Vec<Value> {
    let observable = |name: String, type_id: u64, kind: &str, value: &str| json!({"name": name, "type_id": type_id, "type": kind, "value": value});
    let mut all: Vec<Value> = Vec::new();
    for seen in seen {
        let (type_id, kind, place) = match seen.kind {
            Kind::Address => (2, "IP Address", "evidences[].src_endpoint.ip"),
            Kind::Network => (12, "Subnet", "unmapped.networks"),
            Kind::Service => (99, "Service", "evidences[].src_endpoint.svc_name"),
            Kind::Credential => (19, "User Credential ID", ""),
            Kind::Client => (16, "HTTP User-Agent", ""),
        };
        let place =
            seen.column.map_or_else(|| place.to_owned(), |c| format!("evidences[].data.{c}"));
        all.push(observable(place, type_id, kind, seen.text));
    }
    all.extend(
        finding
            .accounts
            .iter()
            .take(ITEMS)
            .map(|account| observable("unmapped.accounts".to_owned(), 35, "Account UID", account)),
    );
    if Named::new(&finding.subject).is_resource() {
        let place = "resources[].uid".to_owned();
        all.push(observable(place, 10, "Resource UID", &finding.subject));
    }
    all
}
