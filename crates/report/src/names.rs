//! Short names of accounts and principals, for pictures and lists that show the full ones elsewhere.

use std::collections::BTreeMap;

use crate::material::Account;

/// What accounts are called.
pub(crate) struct Names<'a> {
    known: BTreeMap<&'a str, &'a Account>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(accounts: &'a [Account]) -> Names<'a> {
        let known = accounts.iter().map(|account| (account.account_id.as_str(), account)).collect();
        Names { known }
    }

    /// The account's name, or its id without one.
    pub(crate) fn account(&self, id: &str) -> String {
        self.name(id).unwrap_or(id).to_owned()
    }

    /// The name that somebody gave the account.
    pub(crate) fn name(&self, id: &str) -> Option<&str> {
        self.known.get(id).and_then(|account| account.name.as_deref())
    }

    /// `own`, `partner` or `outside`.
    pub(crate) fn whose(&self, id: &str) -> &str {
        self.known.get(id).map_or("outside", |account| account.whose.as_str())
    }
}

/// The last part of an ARN or unique id, or the subject behind a provider: what tells principals apart.
pub(crate) fn short(principal: &str) -> &str {
    if let Some((provider, subject)) = principal.split_once(' ')
        && !subject.is_empty()
        && (provider.contains("-provider/") || provider.ends_with('='))
    {
        return subject;
    }
    if !principal.starts_with("arn:") {
        return principal;
    }
    let last = principal.rsplit(['/', ':']).next();
    last.filter(|last| !last.is_empty()).unwrap_or(principal)
}

/// The account that an ARN names.
pub(crate) fn account_of(principal: &str) -> Option<&str> {
    let account = principal.strip_prefix("arn:")?.split(':').nth(3)?;
    (account.len() == 12).then_some(account)
}

/// The steps of a path, whose parts are joined by ` > `.
pub(crate) fn steps(path: &str) -> Vec<&str> {
    path.split(" > ").filter(|step| !step.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_tells_principals_apart() {
        for (principal, expected) in [
            ("arn:aws:iam::222222222222:role/service-role/build", "build"),
            ("arn:aws:iam::222222222222:root", "root"),
            ("arn:aws:iam::2:oidc-provider/token.example repo:org/shop", "repo:org/shop"),
            ("UXVhbGlmaWVy= lena.vogt@example.com", "lena.vogt@example.com"),
            ("ops-readonly in 333333333333", "ops-readonly in 333333333333"),
            ("lena.vogt@example.com", "lena.vogt@example.com"),
            ("ec2.amazonaws.com", "ec2.amazonaws.com"),
            ("", ""),
        ] {
            assert_eq!(short(principal), expected);
        }
        assert_eq!(account_of("arn:aws:iam::222222222222:role/build"), Some("222222222222"));
        assert_eq!(account_of("ec2.amazonaws.com"), None);
    }
}
