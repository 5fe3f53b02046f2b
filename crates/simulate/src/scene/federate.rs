//! Credentials for whom others vouch: SAML, web identity, and Identity Center's two steps.

use crate::account::Role;
use crate::answer::endpoint;
use crate::caller::Caller;
use crate::network::Net;
use crate::place::{Agent, Place, java};
use crate::record::{Kind, Told, region_of};
use crate::scene::Scene;
use crate::scene::issue::user_of;

/// Who is vouched for by a web identity provider.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The provider's ARN, or its name for the social and Cognito ones.
    pub(crate) provider: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) audience: &'a str,
    /// The lifetime asked for, in seconds.
    pub(crate) seconds: Option<i64>,
}

/// Who is vouched for by a SAML provider.
#[derive(Clone, Copy)]
pub(crate) struct Vouched<'a> {
    pub(crate) user: &'a str,
    /// The ARN of the provider in the role's account.
    pub(crate) provider: &'a str,
    pub(crate) issuer: &'a str,
    pub(crate) seconds: i64,
}

const QUALIFIER: &str = "RVhBTVBMRS1xdWFsaWZpZXI=";
const PORTAL: &str = "https://portal.sso.eu-west-1.amazonaws.com/saml/assertion/RVhBTVBMRQ==";

impl Scene<'_> {
    /// Takes a role with a token of a web identity provider.
    pub(crate) fn web_identity(
        &mut self,
        at: i64,
        role: &Role,
        name: &str,
        place: &Place,
        who: Subject<'_>,
    ) -> Caller {
        let Subject { provider, subject, audience, seconds } = who;
        let until = at + seconds.unwrap_or(3600);
        let (key, credentials) = self.credentials(&role.account, until, true);
        let cognito = provider.starts_with("cognito");
        let attributes = if cognito {
            format!(r#""{provider}:aud":"{audience}","{provider}:sub":"{subject}""#)
        } else {
            String::new()
        };
        let given = Caller::role(role, name, key, at, until).with(|session| {
            session.federation =
                format!(r#"{{"federatedProvider":"{provider}","attributes":{{{attributes}}}}}"#);
        });
        let identity = format!(
            r#"{{"type":"WebIdentityUser","principalId":"{provider}:{audience}:{subject}","userName":"{subject}","identityProvider":"{provider}"}}"#
        );
        let asked =
            seconds.map_or_else(String::new, |seconds| format!(r#","durationSeconds":{seconds}"#));
        let request = format!(r#"{{"roleArn":"{}","roleSessionName":"{name}"{asked}}}"#, role.arn);
        let response = format!(
            r#"{{{credentials},"subjectFromWebIdentityToken":"{subject}",{},"provider":"{provider}","audience":"{audience}"}}"#,
            user_of(role, name)
        );
        let details = endpoint(place);
        let additional = if cognito {
            details.to_owned()
        } else {
            format!(
                r#"{{"identityProviderConnectionVerificationMethod":"IAMTrustStore",{}"#,
                &details[1..]
            )
        };
        let (caller, resource) = (Caller::other(&role.account, subject, identity), role.resource());
        let mut told = Told::call(at, &caller, place, "sts", "AssumeRoleWithWebIdentity");
        (told.request, told.response, told.resources) = (&request, &response, &resource);
        told.additional = &additional;
        self.tell(&role.account, &told, region_of("sts", place));
        given
    }

    /// Takes a role with a SAML assertion.
    pub(crate) fn saml(&mut self, at: i64, role: &Role, place: &Place, who: Vouched<'_>) -> Caller {
        let Vouched { user, provider, issuer, seconds } = who;
        // Real ones end a second early.
        let until = at + seconds - 1;
        let (key, credentials) = self.credentials(&role.account, until, true);
        let given = Caller::role(role, user, key, at, until);
        let identity = format!(
            r#"{{"type":"SAMLUser","principalId":"{QUALIFIER}:{user}","userName":"{user}","identityProvider":"{QUALIFIER}"}}"#
        );
        let request = format!(
            r#"{{"sAMLAssertionID":"_{}","roleSessionName":"{user}","roleArn":"{}","principalArn":"{provider}","durationSeconds":{seconds}}}"#,
            self.dice.uuid(4),
            role.arn
        );
        let response = format!(
            r#"{{{credentials},{},"subject":"{user}","subjectType":"persistent","issuer":"{issuer}","audience":"https://signin.aws.amazon.com/saml","nameQualifier":"{QUALIFIER}"}}"#,
            user_of(role, user)
        );
        let resources = format!(
            r#"{},{{"accountId":"{}","type":"AWS::IAM::SAMLProvider","ARN":"{provider}"}}"#,
            role.resource(),
            role.account.number
        );
        let caller = Caller::other(&role.account, user, identity);
        let mut told = Told::call(at, &caller, place, "sts", "AssumeRoleWithSAML");
        (told.request, told.response, told.resources) = (&request, &response, &resources);
        told.additional = endpoint(place);
        self.tell(&role.account, &told, region_of("sts", place));
        given
    }

    /// Identity Center's side of it: what the portal is asked, by whom and from where.
    pub(crate) fn portal(&mut self, at: i64, user: &str, place: &Place, api: &str, details: &str) {
        let account = self.world.identity();
        let behalf = self.world.on_behalf_of(user);
        let identity = format!(
            r#"{{"type":"IdentityCenterUser","accountId":"{}","onBehalfOf":{behalf},"credentialId":"EXAMPLE{}"}}"#,
            account.number,
            self.dice.letters(75)
        );
        let caller = Caller::other(account, user, identity);
        let mut told = Told::call(at, &caller, place, "sso", api);
        told.kind = Kind::Service(details);
        self.tell(account, &told, place.region);
    }

    /// A person takes a permission set with the command line: the portal hands out credentials,
    /// and what is used afterwards is another key than the one that STS logged.
    pub(crate) fn permission_set(
        &mut self,
        at: i64,
        user: &str,
        place: &Place,
        role: &Role,
        set: &str,
    ) -> Caller {
        let number = &role.account.number;
        let details = format!(r#"{{"role_name":"{set}","account_id":"{number}"}}"#);
        self.portal(at, user, place, "GetRoleCredentials", &details);
        let provider = role.account.saml_provider();
        let vouched = Vouched { user, provider: &provider, issuer: PORTAL, seconds: 43_200 };
        let broker = Place::at(Net::AwsIreland, 20, java());
        let given = self.saml(at, role, &broker, vouched);
        self.on_behalf(&given, user)
    }

    /// The session under the key that Identity Center hands on, which names the person.
    pub(crate) fn on_behalf(&mut self, given: &Caller, user: &str) -> Caller {
        let key = self.new_key(&given.account);
        let behalf = self.world.on_behalf_of(user);
        given.with(|session| {
            session.key = key;
            session.beside = format!(r#","onBehalfOf":{behalf}"#);
        })
    }

    /// A person opens an account's console from the portal; the console's key was never logged.
    pub(crate) fn portal_console(
        &mut self,
        at: i64,
        user: &str,
        place: &Place,
        role: &Role,
        set: &str,
    ) -> Caller {
        let number = &role.account.number;
        let details = format!(r#"{{"role_name":"{set}","account_id":"{number}"}}"#);
        self.portal(at, user, place, "Federate", &details);
        let provider = role.account.saml_provider();
        let vouched = Vouched { user, provider: &provider, issuer: PORTAL, seconds: 43_200 };
        let agent = Agent::Fixed("AWS Signin, aws-internal/3 aws-sdk-java/1.12.780".into());
        let broker = Place::at(Net::AwsIreland, 21, agent);
        let given = self.saml(at, role, &broker, vouched);
        let jersey = Agent::Fixed("Jersey/${project.version} (HttpUrlConnection 17.0.14)".into());
        self.signin_token(at + 1, &given, &broker.by(jersey));
        self.console_login(at + 2, &given, place, "Success", "No");
        let key = self.new_key(&given.account);
        given.with(|session| {
            session.key = key;
            session.console = true;
        })
    }
}
