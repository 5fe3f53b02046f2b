//! Signatures of webhooks, as Standard Webhooks has them: <https://www.standardwebhooks.com>.
//!
//! Three headers: `webhook-id` (the same whenever the finding is sent again), `webhook-timestamp`
//! (seconds since 1970, of this attempt) and `webhook-signature`: `v1,` and the base64 of
//! HMAC-SHA256 over `{id}.{timestamp}.{body}`. `docs/alerts.md` shows how to verify it in Python.

use std::fmt;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Secret;

/// The shortest key that we sign with, in bytes.
const SHORTEST: usize = 16;

/// A key to sign webhooks with.
#[derive(Clone)]
pub struct SigningKey(Box<Key>);

/// A text that is no key. It says nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAKey {
    /// Anybody could guess it.
    #[error("the secret is shorter than {SHORTEST} bytes: make one with `openssl rand -base64 32`")]
    Short,
    /// `whsec_` promises base64.
    #[error("the secret begins with `whsec_`, and what follows is no base64")]
    Base64,
}

impl SigningKey {
    /// Takes `whsec_` and base64, or any other text as it is.
    pub fn read(secret: &Secret) -> Result<SigningKey, NotAKey> {
        let bytes = match secret.reveal().strip_prefix("whsec_") {
            Some(coded) => STANDARD.decode(coded).map_err(|_| NotAKey::Base64)?,
            None => secret.reveal().as_bytes().to_vec(),
        };
        if bytes.len() < SHORTEST {
            return Err(NotAKey::Short);
        }
        Ok(SigningKey(Box::new(Key::new(HMAC_SHA256, &bytes))))
    }

    /// The value of `webhook-signature`; `seconds` are those of `webhook-timestamp`.
    pub fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        let tag = sign(&self.0, format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(tag))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's own libraries.
    #[test]
    fn signs_as_the_convention_does() {
        let key =
            SigningKey::read(&Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")).unwrap();
        let signed =
            key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_key_that_can_be_guessed_is_none() {
        let read = |text: &str| SigningKey::read(&Secret::new(text)).map(drop);
        assert_eq!(read("short"), Err(NotAKey::Short));
        assert_eq!(read("whsec_c2hvcnQ="), Err(NotAKey::Short));
        assert_eq!(read("whsec_?"), Err(NotAKey::Base64));
        assert_eq!(read("a plain text of some length"), Ok(()));
    }
}
