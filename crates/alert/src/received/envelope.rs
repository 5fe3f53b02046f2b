//! The envelope of SNS, and the text that its signature is about.

use rolecall_model::Time;
use serde::Deserialize;
use url::{Host, Url};

use super::Invalid;
use crate::TopicArn;

/// The longest body that is looked at, in bytes.
const LONGEST: usize = 512 * 1024;

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Kind {
    /// Something was published.
    Notification,
    /// Somebody wants to subscribe this address.
    SubscriptionConfirmation,
    /// This address was unsubscribed.
    UnsubscribeConfirmation,
}

/// A message whose signature was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// What it is for.
    pub kind: Kind,
    /// Where it was published.
    pub topic: TopicArn,
    /// SNS's name for it.
    pub id: String,
    /// Its subject.
    pub subject: Option<String>,
    /// What was published: a `finding.v1` if rolecall did.
    pub message: String,
    /// When it was published.
    pub at: Time,
    /// What confirms a subscription: `aws sns confirm-subscription --token`.
    pub token: Option<String>,
}

/// The fields as they come.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Envelope {
    #[serde(rename = "Type")]
    pub(super) kind: Kind,
    message_id: String,
    topic_arn: String,
    subject: Option<String>,
    message: String,
    timestamp: String,
    pub(super) signature_version: String,
    pub(super) signature: String,
    #[serde(rename = "SigningCertURL")]
    signing_cert_url: String,
    #[serde(rename = "SubscribeURL")]
    subscribe_url: Option<String>,
    token: Option<String>,
}

impl Envelope {
    pub(super) fn read(body: &[u8]) -> Result<Envelope, Invalid> {
        if body.len() > LONGEST {
            return Err(Invalid::Long);
        }
        serde_json::from_slice(body)
            .map_err(|error| Invalid::Json { line: error.line(), column: error.column() })
    }

    /// The topic, if it is one of those that are expected.
    pub(super) fn topic(&self, expected: &[TopicArn]) -> Result<TopicArn, Invalid> {
        let topic = expected.iter().find(|topic| topic.as_str() == self.topic_arn);
        topic.cloned().ok_or(Invalid::Topic)
    }

    /// Where the certificate lies: at SNS in the topic's Region, over HTTPS, under the name that SNS
    /// gives its certificates.
    pub(super) fn certificate_url(&self, topic: &TopicArn) -> Result<Url, Invalid> {
        let url = Url::parse(&self.signing_cert_url).map_err(|_| Invalid::CertificateUrl)?;
        let Some(Host::Domain(host)) = url.host() else { return Err(Invalid::CertificateUrl) };
        let region = host.strip_prefix("sns.").and_then(|rest| {
            rest.strip_suffix(".amazonaws.com").or_else(|| rest.strip_suffix(".amazonaws.com.cn"))
        });
        let name = url.path().strip_prefix("/SimpleNotificationService-");
        let name = name.and_then(|name| name.strip_suffix(".pem")).unwrap_or_default();
        let fits = url.scheme() == "https"
            && url.username().is_empty()
            && url.password().is_none()
            && url.port().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && region == Some(topic.region())
            && !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_hexdigit());
        if fits { Ok(url) } else { Err(Invalid::CertificateUrl) }
    }

    /// Name and value of each field that is signed, in SNS's order, a line each.
    pub(super) fn signed_text(&self) -> String {
        let all = [
            ("Message", Some(&self.message)),
            ("MessageId", Some(&self.message_id)),
            ("SubscribeURL", self.subscribe_url.as_ref()),
            ("Subject", self.subject.as_ref()),
            ("Timestamp", Some(&self.timestamp)),
            ("Token", self.token.as_ref()),
            ("TopicArn", Some(&self.topic_arn)),
            ("Type", None),
        ];
        let is_notification = self.kind == Kind::Notification;
        let mut text = String::new();
        for (name, value) in all {
            let signed = match name {
                "Subject" => is_notification,
                "SubscribeURL" | "Token" => !is_notification,
                _ => true,
            };
            if let Some(value) = value.filter(|_| signed) {
                text.push_str(&format!("{name}\n{value}\n"));
            }
        }
        text.push_str(&format!("Type\n{:?}\n", self.kind));
        text
    }

    /// When it was published; none if that is no instant.
    pub(super) fn at(&self) -> Option<Time> {
        self.timestamp.parse().ok()
    }

    pub(super) fn received(self, topic: TopicArn, at: Time) -> Received {
        Received {
            kind: self.kind,
            topic,
            id: self.message_id,
            subject: self.subject,
            message: self.message,
            at,
            token: self.token,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(url: &str) -> Envelope {
        let json = serde_json::json!({
            "Type": "Notification", "MessageId": "m", "TopicArn": "t", "Subject": "s",
            "Message": "line\nä", "Timestamp": "2026-03-10T12:00:00.000Z", "SignatureVersion": "2",
            "Signature": "", "SigningCertURL": url, "Token": "not signed here",
        });
        Envelope::read(json.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn the_text_is_signed_in_the_order_of_sns() {
        assert_eq!(
            envelope("x").signed_text(),
            "Message\nline\nä\nMessageId\nm\nSubject\ns\nTimestamp\n2026-03-10T12:00:00.000Z\n\
             TopicArn\nt\nType\nNotification\n"
        );
    }

    #[test]
    fn certificates_come_from_sns_alone() {
        let topic: TopicArn = "arn:aws:sns:eu-west-1:111111111111:f".parse().unwrap();
        let path = "/SimpleNotificationService-0123456789abcdef.pem";
        for (url, taken) in [
            (format!("https://sns.eu-west-1.amazonaws.com{path}"), true),
            (format!("https://sns.eu-west-1.amazonaws.com:443{path}"), true),
            (format!("https://sns.eu-west-1.amazonaws.com.cn{path}"), true),
            (format!("http://sns.eu-west-1.amazonaws.com{path}"), false),
            (format!("https://sns.eu-west-1.amazonaws.com:8443{path}"), false),
            (format!("https://sns.us-east-1.amazonaws.com{path}"), false),
            (format!("https://sns.eu-west-1.amazonaws.com.evil.example{path}"), false),
            (format!("https://sns.eu-west-1.amazonaws.com@evil.example{path}"), false),
            (format!("https://u@sns.eu-west-1.amazonaws.com{path}"), false),
            (format!("https://evil.example/sns.eu-west-1.amazonaws.com{path}"), false),
            (format!("https://evilsns.eu-west-1.amazonaws.com{path}"), false),
            (format!("https://sns.eu-west-1.s3.amazonaws.com{path}"), false),
            (format!("https://169.254.169.254{path}"), false),
            (format!("https://sns.eu-west-1.amazonaws.com{path}?x"), false),
            (format!("https://sns.eu-west-1.amazonaws.com/a{path}"), false),
            ("https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-.pem".into(), false),
            ("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription".into(), false),
            ("file:///etc/passwd".into(), false),
        ] {
            assert_eq!(envelope(&url).certificate_url(&topic).is_ok(), taken, "{url}");
        }
    }
}
