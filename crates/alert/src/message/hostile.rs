//! Whatever an event says, no channel gets a mention, a link, markup or a character that steers.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{amazon_q, pagerduty, slack, teams};
use crate::FindingV1;
use crate::sample::finding;
use crate::text::is_steering;

/// Pieces of what somebody would try, among anything else.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<!channel>".to_owned()),
        Just("<@U024BE7LH>".to_owned()),
        Just("<!subteam^S1|x>".to_owned()),
        Just("<http://evil.example|click>".to_owned()),
        Just("[click](https://evil.example)".to_owned()),
        Just("<at>Everyone</at>".to_owned()),
        Just("`*_~".to_owned()),
        Just("\u{202e}\u{1b}[31m\r\n\0".to_owned()),
        Just("\u{e0041}\u{200b}".to_owned()),
        Just("\"}],\"x\":\"\\".to_owned()),
        any::<String>(),
        "[<>&!@|\\[\\]()/:`*]{0,12}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            found.push(name.clone());
            texts(value, found);
        }),
        _ => {}
    }
}

fn check(channel: &str, message: &Value, is_chat: bool) {
    let mut found = Vec::new();
    texts(message, &mut found);
    for text in found {
        let lines = if channel == "amazon-q" { text.replace('\n', "") } else { text.clone() };
        assert!(!lines.contains(is_steering), "{channel}: {text:?}");
        let ours = text == "http://adaptivecards.io/schemas/adaptive-card.json";
        if !is_chat || ours {
            continue;
        }
        for bad in ["<!", "<@", "<#", "<h", "<a", "</", "](", "://"] {
            assert!(!text.contains(bad), "{channel}: {bad} in {text:?}");
        }
        if matches!(channel, "slack" | "amazon-q") {
            assert!(!text.contains(['<', '>']), "{channel}: {text:?}");
        }
    }
}

proptest! {
    #[test]
    fn hostile_text_stays_text(a in hostile(), b in hostile(), c in hostile(), many in 0usize..40) {
        let mut finding = finding();
        finding.subject = a.clone();
        finding.title = b.clone();
        finding.root = Some(c.clone());
        finding.path = vec![c.clone(); many];
        finding.accounts = vec![b.clone(); many];
        finding.networks = vec![a.clone(), c.clone()];
        finding.fingerprint = a.clone();
        finding.detection = c.clone();
        finding.family = Some(a.clone());
        finding.severity = b.clone();
        finding.first_at = c.clone();
        finding.window[0] = a.clone();
        finding.more = Some(format!("select '{a}'"));
        finding.harmless = Some(b.repeat(100));
        finding.evidence = json!({ a.clone(): b, "list": [c, a.repeat(200)] });

        let (in_slack, in_teams) = (slack(&finding), teams(&finding));
        check("slack", &in_slack, true);
        check("teams", &in_teams, true);
        check("amazon-q", &amazon_q(&finding), true);
        check("pagerduty", &pagerduty(&finding), false);

        prop_assert!(in_teams.to_string().len() < 28_000);
        for block in in_slack["blocks"].as_array().unwrap() {
            let most = if block["type"] == "header" { 150 } else { 3000 };
            prop_assert!(block["text"]["text"].as_str().unwrap().chars().count() <= most);
        }
        let json = finding.to_json();
        prop_assert!(!json.contains(is_steering));
        let back: FindingV1 = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&back, &finding);
        prop_assert!(finding.id().len() <= 64 && finding.id().is_ascii());
    }
}
