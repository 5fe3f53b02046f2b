//! Taking Amazon Resource Names apart: `arn:partition:service:region:account:resource`.

/// An ARN in its six parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: &'a str,
    /// `iam`, `sts`, …
    pub service: &'a str,
    /// The region, empty for global services.
    pub region: &'a str,
    /// The twelve-digit account, or empty, or `aws` for policies that AWS manages.
    pub account: &'a str,
    /// All the rest, colons included.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes an ARN apart, or says that the text is none.
    pub fn parse(text: &'a str) -> Option<Arn<'a>> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        Some(Arn {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        })
    }
}

/// The twelve-digit account of an ARN, if it names one.
pub fn account(arn: &str) -> Option<&str> {
    Some(Arn::parse(arn)?.account).filter(|account| is_account(account))
}

/// Whether a text is an account: twelve digits.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The name of a role without its path, from a role ARN or an assumed-role ARN.
pub fn role_name(arn: &str) -> Option<&str> {
    let resource = Arn::parse(arn)?.resource;
    if let Some(session) = resource.strip_prefix("assumed-role/") {
        return session.split('/').next();
    }
    resource.strip_prefix("role/")?.rsplit('/').next()
}

/// The ARN of the session that a role gives under a session name. The role's path is not part of
/// it: `arn:aws:iam::A:role/path/R` gives `arn:aws:sts::A:assumed-role/R/name`.
pub fn assumed_role(role_arn: &str, session_name: &str) -> Option<String> {
    let arn = Arn::parse(role_arn)?;
    let name = role_name(role_arn)?;
    Some(format!("arn:{}:sts::{}:assumed-role/{name}/{session_name}", arn.partition, arn.account))
}

/// The role ARN (without a path, which it does not show) behind an assumed-role ARN.
pub fn role_of_session(session_arn: &str) -> Option<String> {
    let arn = Arn::parse(session_arn)?;
    let name = arn.resource.strip_prefix("assumed-role/")?.split('/').next()?;
    Some(format!("arn:{}:iam::{}:role/{name}", arn.partition, arn.account))
}

/// The session name at the end of an assumed-role or federated-user ARN.
pub fn session_name(session_arn: &str) -> Option<&str> {
    let resource = Arn::parse(session_arn)?.resource;
    if let Some(user) = resource.strip_prefix("federated-user/") {
        return Some(user);
    }
    resource.strip_prefix("assumed-role/")?.split_once('/').map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_and_sessions_find_each_other() {
        let role = "arn:aws:iam::111111111111:role/team/build";
        let session = "arn:aws:sts::111111111111:assumed-role/build/run-7";
        assert_eq!(assumed_role(role, "run-7").as_deref(), Some(session));
        assert_eq!(role_name(role), Some("build"));
        assert_eq!(role_name(session), Some("build"));
        assert_eq!(session_name(session), Some("run-7"));
        assert_eq!(account(session), Some("111111111111"));
        assert_eq!(
            role_of_session(session).as_deref(),
            Some("arn:aws:iam::111111111111:role/build"),
        );
    }

    #[test]
    fn other_partitions_and_colons_are_no_trouble() {
        let role = "arn:aws-cn:iam::111111111111:role/aws:ec2-instance";
        assert_eq!(
            assumed_role(role, "i-1").as_deref(),
            Some("arn:aws-cn:sts::111111111111:assumed-role/aws:ec2-instance/i-1"),
        );
        assert_eq!(account("arn:aws:iam::aws:policy/AdministratorAccess"), None);
        assert_eq!(account("not an arn"), None);
    }
}
