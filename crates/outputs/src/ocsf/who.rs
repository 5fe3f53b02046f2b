//! Who an event is about: the resources and the actor, with their accounts.

use serde_json::{Value, json};

use super::ITEMS;
use crate::FindingV1;
use crate::named::{Kind, Named};

/// The subject, and everything on the path that AWS has a name for, each once.
pub(super) fn resources(finding: &FindingV1) -> Vec<Value> {
    let mut names: Vec<&str> = Vec::new();
    for name in [&finding.subject].into_iter().chain(&finding.path) {
        if Named::new(name).is_resource() && !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names.into_iter().take(ITEMS).map(|name| resource(finding, Named::new(name))).collect()
}

fn resource(finding: &FindingV1, named: Named<'_>) -> Value {
    let kind = match named.kind {
        Kind::User => Some("AWS::IAM::User"),
        Kind::Role => Some("AWS::IAM::Role"),
        Kind::Account => Some("AWS::Account"),
        Kind::Federated => Some("Federated identity"),
        Kind::Session => Some("AWS STS session"),
        Kind::Service | Kind::Other => None,
    };
    let is = |name: &str, label| (named.text == name).then_some(label);
    let labels = [
        is(&finding.subject, "subject"),
        is(finding.root.as_deref().unwrap_or_default(), "root"),
        finding.path.iter().find_map(|hop| is(hop, "path")),
    ];
    json!({
        "uid": named.text,
        "name": named.short,
        "type": kind,
        "cloud_partition": named.partition,
        "labels": labels.into_iter().flatten().collect::<Vec<_>>(),
        "owner": named.account.map(|uid| json!({"account": account(uid)})),
    })
}

pub(super) fn actor(named: Named<'_>) -> Value {
    let (type_id, kind) = match named.kind {
        Kind::Service => return json!({"app_name": named.text}),
        Kind::User => (1, "User"),
        Kind::Account => (2, "Admin"),
        Kind::Role => (99, "Role"),
        Kind::Session => (99, "Session"),
        Kind::Federated => (99, "Federated identity"),
        Kind::Other => (99, "Other"),
    };
    json!({"user": {
        "uid": named.text,
        "name": named.short,
        "type_id": type_id,
        "type": kind,
        "account": named.account.map(account),
    }})
}

pub(super) fn account(uid: &str) -> Value {
    json!({"uid": uid, "type_id": 10, "type": "AWS Account"})
}

/// The account that it is about: the subject's, or the first one concerned.
pub(super) fn about_account(finding: &FindingV1) -> Option<&str> {
    let first = finding.accounts.first().map(String::as_str);
    Named::new(&finding.subject).account.or(first)
}
