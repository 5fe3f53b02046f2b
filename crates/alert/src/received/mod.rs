//! Whether a message that came over HTTPS is from SNS, from a topic of ours, and new.
//!
//! <https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html>. The order matters:
//! nothing is fetched for a stranger's topic, nor from any host but SNS's own.

mod certificate;
mod certificates;
mod envelope;
mod verifier;

pub use certificates::Certificates;
pub use envelope::{Kind, Received};
pub use verifier::{Trust, Verifier};

/// Why a message is not to be trusted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// It is longer than SNS sends.
    #[error("it is longer than 512 KB")]
    Long,
    /// It is not what SNS sends.
    #[error("it is no message of SNS: line {line}, column {column} of the JSON")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// Its topic is none of those that are expected.
    #[error("its topic is none that we expect")]
    Topic,
    /// Its signature has a version that is not taken.
    #[error(
        "its signature is of version {0}, and only version 2 is taken: set the topic's \
         `SignatureVersion` to 2, or allow version 1"
    )]
    Version(String),
    /// Its certificate lies elsewhere.
    #[error("its certificate is not to be had from SNS in the topic's Region")]
    CertificateUrl,
    /// Its certificate could not be fetched: whether it is valid is not known.
    #[error("its certificate could not be fetched: {0}")]
    Unfetched(String),
    /// Its certificate is none.
    #[error("its certificate cannot be used: {0}")]
    Certificate(&'static str),
    /// It was changed, or signed by somebody else.
    #[error("its signature is wrong")]
    Signature,
    /// It is old, or from the future.
    #[error("its time is more than {0} seconds from now")]
    Time(i64),
    /// It came before.
    #[error("it came before")]
    Again,
}

impl Invalid {
    /// Whether the question could not be answered, so that asking again may help.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Invalid::Unfetched(_))
    }
}
