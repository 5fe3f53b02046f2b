//! What the condition of a statement asks of those whom it lets in.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use serde_json::Value;

/// Keys, or their beginnings, that limit `*` to somebody.
const LIMITS: [&str; 7] = [
    "aws:principalorg",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:source",
    "kms:calleraccount",
    "sts:externalid",
    "saml:",
];

/// A key that begins like one of those, and whose value whoever calls may choose.
const CHOSEN: &str = "aws:sourceidentity";

/// Whether a condition limits everybody to somebody.
pub(super) fn limits(condition: &Value) -> bool {
    asks_for(condition, |key| {
        LIMITS.iter().any(|known| key.starts_with(known)) && !key.starts_with(CHOSEN)
    })
}

/// Whether a condition asks for an external id.
pub(super) fn asks_for_external_id(condition: &Value) -> bool {
    asks_for(condition, |key| key == "sts:externalid")
}

/// Whether a condition asks for a value of one of some keys (in lower case, as keys are not
/// case-sensitive) that not everybody has.
fn asks_for(condition: &Value, is_meant: impl Fn(&str) -> bool) -> bool {
    let operators = condition.as_object().into_iter().flatten();
    operators
        .filter(|(operator, _)| is_asking(operator))
        .flat_map(|(_, keys)| keys.as_object().into_iter().flatten())
        .any(|(key, values)| is_meant(&key.to_ascii_lowercase()) && is_narrow(values))
}

/// Negated operators, and those that pass if the key is missing, ask for nothing.
fn is_asking(operator: &str) -> bool {
    let passes = operator.ends_with("IfExists") || operator.starts_with("ForAllValues:");
    !passes && !operator.contains("Not") && operator != "Null"
}

/// Whether each of the values, any of which is enough, says something. A policy without values lets
/// nobody in.
fn is_narrow(values: &Value) -> bool {
    match values {
        Value::Array(values) => values.iter().all(is_narrow),
        Value::String(value) => !is_wide(value),
        _ => true,
    }
}

/// Whether everybody can have this value: a pattern of nothing but blanks to be filled, every address, or
/// a name in whatever account, where anybody may make one.
fn is_wide(value: &str) -> bool {
    let is_blank = |text: &str| text.contains('*') && text.chars().all(|c| matches!(c, '*' | '?'));
    let in_any_account = value.strip_prefix("arn:").is_some_and(|arn| {
        let parts: Vec<&str> = arn.splitn(5, ':').collect();
        // `arn:*` has no account that it could name.
        parts.get(3).is_none_or(|account| is_blank(account))
            || parts.get(4).is_some_and(|name| parts[3].is_empty() && is_blank(name))
    });
    is_blank(value.strip_prefix("o-").unwrap_or(value)) || value.ends_with("/0") || in_any_account
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_everybody_has_limits_nobody() {
        for (operator, key, value, expected) in [
            ("StringEquals", "aws:PrincipalOrgID", json!("o-abc"), true),
            ("StringLike", "aws:PrincipalOrgID", json!("o-*"), false),
            ("StringLike", "aws:PrincipalOrgPaths", json!("o-abc/*"), true),
            ("ArnLike", "AWS:PRINCIPALARN", json!("arn:aws:iam::111111111111:role/*"), true),
            ("ArnLike", "aws:PrincipalArn", json!("arn:aws:iam::*:role/deploy"), false),
            ("StringLike", "aws:PrincipalArn", json!("*"), false),
            ("StringLike", "aws:PrincipalArn", json!("arn:aws:*"), false),
            (
                "StringLike",
                "aws:PrincipalArn",
                json!(["arn:aws:iam::111111111111:role/a", "*"]),
                false,
            ),
            ("ArnLike", "aws:SourceArn", json!("arn:aws:s3:::bucket"), true),
            ("ArnLike", "aws:SourceArn", json!("arn:aws:s3:::bucket*"), true),
            ("ArnLike", "aws:SourceArn", json!("arn:aws:s3:::*"), false),
            ("ArnLike", "aws:SourceArn", json!("arn:aws:sns:*:*:topic"), false),
            ("StringEquals", "aws:SourceAccount", json!("111111111111"), true),
            ("StringEquals", "aws:SourceVpce", json!("vpce-1"), true),
            ("IpAddress", "aws:SourceIp", json!("192.0.2.0/24"), true),
            ("IpAddress", "aws:SourceIp", json!(["192.0.2.0/24", "0.0.0.0/0"]), false),
            ("IpAddress", "aws:SourceIp", json!("::/0"), false),
            ("StringEquals", "aws:SourceIdentity", json!("ana"), false),
            ("StringEquals", "sts:ExternalId", json!("x"), true),
            ("StringLike", "sts:ExternalId", json!("*"), false),
            ("StringEquals", "saml:aud", json!("https://signin.aws.amazon.com/saml"), true),
            ("StringEqualsIfExists", "aws:SourceAccount", json!("111111111111"), false),
            ("ForAllValues:StringEquals", "aws:PrincipalOrgID", json!("o-abc"), false),
            ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", json!("o-abc/*"), true),
            ("StringNotEquals", "aws:PrincipalOrgID", json!("o-abc"), false),
            ("Null", "aws:PrincipalOrgID", json!("false"), false),
            ("Bool", "aws:SecureTransport", json!("true"), false),
        ] {
            let condition = json!({ operator: { key: value } });
            assert_eq!(limits(&condition), expected, "{condition}");
        }
        assert!(!limits(&Value::Null));
        let both = json!({"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:SourceAccount": "1"}});
        assert!(limits(&both));
    }
}
