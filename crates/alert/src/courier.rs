//! Brings findings to receivers over HTTP, patiently, and without following anybody.

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, StatusCode};
use rolecall_model::Time;
use tokio::sync::OnceCell;

use crate::address::{Inside, PublicOnly};
use crate::channel::Endpoint;
use crate::message::{pagerduty, slack, teams};
use crate::retry::{Verdict, retry_after, verdict};
use crate::text::{cut, plain};
use crate::{Channel, FindingV1, Form, Outcome, Publisher, Receiver, Retry};

/// The longest body that we send to a webhook, in bytes.
const LONGEST: usize = 256 * 1024;

/// How much of an answer is read, in bytes: some receivers name the reason in a word.
const ANSWER: usize = 1024;

/// Brings findings to channels. One is enough for a program: it keeps connections open, and makes what
/// it needs when it needs it.
#[derive(Debug)]
pub struct Courier {
    public: OnceCell<Client>,
    anywhere: OnceCell<Client>,
    aws: OnceCell<aws_config::SdkConfig>,
    retry: Retry,
    answer: Duration,
}

/// No HTTP client could be made.
#[derive(Debug, thiserror::Error)]
#[error("could not set up HTTPS: the system's certificates cannot be read")]
pub struct NoClient(#[from] reqwest::Error);

/// Why no answer came. It names no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreached {
    /// It lies where a webhook may not be.
    #[error("could not connect: {0}")]
    Inside(#[from] Inside),
    /// Something that may pass.
    #[error("{0}")]
    Failed(String),
}

/// What is posted.
struct Post<'a> {
    endpoint: &'a Endpoint,
    body: String,
    signed: Option<(&'a crate::SigningKey, String)>,
}

/// What one attempt gave.
enum Answer {
    End(Outcome),
    Again { why: String, after: Option<Duration> },
}

impl Default for Courier {
    /// A courier that waits 10 seconds for each answer.
    fn default() -> Courier {
        Courier::new(Retry::default(), Duration::from_secs(10))
    }
}

impl Courier {
    /// A courier with a patience of its own: `answer` is how long one attempt may take.
    pub fn new(retry: Retry, answer: Duration) -> Courier {
        let (public, anywhere, aws) = Default::default();
        Courier { public, anywhere, aws, retry, answer }
    }

    pub(crate) async fn client(&self, endpoint: &Endpoint) -> Result<&Client, NoClient> {
        // A proxy would resolve names for us, and reach what we must not.
        let builder = Client::builder()
            .user_agent(concat!("rolecall/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(self.answer.min(Duration::from_secs(5)))
            .timeout(self.answer);
        let build = |builder: ClientBuilder| async { Ok(builder.build()?) };
        if endpoint.allow_private {
            self.anywhere.get_or_try_init(|| build(builder)).await
        } else {
            let builder = builder.dns_resolver(Arc::new(PublicOnly));
            self.public.get_or_try_init(|| build(builder)).await
        }
    }

    /// Delivers one finding, with retries, within a length of time. `now` is the time at the start.
    pub async fn deliver(
        &self,
        channel: &Channel,
        finding: &FindingV1,
        now: Time,
        within: Duration,
    ) -> Outcome {
        let post = match &channel.receiver {
            Receiver::Slack(endpoint) => {
                Post { endpoint, body: slack(finding).to_string(), signed: None }
            }
            Receiver::Teams(endpoint) => {
                Post { endpoint, body: teams(finding).to_string(), signed: None }
            }
            Receiver::PagerDuty { endpoint, routing_key } => {
                let mut event = pagerduty(finding);
                event["routing_key"] = routing_key.reveal().into();
                Post { endpoint, body: event.to_string(), signed: None }
            }
            Receiver::Webhook { endpoint, key } => Post {
                endpoint,
                body: finding.to_json_within(LONGEST),
                signed: key.as_ref().map(|key| (key, finding.id())),
            },
            Receiver::AmazonQ(topic) => {
                let aws = self.aws.get_or_init(crate::sns::aws).await;
                let publisher = Publisher::new(aws, topic.clone(), Form::AmazonQ);
                let publish = publisher.publish(std::slice::from_ref(finding));
                let outcomes = tokio::time::timeout(within, publish).await.unwrap_or_default();
                return outcomes
                    .into_iter()
                    .next()
                    .unwrap_or_else(|| Outcome::Later(TIMES_UP.into()));
            }
        };
        let outcome = self.insist(&post, now, within).await;
        match (&channel.receiver, outcome) {
            // Our events are as PagerDuty wants them: what it finds invalid is the integration key.
            (Receiver::PagerDuty { .. }, Outcome::Refused(why)) => Outcome::Closed(why),
            (_, outcome) => outcome,
        }
    }

    /// Posts until it is delivered or refused, or time is up.
    async fn insist(&self, post: &Post<'_>, now: Time, within: Duration) -> Outcome {
        let started = Instant::now();
        for attempt in 0.. {
            let elapsed = started.elapsed();
            let at = Time(now.0.saturating_add(elapsed.as_micros() as i64));
            let left = within.saturating_sub(elapsed);
            let tried = tokio::time::timeout(left, self.post(post, at)).await;
            let (why, after) = match tried {
                Ok(Answer::End(outcome)) => return outcome,
                Ok(Answer::Again { why, after }) => (why, after),
                Err(_) => return Outcome::Later(TIMES_UP.to_owned()),
            };
            let pause = self.retry.pause(attempt, fastrand::f64(), after);
            match pause.filter(|pause| started.elapsed() + *pause < within) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Outcome::Later(format!("{why} ({} attempts)", attempt + 1)),
            }
        }
        Outcome::Later(TIMES_UP.to_owned())
    }

    async fn post(&self, post: &Post<'_>, now: Time) -> Answer {
        let client = match self.client(post.endpoint).await {
            Ok(client) => client,
            Err(error) => return Answer::End(Outcome::Closed(error.to_string())),
        };
        let mut request = client.post(post.endpoint.url()).header(CONTENT_TYPE, "application/json");
        if let Some((key, id)) = &post.signed {
            request = request
                .header("webhook-id", id)
                .header("webhook-timestamp", now.seconds().to_string())
                .header("webhook-signature", key.sign(id, now.seconds(), &post.body));
        }
        let mut answer = match request.body(post.body.clone()).send().await {
            Ok(answer) => answer,
            Err(error) => {
                return match unreached(&error) {
                    inside @ Unreached::Inside(_) => {
                        Answer::End(Outcome::Closed(inside.to_string()))
                    }
                    Unreached::Failed(why) => Answer::Again { why, after: None },
                };
            }
        };
        let status = answer.status();
        let after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let after = after.and_then(|text| retry_after(text, now));
        let verdict = verdict(status.as_u16());
        if verdict == Verdict::Delivered {
            return Answer::End(Outcome::Delivered);
        }
        let mut said = Vec::new();
        while let Ok(Some(part)) = answer.chunk().await
            && said.len() < ANSWER
        {
            said.extend_from_slice(&part);
        }
        let why = why(status, &said);
        match verdict {
            Verdict::Retry => Answer::Again { why, after },
            Verdict::Refused => Answer::End(Outcome::Refused(why)),
            _ => Answer::End(Outcome::Closed(why)),
        }
    }
}

const TIMES_UP: &str = "no time is left";

/// The status, and the receiver's own word for it: Slack says `invalid_blocks`. Anything longer may
/// repeat our address to us, and is not shown.
fn why(status: StatusCode, said: &[u8]) -> String {
    let word = str::from_utf8(said).unwrap_or_default().trim();
    let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
    let shown = !word.is_empty() && word.len() <= 40 && word.chars().all(is_word);
    let moved = if status.is_redirection() { ": it redirects, which is not followed" } else { "" };
    format!(
        "the receiver answers {status}{moved}{}",
        if shown { format!(": {word}") } else { String::new() }
    )
}

/// Why no answer came, without the address.
pub(crate) fn unreached(error: &reqwest::Error) -> Unreached {
    let mut cause = error.source();
    let mut last = String::new();
    while let Some(source) = cause {
        if source.is::<Inside>() {
            return Unreached::Inside(Inside);
        }
        last = source.to_string();
        cause = source.source();
    }
    Unreached::Failed(if error.is_timeout() {
        "no answer in time".to_owned()
    } else if error.is_connect() {
        format!("could not connect: {}", cut(&plain(&last), 200))
    } else {
        format!("the connection broke: {}", cut(&plain(&last), 200))
    })
}
