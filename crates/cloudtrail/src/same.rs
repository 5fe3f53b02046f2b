//! When two records are the same event, and when two calls belong into the same row of `usage`.

use std::borrow::Cow;

use rolecall_model::Time;
use xxhash_rust::xxh3::xxh3_64;

use crate::fields::{Field, Fields};
use crate::record::Keeper;
use crate::value::text;

impl Keeper<'_, '_> {
    /// The event's key: recipient account, event id, time, source and name. AWS's ids are unique with
    /// the account alone; logs written by hand repeat them. Without an id the record's bytes count.
    pub(crate) fn event_key(
        &mut self,
        record: &str,
        fields: &Fields,
        account: Option<&str>,
        call: [&str; 2],
    ) -> u64 {
        let read = |field| text(fields.get(record, field));
        let Some(id) = read(Field::EventId) else { return xxh3_64(record.as_bytes()) };
        let recipient =
            read(Field::RecipientAccountId).or(account.map(Cow::Borrowed)).unwrap_or_default();
        let time = read(Field::EventTime).unwrap_or_default();
        // The same bytes as `model::hash::of` would take, hashed in one go.
        self.scratch.clear();
        for part in [&recipient, &id, &time, call[0], call[1]] {
            self.scratch.extend_from_slice(part.as_bytes());
            self.scratch.extend_from_slice(&(part.len() as u64).to_le_bytes());
        }
        xxh3_64(self.scratch)
    }

    /// Puts the bytes that decide the row of `usage` into `scratch`.
    pub(crate) fn group_bytes(&mut self, record: &str, fields: &Fields, hour: Time) {
        const PARTS: [Field; 9] = [
            Field::RecipientAccountId,
            Field::AwsRegion,
            Field::SourceIpAddress,
            Field::UserAgent,
            Field::EventSource,
            Field::EventName,
            Field::ReadOnly,
            Field::SessionCredentialFromConsole,
            Field::VpcEndpointId,
        ];
        self.scratch.clear();
        self.scratch.extend_from_slice(&hour.0.to_le_bytes());
        self.scratch.extend_from_slice(&fields.identity.to_le_bytes());
        let parts = PARTS.into_iter().map(|field| fields.get(record, field));
        for json in parts.chain([error(record, fields)]) {
            self.scratch.extend_from_slice(&(json.len() as u32).to_le_bytes());
            self.scratch.extend_from_slice(json.as_bytes());
        }
    }
}

/// The JSON of a call's error code, or of the message where that is all, as of failed sign-ins.
pub(crate) fn error<'t>(record: &'t str, fields: &Fields) -> &'t str {
    match fields.get(record, Field::ErrorCode) {
        "" | "null" | "\"\"" => fields.get(record, Field::ErrorMessage),
        code => code,
    }
}
