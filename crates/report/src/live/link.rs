//! The addresses of pages, and which columns lead to which.

use std::net::IpAddr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rolecall_model::arn::is_account;
use rolecall_model::key;
use serde_json::Value;

/// Everything but what RFC 3986 leaves unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The longest value that a link may carry, in bytes; longer ones have no page.
pub const LONGEST: usize = 2_000;

/// A text as a value in an address.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// The page of a principal.
pub fn about_principal(principal: &str) -> String {
    format!("/principal?id={}", encoded(principal))
}

/// The page of a key or of a session.
pub fn about_key(id: &str) -> String {
    format!("/credential?id={}", encoded(id))
}

/// The page that a value of a column leads to, if there is one. Columns mean the same in every table.
pub(crate) fn link(column: &str, value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| !text.is_empty() && text.len() <= LONGEST)?;
    let one_word = !text.contains(char::is_whitespace);
    match column {
        "principal" | "root_principal" | "from_principal" | "to_principal" | "caller_principal"
        | "root" => Some(about_principal(text)),
        "session_id" | "parent_session_id" | "root_session_id" if one_word => Some(about_key(text)),
        "access_key_id"
        | "issued_key"
        | "root_credential"
        | "caller_key"
        | "credential"
        | "issued_access_key_id"
        | "user_identity_access_key_id"
            if key::is_whole(text) =>
        {
            Some(about_key(text))
        }
        "account" | "account_id" if is_account(text) => Some(format!("/account?id={text}")),
        _ if column.ends_with("_account_id") && is_account(text) => {
            Some(format!("/account?id={text}"))
        }
        "source_ip_address" | "issue_source_ip" if text.parse::<IpAddr>().is_ok() => {
            Some(format!("/address?id={}", encoded(text)))
        }
        "network" if text.split_once('/').is_some_and(|(ip, _)| ip.parse::<IpAddr>().is_ok()) => {
            Some(format!("/address?id={}", encoded(text)))
        }
        // Whatever it looks like: callers choose it.
        "session_arn" | "session_name" => Some(format!("/search?as=name&q={}", encoded(text))),
        "edge" => {
            // A principal whose name looks like two has no page of its own here.
            let (from, to) = text.split_once(" > ").filter(|(_, to)| !to.contains(" > "))?;
            Some(format!("/edge?from={}&to={}", encoded(from), encoded(to)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_lead_to_pages_and_nothing_breaks_out_of_an_address() {
        for (column, value, expected) in [
            (
                "principal",
                "a\"><script>&id=b c/ü",
                Some("/principal?id=a%22%3E%3Cscript%3E%26id%3Db%20c%2F%C3%BC"),
            ),
            ("to_account_id", "222222222222", Some("/account?id=222222222222")),
            ("to_account_id", "x", None),
            ("issued_key", "ASIAQAAAAAAAAAAAAAAA", Some("/credential?id=ASIAQAAAAAAAAAAAAAAA")),
            ("issued_key", "ASIA…", None),
            ("source_ip_address", "2001:db8::1", Some("/address?id=2001%3Adb8%3A%3A1")),
            ("source_ip_address", "ec2.amazonaws.com", None),
            ("network", "203.0.113.0/24", Some("/address?id=203.0.113.0%2F24")),
            ("edge", "a > b", Some("/edge?from=a&to=b")),
            ("edge", "a", None),
            ("edge", "a > b > c", None),
            ("session_name", "222222222222", Some("/search?as=name&q=222222222222")),
            ("calls", "a", None),
            ("principal", "", None),
        ] {
            assert_eq!(link(column, &Value::from(value)).as_deref(), expected, "{column} {value}");
        }
        assert_eq!(link("principal", &Value::Null), None);
    }
}
