//! Whom a call lets in: the principals of policy documents and of grants in a request.
//!
//! Policies reach CloudTrail as JSON in a string
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>),
//! grants as lists of accounts. Few calls have either, so a tree of values is good enough here.

mod condition;

use std::collections::BTreeSet;

use rolecall_model::arn;
use serde_json::Value;

use crate::shapes::tokens;

/// More principals than this are not listed: a policy has at most some kilobytes.
const MOST: usize = 256;

/// Whom a request lets in.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Trust {
    /// Accounts, `*`, services and identity providers, separated by blanks.
    pub(crate) principals: Option<String>,
    /// Whether some statement or grant lets everybody in without a limiting condition; none if none
    /// lets `*` in.
    pub(crate) everybody: Option<bool>,
    /// Whether every statement that lets accounts in asks for an external id.
    pub(crate) needs_external_id: Option<bool>,
}

/// Members of a request that limit the `*` of a grant to somebody
/// (<https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html>).
const GRANT_LIMITS: [&str; 3] = ["principalOrgID", "sourceAccount", "sourceArn"];

impl Trust {
    /// Reads the request's JSON.
    pub(crate) fn read(request: &str) -> Trust {
        // The cheap question first: most requests name no principal and hold no policy.
        let may = ["olicy", "rincipal", "ermission", "ttributeValue", "userId"];
        if !may.iter().any(|word| request.contains(word)) {
            return Trust::default();
        }
        let Ok(Value::Object(request)) = serde_json::from_str(request) else {
            return Trust::default();
        };
        let mut met = Met::default();
        request.iter().for_each(|(name, value)| met.member(name, value));
        if met.everybody.is_none() && met.principals.contains("*") {
            let limited =
                GRANT_LIMITS.iter().any(|name| request.get(*name).is_some_and(Value::is_string));
            met.everybody = Some(!limited);
        }
        let mut principals: Vec<String> = met.principals.into_iter().collect();
        principals.truncate(MOST);
        Trust {
            principals: (!principals.is_empty()).then(|| principals.join(" ")),
            everybody: met.everybody,
            needs_external_id: met.needs_external_id,
        }
    }
}

#[derive(Default)]
struct Met {
    principals: BTreeSet<String>,
    everybody: Option<bool>,
    needs_external_id: Option<bool>,
}

impl Met {
    fn member(&mut self, name: &str, value: &Value) {
        let lower = name.to_ascii_lowercase();
        match value {
            Value::String(text) if text.trim_start().starts_with('{') => {
                if let Ok(document) = serde_json::from_str::<Value>(text) {
                    self.document(&document);
                }
            }
            // S3 writes the policy of a bucket as JSON, not as text.
            Value::Object(_) if lower.ends_with("policy") => self.document(value),
            // AddPermission of Lambda, CreateGrant of KMS, RAM, VPC endpoint services.
            _ if ["principal", "principals", "granteeprincipal", "addallowedprincipals"]
                .contains(&lower.as_str()) =>
            {
                each(value, &mut |text| self.add(text));
            }
            // Images and snapshots: launchPermission.add.items[].userId, or group "all".
            Value::Object(inner) if lower.ends_with("permission") => {
                each_member(
                    inner.get("add").unwrap_or(&Value::Null),
                    &mut |name, text| match name {
                        "userId" => self.add(text),
                        "group" if text == "all" => self.add("*"),
                        _ => {}
                    },
                );
            }
            _ => {}
        }
    }

    fn document(&mut self, document: &Value) {
        let statements = match document.get("Statement") {
            Some(Value::Array(statements)) => statements.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => return,
        };
        let allowing = statements.iter().filter(|statement| statement["Effect"] == "Allow");
        for statement in allowing {
            // Everybody but some is everybody, for others can be made.
            let but_some = statement.get("NotPrincipal").is_some();
            let everyone = Value::from("*");
            let accounts = match &statement["Principal"] {
                _ if but_some => &everyone,
                everyone @ Value::String(_) => everyone,
                principals => {
                    for kind in ["Service", "Federated"] {
                        each(&principals[kind], &mut |text| self.keep(text));
                    }
                    &principals["AWS"]
                }
            };
            let (mut any, mut all) = (false, false);
            each(accounts, &mut |text| {
                any = true;
                all |= text == "*";
                self.add(text);
            });
            let condition = &statement["Condition"];
            if all {
                let open = !condition::limits(condition);
                self.everybody = Some(open || self.everybody == Some(true));
            }
            if any {
                let asked = condition::asks_for_external_id(condition);
                self.needs_external_id = Some(asked && self.needs_external_id != Some(false));
            }
        }
    }

    /// The account of an ARN; anything else as it is.
    fn add(&mut self, principal: &str) {
        let known = arn::account(principal);
        self.keep(known.unwrap_or(principal));
    }

    /// The longest ARN has 2048 characters; what has blanks is no principal.
    fn keep(&mut self, principal: &str) {
        if (1..=2048).contains(&principal.len()) && !principal.contains(char::is_whitespace) {
            self.principals.insert(tokens(principal).into_owned());
        }
    }
}

/// Every text of a value that is a text or a list of texts.
fn each(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => found(text),
        Value::Array(items) => items.iter().for_each(|item| each(item, found)),
        _ => {}
    }
}

/// Every text below a value, with the name of its member.
fn each_member(value: &Value, found: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| match value {
            Value::String(text) => found(name, text),
            other => each_member(other, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| each_member(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::Trust;
    use serde_json::{Value, json};

    fn check(request: Value, principals: Option<&str>, needs_external_id: Option<bool>) {
        let found = Trust::read(&request.to_string());
        assert_eq!(found.principals.as_deref(), principals, "{request}");
        assert_eq!(found.needs_external_id, needs_external_id, "{request}");
    }

    fn policy(statement: Value) -> String {
        json!({"Version": "2012-10-17", "Statement": statement}).to_string()
    }

    #[test]
    fn policies_say_whom_they_let_in() {
        let account = "arn:aws:iam::111111111111:root";
        let asks = json!({"StringEquals": {"STS:externalid": "x"}});
        let one = |principal: Value, condition: Value| {
            json!({"assumeRolePolicyDocument": policy(json!([
                {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", "Condition": condition}
            ]))})
        };
        check(one(json!({"AWS": account}), json!({})), Some("111111111111"), Some(false));
        check(one(json!({"AWS": "*"}), asks.clone()), Some("*"), Some(true));
        check(one(json!("*"), json!({})), Some("*"), Some(false));
        check(
            one(json!({"AWS": ["111111111111", "222222222222"]}), asks.clone()),
            Some("111111111111 222222222222"),
            Some(true),
        );
        check(
            one(json!({"Service": "ec2.amazonaws.com"}), json!({})),
            Some("ec2.amazonaws.com"),
            None,
        );
        let provider = "arn:aws:iam::111111111111:saml-provider/x";
        check(one(json!({"Federated": provider}), json!({})), Some(provider), None);
        check(
            one(json!({"Federated": "cognito-identity.amazonaws.com"}), json!({})),
            Some("cognito-identity.amazonaws.com"),
            None,
        );
        let open = json!({"policyDocument": policy(json!({"Effect": "Deny", "Principal": "*"}))});
        check(open, None, None);
        let two = json!({"policyDocument": policy(json!([
            {"Effect": "Allow", "Principal": {"AWS": account}, "Condition": asks},
            {"Effect": "Allow", "Principal": {"AWS": "222222222222"}},
        ]))});
        check(two, Some("111111111111 222222222222"), Some(false));
    }

    #[test]
    fn everybody_is_let_in_unless_every_statement_limits_them() {
        let statement =
            |condition: Value| json!({"Effect": "Allow", "Principal": "*", "Condition": condition});
        let org = json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}});
        for (statements, expected) in [
            (json!([statement(json!({}))]), Some(true)),
            (json!([statement(org.clone())]), Some(false)),
            (json!([statement(org.clone()), statement(json!({}))]), Some(true)),
            (
                json!([statement(json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}))]),
                Some(true),
            ),
            (
                json!([statement(json!({"StringEqualsIfExists": {"aws:SourceAccount": "1"}}))]),
                Some(true),
            ),
            (json!([statement(json!({"StringLike": {"aws:PrincipalArn": "*"}}))]), Some(true)),
            (json!([{"Effect": "Allow", "NotPrincipal": {"AWS": "111111111111"}}]), Some(true)),
            (json!([{"Effect": "Deny", "NotPrincipal": {"AWS": "111111111111"}}]), None),
            (json!([{"Effect": "Allow", "Principal": {"AWS": "111111111111"}}]), None),
        ] {
            let request = json!({ "policyDocument": policy(statements) });
            assert_eq!(Trust::read(&request.to_string()).everybody, expected, "{request}");
        }
    }

    #[test]
    fn grants_to_everybody_are_open_unless_they_are_limited() {
        let function = |more: Value| {
            let mut request =
                json!({"functionName": "f", "principal": "*", "action": "lambda:InvokeFunction"});
            request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            request
        };
        for (request, expected) in [
            (function(json!({})), Some(true)),
            (function(json!({"principalOrgID": null})), Some(true)),
            (function(json!({"principalOrgID": "o-1"})), Some(false)),
            (function(json!({"sourceArn": "arn:aws:s3:::b"})), Some(false)),
            (function(json!({"sourceAccount": "111111111111"})), Some(false)),
            (json!({"functionName": "f", "principal": "222222222222"}), None),
            (json!({"launchPermission": {"add": {"items": [{"group": "all"}]}}}), Some(true)),
        ] {
            assert_eq!(Trust::read(&request.to_string()).everybody, expected, "{request}");
        }
    }

    #[test]
    fn grants_say_whom_they_let_in() {
        check(
            json!({"functionName": "f", "principal": "222222222222"}),
            Some("222222222222"),
            None,
        );
        check(
            json!({"launchPermission": {"add": {"items": [{"userId": "222222222222"}, {"group": "all"}]}}}),
            Some("* 222222222222"),
            None,
        );
        check(
            json!({"createVolumePermission": {"remove": {"items": [{"userId": "222222222222"}]}}}),
            None,
            None,
        );
        check(
            json!({"bucketPolicy": {"Statement": {"Effect": "Allow", "Principal": "*"}}}),
            Some("*"),
            Some(false),
        );
        check(json!({"policyDocument": "not { json", "principals": [1, null]}), None, None);
        check(json!({"userName": "ana"}), None, None);
    }
}
