//! Who called: `userIdentity` and the session behind it.

use rolecall_model::{Time, arn};

use crate::object::Object;
use crate::redact::column;
use crate::value::{flag, text};
use crate::when;

/// A caller. Empty texts and empty objects are no values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity {
    pub(crate) kind: Option<String>,
    pub(crate) principal_id: Option<String>,
    pub(crate) arn: Option<String>,
    pub(crate) account_id: Option<String>,
    pub(crate) access_key_id: Option<String>,
    pub(crate) user_name: Option<String>,
    pub(crate) invoked_by: Option<String>,
    pub(crate) identity_provider: Option<String>,
    pub(crate) created_at: Option<Time>,
    pub(crate) mfa: Option<bool>,
    pub(crate) issuer_type: Option<String>,
    pub(crate) issuer_principal_id: Option<String>,
    pub(crate) issuer_arn: Option<String>,
    pub(crate) issuer_account_id: Option<String>,
    pub(crate) source_identity: Option<String>,
    pub(crate) ec2_role_delivery: Option<String>,
    pub(crate) assumed_root: Option<bool>,
    pub(crate) federated_provider: Option<String>,
    pub(crate) sign_in_arn: Option<String>,
    pub(crate) on_behalf_of_user_id: Option<String>,
    pub(crate) on_behalf_of_identity_store_arn: Option<String>,
    pub(crate) credentials_issued_to: Option<String>,
    pub(crate) delegate_account_id: Option<String>,
}

impl Identity {
    /// Reads a `userIdentity`; anything but an object is nobody in particular.
    pub(crate) fn read(json: &str) -> Identity {
        let caller = Object::read(json);
        let mut identity = Identity::default();
        for (name, value) in caller.members() {
            match name {
                "type" => identity.kind = column(value),
                "principalId" => identity.principal_id = column(value),
                "arn" => identity.arn = column(value),
                "accountId" => identity.account_id = column(value),
                "accessKeyId" => identity.access_key_id = column(value),
                "userName" => identity.user_name = column(value),
                "invokedBy" => identity.invoked_by = column(value),
                "identityProvider" => identity.identity_provider = column(value),
                "sessionContext" => identity.session(&Object::read(value)),
                "onBehalfOf" => {
                    let user = Object::read(value);
                    identity.on_behalf_of_user_id = column(user.get("userId"));
                    identity.on_behalf_of_identity_store_arn = column(user.get("identityStoreArn"));
                }
                "inScopeOf" => {
                    identity.credentials_issued_to =
                        column(Object::read(value).get("credentialsIssuedTo"));
                }
                "invokedByDelegate" => {
                    identity.delegate_account_id = column(Object::read(value).get("accountId"));
                }
                _ => {}
            }
        }
        identity
    }

    fn session(&mut self, session: &Object<'_>) {
        for (name, value) in session.members() {
            match name {
                "sessionIssuer" => {
                    let issuer = Object::read(value);
                    self.issuer_type = column(issuer.get("type"));
                    self.issuer_principal_id = column(issuer.get("principalId"));
                    self.issuer_arn = column(issuer.get("arn"));
                    self.issuer_account_id = column(issuer.get("accountId"));
                }
                "attributes" => {
                    let attributes = Object::read(value);
                    self.created_at =
                        text(attributes.get("creationDate")).and_then(|t| when::read(&t));
                    self.mfa = flag(attributes.get("mfaAuthenticated"));
                }
                "sourceIdentity" => self.source_identity = column(value),
                "ec2RoleDelivery" => self.ec2_role_delivery = column(value),
                "assumedRoot" => self.assumed_root = flag(value),
                "webIdFederationData" => {
                    self.federated_provider = column(Object::read(value).get("federatedProvider"));
                }
                "signInSessionArn" => self.sign_in_arn = column(value),
                _ => {}
            }
        }
    }

    /// The account whose call it is, if the record does not say who received it.
    pub(crate) fn account(&self) -> Option<&str> {
        self.account_id.as_deref().or(self.issuer_account_id.as_deref())
    }

    /// The caller in one word, whatever the type; never empty.
    pub(crate) fn principal(&self) -> String {
        let owned = |text: &Option<String>| text.clone();
        let word = match self.kind.as_deref() {
            Some("AssumedRole") => owned(&self.issuer_arn)
                .or_else(|| arn::role_of_session(self.arn.as_deref()?))
                .or_else(|| owned(&self.arn)),
            Some("Root") => owned(&self.arn)
                .or_else(|| Some(format!("arn:aws:iam::{}:root", self.account_id.as_deref()?))),
            Some("AWSAccount") => self.foreign(),
            Some("AWSService") => owned(&self.invoked_by),
            Some("SAMLUser" | "WebIdentityUser") => {
                match (&self.identity_provider, &self.user_name) {
                    (Some(provider), Some(name)) => Some(format!("{provider} {name}")),
                    (one, other) => one.clone().or(other.clone()),
                }
            }
            Some("IdentityCenterUser" | "Unknown") => {
                owned(&self.on_behalf_of_user_id).or_else(|| owned(&self.user_name))
            }
            Some(_) => owned(&self.arn),
            None => owned(&self.arn).or_else(|| owned(&self.invoked_by)),
        };
        word.or_else(|| owned(&self.arn))
            .or_else(|| owned(&self.principal_id))
            .or_else(|| owned(&self.user_name))
            .or_else(|| owned(&self.invoked_by))
            .or_else(|| owned(&self.account_id))
            .unwrap_or_else(|| "unknown".to_owned())
    }

    /// Somebody of another account: its number and the unique id, without the session name.
    fn foreign(&self) -> Option<String> {
        let account = self.account_id.as_deref()?;
        let id = self.principal_id.as_deref()?.split(':').next()?;
        Some(if id == account { account.to_owned() } else { format!("{account}:{id}") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, principal: &str) {
        assert_eq!(Identity::read(json).principal(), principal, "{json}");
    }

    #[test]
    fn every_type_has_one_word() {
        check(
            r#"{"type":"AssumedRole","principalId":"AROAEXAMPLE:run","arn":"arn:aws:sts::111111111111:assumed-role/build/run","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111111111111:role/team/build"}}}"#,
            "arn:aws:iam::111111111111:role/team/build",
        );
        check(
            r#"{"type":"AssumedRole","arn":"arn:aws-cn:sts::111111111111:assumed-role/build/run","sessionContext":{"sessionIssuer":{}}}"#,
            "arn:aws-cn:iam::111111111111:role/build",
        );
        check(
            r#"{"type":"IAMUser","arn":"arn:aws:iam::111111111111:user/a/ann"}"#,
            "arn:aws:iam::111111111111:user/a/ann",
        );
        check(r#"{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":""}"#, "AIDAEXAMPLE");
        check(r#"{"type":"Root","accountId":"111111111111"}"#, "arn:aws:iam::111111111111:root");
        check(
            r#"{"type":"FederatedUser","arn":"arn:aws:sts::111111111111:federated-user/f"}"#,
            "arn:aws:sts::111111111111:federated-user/f",
        );
        check(r#"{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}"#, "ec2.amazonaws.com");
        check(
            r#"{"type":"AWSAccount","principalId":"AROAEXAMPLE:run","accountId":"222222222222"}"#,
            "222222222222:AROAEXAMPLE",
        );
        check(
            r#"{"type":"AWSAccount","principalId":"222222222222","accountId":"222222222222"}"#,
            "222222222222",
        );
        check(
            r#"{"type":"SAMLUser","principalId":"q=:ann","userName":"ann","identityProvider":"q="}"#,
            "q= ann",
        );
        check(
            r#"{"type":"WebIdentityUser","principalId":"p:a:s","userName":"repo:o/r","identityProvider":"p"}"#,
            "p repo:o/r",
        );
        check(
            r#"{"type":"IdentityCenterUser","accountId":"1","onBehalfOf":{"userId":"u-1"}}"#,
            "u-1",
        );
        check(
            r#"{"type":"Unknown","principalId":"x","userName":"ann@example.com"}"#,
            "ann@example.com",
        );
        check(
            r#"{"accountId":"111111111111","invokedBy":"config.amazonaws.com"}"#,
            "config.amazonaws.com",
        );
        check(
            r#"{"type":"Role","arn":"arn:aws:iam::111111111111:role/r"}"#,
            "arn:aws:iam::111111111111:role/r",
        );
        for nobody in ["", "{}", "null", "\"me\"", "[1]"] {
            check(nobody, "unknown");
        }
    }

    #[test]
    fn sessions_are_read_and_empty_ones_are_none() {
        let it = Identity::read(
            r#"{"accessKeyId":"","sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"attributes":{"mfaAuthenticated":true,"creationDate":"20131102T010628Z"},"assumedRoot":"true","ec2RoleDelivery":"2.0"}}"#,
        );
        assert_eq!((it.access_key_id, it.issuer_arn, it.federated_provider), (None, None, None));
        assert_eq!((it.mfa, it.assumed_root), (Some(true), Some(true)));
        assert_eq!(it.created_at.map(|t| t.to_string()).as_deref(), Some("2013-11-02T01:06:28Z"));
    }
}
