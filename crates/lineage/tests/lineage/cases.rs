//! Every rule once, told as a story.

use rolecall_lineage::Forest;
use rolecall_model::{Event, Session, Time};

use crate::common::*;

const K1: &str = "ASIAAAAAAAAAAAAAAAA1";
const K2: &str = "ASIAAAAAAAAAAAAAAAA2";
const K3: &str = "ASIAAAAAAAAAAAAAAAA3";
const BOB: By = By::User("BOB");
const EC2: By = By::Service("ec2.amazonaws.com");

fn a() -> String {
    role(1, "a")
}

fn b() -> String {
    role(2, "b")
}

/// A call of session `name` of `role` that was created at `second`, signed with `key`.
fn by(role: &str, name: &str, key: &str, second: i64) -> By {
    By::Session(role.to_owned(), name.to_owned(), text(key), second)
}

fn all(facts: impl IntoIterator<Item = Fact>) -> Vec<Session> {
    run(Vec::new(), &facts.into_iter().collect::<Vec<_>>())
}

fn keyed<'a>(rows: &'a [Session], key: &str) -> &'a Session {
    rows.iter().find(|row| row.issued_key.as_deref() == Some(key)).expect("the key has a row")
}

fn word(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or("-")
}

#[test]
fn two_copies_are_one_session_that_knows_both_sides() {
    let callers = assume(0, &by(&a(), "ada", K1, -60), &b(), "ada", K2);
    let owners = copy(&callers);
    for facts in [[callers.clone().into(), owners.clone().into()], [owners.into(), callers.into()]]
    {
        let rows = all(facts);
        assert_eq!(rows.len(), 1);
        assert_eq!(word(&rows[0].copies), "111111111111 222222222222");
        assert_eq!(word(&rows[0].issue_event_ids).matches("/copy").count(), 1);
        assert_eq!(word(&rows[0].caller_type), "AssumedRole");
        assert_eq!(word(&rows[0].caller_key), K1);
        assert_eq!(word(&rows[0].account_id), "222222222222");
    }
}

#[test]
fn a_key_that_all_sessions_show_merges_none_of_them() {
    let service = |shared: &str| Event {
        shared_event_id: text(shared),
        ..assume(0, &EC2, &a(), "i-0123", K1)
    };
    let user = |request: &str| Event {
        event_id: request.into(),
        request_id: text(request),
        ..assume(0, &BOB, &a(), "terraform", K1)
    };
    assert_eq!(all([service("one").into(), service("two").into()]).len(), 2);
    assert_eq!(all([user("one").into(), user("two").into()]).len(), 2);
    // Delivered again under another id, it is still one call.
    let again = Event { event_id: "again".into(), ..user("one") };
    assert_eq!(all([user("one").into(), again.into()]).len(), 1);
    // Examples show one event id in both accounts' copies.
    let callers = assume(0, &by(&a(), "ada", K2, -60), &b(), "ada", K1);
    let owners = Event { event_id: callers.event_id.clone(), ..copy(&callers) };
    let rows = all([callers.into(), owners.into()]);
    assert_eq!((rows.len(), word(&rows[0].copies)), (1, "111111111111 222222222222"));
}

#[test]
fn one_ec2_call_with_two_keys_is_two_siblings() {
    let sets = [assume(0, &EC2, &a(), "i-0123", K1), assume(0, &EC2, &a(), "i-0123", K2)];
    let used = |key| Fact::from(uses(&by(&a(), "i-0123", key, 0), 5));
    let rows = all(sets.clone().map(Fact::from).into_iter().chain([used(K1)]));
    let (first, second) = (keyed(&rows, K1), keyed(&rows, K2));
    assert_eq!(word(&first.use_link), "key");
    assert_eq!((first.calls, first.ambiguous_calls), (5, 0));
    // The other key may have been used, too: a session can show keys that nobody issued.
    assert_eq!((word(&second.use_link), second.calls), ("ambiguous", 0));
    assert_eq!(word(&first.siblings), second.session_id);
    // The issuance showed no unique id, its use did.
    assert_eq!(word(&first.principal_id), "AROAA:i-0123");

    let rows = all(sets.map(Fact::from).into_iter().chain([used(K3)]));
    for key in [K1, K2] {
        assert_eq!(word(&keyed(&rows, key).use_link), "ambiguous");
        assert_eq!(keyed(&rows, key).ambiguous_calls, 5);
    }
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_late_issuance_claims_its_own_uses_from_siblings() {
    let other = assume(0, &EC2, &a(), "i-0123", K1);
    let used = uses(&by(&a(), "i-0123", K2, 0), 5);
    let stored = all([other.into(), used.into()]);
    assert_eq!(word(&stored[0].use_link), "name and time");
    let rows = run(stored, &[assume(0, &EC2, &a(), "i-0123", K2).into()]);
    assert_eq!((keyed(&rows, K1).calls, word(&keyed(&rows, K1).principal_id)), (0, "-"));
    assert_eq!((keyed(&rows, K2).calls, word(&keyed(&rows, K2).use_link)), (5, "key"));
}

#[test]
fn a_function_calls_under_another_name_than_its_issuance_shows() {
    let rows = all([
        assume(0, &EC2, &a(), "awslambda_291_20230710122648994", K1).into(),
        uses(&by(&a(), "resize-images", K1, 0), 4).into(),
    ]);
    assert_eq!(rows.len(), 1);
    assert_eq!((word(&rows[0].use_link), rows[0].calls), ("key", 4));
    assert_eq!(word(&rows[0].principal_id), "AROAA:resize-images");
}

#[test]
fn a_key_that_contradicts_name_or_time_does_not_link() {
    const MASKED: &str = "ASIA****************";
    let rows = all([
        assume(0, &BOB, &a(), "ada", MASKED).into(),
        assume(0, &BOB, &a(), "eve", MASKED).into(),
        assume(60, &BOB, &a(), "ada", MASKED).into(),
        uses(&by(&a(), "ada", MASKED, 60), 7).into(),
    ]);
    assert_eq!(rows.len(), 3);
    for row in &rows {
        let expected = if row.created_at == at(60) { 7 } else { 0 };
        assert_eq!(row.calls, expected, "{:?}", row.session_arn);
    }
    let rows = all([
        assume(0, &BOB, &a(), "ada", MASKED).into(),
        uses(&by(&a(), "eve", MASKED, 0), 7).into(),
    ]);
    assert_eq!((rows.len(), keyed(&rows, MASKED).calls), (2, 0));
}

#[test]
fn a_console_session_uses_keys_that_nobody_issued() {
    let rows = all([
        assume(0, &BOB, &b(), "ada", K1).into(),
        uses(&by(&b(), "ada", K2, 0), 2).into(),
        uses(&by(&b(), "ada", K3, 0), 3).into(),
        assume(90, &by(&b(), "ada", K2, 0), &a(), "ada", "ASIAAAAAAAAAAAAAAAA4").into(),
    ]);
    let first = keyed(&rows, K1);
    assert_eq!((rows.len(), first.calls, word(&first.use_link)), (2, 5, "name and time"));
    assert_eq!(word(&first.keys_seen), format!("{K2} {K3}"));
    let second = keyed(&rows, "ASIAAAAAAAAAAAAAAAA4");
    assert_eq!(word(&second.parent_session_id), first.session_id);
    assert_eq!((word(&second.parent_link), second.depth), ("name and time", 1));
}

#[test]
fn a_session_without_issuance_is_unresolved_until_the_issuance_comes() {
    let used = uses(&by(&a(), "ada", K1, 0), 5);
    let hop = assume(30, &by(&a(), "ada", K1, 0), &b(), "ada", K2);
    let stored = all([used.into(), hop.clone().into()]);
    let child = keyed(&stored, K2);
    assert_eq!((child.root_kind.as_str(), child.depth), ("unresolved", 1));
    assert_eq!((child.root_principal.as_str(), word(&child.parent_link)), (a().as_str(), "key"));
    let alone = stored.iter().find(|row| row.issued_by.is_none()).unwrap();
    assert_eq!((alone.depth, alone.path.as_str()), (0, a().as_str()));

    let mut forest = Forest::new(stored.clone());
    forest.event(assume(0, &BOB, &a(), "ada", K1));
    forest.resolve();
    assert_eq!(forest.removed().collect::<Vec<_>>(), [alone.session_id.as_str()]);
    assert_eq!(forest.changed().count(), 2);
    assert_eq!(forest.changed_days().len(), 1);
    let rows: Vec<Session> = forest.sessions().cloned().collect();
    let child = keyed(&rows, K2);
    assert_eq!(
        (child.root_kind.as_str(), word(&child.root_credential)),
        ("long-term key", "AKIABOB")
    );
    assert_eq!(child.path, format!("arn:aws:iam::111111111111:user/BOB > {} > {}", a(), b()));
    assert_eq!((child.account_path.as_str(), child.crossings), ("111111111111 > 222222222222", 1));

    // Without any use the caller itself is the root.
    let rows = all([hop.into()]);
    assert_eq!((rows[0].depth, rows[0].root_kind.as_str()), (1, "unresolved"));
    assert_eq!(word(&rows[0].parent_session_id), "-");
}

#[test]
fn a_sign_in_names_the_console_session_some_seconds_beside_it() {
    let used = uses(&by(&a(), "ada", K1, 3), 5);
    for (second, kind) in [(0, "console"), (8, "console"), (9, "unresolved")] {
        let facts = [sign_in(second, &by(&a(), "ada", K1, 0)).into(), used.clone().into()];
        let rows = all(facts.clone());
        let row = rows.iter().find(|row| row.calls == 5).unwrap();
        assert_eq!(row.root_kind, kind, "signed in at {second}");
        assert_eq!(rows.len(), if kind == "console" { 1 } else { 2 });
        assert_eq!(run(run(Vec::new(), &facts[..1]), &facts[1..]), rows);
    }
    // The switch of a role that STS issued opens nothing of its own.
    let rows =
        all([sign_in(1, &by(&a(), "ada", K1, 0)).into(), assume(0, &BOB, &a(), "ada", K1).into()]);
    assert_eq!((rows.len(), rows[0].from_console, word(&rows[0].use_link)), (1, true, "-"));
    assert_eq!(rows[0].root_kind, "long-term key");
}

#[test]
fn siblings_that_share_a_root_leave_only_the_parent_open() {
    let hop = assume(30, &by(&a(), "i-0123", K3, 0), &b(), "x", "ASIAAAAAAAAAAAAAAAA4");
    let one = assume(0, &EC2, &a(), "i-0123", K1);
    for (other, kind) in [(EC2, "service"), (BOB, "ambiguous")] {
        let other = assume(0, &other, &a(), "i-0123", K2);
        let rows = all([one.clone().into(), other.into(), hop.clone().into()]);
        let child = keyed(&rows, "ASIAAAAAAAAAAAAAAAA4");
        assert_eq!((word(&child.parent_link), word(&child.parent_session_id)), ("ambiguous", "-"));
        assert_eq!(word(&child.parent_candidates).split(' ').count(), 2);
        assert_eq!((child.root_kind.as_str(), child.depth), (kind, 1));
    }
}

#[test]
fn the_role_owners_copy_alone_finds_who_was_valid_then() {
    let parent = |second, key| Fact::from(assume(second, &BOB, &a(), "ada", key));
    let entered = |second| Fact::from(assume(second, &By::Foreign(id(&a(), "ada")), &b(), "x", K3));
    for (facts, link, kind) in [
        (vec![parent(0, K1), entered(60)], "name and time", "long-term key"),
        (vec![parent(0, K1), parent(9, K2), entered(60)], "ambiguous", "long-term key"),
        (vec![parent(0, K1), entered(3602)], "-", "unresolved"),
        (vec![parent(0, K1), entered(-5)], "-", "unresolved"),
    ] {
        let rows = all(facts);
        let child = keyed(&rows, K3);
        assert_eq!((word(&child.parent_link), child.root_kind.as_str()), (link, kind));
        assert_eq!(child.depth, 1);
    }
    let user = assume(0, &By::Foreign("AIDABOB".into()), &b(), "x", K3);
    let rows = all([user.into()]);
    assert_eq!((rows[0].root_kind.as_str(), rows[0].depth), ("unknown", 0));
    assert_eq!(rows[0].root_principal, "111111111111:AIDABOB");
}

#[test]
fn a_name_that_a_session_no_longer_shows_finds_it_no_longer() {
    let stored = all([
        assume(0, &EC2, &a(), "awslambda_291_20230710122648994", K1).into(),
        uses(&by(&a(), "resize", K1, 0), 4).into(),
        assume(60, &By::Foreign(id(&a(), "resize")), &b(), "x", K3).into(),
    ]);
    assert_eq!(word(&keyed(&stored, K3).parent_session_id), keyed(&stored, K1).session_id);
    // One session has one unique id: of two that its key shows, the smaller is believed.
    let rows = run(stored, &[uses(&by(&a(), "audit", K1, 0), 1).into()]);
    assert_eq!(word(&keyed(&rows, K1).principal_id), "AROAA:audit");
    assert_eq!(word(&keyed(&rows, K3).parent_session_id), "-");
}

#[test]
fn roles_may_come_back_to_themselves() {
    let rows = all([
        assume(0, &BOB, &a(), "x", K1).into(),
        assume(0, &by(&a(), "x", K1, 0), &b(), "x", K2).into(),
        assume(9, &by(&b(), "x", K2, 0), &a(), "x", K3).into(),
    ]);
    let found = [K1, K2, K3].map(|key| (keyed(&rows, key).depth, keyed(&rows, key).revisits));
    assert_eq!(found, [(0, false), (1, false), (2, true)]);
    assert_eq!(keyed(&rows, K3).crossings, 2);
    assert_eq!(keyed(&rows, K3).root_session_id, keyed(&rows, K1).root_session_id);
}

#[test]
fn a_session_is_never_its_own_ancestor() {
    let rows = all([
        assume(0, &by(&b(), "x", K2, 1), &a(), "x", K1).into(),
        assume(1, &by(&a(), "x", K1, 0), &b(), "x", K2).into(),
        assume(9, &by(&b(), "x", K2, 1), &a(), "y", K3).into(),
    ]);
    for key in [K1, K2] {
        let row = keyed(&rows, key);
        assert_eq!((word(&row.parent_session_id), row.depth), ("-", 1));
        assert_eq!((word(&row.parent_link), row.root_kind.as_str()), ("ambiguous", "unresolved"));
    }
    assert_eq!((keyed(&rows, K3).depth, word(&keyed(&rows, K3).parent_link)), (2, "key"));
}

#[test]
fn nobody_is_called_by_a_session_that_does_not_exist_yet_or_any_more() {
    let longest = 36 * 3600;
    for (second, link) in [(-2, "-"), (-1, "key"), (longest + 1, "key"), (longest + 2, "-")] {
        let rows = all([
            assume(0, &BOB, &b(), "x", K2).into(),
            assume(second, &by(&b(), "x", K2, 0), &a(), "x", K1).into(),
        ]);
        assert_eq!(word(&keyed(&rows, K1).parent_link), link, "called at {second}");
    }
}

#[test]
fn a_circle_opens_when_the_callers_copy_tells_better() {
    const K4: &str = "ASIAAAAAAAAAAAAAAAA4";
    let c = role(2, "c");
    let callers = assume(0, &by(&c, "x", K4, -50), &a(), "x", K1);
    let second = assume(1, &by(&a(), "x", K1, 0), &b(), "x", K2);
    let third = assume(1, &by(&b(), "x", K2, 1), &c, "x", K3);
    // Seen from the role owner alone, the third session seems to be the caller of the first.
    let stored = all([copy(&callers).into(), second.into(), third.into()]);
    assert!(stored.iter().all(|row| row.root_kind == "unresolved" && row.depth == 1));
    let rows = run(stored, &[callers.into()]);
    let found =
        [K1, K2, K3].map(|key| (keyed(&rows, key).depth, word(&keyed(&rows, key).parent_link)));
    assert_eq!(found, [(1, "-"), (2, "key"), (3, "key")]);
}

#[test]
fn a_late_parent_repairs_all_descendants_and_nothing_else() {
    let stored = all([
        assume(10, &by(&a(), "x", K1, 0), &b(), "x", K2).into(),
        assume(20, &by(&b(), "x", K2, 10), &a(), "y", K3).into(),
        assume(20, &BOB, &a(), "z", "ASIAAAAAAAAAAAAAAAA5").into(),
    ]);
    assert_eq!(keyed(&stored, K3).root_kind, "unresolved");
    let mut forest = Forest::new(stored);
    forest.event(assume(0, &EC2, &a(), "x", K1));
    forest.resolve();
    let changed: Vec<_> = forest.changed().map(|row| (word(&row.issued_key), row.depth)).collect();
    assert_eq!(changed, [(K2, 1), (K3, 2), (K1, 0)]);
    assert!(forest.changed().all(|row| row.root_principal == "ec2.amazonaws.com"));
}

#[test]
fn a_parent_that_is_not_loaded_stays_the_parent() {
    let parent = assume(0, &BOB, &a(), "x", K1);
    let child = assume(10, &by(&a(), "x", K1, 0), &b(), "x", K2);
    let stored = all([parent.into(), child.into()]);
    let rows = run(vec![keyed(&stored, K2).clone()], &[uses(&by(&b(), "x", K2, 10), 4).into()]);
    assert_eq!((rows[0].calls, rows[0].depth), (4, 1));
    assert_eq!(rows[0].path, keyed(&stored, K2).path);
    assert_eq!(rows[0].parent_session_id, keyed(&stored, K2).parent_session_id);
}

#[test]
fn what_issues_nothing_changes_nothing() {
    let issued = assume(0, &BOB, &a(), "x", K1);
    let denied = Event { succeeded: false, issued_access_key_id: None, ..issued.clone() };
    let read = Event { event_name: "GetCallerIdentity".into(), ..issued };
    assert!(all([denied.into(), read.into()]).is_empty());
}

#[test]
fn roots_have_kinds() {
    let sso = role(1, "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef");
    let saml = |role: &str| Event {
        event_name: "AssumeRoleWithSAML".into(),
        user_identity_type: text("SAMLUser"),
        subject: text("ada@example.com"),
        principal: "idp ada@example.com".into(),
        user_identity_access_key_id: None,
        ..assume(0, &BOB, role, "ada", K1)
    };
    let plain = |kind: &str, name: &str| Event {
        event_name: name.into(),
        user_identity_type: text(kind),
        user_identity_access_key_id: None,
        ..assume(0, &BOB, &a(), "x", K1)
    };
    for (event, kind, principal) in [
        (assume(0, &BOB, &a(), "x", K1), "long-term key", "arn:aws:iam::111111111111:user/BOB"),
        (assume(0, &EC2, &a(), "x", K1), "service", "ec2.amazonaws.com"),
        (saml(&a()), "saml", "idp ada@example.com"),
        (saml(&sso), "identity center", "ada@example.com"),
        (
            plain("WebIdentityUser", "AssumeRoleWithWebIdentity"),
            "web identity",
            "arn:aws:iam::111111111111:user/BOB",
        ),
        (plain("IAMUser", "AssumeRole"), "unknown", "arn:aws:iam::111111111111:user/BOB"),
    ] {
        let rows = all([event.into()]);
        assert_eq!(
            (rows[0].root_kind.as_str(), rows[0].root_principal.as_str()),
            (kind, principal)
        );
        assert_eq!(rows[0].depth, 0);
        assert_eq!(word(&rows[0].root_session_id), rows[0].session_id);
    }
}

#[test]
fn users_federated_users_and_roots_have_sessions_too() {
    let call = |name: &str| Event {
        event_name: name.into(),
        role_arn: None,
        issued_arn: None,
        issued_principal_id: None,
        duration_seconds: Some(900),
        ..assume(0, &BOB, &a(), "x", K1)
    };
    let token = Event { serial_number: text("device"), ..call("GetSessionToken") };
    let user = "arn:aws:iam::111111111111:user/BOB";
    let federated = "arn:aws:sts::111111111111:federated-user/eve";
    let named = Event {
        issued_arn: text(federated),
        issued_principal_id: text("111111111111:eve"),
        ..call("GetFederationToken")
    };
    let root = Event { target_principal: text("222222222222"), ..call("AssumeRoot") };
    for (event, kind, principal, account) in [
        (token, "user", user, "111111111111"),
        (named, "federated", federated, "111111111111"),
        (root, "root", "arn:aws:iam::222222222222:root", "222222222222"),
    ] {
        let rows = all([event.into()]);
        assert_eq!((rows[0].kind.as_str(), rows[0].principal.as_str()), (kind, principal));
        assert_eq!(word(&rows[0].account_id), account);
        assert_eq!(rows[0].mfa, (kind == "user").then_some(true));
        assert_eq!((rows[0].requested_seconds, rows[0].granted_seconds), (Some(900), Some(3600)));
        assert!(!rows[0].revisits);
    }
}

#[test]
fn uses_add_up() {
    let call = |calls, error: Option<&str>, address: &str| {
        let mut usage = uses(&by(&a(), "ada", K1, 0), calls);
        usage.error_code = error.map(str::to_owned);
        usage.source_ip_address = text(address);
        Fact::from(usage)
    };
    let facts = [call(5, None, "203.0.113.7"), call(2, Some("AccessDenied"), "198.51.100.9")];
    let rows = run(all([facts[0].clone()]), &facts[1..]);
    assert_eq!((rows[0].calls, rows[0].failed_calls), (7, 2));
    assert_eq!(word(&rows[0].networks), "198.51.100.0/24 203.0.113.0/24");
    let span = (rows[0].first_used_at, rows[0].last_used_at);
    assert_eq!(span, (Some(at(2)), Some(at(65))));
    assert_eq!(rows[0].created_at, Time(at(0).0));
}
