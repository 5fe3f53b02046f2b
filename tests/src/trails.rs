//! Small trails, written by us in real shapes.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// An account number with one digit throughout.
pub fn account(digit: u8) -> String {
    digit.to_string().repeat(12)
}

/// An instant on 2026-03-10, some seconds after midnight.
pub fn at(second: u32) -> String {
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("2026-03-10T{hour:02}:{minute:02}:{second:02}Z")
}

/// A session that somebody holds: what its calls show of it.
#[derive(Clone, Debug)]
pub struct Held {
    /// Where the role is.
    pub account: String,
    /// The role's name.
    pub role: String,
    /// The session's name.
    pub name: String,
    /// Its key.
    pub key: String,
    /// When it was issued, in seconds after midnight.
    pub created: u32,
}

impl Held {
    /// The unique id of the role.
    pub fn role_id(&self) -> String {
        format!(
            "AROA{:A<12}{:A<5}",
            self.role.to_uppercase(),
            &self.account[..1].replace(|c: char| c.is_ascii_digit(), "Q")
        )
    }

    fn identity(&self) -> Value {
        json!({
            "type": "AssumedRole",
            "principalId": format!("{}:{}", self.role_id(), self.name),
            "arn": format!("arn:aws:sts::{}:assumed-role/{}/{}", self.account, self.role, self.name),
            "accountId": self.account,
            "accessKeyId": self.key,
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": self.role_id(),
                    "arn": format!("arn:aws:iam::{}:role/{}", self.account, self.role),
                    "accountId": self.account,
                    "userName": self.role,
                },
                "attributes": {"creationDate": at(self.created), "mfaAuthenticated": "false"},
            },
        })
    }
}

/// Who calls.
#[derive(Clone, Debug)]
pub enum Caller {
    /// An IAM user of an account, with a long-term key.
    User(String, String, String),
    /// The root user of an account.
    Root(String),
    /// A session.
    Session(Held),
}

impl Caller {
    fn account(&self) -> &str {
        match self {
            Caller::User(account, ..) | Caller::Root(account) => account,
            Caller::Session(held) => &held.account,
        }
    }

    fn identity(&self) -> Value {
        match self {
            Caller::User(account, name, key) => json!({
                "type": "IAMUser",
                "principalId": format!("AIDA{:A<17}", name.to_uppercase()),
                "arn": format!("arn:aws:iam::{account}:user/{name}"),
                "accountId": account,
                "accessKeyId": key,
                "userName": name,
            }),
            Caller::Root(account) => json!({
                "type": "Root",
                "principalId": account,
                "arn": format!("arn:aws:iam::{account}:root"),
                "accountId": account,
                "accessKeyId": "",
            }),
            Caller::Session(held) => held.identity(),
        }
    }
}

fn record(
    id: &str,
    second: u32,
    recipient: &str,
    identity: Value,
    source: &str,
    name: &str,
) -> Value {
    json!({
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": at(second),
        "eventSource": source,
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli/2.15.0",
        "requestID": id,
        "eventID": id,
        "readOnly": true,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": recipient,
        "eventCategory": "Management",
    })
}

/// A call that hands nothing out.
pub fn call(id: &str, second: u32, caller: &Caller, source: &str, name: &str) -> Value {
    record(id, second, caller.account(), caller.identity(), source, name)
}

/// An AssumeRole: one record, or two with the same shared id if it enters another account.
pub fn assume(id: &str, caller: &Caller, issued: &Held) -> Vec<Value> {
    let second = issued.created;
    let copy = |id: String, recipient: &str, identity: Value| {
        let mut record =
            record(&id, second, recipient, identity, "sts.amazonaws.com", "AssumeRole");
        record["requestParameters"] = json!({
            "roleArn": format!("arn:aws:iam::{}:role/{}", issued.account, issued.role),
            "roleSessionName": issued.name,
            "durationSeconds": 3600,
        });
        record["responseElements"] = json!({
            "credentials": {
                "accessKeyId": issued.key,
                "sessionToken": "IQoJb3JpZ2luX2VjEXAMPLE",
                "expiration": at(second + 3600),
            },
            "assumedRoleUser": {
                "assumedRoleId": format!("{}:{}", issued.role_id(), issued.name),
                "arn": format!("arn:aws:sts::{}:assumed-role/{}/{}", issued.account, issued.role, issued.name),
            },
        });
        record
    };
    let mut callers = copy(id.to_owned(), caller.account(), caller.identity());
    if caller.account() == issued.account {
        return vec![callers];
    }
    let principal = callers["userIdentity"]["principalId"].clone();
    let seen_from_there = json!({
        "type": "AWSAccount", "principalId": principal, "accountId": caller.account(),
    });
    let mut owners = copy(format!("{id}-owner"), &issued.account, seen_from_there);
    for record in [&mut callers, &mut owners] {
        record["sharedEventID"] = json!(format!("{id}-shared"));
        record["requestID"] = json!(id);
    }
    vec![callers, owners]
}

/// Writes records as one gzip object below a folder.
pub fn write(folder: &Path, name: &str, records: &[Value]) {
    let path = folder.join(format!("{name}.json.gz"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut gzip = GzEncoder::new(std::fs::File::create(path).unwrap(), Compression::fast());
    gzip.write_all(json!({ "Records": records }).to_string().as_bytes()).unwrap();
    gzip.finish().unwrap();
}
