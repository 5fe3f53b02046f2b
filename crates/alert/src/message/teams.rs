//! Microsoft Teams: a workflow's webhook takes an Adaptive Card.
//!
//! Texts are `TextRun`s, which, other than `TextBlock`s, know no Markdown; there are no `entities`,
//! without which nothing is a mention. Teams takes 28 KB.
//! <https://adaptivecards.microsoft.com/?topic=TextRun>

use serde_json::{Value, json};

use super::facts::{facts, headline};
use crate::FindingV1;
use crate::text::chat;

/// Characters of one text: eleven such texts of four bytes each stay below 28 KB.
const TEXT: usize = 400;

/// The message for a workflow that posts a card.
pub fn teams(finding: &FindingV1) -> Value {
    let bold = |text: String| json!({"type": "TextRun", "text": text, "weight": "Bolder"});
    let colour = match finding.severity.as_str() {
        "critical" | "high" => "Attention",
        "medium" => "Warning",
        _ => "Default",
    };
    let mut title = bold(chat(&headline(finding), TEXT));
    title["size"] = json!("Large");
    title["color"] = json!(colour);
    let mut body = vec![json!({"type": "RichTextBlock", "inlines": [title]})];
    body.extend(facts(finding).into_iter().map(|fact| {
        let mut run = json!({"type": "TextRun", "text": chat(&fact.text, TEXT)});
        if matches!(fact.name, "more" | "explain") {
            run["fontType"] = json!("Monospace");
        }
        let name = bold(format!("{}: ", fact.name));
        json!({"type": "RichTextBlock", "inlines": [name, run], "spacing": "Small"})
    }));
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "msteams": {"width": "Full"},
                "body": body,
            },
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::finding;

    #[test]
    fn a_card_has_a_title_and_a_line_for_each_fact() {
        let card = teams(&finding());
        let body = card["attachments"][0]["content"]["body"].as_array().unwrap();
        assert_eq!(body[0]["inlines"][0]["color"], "Attention");
        let lines: Vec<String> = body[1..]
            .iter()
            .map(|line| {
                let text = |at: usize| line["inlines"][at]["text"].as_str().unwrap();
                format!("{}{}", text(0), text(1))
            })
            .collect();
        assert_eq!(lines[1], "root: arn:aws:iam::111111111111:user/ana");
        assert_eq!(lines[9], "more: select * from session where root_principal = 'ana'");
    }
}
