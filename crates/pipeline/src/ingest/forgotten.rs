//! Rows of `usage` whose event hashes were emptied: what they counted, as far as they still tell.

use std::collections::HashMap;

use rolecall_model::{Time, Usage, hash};

/// What is read of such rows: what makes a row, its span of time, and the hashes, which newer rows in
/// the same file would have.
pub(super) const GROUP_COLUMNS: &[&str] = &[
    "hour",
    "recipient_account_id",
    "aws_region",
    "principal",
    "principal_id",
    "access_key_id",
    "session_created_at",
    "source_ip_address",
    "vpc_endpoint_id",
    "user_agent",
    "event_source",
    "event_name",
    "error_code",
    "first_at",
    "last_at",
    "event_hashes",
];

/// The spans of time in which rows have counted calls, by all that makes a row.
#[derive(Default)]
pub(super) struct Forgotten {
    spans: HashMap<u64, Vec<(Time, Time)>>,
    rows: usize,
}

impl Forgotten {
    /// Remembers a row.
    pub(super) fn add(&mut self, row: &Usage) {
        self.spans.entry(group(row)).or_default().push((row.first_at, row.last_at));
        self.rows += 1;
    }

    /// How many rows it remembers.
    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// Whether a row like this one may have counted a call at this instant.
    pub(super) fn holds(&self, row: &Usage, at: Time) -> bool {
        if self.spans.is_empty() {
            return false;
        }
        let spans = self.spans.get(&group(row));
        spans.is_some_and(|spans| spans.iter().any(|(first, last)| *first <= at && at <= *last))
    }
}

/// One number for all that makes a row; the same for a row that waits and one that is stored.
fn group(row: &Usage) -> u64 {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "\u{0}".to_owned());
    let created = row.session_created_at.map_or(i64::MIN, |at| at.0);
    let parts = [
        text(&row.recipient_account_id),
        text(&row.aws_region),
        row.principal.clone(),
        text(&row.principal_id),
        text(&row.access_key_id),
        text(&row.source_ip_address),
        text(&row.vpc_endpoint_id),
        text(&row.user_agent),
        row.event_source.clone(),
        row.event_name.clone(),
        text(&row.error_code),
    ];
    let (hour, created) = (row.hour.0.to_le_bytes(), created.to_le_bytes());
    let times = [hour.as_slice(), created.as_slice()];
    hash::of(parts.iter().map(String::as_bytes).chain(times))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_known_by_the_row_that_must_have_counted_it() {
        let row = |name: &str| Usage {
            hour: Time::from_seconds(3600),
            principal: "build".into(),
            event_name: name.into(),
            first_at: Time::from_seconds(3700),
            last_at: Time::from_seconds(3800),
            calls: 9,
            ..Usage::default()
        };
        let mut forgotten = Forgotten::default();
        assert!(!forgotten.holds(&row("ListBuckets"), Time::from_seconds(3750)));
        forgotten.add(&row("ListBuckets"));
        let waiting = Usage { calls: 0, first_at: Time(0), last_at: Time(0), ..row("ListBuckets") };
        for (second, held) in [(3699, false), (3700, true), (3800, true), (3801, false)] {
            assert_eq!(forgotten.holds(&waiting, Time::from_seconds(second)), held, "{second}");
        }
        assert!(!forgotten.holds(&row("PutObject"), Time::from_seconds(3750)), "another API");
        let other = Usage { access_key_id: Some("ASIAEXAMPLE".into()), ..row("ListBuckets") };
        assert!(!forgotten.holds(&other, Time::from_seconds(3750)), "another key");
    }
}
