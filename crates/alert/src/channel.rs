//! Where alerts go: one JSON object for each channel, or a list of them. `docs/alerts.md` shows them.

use rolecall_model::Severity;
use serde_json::{Map, Value};
use url::{Host, Url};

use crate::address::{Inside, is_public};
use crate::{FindingV1, Secret, SigningKey, TopicArn};

/// One receiver, and what it wants to hear.
#[derive(Clone, Debug)]
pub struct Channel {
    /// What people call it, and its checkpoint.
    pub name: String,
    /// The least severe finding that it gets.
    pub minimum: Severity,
    /// How it is reached.
    pub receiver: Receiver,
}

/// How a channel is reached.
#[derive(Clone, Debug)]
pub enum Receiver {
    /// Slack's incoming webhook.
    Slack(Endpoint),
    /// A workflow of Microsoft Teams.
    Teams(Endpoint),
    /// Events API v2 of PagerDuty.
    PagerDuty {
        /// Where events go.
        endpoint: Endpoint,
        /// The integration key.
        routing_key: Secret,
    },
    /// Any receiver of `finding.v1`.
    Webhook {
        /// Where it is.
        endpoint: Endpoint,
        /// What signs.
        key: Option<SigningKey>,
    },
    /// A topic that Amazon Q Developer in chat applications reads.
    AmazonQ(TopicArn),
}

/// An address to post to. It is a secret: whoever knows it may post as well.
#[derive(Clone, Debug)]
pub struct Endpoint {
    url: Secret,
    /// Whether it may lie inside: private addresses, and HTTP without TLS.
    pub allow_private: bool,
}

/// What is wrong with settings. It names fields, and never says what is in them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the channels cannot be used:\n  {}", flaws.join("\n  "))]
pub struct WrongChannels {
    /// Everything that is wrong, a sentence each.
    pub flaws: Vec<String>,
}

impl Channel {
    /// Reads all channels, or says everything that is wrong with them.
    pub fn read(text: &str) -> Result<Vec<Channel>, WrongChannels> {
        let wrong = |flaw: &str| WrongChannels { flaws: vec![flaw.to_owned()] };
        let items = match serde_json::from_str(text) {
            Ok(Value::Array(items)) => items,
            Ok(object @ Value::Object(_)) => vec![object],
            Ok(_) => return Err(wrong("settings are a JSON object, or a list of objects")),
            Err(error) => {
                return Err(wrong(&format!(
                    "no JSON at line {}, column {}",
                    error.line(),
                    error.column()
                )));
            }
        };
        let (mut channels, mut flaws): (Vec<Channel>, Vec<String>) = Default::default();
        for (at, item) in items.iter().enumerate() {
            let mut fields = Fields::new(item);
            match channel(&mut fields) {
                Some(channel) if fields.flaws.is_empty() => {
                    if channels.iter().any(|known| known.name == channel.name) {
                        fields.flaws.push("another has this `name`: give each its own".to_owned());
                    }
                    channels.push(channel);
                }
                _ => {}
            }
            flaws.extend(fields.flaws.iter().map(|flaw| format!("channel {}: {flaw}", at + 1)));
        }
        if items.is_empty() {
            flaws.push("there is none".to_owned());
        }
        if flaws.is_empty() { Ok(channels) } else { Err(WrongChannels { flaws }) }
    }

    /// Whether it wants to hear of a finding. A severity that we do not know is always told.
    pub fn wants(&self, finding: &FindingV1) -> bool {
        finding.severity().is_none_or(|severity| severity >= self.minimum)
    }
}

impl Endpoint {
    /// Where PagerDuty takes events.
    pub const PAGERDUTY: &str = "https://events.pagerduty.com/v2/enqueue";

    /// Takes an `https://` address; `http://`, and addresses that are not public, only if allowed.
    pub fn read(url: &Secret, allow_private: bool) -> Result<Endpoint, String> {
        let parsed = Url::parse(url.reveal()).map_err(|_| "`url` is no URL".to_owned())?;
        if parsed.scheme() != "https" && !(allow_private && parsed.scheme() == "http") {
            return Err("`url` does not begin with `https://`".to_owned());
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err("`url` holds a user name: no receiver needs that".to_owned());
        }
        // A name is looked at when it is resolved.
        let address = match parsed.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        if !allow_private && address.is_some_and(|address| !is_public(address)) {
            return Err(format!("`url`: {Inside}"));
        }
        Ok(Endpoint { url: Secret::new(parsed), allow_private })
    }

    pub(crate) fn url(&self) -> &str {
        self.url.reveal()
    }

    /// The address without its path and query.
    pub(crate) fn origin(&self) -> String {
        let url = Url::parse(self.url());
        url.map(|url| url.origin().ascii_serialization()).unwrap_or_default()
    }
}

fn channel(fields: &mut Fields<'_>) -> Option<Channel> {
    let kind = fields.text("kind");
    let name = fields.text("name").or(kind);
    let minimum = fields.text("minimum").map_or(Some(Severity::Low), |word| {
        let severity = word.parse().ok();
        if severity.is_none() {
            fields.flaw("`minimum` is none of low, medium, high, critical");
        }
        severity
    });
    let allow_private = fields.flag("allow_private");
    let receiver = match kind {
        Some("slack") => fields.endpoint(None, allow_private).map(Receiver::Slack),
        Some("teams") => fields.endpoint(None, allow_private).map(Receiver::Teams),
        Some("pagerduty") => {
            let endpoint = fields.endpoint(Some(Endpoint::PAGERDUTY), allow_private);
            let routing_key = fields.needed("routing_key").map(Secret::new);
            endpoint
                .zip(routing_key)
                .map(|(endpoint, routing_key)| Receiver::PagerDuty { endpoint, routing_key })
        }
        Some("webhook") => {
            let key = fields.text("secret").map(|text| SigningKey::read(&Secret::new(text)));
            let key = key.transpose().map_err(|error| fields.flaw(&error.to_string())).ok();
            let endpoint = fields.endpoint(None, allow_private);
            endpoint.zip(key).map(|(endpoint, key)| Receiver::Webhook { endpoint, key })
        }
        Some("amazon-q") => fields
            .needed("topic")
            .and_then(|topic| {
                topic.parse().map_err(|_| fields.flaw("`topic` is no ARN of an SNS topic")).ok()
            })
            .map(Receiver::AmazonQ),
        _ => {
            fields.flaw("`kind` is none of slack, teams, pagerduty, amazon-q, webhook");
            None
        }
    };
    fields.unknown();
    Some(Channel { name: name?.to_owned(), minimum: minimum?, receiver: receiver? })
}

/// The fields of one object; each is asked for once, and what nobody asks for is a mistake.
struct Fields<'a> {
    fields: Option<&'a Map<String, Value>>,
    asked: Vec<&'static str>,
    flaws: Vec<String>,
}

impl<'a> Fields<'a> {
    fn new(value: &'a Value) -> Fields<'a> {
        Fields { fields: value.as_object(), asked: Vec::new(), flaws: Vec::new() }
    }

    fn flaw(&mut self, flaw: &str) {
        self.flaws.push(flaw.to_owned());
    }

    fn text(&mut self, name: &'static str) -> Option<&'a str> {
        self.asked.push(name);
        let value = self.fields?.get(name)?;
        let text = value.as_str().filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.flaw(&format!("`{name}` is no text, or an empty one"));
        }
        text
    }

    fn needed(&mut self, name: &'static str) -> Option<&'a str> {
        let missing = self.fields.is_none_or(|fields| !fields.contains_key(name));
        if missing {
            self.flaw(&format!("`{name}` is missing"));
        }
        self.text(name)
    }

    fn flag(&mut self, name: &'static str) -> bool {
        self.asked.push(name);
        match self.fields.and_then(|fields| fields.get(name)) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.flaw(&format!("`{name}` is neither true nor false"));
                false
            }
        }
    }

    fn endpoint(&mut self, default: Option<&str>, allow_private: bool) -> Option<Endpoint> {
        let url = match default {
            Some(default) => self.text("url").map_or(default.to_owned(), str::to_owned),
            None => self.needed("url")?.to_owned(),
        };
        let endpoint = Endpoint::read(&Secret::new(url), allow_private);
        endpoint.map_err(|flaw| self.flaw(&flaw)).ok()
    }

    fn unknown(&mut self) {
        let names = self.fields.into_iter().flat_map(Map::keys);
        let unknown = names.filter(|name| !self.asked.contains(&name.as_str()));
        // A name is ours to show only if it looks like one: people paste secrets everywhere.
        let flaws: Vec<String> = unknown
            .map(|name| match name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                true if name.len() <= 20 => format!("`{name}` is no setting of this kind"),
                _ => "there is a field that is no setting".to_owned(),
            })
            .collect();
        self.flaws.extend(flaws);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read() {
        let channels = Channel::read(
            r#"[
              {"kind": "slack", "url": "https://hooks.slack.com/services/T0/B0/xyz"},
              {"name": "soc", "kind": "teams", "url": "https://example.com/w?sig=s", "minimum": "medium"},
              {"kind": "pagerduty", "routing_key": "0123456789abcdef0123456789abcdef", "minimum": "critical"},
              {"kind": "webhook", "url": "http://10.0.0.7/in", "allow_private": true,
               "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
              {"kind": "amazon-q", "topic": "arn:aws:sns:eu-west-1:111111111111:people"}
            ]"#,
        )
        .unwrap();
        let names: Vec<&str> = channels.iter().map(|channel| channel.name.as_str()).collect();
        assert_eq!(names, ["slack", "soc", "pagerduty", "webhook", "amazon-q"]);
        assert_eq!(channels[1].minimum, Severity::Medium);
        let mut finding = crate::sample::finding();
        assert!(channels[1].wants(&finding) && !channels[2].wants(&finding));
        finding.severity = "new word".into();
        assert!(channels[2].wants(&finding));
        let shown = format!("{channels:?}");
        for secret in ["services", "sig=s", "0123456789abcdef", "whsec", "10.0.0.7"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn every_mistake_is_named_and_no_secret_is_shown() {
        let wrong = Channel::read(
            r#"[
              {"kind": "slack", "url": "http://hooks.slack.com/SECRET"},
              {"kind": "slack", "url": "https://169.254.169.254/SECRET"},
              {"kind": "webhook", "url": "https://[::ffff:127.0.0.1]/SECRET", "secret": "SECRET"},
              {"kind": "webhook", "url": "https://0x7f.1/SECRET"},
              {"kind": "webhook", "url": "https://u:SECRET@example.com/"},
              {"kind": "teams", "url": 7, "minimum": "SECRET"},
              {"kind": "pagerduty", "SECRET": 1, "urls": 2},
              {"kind": "SECRET"},
              {"kind": "amazon-q", "topic": "SECRET"},
              "SECRET"
            ]"#,
        )
        .unwrap_err();
        let shown = wrong.to_string();
        assert!(!shown.contains("SECRET"), "{shown}");
        for part in [
            "channel 1: `url` does not begin with `https://`",
            "channel 2: `url`: its address is private",
            "channel 3: the secret is shorter",
            "channel 3: `url`: its address is private",
            "channel 4: `url`: its address is private",
            "channel 5: `url` holds a user name",
            "channel 6: `url` is no text",
            "channel 6: `minimum` is none of",
            "channel 7: `routing_key` is missing",
            "channel 7: `urls` is no setting",
            "channel 7: there is a field that is no setting",
            "channel 8: `kind` is none of",
            "channel 9: `topic` is no ARN",
            "channel 10: `kind` is none of",
        ] {
            assert!(shown.contains(part), "{part} is not in {shown}");
        }
    }

    #[test]
    fn names_are_unique_and_json_is_json() {
        let slack = r#"{"kind": "slack", "url": "https://hooks.slack.com/x"}"#;
        let twice = Channel::read(&format!("[{slack}, {slack}]")).unwrap_err();
        assert!(twice.flaws[0].contains("another has this `name`"), "{twice}");
        assert_eq!(Channel::read(slack).unwrap().len(), 1);
        for text in ["[]", "7", "{", ""] {
            assert!(Channel::read(text).is_err(), "{text}");
        }
    }
}
