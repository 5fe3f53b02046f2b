//! Events and usage rows in few words.

use std::collections::BTreeSet;

use rolecall_lineage::Forest;
use rolecall_model::{Day, Event, Row, Session, Time, Usage};

/// A moment on 2026-03-10: seconds after noon.
pub(crate) fn at(second: i64) -> Time {
    Time::from_seconds(1_773_144_000 + second)
}

pub(crate) fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A role of an account written as one digit.
pub(crate) fn role(account: u8, name: &str) -> String {
    format!("arn:aws:iam::{}:role/{name}", digits(account))
}

/// The unique id of that role's session.
pub(crate) fn id(role: &str, session: &str) -> String {
    let name = role.rsplit('/').next().unwrap_or_default();
    format!("AROA{}:{session}", name.to_uppercase())
}

pub(crate) fn arn(role: &str, session: &str) -> String {
    rolecall_model::arn::assumed_role(role, session).expect("a role ARN")
}

pub(crate) fn user(name: &str) -> String {
    format!("arn:aws:iam::111111111111:user/{name}")
}

fn digits(account: u8) -> String {
    account.to_string().repeat(12)
}

fn account(arn: &str) -> Option<String> {
    rolecall_model::arn::account(arn).map(str::to_owned)
}

/// Who makes a call.
#[derive(Clone, Debug)]
pub(crate) enum By {
    /// A user with a long-term key.
    User(&'static str),
    Service(&'static str),
    /// A role session: role, session name, key, second of creation.
    Session(String, String, Option<String>, i64),
    /// Such a session in a record that does not show its creation: role, session name, key.
    Undated(String, String, String),
    /// A user with a temporary key: name, key, second of creation.
    Temporary(&'static str, String, i64),
    /// What a role owner sees of such a session.
    Foreign(String),
}

/// An AssumeRole event; `key` is the one handed out.
pub(crate) fn assume(second: i64, by: &By, role: &str, session: &str, key: &str) -> Event {
    let mut event = Event {
        event_time: at(second),
        event_source: "sts.amazonaws.com".into(),
        event_name: "AssumeRole".into(),
        succeeded: true,
        recipient_account_id: account(role),
        role_arn: text(role),
        role_session_name: text(session),
        issued_access_key_id: text(key),
        issued_arn: text(&arn(role, session)),
        issued_principal_id: text(&id(role, session)),
        expires_at: Some(at(second + 3600)),
        ..Event::default()
    };
    called(&mut event, by);
    event.event_id = format!("{second}/{by:?}/{role}/{session}/{key}");
    // Calls that only one account sees have no shared id, unless a service made them.
    if event.user_identity_account_id != account(role) || matches!(by, By::Foreign(_)) {
        event.shared_event_id = Some(format!("shared/{}", event.event_id));
    }
    event
}

/// Another API than AssumeRole that user BOB calls: it hands out `key` to `id`, at `arn`.
pub(crate) fn issue(second: i64, api: &str, arn: &str, id: &str, key: &str) -> Event {
    Event {
        event_id: format!("{second}/{api}/{arn}/{key}"),
        event_name: api.into(),
        role_arn: None,
        role_session_name: None,
        issued_arn: Some(arn.to_owned()).filter(|arn| !arn.is_empty()),
        issued_principal_id: Some(id.to_owned()).filter(|id| !id.is_empty()),
        ..assume(second, &By::User("BOB"), &role(1, "none"), "none", key)
    }
}

fn called(event: &mut Event, by: &By) {
    match by {
        By::User(name) => {
            event.user_identity_type = text("IAMUser");
            event.user_identity_principal_id = text(&format!("AIDA{name}"));
            event.principal = user(name);
            event.user_identity_arn = text(&user(name));
            event.user_identity_account_id = text("111111111111");
            event.user_identity_access_key_id = text(&format!("AKIA{name:A>16}"));
            event.recipient_account_id = text("111111111111");
        }
        By::Temporary(name, key, created) => {
            called(event, &By::User(name));
            event.user_identity_access_key_id = text(key);
            event.session_created_at = Some(at(*created));
        }
        By::Undated(role, session, key) => {
            called(event, &By::Session(role.clone(), session.clone(), text(key), 0));
            event.session_created_at = None;
        }
        By::Service(name) => {
            event.user_identity_type = text("AWSService");
            event.user_identity_invoked_by = text(name);
            event.principal = (*name).to_owned();
            event.issued_arn = None;
            event.issued_principal_id = None;
        }
        By::Session(role, session, key, created) => {
            event.user_identity_type = text("AssumedRole");
            event.user_identity_principal_id = text(&id(role, session));
            event.user_identity_arn = text(&arn(role, session));
            event.user_identity_account_id = account(role);
            event.user_identity_access_key_id = key.clone();
            event.session_created_at = Some(at(*created));
            event.principal = role.clone();
            event.recipient_account_id = account(role);
        }
        By::Foreign(id) => {
            event.user_identity_type = text("AWSAccount");
            event.user_identity_principal_id = text(id);
            event.user_identity_account_id = text("111111111111");
            event.principal = format!("111111111111:{id}");
        }
    }
}

/// A role owner's copy of a call that `assume` made in the caller's account.
pub(crate) fn copy(of: &Event) -> Event {
    let mut event = of.clone();
    event.event_id += "/copy";
    let id = event.user_identity_principal_id.clone().unwrap_or_default();
    event.user_identity_arn = None;
    event.user_identity_access_key_id = None;
    event.session_created_at = None;
    called(&mut event, &By::Foreign(id));
    event.recipient_account_id = event.role_arn.as_deref().and_then(account);
    event
}

/// Calls of a session.
pub(crate) fn uses(by: &By, calls: i64) -> Usage {
    let created = match by {
        By::Session(_, _, _, created) | By::Temporary(_, _, created) => *created,
        _ => unreachable!("only sessions are used"),
    };
    let mut caller = Event::default();
    called(&mut caller, by);
    Usage {
        hour: at(created).hour(),
        user_identity_type: caller.user_identity_type,
        principal: caller.principal,
        principal_id: caller.user_identity_principal_id,
        principal_arn: caller.user_identity_arn,
        account_id: caller.user_identity_account_id,
        access_key_id: caller.user_identity_access_key_id,
        session_created_at: Some(at(created)),
        recipient_account_id: caller.recipient_account_id,
        source_ip_address: text("203.0.113.7"),
        calls,
        first_at: at(created + calls),
        last_at: at(created + 60 + calls),
        ..Usage::default()
    }
}

/// A console sign-in, or the switch of a role.
pub(crate) fn sign_in(second: i64, by: &By) -> Event {
    let mut event = Event::default();
    called(&mut event, by);
    Event {
        event_id: format!("sign-in/{second}/{by:?}"),
        event_time: at(second),
        event_source: "signin.amazonaws.com".into(),
        event_name: "ConsoleLogin".into(),
        succeeded: true,
        session_created_at: None,
        user_identity_access_key_id: None,
        ..event
    }
}

/// One thing that a forest takes.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    Event(Box<Event>),
    Usage(Box<Usage>),
}

impl From<Event> for Fact {
    fn from(event: Event) -> Fact {
        Fact::Event(Box::new(event))
    }
}

impl From<Usage> for Fact {
    fn from(usage: Usage) -> Fact {
        Fact::Usage(Box::new(usage))
    }
}

/// What storage holds after a run over these facts, by id.
pub(crate) fn run(stored: Vec<Session>, facts: &[Fact]) -> Vec<Session> {
    by_id(resolve(stored, facts).sessions().cloned())
}

/// The same by a run that loads only the days around what is new and what changes.
pub(crate) fn trace(stored: Vec<Session>, facts: &[Fact]) -> Vec<Session> {
    let days = facts.iter().map(|fact| match fact {
        Fact::Event(event) => event.day(),
        Fact::Usage(usage) => usage.day(),
    });
    let mut loaded = around(days);
    loop {
        let open = stored.iter().filter(|row| loaded.contains(&row.day())).cloned().collect();
        let forest = resolve(open, facts);
        let changed = forest.changed_days();
        let needed = around(changed.iter().copied());
        if !needed.is_subset(&loaded) {
            loaded.extend(needed);
            continue;
        }
        let kept = stored.iter().filter(|row| !changed.contains(&row.day()));
        let written = forest.sessions().filter(|row| changed.contains(&row.day()));
        return by_id(kept.chain(written).cloned());
    }
}

fn around(days: impl Iterator<Item = Day>) -> BTreeSet<Day> {
    days.flat_map(|day| (-2..=2).map(move |by| day.plus(by))).collect()
}

fn resolve(stored: Vec<Session>, facts: &[Fact]) -> Forest {
    let mut forest = Forest::new(stored);
    for fact in facts {
        match fact {
            Fact::Event(event) => forest.event(*event.clone()),
            Fact::Usage(usage) => forest.usage(*usage.clone()),
        }
    }
    forest.resolve();
    forest
}

fn by_id(rows: impl Iterator<Item = Session>) -> Vec<Session> {
    let mut rows: Vec<Session> = rows.collect();
    rows.sort_by(|a, b| a.session_id.cmp(&b.session_id));
    rows
}
