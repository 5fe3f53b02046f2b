//! No secret reaches a row, wherever in a record it was put.

#![allow(clippy::unwrap_used)]

mod common;

use common::{assume_role, gzip, read, record, records};
use serde_json::{Value, json};

const TOKENS: [&str; 5] = [
    "IQoJb3JpZ2luX2VjPLANTEDPLANTED==",
    "AgoJb3JpZ2luX2VjEPLANTEDPLANTED",
    "AgoGb3JpZ2luEPLANTEDPLANTED",
    "FwoGZXIvYXdzPLANTEDPLANTED",
    "FQoGZXIvYXdzEPLANTEDPLANTED",
];

/// Everything a batch holds, as text.
fn all(bytes: &[u8]) -> String {
    let (reading, batch) = read(bytes);
    let rejected: Vec<String> = batch
        .rejected
        .iter()
        .map(|r| String::from_utf8_lossy(&r.bytes).into_owned() + &r.reason)
        .collect();
    format!("{reading:?} {:?} {rejected:?} {:?}", batch.events, common::counts(batch_of(bytes)))
}

fn batch_of(bytes: &[u8]) -> rolecall_cloudtrail::Batch {
    read(bytes).1
}

/// Puts a text in the place of every string of a value, one at a time.
fn plant(
    value: &Value,
    text: &str,
    out: &mut dyn FnMut(Value),
    path: &mut Vec<String>,
    root: &Value,
) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                path.push(format!("/{key}"));
                plant(member, text, out, path, root);
                path.pop();
            }
        }
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                path.push(format!("/{at}"));
                plant(element, text, out, path, root);
                path.pop();
            }
        }
        Value::String(_) => {
            let mut changed = root.clone();
            *changed.pointer_mut(&path.concat()).unwrap() = text.into();
            out(changed);
        }
        _ => {}
    }
}

#[test]
fn a_token_in_any_string_is_cut() {
    let root = assume_role();
    for token in TOKENS {
        for text in [
            token.to_owned(),
            format!("see {token} there"),
            json!({"sessionToken": token}).to_string(),
        ] {
            let mut planted = 0;
            plant(
                &root,
                &text,
                &mut |changed| {
                    planted += 1;
                    for bytes in [
                        records(std::slice::from_ref(&changed)),
                        gzip(changed.to_string().as_bytes()),
                    ] {
                        assert!(!all(&bytes).contains("PLANTED"), "{changed}");
                    }
                },
                &mut Vec::new(),
                &root,
            );
            assert!(planted > 25, "{planted}");
        }
    }
}

#[test]
fn a_name_that_resembles_a_token_hides_no_role() {
    for (name, shown) in [
        ("run-Z2luX2Vj", "run-Z2luX2Vj"),
        ("ZXIvYXdz", "ZXIvYXdz"),
        ("run-IQoJb3JpZ2luX2Vj", "run-[cut]"),
        ("FwoGZXIvYXdzE", "[cut]"),
    ] {
        let arn = |name: &str| format!("arn:aws:sts::111111111111:assumed-role/build/{name}");
        let mut changed = assume_role();
        changed["userIdentity"]["arn"] = arn(name).into();
        changed["userAgent"] = format!("evil-tool/1.0 {name}").into();
        let (_, batch) = read(&records(&[changed]));
        let event = &batch.events[0].1;
        assert_eq!(event.user_identity_arn.as_deref(), Some(arn(shown).as_str()));
        assert_eq!(event.user_agent, Some(format!("evil-tool/1.0 {shown}")));
    }
}

#[test]
fn secrets_are_cut_by_their_names() {
    for (key, value) in [
        ("sessionToken", json!("PLANTED")),
        ("password", json!("PLANTED")),
        ("newPassword", json!("PLANTED")),
        ("secretAccessKey", json!("PLANTED")),
        ("clientSecret", json!({"deep": ["PLANTED"]})),
        ("refresh_token", json!(["PLANTED"])),
        ("note", json!({"list": [{"SessionToken": "PLANTED"}]})),
        ("tags", json!([{"key": "ApiToken", "value": "PLANTED"}])),
        ("tags", json!([{"Value": ["PLANTED"], "a": 1, "Name": "db-password"}])),
        ("document", json!("{\"password\": \"PLANTED\", \"b\": 1}")),
        ("nested", json!("{\"a\":\"{\\\"secret\\\":\\\"PLANTED\\\"}\"}")),
        ("query", json!("user=ann&password=PLANTED&x=1")),
        ("key", json!("PLANTED/wJalrXUtnFEMI7MDENGbPxRfiCYzzzzz")),
        ("list", json!("[\"PLANTED/wJalrXUtnFEMI7MDENGbPxRfiCYzzzzz\"]")),
        ("pair", json!("AKIAEXAMPLE:PLANTED/wJalrXUtnFEMI7MDENGbPxRfiCYzzzzz")),
        ("python", json!("{'password': 'PLANTED PLANTED', 'b': 1}")),
        ("python", json!("{\"a\": 1, 'secret':'PLANTED'}")),
        ("headers", json!("Authorization: Bearer PLANTED; a=b")),
        ("headers", json!({"Authorization": "Bearer PLANTED"})),
        ("url", json!("https://signin.aws.amazon.com/federation?SigninToken=PLANTED&x=1")),
        ("url", json!("https://a.example/?to=https%3A%2F%2Fb.example%3FSigninToken%3DPLANTED%26x")),
        ("url", json!("https://a.example/?X-Amz-Security-Token=PLANTED")),
    ] {
        for field in
            ["requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"]
        {
            let mut changed = assume_role();
            changed[field] = json!({"before": 1, key: value, "after": "stays"});
            let text = all(&records(&[changed]));
            assert!(!text.contains("PLANTED"), "{key} in {field}: {text}");
            assert!(text.contains("stays"), "{key} in {field}: {text}");
        }
    }
    // An escape does not hide a name.
    let hidden = assume_role()
        .to_string()
        .replace("sessionToken\":\"IQoJb3JpZ2luX2Vj", "session\\u0054oken\":\"PLANTED");
    assert!(!all(hidden.as_bytes()).contains("PLANTED"));
}

#[test]
fn policies_keep_what_they_grant() {
    for policy in [
        r#"{"Action":["secretsmanager:GetSecretValue","iam:ChangePassword","sts:GetFederationToken"]}"#,
        r#"{"Resource":"arn:aws:secretsmanager:eu-west-1:111111111111:secret:prod/db-AbCdEf"}"#,
        r#"{"Resource":["arn:aws:secretsmanager:*:*:secret:rds-db-credentials/*"]}"#,
        r#"{"Condition":{"StringLike":{"token.actions.githubusercontent.com:sub":"repo:o/r:*"}}}"#,
        r#"{"Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-03-10T12:00:00Z"}}}"#,
        r#"{"Resource":"arn:aws:iam::111111111111:role/aws-service-role/organizations/Two0/Roles"}"#,
    ] {
        let mut changed = assume_role();
        changed["requestParameters"] = json!({"policyDocument": policy});
        let (_, batch) = read(&records(&[changed]));
        let request = batch.events[0].1.request_parameters.as_deref().unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(request).unwrap(),
            json!({"policyDocument": policy})
        );
    }
}

#[test]
fn harmless_values_stay() {
    let changed = record(json!({
        "eventSource": "signin.amazonaws.com", "eventName": "GetSigninToken",
        "responseElements": {"GetSigninToken": "Success"},
        "requestParameters": {"passwordResetRequired": true, "token": "HIDDEN_DUE_TO_SECURITY_REASONS", "say": "a \"b\" \n"},
    }));
    let (_, batch) = read(&records(&[changed]));
    let event = &batch.events[0].1;
    assert_eq!(event.response_elements.as_deref(), Some(r#"{"GetSigninToken":"Success"}"#));
    let request: Value =
        serde_json::from_str(event.request_parameters.as_deref().unwrap()).unwrap();
    assert_eq!(
        request,
        json!({"passwordResetRequired": true, "token": "HIDDEN_DUE_TO_SECURITY_REASONS", "say": "a \"b\" \n"})
    );
}

#[test]
fn what_cannot_be_read_is_shown_without_secrets() {
    for broken in [
        r#"{"eventVersion":"1.08","sessionToken":"PLANTED","x":1 "y":2}"#,
        r#"{"eventVersion":"1.08","password" : "PLANTED \" PLANTED","x":1 "y":2}"#,
        r#"{"eventVersion":"1.08","secrets":{"a":"PLANTED"},"x":1 "y":2}"#,
        r#"{"eventVersion":"1.08","m":"{\"sessionToken\":\"PLANTED\"}","x":1 "y":2}"#,
        r#"{"eventVersion":"1.08","session\u0054oken":"PLANTED","x":1 "y":2}"#,
        r#"{"eventVersion":"1.08","x":"IQoJb3JpZ2luX2VjPLANTED","x":1 "y":2}"#,
        r#"{"eventVersion":"1.08","eventName":"X","sessionToken":"PLANTED"}"#,
        r#"{"eventVersion":"1.08","x":["PLANTED/wJalrXUtnFEMI7MDENGbPxRfiCYzzzzz"],"x":1 "y":2}"#,
        "not JSON: sessionToken=PLANTED",
        "not JSON: {'password': 'PLANTED'}",
        "not JSON: authorization: Basic PLANTED",
    ] {
        let text = all(broken.as_bytes());
        assert!(!text.contains("PLANTED"), "{text}");
        let among = format!("{{\"Records\":[{broken},{}]}}", record(json!({})));
        assert!(!all(among.as_bytes()).contains("PLANTED"), "{among}");
    }
}
