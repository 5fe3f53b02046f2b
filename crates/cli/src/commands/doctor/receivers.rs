//! Who hears of findings: whether the webhook and the topic are there. Nothing is told to them.

use std::time::Duration;

use rolecall_alert::{
    Courier, Endpoint, Form, Publisher, Retry, Secret, Silent, TopicArn, Unreached, Unseen,
};

use super::check::{Check, count};

/// So long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where `rolecall alert` finds the address of a webhook that nobody may read.
const WEBHOOK: &str = "ROLECALL_WEBHOOK";

pub(super) async fn look(topic: Option<&TopicArn>, allow_private: bool) -> Vec<Check> {
    let mut checks = Vec::new();
    let url = std::env::var(WEBHOOK).ok().filter(|url| !url.trim().is_empty());
    if let Some(url) = url {
        checks.push(webhook(&Secret::new(url), allow_private).await);
    }
    if let Some(topic) = topic {
        checks.push(sns(topic).await);
    }
    checks
}

/// Refuses what an alert would refuse, and connects as one would.
async fn webhook(url: &Secret, allow_private: bool) -> Check {
    let inside = "if the receiver is inside, allow that here and in alerts: `--allow-private`";
    let endpoint = match Endpoint::read(url, allow_private) {
        Ok(endpoint) => endpoint,
        Err(flaw) => {
            let help = format!("put the address that the receiver shows into {WEBHOOK}; {inside}");
            return Check::problem("webhook", format!("{WEBHOOK} cannot be used: {flaw}"))
                .help(help);
        }
    };
    match Courier::new(Retry::default(), PATIENCE).reach(&endpoint).await {
        Ok(()) => Check::ok("webhook", format!("somebody answers at {WEBHOOK}; nothing was sent")),
        Err(error) => {
            let help = match error {
                Silent::Unreached(Unreached::Inside(_)) => inside,
                _ => "look at the address, and at what the firewall lets out: alerts use no proxy",
            };
            Check::problem("webhook", format!("nobody answers at {WEBHOOK}: {error}")).help(help)
        }
    }
}

async fn sns(topic: &TopicArn) -> Check {
    let publisher = Publisher::connect(topic.clone(), Form::FindingV1).await;
    let asked = tokio::time::timeout(PATIENCE, publisher.subscribed()).await;
    match asked.unwrap_or_else(|_| Err(Unseen::Failed("no answer in time".to_owned()))) {
        Ok(0) => Check::warning("topic", format!("{topic} is there, and nobody is subscribed"))
            .help("subscribe somebody, and confirm it: what is published now is lost"),
        Ok(subscribed) => {
            let subscribed = count(subscribed as usize, "subscription", "subscriptions");
            Check::ok("topic", format!("{topic} · {subscribed}; nothing was published"))
        }
        Err(Unseen::Forbidden(why)) => {
            Check::warning("topic", format!("could not look at {topic}: {why}"))
                .help("allow sns:GetTopicAttributes to see it; alerts only need sns:Publish")
        }
        Err(error) => Check::problem("topic", format!("could not find {topic}: {error}")).help(
            "look at the ARN and its Region, and at the credentials: `rolecall doctor --aws`",
        ),
    }
}
