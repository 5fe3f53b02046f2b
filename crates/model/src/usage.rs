//! Every API call of every principal, counted.

use crate::Time;

crate::table! {
    /// One row per principal, session creation time, credential, hour, source, client, API and error, for each commit that met such calls: add up `calls`.
    Usage is "usage" by hour, sorted ["hour", "principal"], bloom ["access_key_id", "principal_id"];
    /// The hour in which the calls completed (its beginning, UTC).
    hour: Time,
    /// The account that received the events.
    recipient_account_id: Option<String>,
    /// The region the calls were recorded for.
    aws_region: Option<String>,
    /// The caller's type, as in `event`.
    user_identity_type: Option<String>,
    /// The caller in one word: role, user or root ARN, service name, provider and subject.
    principal: String,
    /// The caller's unique id; for role sessions with the session name.
    principal_id: Option<String>,
    /// The caller's ARN; sessions have theirs.
    principal_arn: Option<String>,
    /// The caller's account.
    account_id: Option<String>,
    /// The key that signed the calls.
    access_key_id: Option<String>,
    /// When the caller's session was issued.
    session_created_at: Option<Time>,
    /// Whether that session was opened with MFA.
    session_mfa: Option<bool>,
    /// Whether the key belongs to a console session.
    session_from_console: bool,
    /// The source identity of that session.
    session_source_identity: Option<String>,
    /// The IMDS version that handed the key to an EC2 instance.
    session_ec2_role_delivery: Option<String>,
    /// Whether that session came from AssumeRoot.
    session_assumed_root: Option<bool>,
    /// The service that called on the caller's behalf.
    invoked_by: Option<String>,
    /// An IP address, a service name or `AWS Internal`.
    source_ip_address: Option<String>,
    /// What to compare when asking whether a call came from somewhere else: the AS (AS64500), the VPC endpoint of a private address, a service name, or the first 16 bits (32 of IPv6) where no database knows the address.
    source_place: Option<String>,
    /// The country of the address (ISO 3166), if a database knows it.
    source_country: Option<String>,
    /// The number of the autonomous system, if a database knows it.
    source_asn: Option<i64>,
    /// Who runs that network.
    source_operator: Option<String>,
    /// Whether the address is AWS's own or rented from it; NULL if no database tells.
    source_is_aws: Option<bool>,
    /// The lists that the address is on, such as tor, separated by blanks.
    source_lists: Option<String>,
    /// The date of the oldest database that was asked; NULL if none was.
    networks_as_of: Option<Time>,
    /// The VPC endpoint the calls went through.
    vpc_endpoint_id: Option<String>,
    /// What the client calls itself.
    user_agent: Option<String>,
    /// The service that was called.
    event_source: String,
    /// The API.
    event_name: String,
    /// The error's code, or its text where it has none, as of failed sign-ins; NULL for calls that succeeded.
    error_code: Option<String>,
    /// Whether the calls only read.
    read_only: Option<bool>,
    /// How many calls.
    calls: i64,
    /// The first of them.
    first_at: Time,
    /// The last of them.
    last_at: Time,
    /// The events counted, as 64-bit hashes of 8 bytes each, so that none is counted twice; emptied after some days.
    event_hashes: Vec<u8>,
}
