//! One record of a trail, by what CloudTrail calls its members.

use rolecall_model::Time;
use serde_json::Value;

/// A record, and when its file was delivered. What every law asks for is found once.
pub(crate) struct Record {
    pub(crate) said: Value,
    /// Seconds since 1970.
    pub(crate) time: i64,
    pub(crate) delivered: i64,
    /// The account whose trail has it.
    pub(crate) account: String,
    /// `sts.AssumeRole`, for every partition and service.
    api: String,
    pub(crate) address: String,
    /// IAMUser, AssumedRole, AWSService, …
    pub(crate) caller_type: String,
    pub(crate) principal_id: String,
    /// The role of its caller.
    pub(crate) role: String,
    /// The key that signed it.
    pub(crate) key: String,
    /// When its caller's session was issued, as text.
    pub(crate) created: String,
    /// Which AWS service made it, for whomever.
    pub(crate) invoked_by: String,
}

impl Record {
    pub(crate) fn new(said: Value, delivered: i64) -> Record {
        let text = |pointer| text(&said, pointer).to_owned();
        let time: Time = text("/eventTime").parse().unwrap();
        let source = text("/eventSource");
        let service = source.split('.').next().unwrap_or_default();
        Record {
            time: time.seconds(),
            delivered,
            account: text("/recipientAccountId"),
            api: format!("{service}.{}", text("/eventName")),
            address: text("/sourceIPAddress"),
            caller_type: text("/userIdentity/type"),
            principal_id: text("/userIdentity/principalId"),
            role: text("/userIdentity/sessionContext/sessionIssuer/arn"),
            key: text("/userIdentity/accessKeyId"),
            created: text("/userIdentity/sessionContext/attributes/creationDate"),
            invoked_by: text("/userIdentity/invokedBy"),
            said,
        }
    }

    /// The text at a JSON pointer; nothing if there is none.
    pub(crate) fn text(&self, pointer: &str) -> &str {
        text(&self.said, pointer)
    }

    /// Whether it is a call of `service.Name`.
    pub(crate) fn is(&self, api: &str) -> bool {
        self.api == api
    }

    pub(crate) fn is_of(&self, service: &str) -> bool {
        self.api.split('.').next() == Some(service)
    }

    /// The name that the session of its caller was given.
    pub(crate) fn session_name(&self) -> &str {
        self.principal_id.split_once(':').map_or("", |(_, name)| name)
    }

    /// Its caller's session: the principal, and the second of its issue.
    pub(crate) fn session(&self) -> String {
        if self.created.is_empty() {
            return String::new();
        }
        format!("{} {}", self.principal_id, self.created)
    }

    /// The session that it handed out, named likewise.
    pub(crate) fn issued_session(&self) -> String {
        let id = self.text("/responseElements/assumedRoleUser/assumedRoleId");
        format!("{id} {}", self.text("/eventTime"))
    }

    /// The key that it handed out.
    pub(crate) fn issued(&self) -> &str {
        self.text("/responseElements/credentials/accessKeyId")
    }

    /// The role that it asked for, and the session's name.
    pub(crate) fn asked_role(&self) -> &str {
        self.text("/requestParameters/roleArn")
    }

    pub(crate) fn asked_name(&self) -> &str {
        self.text("/requestParameters/roleSessionName")
    }

    pub(crate) fn succeeded(&self) -> bool {
        self.said.get("errorCode").is_none() && self.said.get("errorMessage").is_none()
    }

    /// Whether a service took a role for something that runs on it.
    pub(crate) fn hands_out(&self, service: &str) -> bool {
        self.is("sts.AssumeRole")
            && self.caller_type == "AWSService"
            && self.invoked_by.strip_suffix(".amazonaws.com") == Some(service)
    }
}

fn text<'a>(said: &'a Value, pointer: &str) -> &'a str {
    said.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The account in an ARN.
pub(crate) fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}
