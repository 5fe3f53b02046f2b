//! Who calls: the identities of an account, and how a record shows them.

use crate::dice::Dice;

/// A caller: a long-term user, or a session that ends.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The text of `userIdentity`.
    pub(crate) json: String,
    pub(crate) ip: String,
    pub(crate) agent: &'static str,
    /// Seconds since the epoch; users have no end.
    pub(crate) until: i64,
}

/// One account with what lives in it.
pub(crate) struct Account {
    pub(crate) number: u64,
    pub(crate) roles: Vec<Role>,
    pub(crate) users: Vec<Caller>,
    pub(crate) sessions: Vec<Caller>,
}

/// A role, and who takes it.
#[derive(Clone)]
pub(crate) struct Role {
    pub(crate) id: String,
    pub(crate) path: &'static str,
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// What takes a role.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Instance,
    Function,
    Service,
    Person,
    Build,
}

const KINDS: [(Kind, &str, &str); 5] = [
    (Kind::Instance, "/", "web-instance"),
    (Kind::Function, "/service-role/", "orders-function"),
    (Kind::Service, "/aws-service-role/config.amazonaws.com/", "AWSServiceRoleForConfig"),
    (
        Kind::Person,
        "/aws-reserved/sso.amazonaws.com/eu-west-1/",
        "AWSReservedSSO_ReadOnlyAccess_1f3a5c7e9b2d4f60",
    ),
    (Kind::Build, "/", "deploy-target"),
];

const CLI: &str = "aws-cli/2.24.7 md/awscrt#0.23.8 ua/2.1 os/macos#24.3.0 md/arch#arm64 lang/python#3.12.9 md/command#ec2.describe-instances";

impl Account {
    pub(crate) fn new(number: u64, dice: &mut Dice) -> Self {
        let roles = (0..15)
            .map(|at| {
                let (kind, path, name) = KINDS[at % KINDS.len()];
                let name = if at < 5 { name.to_owned() } else { format!("{name}-{at}") };
                Role { id: dice.unique_id("AROA", number), path, name, kind }
            })
            .collect();
        let users = (0..6).map(|at| user(number, at, dice)).collect();
        Self { number, roles, users, sessions: Vec::new() }
    }
}

impl Role {
    pub(crate) fn arn(&self, account: u64) -> String {
        format!("arn:aws:iam::{account:012}:role{}{}", self.path, self.name)
    }

    pub(crate) fn session_arn(&self, account: u64, name: &str) -> String {
        format!("arn:aws:sts::{account:012}:assumed-role/{}/{name}", self.name)
    }

    /// The session that a call of `name` with `key` shows.
    pub(crate) fn session(
        &self,
        account: u64,
        name: &str,
        key: &str,
        created: &str,
        until: i64,
        dice: &mut Dice,
    ) -> Caller {
        let (id, role, arn) = (&self.id, &self.name, self.arn(account));
        let session_arn = self.session_arn(account, name);
        let (beside_attributes, beside, agent) = match self.kind {
            Kind::Instance => (
                r#","ec2RoleDelivery":"2.0""#.to_owned(),
                String::new(),
                "aws-sdk-go/1.55.5 (go1.22.7; linux; amd64) amazon-ssm-agent/3.3.1611.0",
            ),
            Kind::Function => (
                String::new(),
                format!(
                    r#","inScopeOf":{{"issuerType":"AWS::Lambda::Function","credentialsIssuedTo":"arn:aws:lambda:eu-west-1:{account:012}:function:orders"}}"#
                ),
                "Boto3/1.37.1 md/Botocore#1.37.1 ua/2.1 os/linux#5.10.234 md/arch#x86_64 lang/python#3.12.9 exec-env/AWS_Lambda_python3.12",
            ),
            Kind::Service => (
                String::new(),
                r#","invokedBy":"config.amazonaws.com""#.to_owned(),
                "config.amazonaws.com",
            ),
            Kind::Person => (
                String::new(),
                format!(
                    r#","onBehalfOf":{{"userId":"996700-{}","identityStoreArn":"arn:aws:identitystore::111111111111:identitystore/d-9967000001"}}"#,
                    dice.uuid(4)
                ),
                CLI,
            ),
            Kind::Build => (
                String::new(),
                String::new(),
                "APN/1.0 HashiCorp/1.0 Terraform/1.11.0 aws-sdk-go-v2/1.36.1 ua/2.1 os/linux lang/go#1.23.6",
            ),
        };
        let json = format!(
            r#"{{"type":"AssumedRole","principalId":"{id}:{name}","arn":"{session_arn}","accountId":"{account:012}","accessKeyId":"{key}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"{id}","arn":"{arn}","accountId":"{account:012}","userName":"{role}"}},"attributes":{{"creationDate":"{created}","mfaAuthenticated":"false"}}{beside_attributes}}}{beside}}}"#
        );
        let ip = match self.kind {
            Kind::Service => "config.amazonaws.com".to_owned(),
            Kind::Person => format!("198.51.100.{}", dice.below(256)),
            _ => format!("192.0.2.{}", dice.below(256)),
        };
        Caller { json, ip, agent, until }
    }
}

fn user(account: u64, at: u64, dice: &mut Dice) -> Caller {
    let (id, key) = (dice.unique_id("AIDA", account), dice.unique_id("AKIA", account));
    let json = format!(
        r#"{{"type":"IAMUser","principalId":"{id}","arn":"arn:aws:iam::{account:012}:user/person-{at}","accountId":"{account:012}","accessKeyId":"{key}","userName":"person-{at}"}}"#
    );
    Caller { json, ip: format!("198.51.100.{}", dice.below(256)), agent: CLI, until: i64::MAX }
}
