//! What the organisation knows about itself: small tables that detections ask beside the lake's.
//!
//! They are not stored. Each is read from `rolecall.toml`, and holds only the entries that are
//! meant for the detection that asks and have not expired. Every entry says who vouches for it.

use crate::{Row, Table, Time};

macro_rules! known {
    (
        $(#[doc = $about:literal])+
        $row:ident is $name:literal, sorted $sorted:expr;
        $( $(#[doc = $doc:literal])+ $column:ident: $type:ty, )+
    ) => {
        crate::table! {
            $(#[doc = $about])+
            $row is $name by expires_at, sorted $sorted, bloom [];
            $( $(#[doc = $doc])+ $column: $type, )+
            /// Who vouches for the entry.
            owner: Option<String>,
            /// Why it is there.
            reason: Option<String>,
            /// When it ends to count; NULL if it does not.
            expires_at: Option<Time>,
        }
    };
}

known! {
    /// One row per account of the own organisation.
    OwnAccount is "own_account", sorted ["account_id"];
    /// The account.
    account_id: String,
    /// What people call it.
    name: Option<String>,
}

known! {
    /// One row per external id of a partner, an account outside the organisation that may come in; one row without an id if it needs none.
    Partner is "partner", sorted ["account_id"];
    /// The partner's account.
    account_id: String,
    /// What people call the partner.
    name: Option<String>,
    /// An external id it is expected to give.
    external_id: Option<String>,
}

known! {
    /// One row per network from which the own people and machines work.
    KnownNetwork is "known_network", sorted ["name"];
    /// What people call it.
    name: String,
    /// An address range, such as 192.0.2.0/24; NULL if the place or country tells it.
    cidr: Option<String>,
    /// A place as in `usage.source_place`, such as AS64500.
    place: Option<String>,
    /// A country as in `usage.source_country`, such as CH.
    country: Option<String>,
    /// A glob of the principals that may work from it; `*` for all.
    principal: String,
}

known! {
    /// One row per VPC endpoint through which the own machines work.
    KnownEndpoint is "known_endpoint", sorted ["vpc_endpoint_id"];
    /// The endpoint.
    vpc_endpoint_id: String,
    /// What people call it.
    name: Option<String>,
}

known! {
    /// One row per principal that is a program: CI, infrastructure as code, posture scanners, SaaS.
    Automation is "automation", sorted ["principal"];
    /// A glob of principals, as in `event.principal`.
    principal: String,
    /// What people call it.
    name: Option<String>,
}

known! {
    /// One row per federated subject that may take a role.
    TrustedSubject is "trusted_subject", sorted ["provider", "subject"];
    /// A glob of identity providers.
    provider: String,
    /// A glob of subjects.
    subject: String,
    /// A glob of role ARNs.
    role: String,
}

known! {
    /// One row per caller that may use a sensitive, break-glass or decoy role; one row without a caller if nobody may.
    SpecialRole is "special_role", sorted ["role"];
    /// A glob of role ARNs.
    role: String,
    /// What it is: sensitive, break-glass or decoy.
    kind: String,
    /// A glob of the principals that may use it.
    allowed_caller: Option<String>,
}

known! {
    /// One row per pattern of roles whose sessions may be longer, or must be shorter, than others.
    SessionCeiling is "session_ceiling", sorted ["role"];
    /// A glob of role ARNs.
    role: String,
    /// The longest session, in seconds.
    seconds: i64,
}

known! {
    /// One row per pair of principals of which the first may take the second.
    TrustedEdge is "trusted_edge", sorted ["from_principal", "to_principal"];
    /// A glob of callers, as in `session.caller_principal`.
    from_principal: String,
    /// A glob of roles, as in `session.principal`.
    to_principal: String,
}

known! {
    /// One row per program that opens consoles for people with temporary credentials.
    Portal is "portal", sorted ["principal", "user_agent"];
    /// A glob of the principals that it acts as.
    principal: String,
    /// A glob of its user agents.
    user_agent: String,
}

known! {
    /// One row per kind of client that deserves attention, or none.
    MarkedClient is "marked_client", sorted ["user_agent"];
    /// A glob of user agents, in lower case.
    user_agent: String,
    /// What it is: attack tool, scanner or expected.
    kind: String,
}

known! {
    /// One row per API that many clients call, so that calling it tells nothing.
    QuietApi is "quiet_api", sorted ["api"];
    /// A glob of service and API, such as ec2:Describe*.
    api: String,
}

/// Every table of what the organisation knows.
pub const KNOWN_TABLES: [&Table; 12] = [
    &OwnAccount::TABLE,
    &Partner::TABLE,
    &KnownNetwork::TABLE,
    &KnownEndpoint::TABLE,
    &Automation::TABLE,
    &TrustedSubject::TABLE,
    &SpecialRole::TABLE,
    &SessionCeiling::TABLE,
    &TrustedEdge::TABLE,
    &Portal::TABLE,
    &MarkedClient::TABLE,
    &QuietApi::TABLE,
];
