//! What a page is made of, as plain values: each list is what one query gives, with its columns' names.

use rolecall_model::{Day, Time};
use serde::Deserialize;
use serde_json::Value;

use crate::instant;

/// Everything that the page shows.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Material {
    /// What is looked at, and when.
    pub head: Head,
    /// What the sessions add up to.
    pub sums: Sums,
    /// Findings that were told, the worst first.
    pub findings: Vec<Finding>,
    /// How many findings there are by detection and severity, also those that were not told.
    pub finding_counts: Vec<FindingCount>,
    /// The stories of the detections that found something.
    pub stories: Vec<Story>,
    /// The accounts that are known.
    pub accounts: Vec<Account>,
    /// Who enters which account, the most used first.
    pub edges: Vec<Edge>,
    /// Walks through accounts, the deepest first.
    pub chains: Vec<Chain>,
    /// Some sessions, which are drawn one by one.
    pub sessions: Vec<Session>,
    /// How many sessions findings name, also those that are not among them.
    pub named_sessions: i64,
    /// All sessions by the hour of their issuance.
    pub hours: Vec<Hour>,
    /// All sessions by kind and length.
    pub lengths: Vec<Length>,
    /// Some keys, by id, in the order in which they are drawn.
    pub keys: Vec<String>,
    /// How many more keys there are, which are not among those.
    pub more_keys: i64,
    /// What those keys did, by place and hour.
    pub key_hours: Vec<KeyHour>,
    /// Answers of reports.
    pub tables: Vec<Table>,
    /// The hours of which the lake has logs.
    pub coverage_days: Vec<CoverageDay>,
    /// What was read, by account and region.
    pub coverage_regions: Vec<CoverageRegion>,
    /// Why records and objects could not be read.
    pub rejected: Vec<Rejected>,
}

/// What is looked at, and when.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Head {
    /// The lake's name or address.
    pub lake: String,
    /// The beginning of the span.
    #[serde(deserialize_with = "instant::read")]
    pub from: Time,
    /// The end of the span (not in it).
    #[serde(deserialize_with = "instant::read")]
    pub until: Time,
    /// When the lake was asked.
    #[serde(deserialize_with = "instant::read")]
    pub made_at: Time,
    /// Edges seen first since then are new; none if the lake's history is too short to tell.
    #[serde(default, deserialize_with = "instant::maybe")]
    pub new_since: Option<Time>,
    /// The version of rolecall.
    pub version: String,
}

/// What the sessions of the span add up to.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Sums {
    /// All sessions.
    pub sessions: i64,
    /// Those that were issued to a session.
    pub chained: i64,
    /// Those whose path enters another account.
    pub crossing: i64,
    /// Those that were not used.
    pub unused: i64,
    /// Those whose root is not in the lake.
    pub rootless: i64,
    /// Principals at the start of lineages.
    pub roots: i64,
    /// Accounts in which sessions acted.
    pub accounts: i64,
}

/// A finding, as the table `finding` has it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Finding {
    /// What tells it from others.
    pub fingerprint: String,
    /// The detection.
    pub detection: String,
    /// The detection's title.
    pub title: String,
    /// low, medium, high or critical.
    pub severity: String,
    /// low, medium or high.
    pub confidence: String,
    /// What or who it is about.
    pub subject: String,
    /// Who really did it.
    pub root: Option<String>,
    /// Principals from the root to the subject, joined by ` > `.
    pub path: Option<String>,
    /// Accounts, separated by blanks.
    pub accounts: Option<String>,
    /// Networks, separated by blanks.
    pub networks: Option<String>,
    /// The first evidence.
    #[serde(deserialize_with = "instant::read")]
    pub first_at: Time,
    /// The last evidence.
    #[serde(deserialize_with = "instant::read")]
    pub last_at: Time,
    /// How much evidence.
    pub count: i64,
    /// Events, separated by blanks.
    pub event_ids: Option<String>,
    /// Further evidence, as a JSON object.
    pub evidence: String,
    /// A query that shows more.
    pub more: Option<String>,
}

/// How many findings a detection has of a severity.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct FindingCount {
    /// The detection.
    pub detection: String,
    /// Its title.
    pub title: String,
    /// The severity.
    pub severity: String,
    /// Told to somebody.
    pub told: i64,
    /// Only counted, while the detection has too little history.
    pub dry_run: i64,
    /// Suppressed by `rolecall.toml`.
    pub suppressed: i64,
}

/// Why a detection's findings matter.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Story {
    /// The detection.
    pub detection: String,
    /// The story, as Markdown.
    pub about: String,
}

/// An account that is known.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Account {
    /// Twelve digits.
    pub account_id: String,
    /// What it is called.
    pub name: Option<String>,
    /// own or partner.
    pub whose: String,
}

/// Who enters which account.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Edge {
    /// An account, or a provider of identities.
    pub from_where: String,
    /// account, saml or web identity.
    pub from_kind: String,
    /// The account that is entered; the same as `from_where` for roles taken within an account.
    pub to_account_id: String,
    /// Sessions of the days (UTC) that the span touches.
    pub sessions: i64,
    /// Roles that were taken.
    pub roles: i64,
    /// Those of them that nobody had taken before from there.
    pub new_roles: i64,
    /// Sessions that came with an external id.
    pub with_external_id: i64,
    /// The longest lifetime granted, in seconds.
    pub longest_seconds: Option<i64>,
    /// When it was seen first, also before the span.
    #[serde(deserialize_with = "instant::read")]
    pub first_at: Time,
    /// When it was seen last.
    #[serde(deserialize_with = "instant::read")]
    pub last_at: Time,
    /// Whether it was seen first since [`Head::new_since`].
    pub is_new: bool,
}

/// A walk through accounts.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Chain {
    /// The provider of identities where it began, if it did not begin in an account.
    pub begun: Option<String>,
    /// The accounts, joined by ` > `.
    pub account_path: String,
    /// Sessions at its end.
    pub sessions: i64,
    /// Principals at its start.
    pub roots: i64,
    /// The largest depth.
    pub depth: i64,
    /// The path of one of them.
    pub example: String,
    /// The last of them.
    #[serde(deserialize_with = "instant::read")]
    pub last_at: Time,
}

/// A session that is drawn by itself.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Session {
    /// Its name in the lake.
    pub session_id: String,
    /// The session that signed its issuance.
    pub parent_session_id: Option<String>,
    /// Its principal.
    pub principal: String,
    /// The name that its caller gave it.
    pub session_name: Option<String>,
    /// The account in which it acts.
    pub account_id: Option<String>,
    /// The accounts from its root to it, joined by ` > `.
    pub account_path: String,
    /// Who is at the start of its lineage.
    pub root_principal: String,
    /// Its steps from the root.
    pub depth: i64,
    /// When it was issued.
    #[serde(deserialize_with = "instant::read")]
    pub created_at: Time,
    /// Until when it is valid; none if its issuance is not in the lake.
    #[serde(deserialize_with = "instant::maybe")]
    pub expires_at: Option<Time>,
    /// Its first call.
    #[serde(deserialize_with = "instant::maybe")]
    pub first_used_at: Option<Time>,
    /// Its last call.
    #[serde(deserialize_with = "instant::maybe")]
    pub last_used_at: Option<Time>,
    /// Its calls.
    pub calls: i64,
    /// The longer one of what was granted and used, in seconds.
    pub seconds: f64,
    /// How long it may be, in seconds.
    pub ceiling_seconds: i64,
    /// Whether it was longer.
    pub is_above: bool,
    /// Whether a finding names it.
    #[serde(default)]
    pub is_named: bool,
}

/// The sessions issued in an hour.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Hour {
    /// The hour's beginning.
    #[serde(deserialize_with = "instant::read")]
    pub hour: Time,
    /// All of them.
    pub sessions: i64,
    /// Those issued to sessions.
    pub chained: i64,
}

/// The sessions of a kind within a step of length.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Length {
    /// The kind, in words.
    pub kind: String,
    /// The end of the step, in seconds; none for the last one, which has no end.
    pub up_to_seconds: Option<i64>,
    /// How many.
    pub sessions: i64,
    /// Those above their ceiling.
    pub above: i64,
    /// Those whose ceiling stands in `rolecall.toml`.
    pub with_own_ceiling: i64,
    /// The ceiling of the kind, in seconds; none if all have their own.
    pub ceiling_seconds: Option<i64>,
    /// The longest, in seconds.
    pub longest_seconds: f64,
}

/// What a key did from a place within an hour.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct KeyHour {
    /// The key's id.
    pub access_key_id: String,
    /// Whose it is.
    pub principal: String,
    /// From where: an AS, an endpoint, a service or a network.
    pub place: String,
    /// The country of the place.
    pub country: Option<String>,
    /// Who runs the network.
    pub operator: Option<String>,
    /// The hour's beginning.
    #[serde(deserialize_with = "instant::read")]
    pub hour: Time,
    /// Calls.
    pub calls: i64,
    /// Those that failed.
    pub failed_calls: i64,
}

/// The answer of a report.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Table {
    /// The report's name.
    pub name: String,
    /// The question.
    pub title: String,
    /// What it is about.
    pub topic: String,
    /// How to read it, as Markdown.
    pub about: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows: a value for each column.
    pub rows: Vec<Vec<Value>>,
}

/// A column of a report's answer.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub about: String,
}

/// The hours of a day of which the lake has logs of an account.
#[derive(Clone, Debug, Deserialize)]
pub struct CoverageDay {
    /// The account.
    pub account: String,
    /// The day.
    #[serde(deserialize_with = "instant::day")]
    pub day: Day,
    /// Hours in which logs were delivered.
    pub hours: i64,
    /// Records in them.
    pub records: i64,
    /// Records that could not be read.
    pub rejected: i64,
}

/// What was read of an account in a region.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CoverageRegion {
    /// The account.
    pub account: String,
    /// The region.
    pub region: String,
    /// Objects.
    pub objects: i64,
    /// Records in them: kept, passed over and rejected together.
    pub records: i64,
    /// Records counted.
    pub kept: i64,
    /// Records that are no call.
    pub passed_over: i64,
    /// Records that could not be read.
    pub rejected: i64,
    /// The earliest event.
    #[serde(deserialize_with = "instant::maybe")]
    pub first_event_at: Option<Time>,
    /// The latest event.
    #[serde(deserialize_with = "instant::maybe")]
    pub last_event_at: Option<Time>,
}

/// A reason why something could not be read.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Rejected {
    /// object or record.
    pub what: String,
    /// The reason.
    pub reason: String,
    /// How often.
    pub times: i64,
    /// Where it was met first.
    pub first_object: String,
}
