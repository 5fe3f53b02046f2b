//! An organisation in numbers: chains of four hops from people into accounts, day after day.

use rolecall_model::{Event, Time, Usage, Window, arn};

/// 2026-03-01T00:00:00Z, in seconds since 1970.
pub(crate) const START: i64 = 1_772_323_200;
const DAY: u64 = 86_400;
const CHAIN: u64 = 4;

/// The issuance with this number of so many in a day: a user begins each chain, and each hop enters
/// the next account. The same people and roles come back every day.
pub(crate) fn issuance(day: u64, number: u64, of: u64) -> Event {
    let from = Time::from_seconds(START + (day * DAY) as i64);
    within(Window { from, until: from.plus_seconds(DAY as i64) }, number, of)
}

/// The same, spread over a window.
pub(crate) fn within(window: Window, number: u64, of: u64) -> Event {
    let (chain, hop) = (number / CHAIN, number % CHAIN);
    let from = window.from.seconds();
    // A window is told apart by its hour, so that no key is handed out twice.
    let day = (from - START).unsigned_abs() / 3600;
    let length = (window.until.seconds() - from).unsigned_abs();
    let second = from + (chain * (length - 60) / (of / CHAIN).max(1) + hop * 10) as i64;
    let account = |hop: u64| format!("{:012}", 100_000_000_000 + (chain % 50) * 10 + hop);
    let role = |hop: u64| format!("role-{}-{hop}", chain % 400);
    let key = |hop: u64| format!("ASIA{day:03}{chain:012}{hop}");
    let principal_id = |hop: u64| format!("AROA{:014}{hop}:walk-{day}-{chain}", chain % 400);
    let session = |hop: u64| {
        format!("arn:aws:sts::{}:assumed-role/{}/walk-{day}-{chain}", account(hop), role(hop))
    };
    let user = format!("arn:aws:iam::{}:user/person-{}", account(0), chain % 300);
    let mut event = Event {
        event_id: format!("{day:08x}-{number:024x}"),
        event_time: Time::from_seconds(second),
        event_source: "sts.amazonaws.com".into(),
        event_name: "AssumeRole".into(),
        aws_region: Some("us-east-1".into()),
        source_ip_address: Some(format!("198.51.100.{}", chain % 250)),
        user_agent: Some("aws-cli/2.15.0".into()),
        succeeded: true,
        role_arn: Some(format!("arn:aws:iam::{}:role/{}", account(hop), role(hop))),
        role_session_name: Some(format!("walk-{day}-{chain}")),
        duration_seconds: Some(3600),
        issued_access_key_id: Some(key(hop)),
        expires_at: Some(Time::from_seconds(second + 3600)),
        issued_principal_id: Some(principal_id(hop)),
        issued_arn: Some(session(hop)),
        event_hash: (day << 40 | number) as i64,
        ..Event::default()
    };
    if hop == 0 {
        event.user_identity_type = Some("IAMUser".into());
        event.user_identity_arn = Some(user.clone());
        event.user_identity_access_key_id = Some(format!("AKIA{:016}", chain % 300));
        event.user_identity_account_id = Some(account(0));
        event.principal = user;
    } else {
        event.user_identity_type = Some("AssumedRole".into());
        event.user_identity_principal_id = Some(principal_id(hop - 1));
        event.user_identity_arn = Some(session(hop - 1));
        event.user_identity_access_key_id = Some(key(hop - 1));
        event.user_identity_account_id = Some(account(hop - 1));
        event.session_created_at = Some(Time::from_seconds(second - 10));
        event.principal = format!("arn:aws:iam::{}:role/{}", account(hop - 1), role(hop - 1));
    }
    event.recipient_account_id = event.user_identity_account_id.clone();
    event
}

/// A call made with the key that an issuance handed out, ten seconds later.
pub(crate) fn usage(issuance: &Event) -> Usage {
    let at = issuance.event_time.plus_seconds(10);
    Usage {
        hour: at.hour(),
        recipient_account_id: issuance
            .issued_arn
            .as_deref()
            .and_then(arn::account)
            .map(str::to_owned),
        aws_region: Some("us-east-1".into()),
        user_identity_type: Some("AssumedRole".into()),
        principal: issuance.role_arn.clone().unwrap_or_default(),
        principal_id: issuance.issued_principal_id.clone(),
        principal_arn: issuance.issued_arn.clone(),
        account_id: issuance.issued_arn.as_deref().and_then(arn::account).map(str::to_owned),
        access_key_id: issuance.issued_access_key_id.clone(),
        session_created_at: Some(issuance.event_time),
        source_ip_address: issuance.source_ip_address.clone(),
        user_agent: issuance.user_agent.clone(),
        event_source: "s3.amazonaws.com".into(),
        event_name: "ListBuckets".into(),
        read_only: Some(true),
        calls: 3,
        first_at: at,
        last_at: at,
        ..Usage::default()
    }
}
