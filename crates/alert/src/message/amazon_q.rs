//! Amazon Q Developer in chat applications: a custom notification (schema 1.0), which a topic carries
//! into a Slack or Teams channel.
//!
//! Its `client-markdown` is that of the channel. Event text stands in spans of code, where there is no
//! markup, and with entities, without which Slack would know mentions there.
//! <https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html>

use serde_json::{Value, json};

use super::facts::{facts, headline};
use crate::FindingV1;
use crate::text::{code, slack as safe};

/// Characters of each text. AWS says no limit for these.
const TEXT: usize = 300;

/// The message to publish; nothing but a topic that Amazon Q reads understands it.
pub fn amazon_q(finding: &FindingV1) -> Value {
    let (mut lines, mut next) = (Vec::new(), Vec::new());
    for fact in facts(finding) {
        match fact.name {
            "more" | "explain" => next.push(code(&fact.text, TEXT)),
            name => lines.push(format!("*{name}* {}", code(&fact.text, TEXT))),
        }
    }
    let word = |text: &str| safe(text, 64);
    json!({
        "version": "1.0",
        "source": "custom",
        "id": finding.id(),
        "content": {
            "textType": "client-markdown",
            "title": unmarked(&headline(finding)),
            "description": lines.join("\n"),
            "nextSteps": next,
            "keywords": ["rolecall", word(&finding.severity), word(&finding.detection)],
        },
        "metadata": {
            "threadId": word(&finding.fingerprint),
            "summary": unmarked(&headline(finding)),
            "eventType": "rolecall-finding",
            "additionalContext": {
                "severity": word(&finding.severity),
                "detection": word(&finding.detection),
            },
        },
    })
}

/// A line without signs that Markdown knows.
fn unmarked(text: &str) -> String {
    safe(text, TEXT).replace(['*', '_', '~', '`', '[', ']'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::finding;

    #[test]
    fn what_the_schema_requires_is_there() {
        let message = amazon_q(&finding());
        assert_eq!((&message["version"], &message["source"]), (&json!("1.0"), &json!("custom")));
        let told = message["content"]["description"].as_str().unwrap();
        assert!(told.contains("*root* `arn:aws:iam::111111111111:user/ana`"), "{told}");
        assert_eq!(message["content"]["nextSteps"][1], "`rolecall explain chain-into-new-account`");
        assert_eq!(message["metadata"]["threadId"], "00112233445566aa");
        assert_eq!(message["id"], "00112233445566aa-20260310000000");
    }
}
