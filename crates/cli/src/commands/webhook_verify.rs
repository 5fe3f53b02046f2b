//! `rolecall webhook-verify`: is a message that was posted to us from SNS?

use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use rolecall_alert::{Certificates, Kind, TopicArn, Trust, Verifier};

use crate::clock;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::plain;

/// Say whether a message that was posted to you is from SNS, of your topic, unchanged and recent
///
/// Reads the body from standard input. Exits with 0 if it is, 1 if it is not, and 2 if that could not be
/// found out. Whether the same message came before, only your program can remember.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall webhook-verify --topic arn:aws:sns:eu-west-1:111111111111:findings < body.json\n  rolecall webhook-verify --topic arn:aws:sns:eu-west-1:111111111111:findings --within 30d < old.json"
)]
pub(crate) struct WebhookVerify {
    /// The topic that it must come from; may be said more than once
    #[arg(long, required = true, value_name = "ARN")]
    topic: Vec<TopicArn>,
    /// Take signatures of version 1 as well, which are of SHA-1
    #[arg(long)]
    allow_version_1: bool,
    /// How old it may be
    #[arg(long, value_name = "LENGTH", value_parser = clock::seconds, default_value = "1h")]
    within: i64,
    /// A certificate that is at hand, in PEM, instead of the one that SNS publishes
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

impl WebhookVerify {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let certificates = match &self.certificate {
            Some(file) => {
                let pem = std::fs::read(file).with_context(|| {
                    format!("could not read the certificate in `{}`", file.display())
                })?;
                Certificates::given(&pem)
            }
            None => Certificates::from_sns()?,
        };
        let trust = Trust {
            version_1: self.allow_version_1,
            within: self.within,
            ..Trust::topics(self.topic)
        };
        let mut body = Vec::new();
        // One byte more than is taken shows that it is too long.
        std::io::stdin()
            .take(512 * 1024 + 1)
            .read_to_end(&mut body)
            .context("could not read the message from standard input")?;
        match Verifier::new(trust, certificates).verify(&body, clock::now()).await {
            Ok(received) => {
                let (id, token) = (plain(&received.id), received.token.as_deref().map(plain));
                desk.out.text(&format!(
                    "valid: {:?} {id} of {}, published {}",
                    received.kind, received.topic, received.at
                ))?;
                if let (Kind::SubscriptionConfirmation, Some(token)) = (received.kind, token) {
                    desk.out.say(&format!(
                        " help: confirm it with `aws sns confirm-subscription --topic-arn {} --token {token}`",
                        received.topic
                    ))?;
                }
                Ok(Exit::Done)
            }
            Err(error) if error.is_unknown() => {
                Err(anyhow::Error::new(error).context("could not find out whether it is valid"))
            }
            Err(error) => {
                desk.out.text(&format!("not valid: {error}"))?;
                Ok(Exit::Found)
            }
        }
    }
}
