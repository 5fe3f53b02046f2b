//! Picks issuances out of events, and merges the two accounts' copies of one.

use rolecall_model::{Event, Session, Time, arn, hash};

use crate::usage::{known, least};
use crate::words;

/// The session that an event issued, with no lineage yet; none if it issued none.
pub(crate) fn session(event: &Event) -> Option<Box<Session>> {
    if !event.succeeded || !issues(event) {
        return None;
    }
    let created_at = Time::from_seconds(event.event_time.seconds());
    let issued_key = known(&event.issued_access_key_id);
    let issued = opened(event);
    let key_is_whole = issued_key.as_deref().is_some_and(whole);
    // A masked key says nothing, so that the call itself has to tell the sessions apart.
    let call = match (key_is_whole, known(&event.shared_event_id)) {
        (true, _) => String::new(),
        (false, Some(shared)) if issued_key.is_some() => shared,
        (false, None) if issued_key.is_some() => event.event_id.clone(),
        (false, _) => String::new(),
    };
    let seconds = created_at.seconds().to_string();
    let session_id = match &issued_key {
        Some(key) => {
            hash::name(["key", key, &seconds, issued.arn.as_deref().unwrap_or_default(), &call])
        }
        None => unissued_id(issued.id.as_deref().or(issued.arn.as_deref())?, created_at),
    };
    let expires_at = event.expires_at;
    Some(Box::new(Session {
        session_id,
        kind: issued.kind.to_owned(),
        account_id: issued
            .arn
            .as_deref()
            .or(event.role_arn.as_deref())
            .and_then(arn::account)
            .map(str::to_owned)
            .or_else(|| known(&event.recipient_account_id)),
        session_name: issued.arn.as_deref().and_then(arn::session_name).map(str::to_owned),
        principal: issued.principal,
        principal_id: issued.id,
        session_arn: issued.arn,
        role_arn: (issued.kind == "role").then(|| known(&event.role_arn)).flatten(),
        created_at,
        expires_at,
        requested_seconds: event.duration_seconds,
        granted_seconds: expires_at.map(|at| at.seconds() - created_at.seconds()),
        issued_by: Some(event.event_name.clone()),
        issued_key,
        issue_event_ids: known(&Some(event.event_id.clone())),
        shared_event_id: known(&event.shared_event_id),
        copies: known(&event.recipient_account_id),
        issue_region: known(&event.aws_region),
        issue_source_ip: known(&event.source_ip_address),
        issue_user_agent: known(&event.user_agent),
        issue_vpc_endpoint_id: known(&event.vpc_endpoint_id),
        external_id: known(&event.external_id),
        source_identity: known(&event.source_identity)
            .or_else(|| known(&event.session_source_identity)),
        mfa: event.serial_number.is_some().then_some(true),
        identity_provider: known(&event.provider_arn)
            .or_else(|| known(&event.user_identity_identity_provider))
            .or_else(|| known(&event.issuer)),
        subject: known(&event.subject),
        caller_type: known(&event.user_identity_type),
        caller_principal: Some(event.principal.clone()),
        caller_principal_id: known(&event.user_identity_principal_id),
        caller_arn: known(&event.user_identity_arn),
        caller_account_id: known(&event.user_identity_account_id),
        caller_key: known(&event.user_identity_access_key_id),
        caller_created_at: event.session_created_at,
        caller_invoked_by: known(&event.user_identity_invoked_by),
        ..Session::default()
    }))
}

/// The id of a session whose issued key no event shows.
pub(crate) fn unissued_id(name: &str, created_at: Time) -> String {
    hash::name(["name", name, &created_at.seconds().to_string()])
}

/// Merges another copy of the same issuance in; says whether anything changed. The caller's copy
/// knows who called; of two of a kind the smaller values win, so that no order matters.
pub(crate) fn merge(row: &mut Session, other: Session) -> bool {
    let before = crate::row::digest(row);
    words::unite(&mut row.issue_event_ids, &other.issue_event_ids);
    words::unite(&mut row.copies, &other.copies);
    if caller(&other) < caller(row) {
        row.caller_type = other.caller_type;
        row.caller_principal = other.caller_principal;
        row.caller_principal_id = other.caller_principal_id;
        row.caller_arn = other.caller_arn;
        row.caller_account_id = other.caller_account_id;
        row.caller_key = other.caller_key;
        row.caller_created_at = other.caller_created_at;
        row.caller_invoked_by = other.caller_invoked_by;
    }
    least(&mut row.principal_id, other.principal_id);
    least(&mut row.session_arn, other.session_arn);
    least(&mut row.session_name, other.session_name);
    least(&mut row.role_arn, other.role_arn);
    least(&mut row.expires_at, other.expires_at);
    least(&mut row.requested_seconds, other.requested_seconds);
    row.granted_seconds = row.expires_at.map(|at| at.seconds() - row.created_at.seconds());
    least(&mut row.shared_event_id, other.shared_event_id);
    least(&mut row.issue_region, other.issue_region);
    least(&mut row.issue_source_ip, other.issue_source_ip);
    least(&mut row.issue_user_agent, other.issue_user_agent);
    least(&mut row.issue_vpc_endpoint_id, other.issue_vpc_endpoint_id);
    least(&mut row.external_id, other.external_id);
    least(&mut row.source_identity, other.source_identity);
    least(&mut row.mfa, other.mfa);
    least(&mut row.identity_provider, other.identity_provider);
    least(&mut row.subject, other.subject);
    least(&mut row.issued_by, other.issued_by);
    if (&other.kind, &other.principal, &other.account_id)
        < (&row.kind, &row.principal, &row.account_id)
    {
        (row.kind, row.principal, row.account_id) = (other.kind, other.principal, other.account_id);
    }
    before != crate::row::digest(row)
}

/// What is known of the caller, the copy that knows more first.
fn caller(row: &Session) -> impl Ord + '_ {
    (
        row.caller_type.as_deref() == Some("AWSAccount"),
        row.caller_arn.is_none(),
        (&row.caller_type, &row.caller_principal, &row.caller_principal_id, &row.caller_arn),
        (&row.caller_account_id, &row.caller_key, row.caller_created_at, &row.caller_invoked_by),
    )
}

fn issues(event: &Event) -> bool {
    match event.event_name.as_str() {
        "AssumeRole"
        | "AssumeRoleWithSAML"
        | "AssumeRoleWithWebIdentity"
        | "AssumeRoot"
        | "GetSessionToken"
        | "GetFederationToken"
        | "GetDelegatedAccessToken" => event.event_source.starts_with("sts."),
        "GetCredentialsForIdentity" => event.issued_access_key_id.is_some(),
        _ => false,
    }
}

/// Whether a key id is written out: masked ones hold other characters than AWS uses.
fn whole(key: &str) -> bool {
    key.len() >= 16 && key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// What was opened.
struct Opened {
    kind: &'static str,
    principal: String,
    id: Option<String>,
    arn: Option<String>,
}

fn opened(event: &Event) -> Opened {
    let id = known(&event.issued_principal_id);
    let arn = known(&event.issued_arn);
    match event.event_name.as_str() {
        "GetSessionToken" => Opened {
            kind: if event.user_identity_type.as_deref() == Some("Root") { "root" } else { "user" },
            principal: event.principal.clone(),
            id: known(&event.user_identity_principal_id),
            arn: known(&event.user_identity_arn),
        },
        "AssumeRoot" => {
            let target = known(&event.target_principal).unwrap_or_default();
            let account = arn::account(&target).unwrap_or(&target).to_owned();
            let partition = arn::Arn::parse(event.user_identity_arn.as_deref().unwrap_or_default())
                .map_or("aws", |arn| arn.partition);
            let root = format!("arn:{partition}:iam::{account}:root");
            Opened { kind: "root", principal: root.clone(), id: Some(account), arn: Some(root) }
        }
        _ => {
            let named = || {
                arn::assumed_role(event.role_arn.as_deref()?, event.role_session_name.as_deref()?)
            };
            let arn = arn.or_else(named);
            let role = known(&event.role_arn)
                .or_else(|| arn::role_of_session(arn.as_deref().unwrap_or_default()));
            let (kind, principal) = match (&role, &arn) {
                (Some(role), _) => ("role", role.clone()),
                (None, Some(arn)) if arn.contains(":federated-user/") => ("federated", arn.clone()),
                (None, Some(arn)) if arn.contains(":user/") => ("user", arn.clone()),
                (None, Some(arn)) if arn.ends_with(":root") => ("root", arn.clone()),
                (None, Some(arn)) => ("unknown", arn.clone()),
                (None, None) => ("unknown", event.principal.clone()),
            };
            Opened { kind, principal, id, arn }
        }
    }
}
