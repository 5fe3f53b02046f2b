//! Accounts, and what lives in them under a name: roles and users.

use std::sync::Arc;

use crate::dice::{hash, mix, unique_id};

/// An AWS account: one of the organisation's, or a stranger's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Account {
    /// Twelve digits.
    pub(crate) number: String,
    pub(crate) name: String,
    /// Its place among the organisation's accounts; strangers have none, and deliver nothing.
    pub(crate) place: Option<usize>,
    /// Where most of its work is done.
    pub(crate) region: &'static str,
    /// When it joined the organisation and began to deliver; seconds since 1970.
    pub(crate) joined: i64,
    pub(crate) seed: u64,
}

/// A role; its ids follow from its name.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    pub(crate) account: Arc<Account>,
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) id: String,
}

/// A user with a long-term key.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) account: Arc<Account>,
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) key: String,
}

impl Account {
    pub(crate) fn digits(&self) -> u64 {
        self.number.parse().unwrap_or_default()
    }

    /// An id of something in this account that has a name.
    fn id(&self, prefix: &str, label: &str) -> String {
        unique_id(
            prefix,
            self.digits(),
            mix(&[self.seed, self.digits(), hash(prefix), hash(label)]),
        )
    }

    /// The role of that name below that path, which begins and ends with `/`.
    pub(crate) fn role(self: &Arc<Self>, path: &str, name: &str) -> Role {
        Role {
            account: self.clone(),
            name: name.to_owned(),
            arn: format!("arn:aws:iam::{}:role{path}{name}", self.number),
            id: self.id("AROA", name),
        }
    }

    /// The role that a permission set of Identity Center makes in this account.
    pub(crate) fn permission_set(self: &Arc<Self>, set: &str) -> Role {
        let suffix = mix(&[self.seed, hash(set), self.digits()]);
        self.role(
            "/aws-reserved/sso.amazonaws.com/eu-west-1/",
            &format!("AWSReservedSSO_{set}_{suffix:016x}"),
        )
    }

    /// The role that only one service may take.
    pub(crate) fn service_linked(self: &Arc<Self>, host: &str, name: &str) -> Role {
        self.role(&format!("/aws-service-role/{host}/"), &format!("AWSServiceRoleFor{name}"))
    }

    /// The user of that name, with the `generation`th key made for it.
    pub(crate) fn user(self: &Arc<Self>, name: &str, generation: u32) -> User {
        User {
            account: self.clone(),
            name: name.to_owned(),
            arn: format!("arn:aws:iam::{}:user/{name}", self.number),
            id: self.id("AIDA", name),
            key: self.id("AKIA", &format!("{name}/{generation}")),
        }
    }

    /// The SAML provider that Identity Center keeps in this account.
    pub(crate) fn saml_provider(&self) -> String {
        let suffix = mix(&[self.seed, 77, self.digits()]);
        format!("arn:aws:iam::{}:saml-provider/AWSSSO_{suffix:016x}_DO_NOT_DELETE", self.number)
    }
}

impl Role {
    /// The ARN of its session of that name, in which the path is missing.
    pub(crate) fn session_arn(&self, name: &str) -> String {
        format!("arn:aws:sts::{}:assumed-role/{}/{name}", self.account.number, self.name)
    }

    /// The resource that records of STS name.
    pub(crate) fn resource(&self) -> String {
        let (number, arn) = (&self.account.number, &self.arn);
        format!(r#"{{"accountId":"{number}","type":"AWS::IAM::Role","ARN":"{arn}"}}"#)
    }
}
