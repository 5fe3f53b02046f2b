//! Asks whether a receiver is there, without telling it anything.

use aws_sdk_sns::error::ProvideErrorMetadata;

use crate::channel::Endpoint;
use crate::courier::{NoClient, Unreached, unreached};
use crate::sns::{said, unanswered};
use crate::{Courier, Publisher};

/// Why a webhook is not reached. It names no address.
#[derive(Debug, thiserror::Error)]
pub enum Silent {
    /// No HTTP client could be made.
    #[error(transparent)]
    NoClient(#[from] NoClient),
    /// Nobody answers there.
    #[error(transparent)]
    Unreached(#[from] Unreached),
}

/// Why a topic does not say how it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unseen {
    /// There is no such topic.
    #[error("there is no such topic")]
    Missing,
    /// These credentials may not look at it; whether they may publish is not known.
    #[error("{0}")]
    Forbidden(String),
    /// Something else.
    #[error("{0}")]
    Failed(String),
}

impl Courier {
    /// Whether somebody answers where a webhook is, whatever the answer. It is asked for its headers, and for none
    /// of the path: that is the secret, and asking for it may set something off.
    pub async fn reach(&self, endpoint: &Endpoint) -> Result<(), Silent> {
        let request = self.client(endpoint).await?.head(endpoint.origin());
        request.send().await.map_err(|error| unreached(&error))?;
        Ok(())
    }
}

impl Publisher {
    /// How many subscriptions the topic has that somebody confirmed.
    pub async fn subscribed(&self) -> Result<u64, Unseen> {
        let asked = self.client.get_topic_attributes().topic_arn(self.topic.as_str()).send().await;
        let answer = asked.map_err(|error| {
            let Some(service) = error.as_service_error() else {
                return Unseen::Failed(unanswered(&error));
            };
            let why = format!("SNS: {}", said(service.code(), service.message()));
            match service.code() {
                Some("NotFound") => Unseen::Missing,
                Some("AuthorizationError" | "AccessDenied") => Unseen::Forbidden(why),
                _ => Unseen::Failed(why),
            }
        })?;
        let confirmed = answer.attributes().and_then(|all| all.get("SubscriptionsConfirmed"));
        Ok(confirmed.and_then(|number| number.parse().ok()).unwrap_or_default())
    }
}
