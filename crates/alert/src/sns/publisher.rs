//! Sends batches, and says what became of each message.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sns::Client;
use aws_sdk_sns::config::timeout::TimeoutConfig;
use aws_sdk_sns::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_sns::operation::publish_batch::{PublishBatchError, PublishBatchOutput};
use aws_sdk_sns::types::{MessageAttributeValue, PublishBatchRequestEntry};

use super::entry::{Entry, Form, batches};
use crate::text::{cut, plain};
use crate::{FindingV1, Outcome, Retry, Sink, TopicArn};

/// Publishes to one topic. Whole requests are repeated by the SDK, single messages here.
#[derive(Clone, Debug)]
pub struct Publisher {
    pub(crate) client: Client,
    pub(crate) topic: TopicArn,
    form: Form,
    retry: Retry,
}

/// Credentials, region and `AWS_ENDPOINT_URL` of the AWS SDK's default chain.
pub(crate) async fn aws() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest()).load().await
}

impl Publisher {
    /// A publisher with the AWS SDK's default chain: environment, profile, container, instance.
    pub async fn connect(topic: TopicArn, form: Form) -> Publisher {
        Publisher::new(&aws().await, topic, form)
    }

    /// A publisher with settings of your own. The Region is always that of the topic.
    pub fn new(aws: &SdkConfig, topic: TopicArn, form: Form) -> Publisher {
        let timeouts = TimeoutConfig::builder()
            .operation_attempt_timeout(Duration::from_secs(15))
            .connect_timeout(Duration::from_secs(5))
            .build();
        let config = aws_sdk_sns::config::Builder::from(aws)
            .region(Region::new(topic.region().to_owned()))
            .timeout_config(timeouts)
            .build();
        Publisher { client: Client::from_conf(config), topic, form, retry: Retry::default() }
    }

    /// Publishes findings in their order. What follows a batch that could not be sent is not tried, and
    /// has no outcome.
    pub async fn publish(&self, findings: &[FindingV1]) -> Vec<Outcome> {
        let is_fifo = self.topic.is_fifo();
        let entries =
            findings.iter().map(|finding| Entry::of(finding, self.form, is_fifo)).collect();
        let mut outcomes = Vec::with_capacity(findings.len());
        for batch in batches(entries) {
            outcomes.extend(self.insist(batch).await);
            let stop =
                |outcome: &Outcome| matches!(outcome, Outcome::Closed(_) | Outcome::Later(_));
            if outcomes.iter().any(stop) {
                break;
            }
        }
        outcomes
    }

    /// Sends a batch, and again those of its messages that SNS could not take.
    async fn insist(&self, batch: Vec<Entry>) -> Vec<Outcome> {
        let mut outcomes: Vec<Option<Outcome>> = vec![None; batch.len()];
        let mut waiting: Vec<usize> = (0..batch.len()).collect();
        for attempt in 0.. {
            let failed = match self.send(&batch, &waiting).await {
                Ok(answer) => answer,
                Err(outcome) => {
                    waiting.iter().for_each(|at| outcomes[*at] = Some(outcome.clone()));
                    break;
                }
            };
            for at in std::mem::take(&mut waiting) {
                outcomes[at] = Some(failed.get(&at).cloned().unwrap_or(Outcome::Delivered));
                if matches!(outcomes[at], Some(Outcome::Later(_))) {
                    waiting.push(at);
                }
            }
            let pause = self.retry.pause(attempt, fastrand::f64(), None);
            match pause.filter(|_| !waiting.is_empty()) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => break,
            }
        }
        outcomes.into_iter().flatten().collect()
    }

    /// One request. Those that failed, by their place in the batch, or why all of them did.
    async fn send(
        &self,
        batch: &[Entry],
        places: &[usize],
    ) -> Result<BTreeMap<usize, Outcome>, Outcome> {
        let entries: Result<Vec<_>, BuildError> =
            places.iter().map(|at| request(&batch[*at], *at)).collect();
        let entries = entries.map_err(|error| Outcome::Refused(error.to_string()))?;
        let sent = self
            .client
            .publish_batch()
            .topic_arn(self.topic.as_str())
            .set_publish_batch_request_entries(Some(entries))
            .send()
            .await;
        sent.map(|answer| failures(&answer)).map_err(|error| why(&error))
    }
}

impl Sink for Publisher {
    async fn send(&self, findings: &[FindingV1]) -> Vec<Outcome> {
        self.publish(findings).await
    }
}

fn request(entry: &Entry, at: usize) -> Result<PublishBatchRequestEntry, BuildError> {
    let mut request = PublishBatchRequestEntry::builder()
        .id(at.to_string())
        .message(&entry.message)
        .subject(&entry.subject);
    for (name, kind, value) in &entry.attributes {
        let value =
            MessageAttributeValue::builder().data_type(*kind).string_value(value).build()?;
        request = request.message_attributes(*name, value);
    }
    if let Some((group, id)) = &entry.fifo {
        request = request.message_group_id(group).message_deduplication_id(id);
    }
    request.build()
}

fn failures(answer: &PublishBatchOutput) -> BTreeMap<usize, Outcome> {
    let failed = answer.failed().iter().filter_map(|failed| {
        let why = format!("SNS: {}", said(Some(failed.code()), failed.message()));
        let outcome =
            if failed.sender_fault() { Outcome::Refused(why) } else { Outcome::Later(why) };
        Some((failed.id().parse().ok()?, outcome))
    });
    failed.collect()
}

/// Why a whole request failed: what only somebody can put right, or what time may.
fn why(error: &SdkError<PublishBatchError>) -> Outcome {
    let status = error.raw_response().map(|raw| raw.status().as_u16());
    match error.as_service_error() {
        Some(service) => {
            let code = service.code().unwrap_or_default();
            let why = format!("SNS: {}", said(Some(code), service.message()));
            let throttled = code.to_lowercase().contains("throttl");
            match status {
                Some(400..=499) if !throttled => Outcome::Closed(why),
                _ => Outcome::Later(why),
            }
        }
        None => Outcome::Later(unanswered(error)),
    }
}

/// Why SNS did not answer: the innermost cause.
pub(crate) fn unanswered(error: &dyn std::error::Error) -> String {
    let mut last = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        last = source.to_string();
        cause = source.source();
    }
    format!("could not reach SNS: {}", cut(&plain(&last), 200))
}

pub(crate) fn said(code: Option<&str>, message: Option<&str>) -> String {
    let parts: Vec<&str> =
        code.into_iter().chain(message).filter(|part| !part.is_empty()).collect();
    cut(&plain(&parts.join(": ")), 200)
}
