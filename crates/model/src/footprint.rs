//! From where a principal works: the baseline for "from somewhere new".

use crate::Time;

crate::table! {
    /// One row per day, principal, long-term key, network, place and client.
    Footprint is "footprint" by first_at, sorted ["principal", "network"], bloom ["access_key_id"];
    /// Who called: role, user or root ARN, service name, provider and subject.
    principal: String,
    /// The caller's account.
    account_id: Option<String>,
    /// The long-term key that signed, NULL for temporary ones.
    access_key_id: Option<String>,
    /// The network prefix (/24 or /48), or a service name or `AWS Internal`.
    network: String,
    /// The place, as `usage.source_place`.
    place: String,
    /// The country, if a database knows it.
    country: Option<String>,
    /// The family of the client, such as aws-cli or terraform.
    client: String,
    /// Calls that day.
    calls: i64,
    /// Those that failed.
    failed_calls: i64,
    /// How many different APIs.
    apis: i64,
    /// How many sessions and keys.
    credentials: i64,
    /// The first call.
    first_at: Time,
    /// The last call.
    last_at: Time,
}
