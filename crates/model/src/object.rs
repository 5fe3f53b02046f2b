//! The ledger of what was read: the coverage map, and what makes reading twice harmless.

use crate::Time;

crate::table! {
    /// One row per trail object (or slice of LookupEvents) read.
    Object is "object" by delivered_at, sorted ["key"], bloom [];
    /// Where it lies: the path of a local file, the URL of an S3 object, or lookup-events://account/region/service/from/until.
    key: String,
    /// What tells one content of the key from another: the entity tag, size and time of change, or when a slice was read.
    etag: String,
    /// Its size as stored, in bytes.
    size: i64,
    /// What its name says it is: log, digest, insight, network activity, aggregated or unknown.
    kind: String,
    /// The organisation in its name.
    organization: Option<String>,
    /// The account in its name.
    account: Option<String>,
    /// The region in its name.
    region: Option<String>,
    /// When CloudTrail delivered it, from its name, or the last second of a slice; it is in the partition of 1970 if that is unknown.
    delivered_at: Option<Time>,
    /// When rolecall read it.
    ingested_at: Time,
    /// What became of it: read, passed over (not a log) or refused (a log that cannot be read).
    outcome: String,
    /// Why it was passed over or refused.
    reason: Option<String>,
    /// How it wraps its records: records, array, lines, record, lookup-events, cloudwatch-logs, eventbridge or document.
    envelope: Option<String>,
    /// Records found in it; always kept + passed_over + rejected.
    records: i64,
    /// Records counted in `usage`, and stored in `event` where they matter to credentials.
    kept: i64,
    /// Records that are no API call or sign-in, such as Insights.
    passed_over: i64,
    /// Records that could not be read; they are in `rejected`.
    rejected: i64,
    /// How many of the kept ones belong into `event`.
    credential_events: i64,
    /// The earliest event in it.
    first_event_at: Option<Time>,
    /// The latest event in it.
    last_event_at: Option<Time>,
    /// Whether a digest file vouches for it: unverified until somebody checks.
    integrity: String,
}
