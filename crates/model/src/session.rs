//! The lives of temporary credentials, each with its line back to the root.

use crate::Time;

crate::table! {
    /// One row per session of a role, user, federated user or root: its issuance, its use, and its lineage.
    Session is "session" by created_at, sorted ["created_at"],
    bloom ["session_id", "issued_key", "principal_id"];
    /// The name of the session in this lake: a hash of its issued key, or of its principal id where no key is known, with its time of creation.
    session_id: String,
    /// What it is a session of: role, user, federated, root or unknown.
    kind: String,
    /// Its principal: the role's, user's or root's ARN, or that of the federated user.
    principal: String,
    /// The unique id with the session name; NULL while nothing in the lake shows it.
    principal_id: Option<String>,
    /// The ARN of the session.
    session_arn: Option<String>,
    /// The name that the caller gave it.
    session_name: Option<String>,
    /// The account in which it acts.
    account_id: Option<String>,
    /// The role, with its path if the lake shows it.
    role_arn: Option<String>,
    /// When it was issued (to the second).
    created_at: Time,
    /// Until when it is valid; NULL if no issuance is in the lake.
    expires_at: Option<Time>,
    /// The lifetime asked for, in seconds; NULL if none was.
    requested_seconds: Option<i64>,
    /// The lifetime granted, in seconds.
    granted_seconds: Option<i64>,
    /// How it was issued: AssumeRole, AssumeRoleWithSAML, …; NULL if no issuance is in the lake.
    issued_by: Option<String>,
    /// The key that was handed out.
    issued_key: Option<String>,
    /// Every key seen in it, separated by blanks.
    keys_seen: Option<String>,
    /// The events that record the issuance, separated by blanks: two if both accounts' copies are in the lake.
    issue_event_ids: Option<String>,
    /// The id that both copies share.
    shared_event_id: Option<String>,
    /// The accounts whose copy is in the lake, separated by blanks.
    copies: Option<String>,
    /// The region of the issuing call.
    issue_region: Option<String>,
    /// Where the issuing call came from: an address, a service name or `AWS Internal`.
    issue_source_ip: Option<String>,
    /// The place of the issuing call, as `event.source_place`.
    issue_place: Option<String>,
    /// The country of the issuing call.
    issue_country: Option<String>,
    /// The lists that the address of the issuing call is on, separated by blanks.
    issue_lists: Option<String>,
    /// The client of the issuing call.
    issue_user_agent: Option<String>,
    /// The VPC endpoint of the issuing call.
    issue_vpc_endpoint_id: Option<String>,
    /// The external id given.
    external_id: Option<String>,
    /// The source identity.
    source_identity: Option<String>,
    /// Whether the session carries MFA.
    mfa: Option<bool>,
    /// Whether its key belongs to a console session.
    from_console: bool,
    /// The identity provider that vouched for the caller.
    identity_provider: Option<String>,
    /// The subject that it vouched for.
    subject: Option<String>,
    /// The type of the caller who asked for the session.
    caller_type: Option<String>,
    /// The caller in one word, as in `event`.
    caller_principal: Option<String>,
    /// The caller's unique id; for role sessions with the session name.
    caller_principal_id: Option<String>,
    /// The caller's ARN.
    caller_arn: Option<String>,
    /// The caller's account.
    caller_account_id: Option<String>,
    /// The key that signed the issuing call.
    caller_key: Option<String>,
    /// When the caller's own session was issued.
    caller_created_at: Option<Time>,
    /// The service that called on the caller's behalf.
    caller_invoked_by: Option<String>,
    /// The session that signed the issuing call.
    parent_session_id: Option<String>,
    /// How the parent was found: key, name and time, or ambiguous; NULL if the caller is no session or its session is unknown.
    parent_link: Option<String>,
    /// The sessions that may be the parent when the link is ambiguous, separated by blanks.
    parent_candidates: Option<String>,
    /// The session at the start of the lineage; the session itself at depth 0.
    root_session_id: Option<String>,
    /// What the lineage starts from: long-term key, service, saml, web identity, identity center, console, unresolved, ambiguous or unknown.
    root_kind: String,
    /// Who is at the start: the principal who really did it.
    root_principal: String,
    /// The account of the root.
    root_account_id: Option<String>,
    /// The long-term key at the start.
    root_credential: Option<String>,
    /// Hops before this one: 0 without a temporary parent.
    depth: i64,
    /// Principals from the root to this session, joined by ` > `.
    path: String,
    /// Accounts from the root to this session, joined by ` > `, each boundary once.
    account_path: String,
    /// How often the path enters another account.
    crossings: i64,
    /// Whether its principal occurs earlier in its own path.
    revisits: bool,
    /// How uses were tied to it: key, name and time, or ambiguous (its siblings were used, and nothing proves that it was not); NULL if unused.
    use_link: Option<String>,
    /// The sessions that share its name and second, separated by blanks; NULL without any.
    siblings: Option<String>,
    /// Its first call.
    first_used_at: Option<Time>,
    /// Its last call.
    last_used_at: Option<Time>,
    /// Its calls, as counted in `usage`.
    calls: i64,
    /// Those of its calls that failed.
    failed_calls: i64,
    /// The network prefixes it was used from, separated by blanks; at most 32.
    networks: Option<String>,
    /// The places it was used from, as `usage.source_place`, separated by ` | `; at most 32.
    places: Option<String>,
    /// The countries it was used from, separated by blanks; at most 32.
    countries: Option<String>,
    /// The families of the clients it was used with, separated by blanks; at most 32.
    clients: Option<String>,
    /// The services in which its calls changed something, such as iam, separated by blanks; at most 32.
    changed_services: Option<String>,
    /// The accounts that recorded its calls, separated by blanks; at most 32.
    used_in_accounts: Option<String>,
    /// Those of its calls that its siblings show too, because nothing tells whose they were.
    ambiguous_calls: i64,
    /// Which of principal_id, source_identity and mfa only its uses showed, separated by blanks.
    learned: Option<String>,
    /// Its uses key by key, packed, so that a late issuance can claim its own; only `trace` reads this.
    uses: Vec<u8>,
}
