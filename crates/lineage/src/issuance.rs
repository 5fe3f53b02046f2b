//! Picks issuances out of events.

use rolecall_model::{Event, Session, Time, arn, hash, key};

use crate::usage::known;

/// The session that an event issued, with no lineage yet; none if it issued none.
pub(crate) fn session(event: Event) -> Option<Box<Session>> {
    if !event.succeeded || !issues(&event) {
        return None;
    }
    let created_at = Time::from_seconds(event.event_time.seconds());
    let issued = opened(&event);
    let session_id = match event.issued_access_key_id.as_deref().filter(|key| !key.is_empty()) {
        Some(key) => {
            let (second, arn) = (created_at.seconds().to_string(), issued.arn.as_deref());
            hash::name(["key", key, &second, arn.unwrap_or_default(), call(&event, key)])
        }
        None => unissued_id(issued.id.as_deref().or(issued.arn.as_deref())?, created_at),
    };
    let account_of = |arn: Option<&str>| arn.and_then(arn::account).map(str::to_owned);
    let recipient = known(event.recipient_account_id);
    let expires_at = event.expires_at;
    Some(Box::new(Session {
        session_id,
        kind: issued.kind.to_owned(),
        account_id: account_of(issued.arn.as_deref().or(event.role_arn.as_deref()))
            .or_else(|| recipient.clone()),
        session_name: issued.arn.as_deref().and_then(arn::session_name).map(str::to_owned),
        principal: issued.principal,
        principal_id: issued.id,
        session_arn: issued.arn,
        role_arn: known(event.role_arn).filter(|_| issued.kind == "role"),
        created_at,
        expires_at,
        requested_seconds: event.duration_seconds,
        granted_seconds: expires_at.map(|at| at.seconds() - created_at.seconds()),
        issued_by: Some(event.event_name),
        issued_key: known(event.issued_access_key_id),
        issue_event_ids: known(Some(event.event_id)),
        shared_event_id: known(event.shared_event_id),
        copies: recipient,
        issue_region: known(event.aws_region),
        issue_source_ip: known(event.source_ip_address),
        issue_place: known(event.source_place),
        issue_country: known(event.source_country),
        issue_lists: known(event.source_lists),
        issue_user_agent: known(event.user_agent),
        issue_vpc_endpoint_id: known(event.vpc_endpoint_id),
        external_id: known(event.external_id),
        source_identity: known(event.source_identity)
            .or_else(|| known(event.session_source_identity)),
        mfa: event.serial_number.is_some().then_some(true),
        identity_provider: known(event.provider_arn)
            .or_else(|| known(event.user_identity_identity_provider))
            .or_else(|| known(event.issuer)),
        subject: known(event.subject),
        caller_type: known(event.user_identity_type),
        caller_principal: Some(event.principal),
        caller_principal_id: known(event.user_identity_principal_id),
        caller_arn: known(event.user_identity_arn),
        caller_account_id: known(event.user_identity_account_id),
        caller_key: known(event.user_identity_access_key_id),
        caller_created_at: event.session_created_at,
        caller_invoked_by: known(event.user_identity_invoked_by),
        ..Session::default()
    }))
}

/// What tells this call from another that handed out the same key in the same second: anonymised
/// logs may show one key for all sessions. Both accounts' copies share it.
fn call<'a>(event: &'a Event, key: &str) -> &'a str {
    let known = |text: &'a Option<String>| text.as_deref().filter(|text| !text.is_empty());
    let request =
        || if key::is_whole(key) { known(&event.request_id) } else { Some(&*event.event_id) };
    known(&event.shared_event_id).or_else(request).unwrap_or_default()
}

/// The id of a session whose issued key no event shows.
pub(crate) fn unissued_id(name: &str, created_at: Time) -> String {
    hash::name(["name", name, &created_at.seconds().to_string()])
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

/// What was opened.
struct Opened {
    kind: &'static str,
    principal: String,
    id: Option<String>,
    arn: Option<String>,
}

fn opened(event: &Event) -> Opened {
    let known = |text: &Option<String>| known(text.clone());
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
