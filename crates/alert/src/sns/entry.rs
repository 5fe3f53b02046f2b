//! Entries of a batch for SNS: message, subject and attributes, within what SNS takes.
//!
//! <https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html>: ten entries and 256 KB in all;
//! a subject is ASCII and shorter than 100 characters.

use crate::FindingV1;
use crate::message::amazon_q;
use crate::text::{ascii, cut, plain};

/// Entries and bytes of one batch.
const ENTRIES: usize = 10;
const BATCH: usize = 256 * 1024;

/// Bytes of one message, so that attributes have room beside it.
const MESSAGE: usize = 240 * 1024;

/// Characters of a subject, and of an attribute.
const SUBJECT: usize = 99;
const ATTRIBUTE: usize = 256;

/// Accounts that filters can match.
const ACCOUNTS: usize = 100;

/// What a message of the topic looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `finding.v1`, for programs, HTTPS subscribers and e-mail.
    FindingV1,
    /// A custom notification, for Amazon Q Developer in chat applications alone.
    AmazonQ,
}

/// One message before it becomes the SDK's.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) message: String,
    pub(super) subject: String,
    /// Name, type and value.
    pub(super) attributes: Vec<(&'static str, &'static str, String)>,
    /// Group and deduplication id, which a FIFO topic needs.
    pub(super) fifo: Option<(String, String)>,
}

impl Entry {
    pub(super) fn of(finding: &FindingV1, form: Form, is_fifo: bool) -> Entry {
        let subject = format!("[{}] {}", finding.severity, finding.title);
        let mut attributes = vec![
            ("severity", "String", finding.severity.clone()),
            ("detection", "String", finding.detection.clone()),
            ("family", "String", finding.family.clone().unwrap_or_default()),
            ("account", "String", finding.accounts.first().cloned().unwrap_or_default()),
        ];
        for (_, _, value) in &mut attributes {
            *value = cut(&plain(value), ATTRIBUTE);
        }
        let accounts = finding.accounts.iter().take(ACCOUNTS);
        let accounts: Vec<String> = accounts.map(|account| cut(&plain(account), 64)).collect();
        if !accounts.is_empty() {
            attributes.push(("accounts", "String.Array", serde_json::json!(accounts).to_string()));
        }
        // SNS refuses empty values.
        attributes.retain(|(_, _, value)| !value.is_empty());
        let message = match form {
            Form::FindingV1 => finding.to_json_within(MESSAGE),
            Form::AmazonQ => amazon_q(finding).to_string(),
        };
        let group: String = finding.detection.chars().filter(|c| safe(*c)).take(128).collect();
        let group = if group.is_empty() { "findings".to_owned() } else { group };
        Entry {
            message,
            subject: ascii(&subject, SUBJECT),
            attributes,
            fifo: is_fifo.then(|| (group, finding.id())),
        }
    }

    /// The bytes that SNS counts.
    fn size(&self) -> usize {
        let attribute =
            |(name, kind, value): &(&str, &str, String)| name.len() + kind.len() + value.len();
        self.message.len() + self.attributes.iter().map(attribute).sum::<usize>()
    }
}

fn safe(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// Batches in the order of the entries.
pub(super) fn batches(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut batches: Vec<Vec<Entry>> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        let size = entry.size();
        match batches.last_mut() {
            Some(batch) if batch.len() < ENTRIES && bytes + size <= BATCH => {
                bytes += size;
                batch.push(entry);
            }
            _ => {
                bytes = size;
                batches.push(vec![entry]);
            }
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::finding;

    #[test]
    fn filters_find_their_attributes() {
        let entry = Entry::of(&finding(), Form::FindingV1, true);
        assert_eq!(
            entry.attributes,
            [
                ("severity", "String", "high".to_owned()),
                ("detection", "String", "chain-into-new-account".to_owned()),
                ("family", "String", "cross-account chain".to_owned()),
                ("account", "String", "333333333333".to_owned()),
                ("accounts", "String.Array", r#"["333333333333","111111111111"]"#.to_owned()),
            ]
        );
        assert_eq!(entry.subject, "[high] A chain of roles goes where it never went before");
        assert_eq!(FindingV1::read(&entry.message).unwrap(), finding());
        let (group, id) = entry.fifo.unwrap();
        assert_eq!((group.as_str(), id), ("chain-into-new-account", finding().id()));
        assert_eq!(Entry::of(&finding(), Form::FindingV1, false).fifo, None);
    }

    #[test]
    fn the_same_finding_in_another_window_is_another_message() {
        let mut later = finding();
        later.window[0] = "2026-03-18T00:00:00Z".into();
        assert_ne!(later.id(), finding().id());
    }

    #[test]
    fn nothing_hostile_or_too_long_goes_out() {
        let mut hostile = finding();
        hostile.title = "a\nBcc: x\u{202e}é".repeat(40);
        hostile.accounts = vec!["\0".repeat(900); 900];
        hostile.detection = "é\n".into();
        hostile.family = Some(String::new());
        hostile.subject = "s".repeat(400_000);
        let entry = Entry::of(&hostile, Form::FindingV1, true);
        assert!(entry.subject.len() < 100 && entry.subject.bytes().all(|b| (32..127).contains(&b)));
        assert!(entry.size() <= BATCH, "{}", entry.size());
        assert!(
            entry.attributes.iter().all(|(name, _, value)| *name != "family" && !value.is_empty())
        );
        assert_eq!(entry.fifo.unwrap().0, "findings");
        assert!(!FindingV1::read(&entry.message).unwrap().cut.is_empty());
    }

    #[test]
    fn batches_are_small_and_in_order() {
        let entry = |at: usize, size: usize| Entry {
            message: "x".repeat(size),
            subject: at.to_string(),
            attributes: Vec::new(),
            fifo: None,
        };
        let sizes = |batches: Vec<Vec<Entry>>| batches.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(sizes(batches((0..25).map(|at| entry(at, 10)).collect())), [10, 10, 5]);
        assert_eq!(sizes(batches((0..3).map(|at| entry(at, 200_000)).collect())), [1, 1, 1]);
        assert_eq!(sizes(batches(Vec::new())), [0; 0]);
        let order: Vec<String> = batches((0..25).map(|at| entry(at, 60_000)).collect())
            .into_iter()
            .flatten()
            .map(|entry| entry.subject)
            .collect();
        assert_eq!(order, (0..25).map(|at| at.to_string()).collect::<Vec<_>>());
    }
}
