//! What can be asked of LookupEvents: one service, in one account and region.

use super::home;

/// The events of one service in one account and region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Feed {
    /// The account.
    pub account: String,
    /// The region that is asked.
    pub region: String,
    /// The service, as `eventSource` has it.
    pub source: String,
}

/// Services that hand out or accept credentials, recorded where they were called. Calls to the global
/// endpoint of STS and many sign-ins are recorded at home.
const EVERYWHERE: [&str; 10] = [
    "sts.amazonaws.com",
    "signin.amazonaws.com",
    "cognito-identity.amazonaws.com",
    "eks-auth.amazonaws.com",
    "identitystore.amazonaws.com",
    "ram.amazonaws.com",
    "rolesanywhere.amazonaws.com",
    "sso.amazonaws.com",
    "sso-directory.amazonaws.com",
    "sso-oauth.amazonaws.com",
];

/// What is asked at home even if nobody names that region: services recorded nowhere else, and the
/// two of [`EVERYWHERE`] whose global endpoints are recorded there.
const AT_HOME: [&str; 4] = [
    "sts.amazonaws.com",
    "signin.amazonaws.com",
    "iam.amazonaws.com",
    "organizations.amazonaws.com",
];

/// All feeds of an account: those of the regions, of the region that is their home, and those of
/// more services that somebody asks for.
pub fn feeds(account: &str, regions: &[String], more: &[String]) -> Vec<Feed> {
    let feed = |region: &str, source: &str| Feed {
        account: account.to_owned(),
        region: region.to_owned(),
        source: source.to_owned(),
    };
    let mut feeds = Vec::new();
    for region in regions {
        let sources = EVERYWHERE.into_iter().chain(more.iter().map(String::as_str));
        feeds.extend(sources.map(|source| feed(region, source)));
        feeds.extend(AT_HOME.map(|source| feed(home(region), source)));
    }
    feeds.sort();
    feeds.dedup();
    feeds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relevance::{matters, service};

    #[test]
    fn global_services_are_asked_at_home_and_nowhere_else() {
        let shown = |regions: &[&str], more: &[&str]| {
            let own = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
            let feeds = feeds("1", &own(regions), &own(more)).into_iter();
            feeds.map(|f| format!("{} {}", f.region, service(&f.source))).collect::<Vec<_>>()
        };
        let far = shown(&["eu-west-1", "eu-west-1"], &["eks.amazonaws.com"]);
        assert_eq!(far.len(), 15, "{far:?}");
        for here in ["us-east-1 iam", "us-east-1 sts", "eu-west-1 sts", "eu-west-1 eks"] {
            assert!(far.contains(&here.to_owned()), "{here}");
        }
        for not in ["eu-west-1 iam", "us-east-1 sso", "us-east-1 eks", "eu-west-1 organizations"] {
            assert!(!far.contains(&not.to_owned()), "{not}");
        }
        assert_eq!(shown(&["us-east-1"], &[]).len(), 12);
        assert_eq!(shown(&["cn-northwest-1"], &[])[0], "cn-north-1 iam");
    }

    #[test]
    fn every_service_asked_for_has_calls_that_matter() {
        for source in EVERYWHERE.iter().chain(&AT_HOME) {
            let calls = ["CreateUser", "GetId", "AssumeRoleForPodIdentity", "CreateToken"];
            assert!(calls.iter().any(|call| matters(source, call, None)), "{source}");
        }
    }
}
