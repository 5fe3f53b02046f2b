//! `rolecall alert`: tell a channel what it was not told yet.

use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use rolecall_alert::{
    Channel, Courier, Endpoint, FindingV1, Form, Outcome, Publisher, Receiver, Secret, SigningKey,
    Sink, TopicArn, message,
};
use rolecall_lake::Access;
use rolecall_model::{Severity, Time, hash};
use rolecall_pipeline::{Alerted, Alerting, alert, unsent};

use crate::clock;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::output::plain::plain;

/// How long one finding may take, retries included.
const WITHIN: Duration = Duration::from_secs(300);

/// The longest body of a webhook, in bytes.
const LONGEST: usize = 256 * 1024;

/// Tell a channel what it was not told yet: an SNS topic, or a webhook
///
/// Findings in dry run and suppressed ones are not told. How far a channel was told is part of the
/// lake, so that each finding is sent once; a run that was killed sends its last group again, with the
/// same fingerprints. The address of a webhook is a secret: `--webhook -` reads it from standard input,
/// and ROLECALL_WEBHOOK may hold it.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall alert --sns arn:aws:sns:eu-west-1:111111111111:findings\n  rolecall alert --webhook - --kind slack --minimum high < slack-url\n  rolecall alert --webhook https://siem.example.com/in --secret-file ./key\n  rolecall alert --kind teams --dry-run"
)]
pub(crate) struct Alert {
    /// The topic to publish to
    #[arg(long, value_name = "ARN", conflicts_with = "webhook")]
    sns: Option<TopicArn>,
    /// The address to post to, or - to read it from standard input
    #[arg(long, value_name = "URL")]
    webhook: Option<String>,
    /// Who reads it [default: webhook, which is finding.v1 in JSON]
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<Reader>,
    /// A file with the secret that signs, or PagerDuty's integration key
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// The least severe finding to tell: low, medium, high or critical
    #[arg(long, value_name = "SEVERITY", default_value = "low")]
    minimum: Severity,
    /// A channel that was never told anything hears of what was found since
    #[arg(long, value_name = "TIME", value_parser = clock::instant, default_value = "24h", allow_hyphen_values = true)]
    since: Time,
    /// What the channel is called in the lake [default: the ARN, or the kind and a hash of the address]
    #[arg(long, value_name = "NAME")]
    channel: Option<String>,
    /// Post to private addresses, and without TLS
    #[arg(long)]
    allow_private: bool,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
}

/// Who reads a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Reader {
    Slack,
    Teams,
    Pagerduty,
    AmazonQ,
    Webhook,
}

/// Where messages go.
enum Way {
    Topic(Publisher),
    Web(Box<(Courier, Channel)>),
}

impl Alert {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        let (name, way) = self.way().await?;
        let mut lake = desk.lake(Access::Existing).await?;
        let detections = desk.catalogue(&desk.config().await?).await?;
        let how = Alerting {
            channel: &name,
            detections: &detections,
            minimum: self.minimum,
            since: self.since,
            now: clock::now(),
        };
        if self.dry_run {
            let findings = unsent(&lake, &how).await?;
            for finding in &findings {
                desk.out.text(&self.message(finding))?;
            }
            desk.out.say(&format!("{} would be sent", findings.len()))?;
            return Ok(Exit::Done);
        }
        let Some(way) = way else {
            bail!("there is nobody to tell: say --sns ARN, --webhook URL or --dry-run");
        };
        tell(desk, &alert(&mut lake, &way, &how).await?)
    }

    /// Whom to tell, and what that is called in the lake; nobody if it is only about what would be sent.
    async fn way(&self) -> Result<(String, Option<Way>)> {
        if let Some(topic) = &self.sns {
            let form = match self.kind {
                None | Some(Reader::Webhook) => Form::FindingV1,
                Some(Reader::AmazonQ) => Form::AmazonQ,
                Some(_) => bail!(
                    "a topic carries finding.v1, or with --kind amazon-q custom notifications: \
                     use --webhook for the others"
                ),
            };
            let name = self.channel.clone().unwrap_or_else(|| topic.to_string());
            let publisher = Publisher::connect(topic.clone(), form).await;
            return Ok((name, Some(Way::Topic(publisher))));
        }
        let Some(url) = self.url()? else {
            return Ok((self.channel.clone().unwrap_or_else(|| "dry-run".into()), None));
        };
        // All of PagerDuty has one address; elsewhere a new secret makes no new channel.
        let key =
            self.secret()?.filter(|_| self.kind == Some(Reader::Pagerduty)).unwrap_or_default();
        let known = hash::name([url.as_str(), key.trim()]);
        let receiver = self.receiver(&url)?;
        let kind = self.kind.unwrap_or(Reader::Webhook);
        let kind = kind.to_possible_value().map(|value| value.get_name().to_owned());
        let kind = kind.unwrap_or_default();
        let name = self.channel.clone().unwrap_or_else(|| format!("{kind}-{known}"));
        let channel = Channel { name: name.clone(), minimum: self.minimum, receiver };
        Ok((name, Some(Way::Web(Box::new((Courier::default(), channel))))))
    }

    /// The address: as said, from standard input, or from the environment.
    fn url(&self) -> Result<Option<String>> {
        let url = match self.webhook.as_deref() {
            Some("-") => {
                let mut text = String::new();
                std::io::stdin()
                    .take(LONGEST as u64)
                    .read_to_string(&mut text)
                    .context("could not read the webhook's address from standard input")?;
                Some(text)
            }
            Some(url) => Some(url.to_owned()),
            None => std::env::var("ROLECALL_WEBHOOK").ok(),
        };
        let url = url.map(|url| url.trim().to_owned()).filter(|url| !url.is_empty());
        match url {
            None if self.kind == Some(Reader::Pagerduty) && !self.dry_run => {
                Ok(Some(Endpoint::PAGERDUTY.to_owned()))
            }
            url => Ok(url),
        }
    }

    fn secret(&self) -> Result<Option<String>> {
        let Some(file) = &self.secret_file else { return Ok(None) };
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("could not read the secret in `{}`", file.display()))?;
        Ok(Some(text))
    }

    fn receiver(&self, url: &str) -> Result<Receiver> {
        let endpoint = Endpoint::read(&Secret::new(url), self.allow_private);
        let endpoint = endpoint.map_err(anyhow::Error::msg).context("could not use the webhook")?;
        let secret = self.secret()?.map(Secret::new);
        Ok(match self.kind.unwrap_or(Reader::Webhook) {
            Reader::Slack => Receiver::Slack(endpoint),
            Reader::Teams => Receiver::Teams(endpoint),
            Reader::Pagerduty => Receiver::PagerDuty {
                endpoint,
                routing_key: secret.context(
                    "PagerDuty needs its integration key: name its file with --secret-file",
                )?,
            },
            Reader::Webhook => Receiver::Webhook {
                endpoint,
                key: secret.as_ref().map(SigningKey::read).transpose()?,
            },
            Reader::AmazonQ => bail!(
                "Amazon Q in chat applications takes notifications from a topic: say --sns ARN --kind amazon-q"
            ),
        })
    }

    /// The message as its reader gets it. PagerDuty's has its key added when it is sent.
    fn message(&self, finding: &FindingV1) -> String {
        match self.kind.unwrap_or(Reader::Webhook) {
            Reader::Slack => message::slack(finding).to_string(),
            Reader::Teams => message::teams(finding).to_string(),
            Reader::Pagerduty => message::pagerduty(finding).to_string(),
            Reader::AmazonQ => message::amazon_q(finding).to_string(),
            Reader::Webhook => finding.to_json_within(LONGEST),
        }
    }
}

impl Sink for Way {
    async fn send(&self, findings: &[FindingV1]) -> Vec<Outcome> {
        let (courier, channel) = match self {
            Way::Topic(publisher) => return publisher.publish(findings).await,
            Way::Web(both) => (&both.0, &both.1),
        };
        let mut outcomes = Vec::with_capacity(findings.len());
        for finding in findings {
            let outcome = courier.deliver(channel, finding, clock::now(), WITHIN).await;
            let goes_on = !matches!(outcome, Outcome::Closed(_) | Outcome::Later(_));
            outcomes.push(outcome);
            if !goes_on {
                break;
            }
        }
        outcomes
    }
}

/// Says what became of the findings.
fn tell(desk: &Desk, did: &Alerted) -> Result<Exit> {
    if let Some(until) = did.busy_until {
        desk.out.say(&format!(
            "another run is sending to this channel, or was killed: this one leaves it alone until {until}"
        ))?;
    }
    let mut parts = vec![format!("{} sent", did.sent)];
    let mut part = |count: u64, what: &str| {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    };
    part(did.passed_over, "less severe than wanted");
    part(did.quiet, "in dry run or suppressed");
    part(did.older, "older than this channel (--since)");
    part(did.refused.len() as u64, "refused");
    desk.out.say(&parts.join(" · "))?;
    for (fingerprint, why) in &did.refused {
        desk.out.say(&format!("error: {} was refused\n  why: {why}", plain(fingerprint)))?;
    }
    if let Some(why) = &did.stopped {
        desk.out.say(&format!(
            "error: could not tell everything\n  why: {why}\n help: run this again: what arrived is not sent again, but for the group that it stopped in"
        ))?;
    }
    Ok(if did.refused.is_empty() && did.stopped.is_none() { Exit::Done } else { Exit::Failed })
}
