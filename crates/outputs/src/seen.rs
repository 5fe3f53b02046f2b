//! What an analyst looks up elsewhere: addresses, networks, key ids and clients that a finding shows.

use std::net::IpAddr;

use serde_json::Value;

use crate::FindingV1;

/// What was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `198.51.100.7`
    Address,
    /// `198.51.100.0/24`
    Network,
    /// `cloudformation.amazonaws.com`, which called for somebody.
    Service,
    /// `AKIA…` or `ASIA…`
    Credential,
    /// A user agent.
    Client,
}

/// One thing that was seen, and where: among the networks, or in a column of the evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    pub(crate) column: Option<&'a str>,
}

/// Everything that was seen, each once, addresses of the evidence before networks.
pub(crate) fn seen(finding: &FindingV1) -> Vec<Seen<'_>> {
    let mut all: Vec<Seen<'_>> = Vec::new();
    let columns = finding.evidence.as_object().into_iter().flatten();
    for (column, text) in columns.filter_map(|(name, value)| Some((name, value.as_str()?))) {
        let column = Some(column.as_str());
        if column.is_some_and(|name| name.ends_with("user_agent")) {
            add(&mut all, Seen { kind: Kind::Client, text, column });
            continue;
        }
        for text in text.split([' ', ',', '|']) {
            if text.parse::<IpAddr>().is_ok() {
                add(&mut all, Seen { kind: Kind::Address, text, column });
            } else if is_credential(text) {
                add(&mut all, Seen { kind: Kind::Credential, text, column });
            }
        }
    }
    for text in &finding.networks {
        if let Some(kind) = network(text) {
            add(&mut all, Seen { kind, text, column: None });
        }
    }
    all
}

fn add<'a>(all: &mut Vec<Seen<'a>>, seen: Seen<'a>) {
    if !all.iter().any(|known| known.kind == seen.kind && known.text == seen.text) {
        all.push(seen);
    }
}

/// What a word among the networks is; nothing for `AWS Internal` and the like.
fn network(text: &str) -> Option<Kind> {
    if text.parse::<IpAddr>().is_ok() {
        return Some(Kind::Address);
    }
    if let Some((address, bits)) = text.split_once('/') {
        let is_network = address.parse::<IpAddr>().is_ok() && bits.parse::<u8>().is_ok();
        return is_network.then_some(Kind::Network);
    }
    text.ends_with(".amazonaws.com").then_some(Kind::Service)
}

/// The id of a long-term or temporary key: 16 to 128 letters and digits, as IAM gives them.
fn is_credential(text: &str) -> bool {
    (text.starts_with("AKIA") || text.starts_with("ASIA"))
        && (16..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// The text of a column, as people read it.
pub(crate) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::finding;

    #[test]
    fn each_thing_is_seen_once_and_where_it_was() {
        let mut finding = finding();
        finding.networks =
            ["198.51.100.0/24", "2001:db8::1", "AWS Internal", "ec2.amazonaws.com", "x/1"]
                .map(String::from)
                .to_vec();
        finding.evidence = serde_json::json!({
            "issue_source_ip": "198.51.100.7", "again": "198.51.100.7 | no", "keys_seen": "AKIAEXAMPLEEXAMPLE,AKIA",
            "user_agent": "aws-cli 2.15", "n": 5, "none": null,
        });
        let found = seen(&finding);
        let found: Vec<_> = found.iter().map(|seen| (seen.kind, seen.text, seen.column)).collect();
        assert_eq!(
            found,
            [
                (Kind::Address, "198.51.100.7", Some("issue_source_ip")),
                (Kind::Credential, "AKIAEXAMPLEEXAMPLE", Some("keys_seen")),
                (Kind::Client, "aws-cli 2.15", Some("user_agent")),
                (Kind::Network, "198.51.100.0/24", None),
                (Kind::Address, "2001:db8::1", None),
                (Kind::Service, "ec2.amazonaws.com", None),
            ]
        );
    }
}
