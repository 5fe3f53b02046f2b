//! Patterns with `*` and `?`: those that can never fit what they are meant for are flaws.

use crate::check::{Checked, Wrong};

fn wrong(why: impl Into<String>, help: impl Into<String>) -> Checked {
    Err(Wrong { why: why.into(), help: help.into() })
}

/// A pattern of anything.
pub(crate) fn any(pattern: &str) -> Checked {
    if pattern.chars().any(char::is_control) {
        return wrong("holds control characters", "write it on one line");
    }
    Ok(pattern.to_owned())
}

/// A pattern of user agents as they are.
pub(crate) fn agent(pattern: &str) -> Checked {
    if everything(pattern) { too_wide() } else { any(pattern) }
}

/// A pattern of user agents in lower case, which is how marked clients are compared.
pub(crate) fn lower_agent(pattern: &str) -> Checked {
    agent(pattern).map(|pattern| pattern.to_lowercase())
}

/// A pattern of things in which neither regular expressions nor shell patterns occur.
pub(crate) fn simple(pattern: &str) -> Checked {
    let foreign = pattern.starts_with('^')
        || pattern.ends_with('$')
        || pattern.contains(['[', ']', '{', '}', '|', '\\']);
    if foreign {
        return wrong(
            "is no pattern that could fit",
            "a pattern knows `*` for any characters and `?` for one, and must fit the whole text; \
             give several patterns as a list",
        );
    }
    any(pattern)
}

/// A pattern of principals: role, user and root ARNs, service names, provider and subject.
pub(crate) fn principal(pattern: &str) -> Checked {
    if let Some((arn, role)) = pattern.split_once(":assumed-role/") {
        let account = arn.rsplit(':').next().unwrap_or("*");
        let role = role.split('/').next().unwrap_or("*");
        return wrong(
            "names a session, and a session's principal is its role",
            format!("write \"arn:aws:iam::{account}:role/{role}\""),
        );
    }
    simple(pattern)
}

/// A pattern of principals that may not be everybody.
pub(crate) fn some_principal(pattern: &str) -> Checked {
    if everything(pattern) { too_wide() } else { principal(pattern) }
}

/// A pattern of role ARNs.
pub(crate) fn role(pattern: &str) -> Checked {
    if pattern.starts_with("arn:") || pattern.starts_with(['*', '?']) {
        return principal(pattern);
    }
    let name = pattern.trim_start_matches("role/");
    wrong("can fit no role's ARN", format!("write \"*:role/{name}\""))
}

/// A pattern of role ARNs that may not be every role.
pub(crate) fn some_role(pattern: &str) -> Checked {
    if everything(pattern) { too_wide() } else { role(pattern) }
}

/// A pattern of service and API.
pub(crate) fn api(pattern: &str) -> Checked {
    let Some((service, name)) = pattern.split_once(':') else {
        return wrong("names no service", format!("write service and API: \"ec2:{pattern}\""));
    };
    if everything(service) && everything(name) {
        return too_wide();
    }
    if service.contains('.') {
        let short = service.split('.').next().unwrap_or_default();
        return wrong("can fit no API", format!("write \"{short}:{name}\""));
    }
    simple(pattern)
}

/// A detection by the name of its folder or by its id in the catalogue; patterns are allowed.
pub(crate) fn detection(name: &str) -> Checked {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-*?".contains(c);
    if name.chars().all(fits) {
        return Ok(name.to_owned());
    }
    wrong("can be no detection", "write \"new-cross-account-edge\", \"XA-1\" or \"XA-*\"")
}

/// Whether a pattern fits every text.
pub(crate) fn everything(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*')
}

fn too_wide() -> Checked {
    wrong(
        "fits everything, so that detections would say nothing",
        "name what you mean; `enabled = false` under `[detection.NAME]` turns a detection off",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_cannot_work_are_refused() {
        for (check, pattern, fine) in [
            (role as fn(&str) -> Checked, "arn:aws:iam::*:role/Admin*", true),
            (role, "*:role/Admin*", true),
            (role, "Admin*", false),
            (role, "arn:aws:sts::111111111111:assumed-role/Admin/*", false),
            (some_role, "*", false),
            (principal, "*", true),
            (some_principal, "*", false),
            (some_principal, "ec2.amazonaws.com", true),
            (principal, "arn:aws:iam::*:role/(a|b)", false),
            (principal, "^arn:.*$", false),
            (api, "ec2:Describe*", true),
            (api, "DescribeRegions", false),
            (api, "ec2.amazonaws.com:DescribeRegions", false),
            (api, "*:*", false),
            (agent, "[aws-cli/*]", true),
            (agent, "**", false),
            (detection, "LS-*", true),
            (detection, "long session", false),
        ] {
            assert_eq!(check(pattern).is_ok(), fine, "{pattern}");
        }
        assert_eq!(lower_agent("*Kali*").ok().as_deref(), Some("*kali*"));
    }
}
