//! Who is asked: the account of the credentials at hand, or one that a role leads to.

use std::fmt;
use std::str::FromStr;

use aws_config::SdkConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_cloudtrail::config::{IdentityCache, Region};
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;
use rolecall_model::arn;

use super::answer::reason;

/// How the sessions are called that poll opens, so that the accounts see who reads.
const SESSION: &str = "rolecall-poll";

/// An account to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// The account of the credentials at hand.
    Own,
    /// The account of a role that those credentials may assume.
    Role(String),
}

/// A text that names no account to ask.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no role: write arn:aws:iam::111111111111:role/NAME, or `own` for the account of the credentials at hand"
)]
pub struct NotAnAccount(pub String);

impl FromStr for Account {
    type Err = NotAnAccount;

    fn from_str(text: &str) -> Result<Account, NotAnAccount> {
        if text == "own" {
            return Ok(Account::Own);
        }
        let is_role = arn::Arn::parse(text)
            .is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("role/"));
        if is_role && arn::account(text).is_some() {
            Ok(Account::Role(text.to_owned()))
        } else {
            Err(NotAnAccount(text.to_owned()))
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Account::Own => "own",
            Account::Role(role) => role,
        })
    }
}

/// An account that can be asked.
#[derive(Clone, Debug)]
pub(super) struct Entered {
    /// Its twelve digits.
    pub(super) id: String,
    /// How to call it.
    pub(super) aws: SdkConfig,
}

impl Account {
    /// Gets credentials for the account, and says why that failed.
    pub(super) async fn enter(&self, aws: &SdkConfig, region: &str) -> Result<Entered, String> {
        let mut aws = aws.to_builder().region(Region::new(region.to_owned())).build();
        if let Account::Role(role) = self {
            let role = AssumeRoleProvider::builder(role.as_str()).session_name(SESSION);
            let provider = SharedCredentialsProvider::new(role.configure(&aws).build().await);
            // One cache for all regions, so that a poll opens one session and not one for each.
            let cache = IdentityCache::lazy().build();
            aws = aws.to_builder().credentials_provider(provider).identity_cache(cache).build();
        }
        // A role that may not be assumed is noticed here, once, and not in every region.
        let who = caller(&aws).await?;
        let id = who.account.ok_or("STS did not say whose credentials these are")?;
        Ok(Entered { id, aws })
    }
}

/// The ARN that STS has for the credentials at hand, which needs no permission.
///
/// # Errors
///
/// There are no credentials, AWS does not know them, or STS could not be reached: the text says which.
pub async fn whoami(aws: &SdkConfig) -> Result<String, String> {
    caller(aws).await?.arn.ok_or_else(|| "STS named no ARN".to_owned())
}

async fn caller(aws: &SdkConfig) -> Result<GetCallerIdentityOutput, String> {
    let asked = aws_sdk_sts::Client::new(aws).get_caller_identity().send().await;
    asked.map_err(|error| reason(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_own_or_behind_a_role() {
        for good in [
            "own",
            "arn:aws:iam::111111111111:role/audit/rolecall",
            "arn:aws-cn:iam::111111111111:role/x",
        ] {
            assert_eq!(good.parse::<Account>().map(|account| account.to_string()), Ok(good.into()));
        }
        for bad in ["", "111111111111", "arn:aws:iam::111111111111:user/x", "arn:aws:iam::1:role/x"]
        {
            assert!(bad.parse::<Account>().is_err(), "{bad}");
        }
    }
}
