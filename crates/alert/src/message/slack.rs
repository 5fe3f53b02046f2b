//! Slack: an incoming webhook takes blocks.
//!
//! All texts are `plain_text`, in which Slack knows no markup and no mention; `&`, `<` and `>` are
//! entities nevertheless. <https://docs.slack.dev/reference/block-kit/blocks>

use serde_json::{Value, json};

use super::facts::{facts, headline};
use crate::FindingV1;
use crate::text::slack as safe;

/// Characters of a header (Slack takes 150, entities included) and of a line (Slack takes 3000).
/// An entity has at most five characters, a `://` becomes five as well.
const HEADER: usize = 30;
const LINE: usize = 550;

/// The message for an incoming webhook.
pub fn slack(finding: &FindingV1) -> Value {
    let text = |text: String| json!({"type": "plain_text", "text": text, "emoji": false});
    let title = headline(finding);
    let mut blocks = Vec::new();
    if title.chars().all(|c| c.is_alphanumeric() || " :,.'-".contains(c)) && title.len() <= 150 {
        blocks.push(json!({"type": "header", "text": text(title.clone())}));
    } else {
        blocks.push(
            json!({"type": "header", "text": text(safe(&finding.severity.to_uppercase(), HEADER))}),
        );
        blocks.push(json!({"type": "section", "text": text(safe(&finding.title, LINE))}));
    }
    blocks.extend(facts(finding).into_iter().map(|fact| {
        json!({"type": "section", "text": text(format!("{}: {}", fact.name, safe(&fact.text, LINE)))})
    }));
    json!({
        "text": safe(&title, LINE),
        "mrkdwn": false,
        "parse": "none",
        "link_names": false,
        "unfurl_links": false,
        "unfurl_media": false,
        "blocks": blocks,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::finding;

    #[test]
    fn an_alert_says_what_who_and_what_next() {
        let message = slack(&finding());
        assert_eq!(message["text"], "HIGH: A chain of roles goes where it never went before");
        assert_eq!(message["blocks"][0]["type"], "header");
        assert_eq!(message["blocks"][0]["text"]["text"], message["text"]);
        let lines: Vec<&str> = message["blocks"].as_array().unwrap()[1..]
            .iter()
            .map(|block| block["text"]["text"].as_str().unwrap())
            .collect();
        assert_eq!(lines[1], "root: arn:aws:iam::111111111111:user/ana");
        assert!(lines[2].contains("user/ana → arn:aws:iam::222222222222:role/deploy"));
        assert_eq!(lines[3], "when: 2026-03-10T12:00:00Z until 2026-03-10T12:05:00Z");
        assert_eq!(lines[6], "evidence: why new account · depth 2");
        assert_eq!(lines[9], "more: select * from session where root_principal = 'ana'");
        assert_eq!(lines[10], "explain: rolecall explain chain-into-new-account");
    }
}
