//! Puts the checks in their order.

use std::collections::HashMap;
use std::sync::Mutex;

use rolecall_model::Time;

use super::envelope::{Envelope, Received};
use super::{Certificates, Invalid, certificate};
use crate::TopicArn;

/// What is trusted.
#[derive(Clone, Debug)]
pub struct Trust {
    /// Topics whose messages are expected.
    pub topics: Vec<TopicArn>,
    /// Whether signatures of version 1, which are of SHA-1, are taken.
    pub version_1: bool,
    /// How far a message's time may be from now, in seconds.
    pub within: i64,
}

impl Trust {
    /// Version 2 alone, and messages of the last hour.
    pub fn topics(topics: Vec<TopicArn>) -> Trust {
        Trust { topics, version_1: false, within: 3600 }
    }
}

/// Verifies messages, and remembers those it has seen as long as they would be taken.
#[derive(Debug)]
pub struct Verifier {
    trust: Trust,
    certificates: Certificates,
    seen: Mutex<HashMap<String, Time>>,
}

impl Verifier {
    /// A verifier that has seen nothing yet.
    pub fn new(trust: Trust, certificates: Certificates) -> Verifier {
        Verifier { trust, certificates, seen: Mutex::default() }
    }

    /// The message, if it is from SNS, of a topic that is expected, new and unchanged.
    pub async fn verify(&self, body: &[u8], now: Time) -> Result<Received, Invalid> {
        let envelope = Envelope::read(body)?;
        let topic = envelope.topic(&self.trust.topics)?;
        let version = envelope.signature_version.as_str();
        if !(version == "2" || version == "1" && self.trust.version_1) {
            return Err(Invalid::Version(
                version.chars().filter(char::is_ascii_digit).take(3).collect(),
            ));
        }
        let url = envelope.certificate_url(&topic)?;
        let pem = self.certificates.at(&url).await?;
        certificate::check(&pem, version, &envelope.signature, &envelope.signed_text(), now)?;
        let far = Invalid::Time(self.trust.within);
        let Some(at) = envelope.at() else { return Err(far) };
        if (now.seconds() - at.seconds()).abs() > self.trust.within {
            return Err(far);
        }
        let received = envelope.received(topic, at);
        if self.is_new(&received, now) { Ok(received) } else { Err(Invalid::Again) }
    }

    fn is_new(&self, received: &Received, now: Time) -> bool {
        // Whoever panicked while holding it has left it whole.
        let mut seen = self.seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let oldest = now.plus_seconds(-self.trust.within);
        seen.retain(|_, at| *at >= oldest);
        seen.insert(received.id.clone(), received.at).is_none()
    }
}
