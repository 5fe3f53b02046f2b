//! What a name in a finding names: a user, a role, a session, an account, a service, or somebody from outside.

use rolecall_model::arn::{self, Arn};

/// What is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    User,
    Role,
    /// A session of a role or of a federated user: an ARN of STS.
    Session,
    /// The root of an account.
    Account,
    /// A service of AWS, such as `ec2.amazonaws.com`.
    Service,
    /// Anything else that has an ARN.
    Other,
    /// A person or workload that AWS knows only from its provider.
    Federated,
}

/// A name, and what can be told from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    /// The whole of it.
    pub(crate) text: &'a str,
    pub(crate) kind: Kind,
    /// The end of it, which people know.
    pub(crate) short: &'a str,
    /// The twelve digits of its account.
    pub(crate) account: Option<&'a str>,
    /// `aws`, `aws-cn`, …
    pub(crate) partition: Option<&'a str>,
}

impl<'a> Named<'a> {
    pub(crate) fn new(text: &'a str) -> Named<'a> {
        let Some(arn) = Arn::parse(text) else {
            let is_service = text.ends_with(".amazonaws.com") && !text.contains([' ', '@']);
            let kind = if is_service { Kind::Service } else { Kind::Federated };
            return Named { text, kind, short: text, account: None, partition: None };
        };
        let kind = match (arn.service, arn.resource) {
            // Of a provider, what comes after it is the subject.
            (_, resource) if resource.contains(' ') => Kind::Federated,
            ("iam", "root") => Kind::Account,
            ("iam", resource) if resource.starts_with("user/") => Kind::User,
            ("iam", resource) if resource.starts_with("role/") => Kind::Role,
            ("sts", _) => Kind::Session,
            _ => Kind::Other,
        };
        let short = match kind {
            Kind::Federated => arn.resource.split_once(' ').map_or(arn.resource, |(_, who)| who),
            _ => arn.resource.rsplit('/').next().unwrap_or(arn.resource),
        };
        Named { text, kind, short, account: arn::account(text), partition: Some(arn.partition) }
    }

    /// Whether it is a resource of AWS, and not somebody from outside.
    pub(crate) fn is_resource(&self) -> bool {
        self.partition.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_name() {
        for (text, kind, short, account) in [
            ("arn:aws:iam::111111111111:user/team/ana", Kind::User, "ana", Some("111111111111")),
            ("arn:aws:iam::111111111111:role/build", Kind::Role, "build", Some("111111111111")),
            ("arn:aws:iam::111111111111:root", Kind::Account, "root", Some("111111111111")),
            (
                "arn:aws:sts::111111111111:assumed-role/b/run",
                Kind::Session,
                "run",
                Some("111111111111"),
            ),
            ("arn:aws:s3:::bucket", Kind::Other, "bucket", None),
            ("ec2.amazonaws.com", Kind::Service, "ec2.amazonaws.com", None),
            ("ana@example.com", Kind::Federated, "ana@example.com", None),
            (
                "arn:aws:iam::111111111111:oidc-provider/issuer.example repo:o/r",
                Kind::Federated,
                "repo:o/r",
                Some("111111111111"),
            ),
        ] {
            let named = Named::new(text);
            assert_eq!((named.kind, named.short, named.account), (kind, short, account), "{text}");
        }
    }
}
