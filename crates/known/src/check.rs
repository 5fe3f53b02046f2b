//! What values must look like, and what to say when they do not.

use std::net::IpAddr;

use ipnet::IpNet;
use rolecall_model::arn::is_account;

/// A value in its one form, or what is wrong with it.
pub(crate) type Checked = Result<String, Wrong>;

/// Why a value is none, and what helps.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) why: String,
    pub(crate) help: String,
}

fn wrong<T>(why: impl Into<String>, help: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { why: why.into(), help: help.into() })
}

/// Any text.
pub(crate) fn text(text: &str) -> Checked {
    match text.chars().any(char::is_control) {
        true => wrong("holds control characters", "write it on one line"),
        false => Ok(text.to_owned()),
    }
}

/// Twelve digits.
pub(crate) fn account(text: &str) -> Checked {
    if is_account(text) {
        return Ok(text.to_owned());
    }
    let digits: String = text.chars().filter(|c| c.is_ascii_digit()).collect();
    let rest_is_marks = text.chars().all(|c| c.is_ascii_digit() || c == '-' || c == ' ');
    let help = if digits.len() == 12 && rest_is_marks {
        format!("write it without marks: \"{digits}\"")
    } else {
        "an account id has twelve digits, zeros at its start included: \"012345678901\"".into()
    };
    wrong("is no account id", help)
}

/// `o-` and 10 to 32 small letters and digits.
pub(crate) fn organization(text: &str) -> Checked {
    let id = text.strip_prefix("o-").unwrap_or_default();
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if (10..=32).contains(&id.len()) && id.bytes().all(fits) {
        return Ok(text.to_owned());
    }
    wrong(
        "is no organisation id",
        "it looks like \"o-exampleorg1\"; `aws organizations describe-organization` shows it",
    )
}

/// `vpce-` and hexadecimal digits.
pub(crate) fn endpoint(text: &str) -> Checked {
    let id = text.strip_prefix("vpce-").unwrap_or_default();
    if (8..=17).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(text.to_ascii_lowercase());
    }
    wrong("is no VPC endpoint", "it looks like \"vpce-0123456789abcdef0\"")
}

/// An external id as STS takes it: 2 to 1224 letters, digits and some marks.
pub(crate) fn external_id(text: &str) -> Checked {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@:/\\-".contains(c);
    if (2..=1224).contains(&text.len()) && text.chars().all(fits) {
        return Ok(text.to_owned());
    }
    wrong(
        "is no external id that STS would take",
        "it has 2 to 1224 letters, digits or marks of `_+=,.@:/\\-`, and no pattern is possible",
    )
}

/// An address range; an address alone is a range of one.
pub(crate) fn cidr(text: &str) -> Checked {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(IpNet::from(address).to_string());
    }
    match text.parse::<IpNet>() {
        Ok(net) if net.prefix_len() == 0 => {
            wrong("is every address there is", "name the networks that are yours")
        }
        Ok(net) if net.trunc() != net => {
            wrong("has bits behind its prefix", format!("write \"{}\"", net.trunc()))
        }
        Ok(net) => Ok(net.to_string()),
        Err(_) => wrong("is no address range", "write \"192.0.2.0/24\" or \"2001:db8::/32\""),
    }
}

/// A place, such as an AS number.
pub(crate) fn place(text: &str) -> Checked {
    let number = text.trim_start_matches(['A', 'a', 'S', 's']);
    if !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && !text.starts_with("AS")
    {
        return wrong("is no place", format!("write \"AS{number}\""));
    }
    self::text(text)
}

/// Two capital letters.
pub(crate) fn country(text: &str) -> Checked {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(text.to_owned());
    }
    let help = match text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        true => format!("write \"{}\"", text.to_ascii_uppercase()),
        false => "write its two letters of ISO 3166, such as \"CH\"".into(),
    };
    wrong("is no country", help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_get_their_one_form() {
        for (check, text, expected) in [
            (account as fn(&str) -> Checked, "012345678901", Some("012345678901")),
            (account, "0123-4567-8901", None),
            (organization, "o-exampleorg1", Some("o-exampleorg1")),
            (organization, "exampleorg1", None),
            (endpoint, "vpce-0123456789ABCDEF0", Some("vpce-0123456789abcdef0")),
            (endpoint, "vpc-0123456789abcdef0", None),
            (external_id, "customer-4711", Some("customer-4711")),
            (external_id, "customer-*", None),
            (cidr, "192.0.2.7", Some("192.0.2.7/32")),
            (cidr, "2001:db8::/32", Some("2001:db8::/32")),
            (cidr, "192.0.2.7/24", None),
            (cidr, "0.0.0.0/0", None),
            (place, "AS64500", Some("AS64500")),
            (place, "as64500", None),
            (place, "64500", None),
            (place, "tor", Some("tor")),
            (country, "CH", Some("CH")),
            (country, "ch", None),
        ] {
            assert_eq!(check(text).ok().as_deref(), expected, "{text}");
        }
    }
}
