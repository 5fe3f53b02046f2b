//! Who signs a call, and how `userIdentity` shows them.

use std::sync::Arc;

use crate::account::{Account, Role, User};
use crate::clock::iso;

/// A caller: long-term user, session, service, or somebody whom a provider vouches for.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) account: Arc<Account>,
    pub(crate) arn: String,
    /// The unique id; for role sessions with the session name.
    pub(crate) principal_id: String,
    pub(crate) key: String,
    /// What it is a session of.
    pub(crate) of: Of,
    pub(crate) name: String,
    /// When the session was issued and until when it is valid; seconds since 1970.
    pub(crate) created: i64,
    pub(crate) until: i64,
    pub(crate) mfa: bool,
    pub(crate) source_identity: String,
    /// Members of `sessionContext` after the attributes, each with its leading comma.
    pub(crate) context: String,
    /// Members of `userIdentity` after the session, each with its leading comma.
    pub(crate) beside: String,
    /// The text of `webIdFederationData`.
    pub(crate) federation: String,
    /// Whether calls say that the key belongs to a console session.
    pub(crate) console: bool,
    /// The text of `userIdentity`.
    pub(crate) json: String,
}

/// What kind of caller it is.
#[derive(Clone, Debug)]
pub(crate) enum Of {
    /// A user's long-term key.
    User(User),
    /// A session of a user: GetSessionToken, or the console.
    UserSession(User),
    Role(Role),
    /// A session that GetFederationToken made for a user.
    Federated(User),
    /// The account's root: long-term, console, or by AssumeRoot.
    Root,
    /// Whatever is told whole by its text.
    Other,
}

impl Caller {
    /// A caller of that kind, not yet shown.
    fn new(
        account: Arc<Account>,
        of: Of,
        arn: String,
        principal_id: String,
        key: String,
    ) -> Caller {
        Caller {
            account,
            arn,
            principal_id,
            key,
            of,
            name: String::new(),
            created: 0,
            until: i64::MAX,
            mfa: false,
            source_identity: String::new(),
            context: String::new(),
            beside: String::new(),
            federation: String::new(),
            console: false,
            json: String::new(),
        }
    }

    /// A user who signs with the long-term key.
    pub(crate) fn user(user: &User) -> Caller {
        let (arn, id, key) = (user.arn.clone(), user.id.clone(), user.key.clone());
        Caller::new(user.account.clone(), Of::User(user.clone()), arn, id, key).shown()
    }

    /// A session of a user, with that key.
    pub(crate) fn user_session(
        user: &User,
        key: String,
        created: i64,
        until: i64,
        mfa: bool,
    ) -> Caller {
        let (arn, id) = (user.arn.clone(), user.id.clone());
        let of = Of::UserSession(user.clone());
        let caller = Caller::new(user.account.clone(), of, arn, id, key);
        Caller { name: user.name.clone(), created, until, mfa, ..caller }.shown()
    }

    /// A session of a role.
    pub(crate) fn role(role: &Role, name: &str, key: String, created: i64, until: i64) -> Caller {
        let id = format!("{}:{name}", role.id);
        let of = Of::Role(role.clone());
        let caller = Caller::new(role.account.clone(), of, role.session_arn(name), id, key);
        Caller { name: name.to_owned(), created, until, ..caller }.shown()
    }

    /// A session that GetFederationToken made.
    pub(crate) fn federated(
        user: &User,
        name: &str,
        key: String,
        created: i64,
        until: i64,
    ) -> Caller {
        let number = &user.account.number;
        let arn = format!("arn:aws:sts::{number}:federated-user/{name}");
        let id = format!("{number}:{name}");
        let caller = Caller::new(user.account.clone(), Of::Federated(user.clone()), arn, id, key);
        Caller { name: name.to_owned(), created, until, ..caller }.shown()
    }

    /// The root of an account; `created` is 0 for a long-term key or a sign-in.
    pub(crate) fn root(account: &Arc<Account>, key: String, created: i64, mfa: bool) -> Caller {
        let arn = format!("arn:aws:iam::{}:root", account.number);
        let caller = Caller::new(account.clone(), Of::Root, arn, account.number.clone(), key);
        Caller { created, mfa, ..caller }.shown()
    }

    /// A caller whose `userIdentity` is told whole.
    pub(crate) fn other(account: &Arc<Account>, arn: &str, json: String) -> Caller {
        let none = String::new();
        let caller = Caller::new(account.clone(), Of::Other, arn.to_owned(), none.clone(), none);
        Caller { json, ..caller }
    }

    /// An AWS service that calls by itself.
    pub(crate) fn service(account: &Arc<Account>, host: &str) -> Caller {
        Caller::other(account, host, format!(r#"{{"type":"AWSService","invokedBy":"{host}"}}"#))
    }

    /// The same after a change of its parts.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Caller)) -> Caller {
        let mut changed = self.clone();
        change(&mut changed);
        changed.shown()
    }

    /// How the account that owns a foreign resource sees this caller.
    pub(crate) fn seen_from_outside(&self) -> String {
        let (id, number) = (&self.principal_id, &self.account.number);
        format!(r#"{{"type":"AWSAccount","principalId":"{id}","accountId":"{number}"}}"#)
    }

    /// How sign-in events show it: without key and session.
    pub(crate) fn at_sign_in(&self) -> String {
        let Caller { principal_id, arn, .. } = self;
        let (kind, name) = match &self.of {
            Of::User(user) | Of::UserSession(user) => {
                ("IAMUser", format!(r#","userName":"{}""#, user.name))
            }
            Of::Federated(_) => ("FederatedUser", String::new()),
            Of::Root => ("Root", r#","accessKeyId":"""#.to_owned()),
            Of::Role(_) | Of::Other => ("AssumedRole", String::new()),
        };
        let number = &self.account.number;
        format!(
            r#"{{"type":"{kind}","principalId":"{principal_id}","arn":"{arn}","accountId":"{number}"{name}}}"#
        )
    }

    fn shown(mut self) -> Caller {
        let Caller { principal_id, arn, key, .. } = &self;
        let number = &self.account.number;
        let head = |kind: &str| {
            let key =
                if key.is_empty() { String::new() } else { format!(r#","accessKeyId":"{key}""#) };
            format!(
                r#"{{"type":"{kind}","principalId":"{principal_id}","arn":"{arn}","accountId":"{number}"{key}"#
            )
        };
        let json = match &self.of {
            Of::User(user) => format!(r#"{},"userName":"{}"}}"#, head("IAMUser"), user.name),
            Of::UserSession(user) => format!(
                r#"{},"userName":"{}","sessionContext":{}{}}}"#,
                head("IAMUser"),
                user.name,
                self.session(""),
                self.beside
            ),
            Of::Role(role) => {
                let issuer = format!(
                    r#""sessionIssuer":{{"type":"Role","principalId":"{}","arn":"{}","accountId":"{number}","userName":"{}"}},"#,
                    role.id, role.arn, role.name
                );
                format!(
                    r#"{},"sessionContext":{}{}}}"#,
                    head("AssumedRole"),
                    self.session(&issuer),
                    self.beside
                )
            }
            Of::Federated(user) => {
                let issuer = format!(
                    r#""sessionIssuer":{{"type":"IAMUser","principalId":"{}","arn":"{}","accountId":"{number}","userName":"{}"}},"#,
                    user.id, user.arn, user.name
                );
                let session = self.session(&issuer);
                format!(r#"{},"sessionContext":{session}{}}}"#, head("FederatedUser"), self.beside)
            }
            Of::Root if self.created == 0 => format!("{}{}}}", head("Root"), self.beside),
            Of::Root => {
                format!(
                    r#"{},"sessionContext":{}{}}}"#,
                    head("Root"),
                    self.session(""),
                    self.beside
                )
            }
            Of::Other => return self,
        };
        self.json = json;
        self
    }

    fn session(&self, issuer: &str) -> String {
        let federation = if self.federation.is_empty() {
            String::new()
        } else {
            format!(r#""webIdFederationData":{},"#, self.federation)
        };
        let source = if self.source_identity.is_empty() {
            String::new()
        } else {
            format!(r#","sourceIdentity":"{}""#, self.source_identity)
        };
        format!(
            r#"{{{issuer}{federation}"attributes":{{"creationDate":"{}","mfaAuthenticated":"{}"}}{source}{}}}"#,
            iso(self.created),
            self.mfa,
            self.context
        )
    }
}
