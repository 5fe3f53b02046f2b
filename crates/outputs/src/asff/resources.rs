//! What a finding is about, as resources, and the address that it came from.

use serde_json::{Value, json};

use super::texts::{IDENTIFIER, fitted};
use crate::FindingV1;
use crate::named::{Kind as Who, Named};
use crate::seen::{Kind, seen};

/// Resources that a finding takes.
const RESOURCES: usize = 32;

/// The subject, the path, keys and accounts, each once; the format wants at least one.
pub(super) fn resources(finding: &FindingV1) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    let mut add = |kind: &str, id: &str, role: Option<&str>, details: Option<Value>| {
        let id = fitted(id, IDENTIFIER);
        if all.len() == RESOURCES || all.iter().any(|known| known["Id"] == id.as_str()) {
            return;
        }
        let mut resource = json!({"Type": kind, "Id": id});
        let partition = Named::new(&id).partition.unwrap_or_default().to_owned();
        if matches!(partition.as_str(), "aws" | "aws-cn" | "aws-us-gov") {
            resource["Partition"] = json!(partition);
        }
        if let Some(role) = role {
            resource["ResourceRole"] = json!(role);
        }
        if let Some(details) = details {
            resource["Details"] = details;
        }
        all.push(resource);
    };
    let kind = |name: &str| match Named::new(name).kind {
        Who::User => "AwsIamUser",
        Who::Role => "AwsIamRole",
        Who::Account => "AwsAccount",
        _ => "Other",
    };
    let root = finding.root.as_deref();
    let role = |name: &str| if root == Some(name) { "Actor" } else { "Target" };
    add(kind(&finding.subject), &finding.subject, Some(role(&finding.subject)), None);
    if let Some(root) = root {
        add(kind(root), root, Some("Actor"), None);
    }
    for seen in seen(finding).iter().filter(|seen| seen.kind == Kind::Credential) {
        let details = json!({"AwsIamAccessKey": {"AccessKeyId": seen.text}});
        let id = format!("AWS::IAM::AccessKey:{}", seen.text);
        add("AwsIamAccessKey", &id, None, Some(details));
    }
    for hop in &finding.path {
        add(kind(hop), hop, None, None);
    }
    for account in &finding.accounts {
        add("AwsAccount", &format!("AWS::::Account:{account}"), None, None);
    }
    all
}

/// The first address that is known. Networks and services have no place here.
pub(super) fn network(finding: &FindingV1) -> Option<Value> {
    let address = seen(finding).into_iter().find(|seen| seen.kind == Kind::Address)?;
    let field = if address.text.contains(':') { "SourceIpV6" } else { "SourceIpV4" };
    Some(json!({"Direction": "IN", field: address.text}))
}
