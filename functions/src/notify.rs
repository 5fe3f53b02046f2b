//! The function `notify`: findings that were published go to chats, pagers and webhooks.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use aws_sdk_secretsmanager::Client;
use rolecall_alert::{Channel, Courier};
use rolecall_pipeline::aws_environment;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::delivered::Delivered;
use crate::{Call, Done, Handler, Level, Metric, Settings};

/// How long channels are kept before their secret is read again.
const KEPT: Duration = Duration::from_secs(300);

/// Notifies.
#[derive(Debug)]
pub struct Notify {
    secret: String,
    courier: Courier,
    channels: Mutex<Option<(Instant, Vec<Channel>)>>,
    delivered: Delivered,
}

impl Notify {
    /// Nothing is read before the first event.
    pub fn new(settings: &Settings) -> Notify {
        Notify {
            secret: settings.channels_secret.clone().unwrap_or_default(),
            courier: Courier::default(),
            channels: Mutex::default(),
            delivered: Delivered::default(),
        }
    }

    async fn channels(&self) -> Result<Vec<Channel>> {
        let mut kept = self.channels.lock().await;
        if let Some((at, channels)) = kept.as_ref()
            && at.elapsed() < KEPT
        {
            return Ok(channels.clone());
        }
        let secrets = Client::new(&aws_environment().await);
        let secret = secrets.get_secret_value().secret_id(&self.secret).send().await;
        let secret = secret.map_err(|error| error.into_service_error());
        let secret = secret.context("could not read the secret that holds the channels")?;
        let channels = Channel::read(secret.secret_string().unwrap_or_default())?;
        *kept = Some((Instant::now(), channels.clone()));
        Ok(channels)
    }
}

impl Handler for Notify {
    async fn handle(&self, event: &Value, call: &Call) -> Result<Done> {
        let records = event["Records"].as_array().map(Vec::as_slice).unwrap_or_default();
        let message = |record: &Value| record["Sns"]["Message"].as_str().map(str::to_owned);
        let messages: Vec<String> = records.iter().filter_map(message).collect();
        ensure!(
            !messages.is_empty() && messages.len() == records.len(),
            "the event holds no messages of SNS: subscribe notify to the topic of findings"
        );
        let mut channels = self.channels().await?;
        // SNS hands over one message at a time.
        let again = match records {
            [one] => one["Sns"]["MessageId"].as_str(),
            _ => None,
        };
        if let Some(message) = again {
            channels.retain(|channel| !self.delivered.has(message, &channel.name));
        }
        let within = call.deadline.begin_until.saturating_duration_since(Instant::now());
        let did =
            rolecall_alert::notify(&self.courier, &messages, &channels, call.now, within).await;
        let mut failed = Vec::new();
        for one in did.iter().filter(|one| !one.outcome.is_settled()) {
            let told = json!({"fingerprint": one.fingerprint, "channel": one.channel});
            let told = told.as_object().cloned().unwrap_or_default();
            let why = one.outcome.why().unwrap_or_default();
            call.log.say(Level::Error, &format!("not delivered: {why}"), &told);
            failed.push(format!("{}: {why}", one.channel.as_deref().unwrap_or("no finding")));
        }
        if let Some(message) = again {
            if failed.is_empty() {
                self.delivered.forget(message);
            } else {
                let settled = did.iter().filter(|one| one.outcome.is_settled());
                self.delivered.add(message, settled.filter_map(|one| one.channel.as_deref()));
            }
        }
        // Lambda tries again, and then keeps the message among the dead letters.
        ensure!(failed.is_empty(), "could not deliver: {}", failed.join("; "));
        let told = json!({"messages": messages.len(), "channels": channels.len()});
        let metrics = vec![Metric::count("Findings", messages.len() as u64)];
        let map = told.as_object().cloned().unwrap_or_default();
        Ok(Done { answer: told, metrics, told: map })
    }
}
