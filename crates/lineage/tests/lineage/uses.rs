//! Which session calls and sign-ins belong to, told as stories.

use rolecall_model::{Event, Session, Usage};

use crate::common::*;
use crate::told::*;

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
    assert_eq!(rows[0].created_at, at(0));
}

#[test]
fn what_uses_taught_is_taken_back_when_another_issuance_claims_them() {
    let used = Usage {
        session_mfa: Some(true),
        session_source_identity: text("ada@example.com"),
        session_from_console: true,
        ..uses(&by(&a(), "i-0123", K2, 0), 5)
    };
    let told = |rows: &[Session], key: &str| {
        let row = keyed(rows, key);
        let learned = word(&row.learned).to_owned();
        (row.mfa, row.source_identity.clone(), row.from_console, learned)
    };
    let stored = all([assume(0, &EC2, &a(), "i-0123", K1).into(), used.into()]);
    let all_three = "mfa principal_id source_identity".to_owned();
    let taught = (Some(true), text("ada@example.com"), true, all_three);
    assert_eq!(told(&stored, K1), taught);
    let rows = run(stored, &[assume(0, &EC2, &a(), "i-0123", K2).into()]);
    assert_eq!(told(&rows, K1), (None, None, false, "-".to_owned()));
    assert_eq!(told(&rows, K2), taught);
}

#[test]
fn a_users_own_sessions_are_known_by_name_and_time() {
    let token = issue(0, "GetSessionToken", "", "", K1);
    let call = |key, second| By::Temporary("BOB", text(key).unwrap_or_default(), second);
    let rows = all([
        token.into(),
        uses(&call(K1, 0), 3).into(),
        // A service that goes on in the user's name shows a key that nobody issued.
        uses(&call(K2, 9), 2).into(),
        assume(20, &call(K1, 0), &a(), "x", K3).into(),
        assume(30, &call(K2, 9), &a(), "x", K4).into(),
    ]);
    let (first, third, fourth) = (keyed(&rows, K1), keyed(&rows, K3), keyed(&rows, K4));
    assert_eq!((rows.len(), first.calls, word(&first.use_link)), (4, 3, "key"));
    assert_eq!((third.depth, third.root_kind.as_str()), (1, "long-term key"));
    assert_eq!(third.path, format!("{0} > {0} > {1}", user("BOB"), a()));
    assert_eq!((fourth.depth, fourth.root_kind.as_str()), (1, "unresolved"));
    assert_eq!(fourth.root_principal, user("BOB"));
}

#[test]
fn the_root_that_was_assumed_is_the_members() {
    let root =
        Event { target_principal: text("222222222222"), ..issue(0, "AssumeRoot", "", "", K1) };
    let used = Usage {
        user_identity_type: text("Root"),
        principal: "arn:aws:iam::222222222222:root".into(),
        principal_id: text("222222222222"),
        principal_arn: text("arn:aws:iam::222222222222:root"),
        ..uses(&By::Temporary("BOB", K1.to_owned(), 0), 3)
    };
    let rows = all([root.into(), used.into()]);
    assert_eq!((rows.len(), rows[0].calls, rows[0].kind.as_str()), (1, 3, "root"));
    assert_eq!(rows[0].root_principal, user("BOB"));
}

#[test]
fn a_session_known_from_uses_alone_is_its_own_root_whatever_they_add() {
    let nowhere =
        Usage { account_id: None, principal_arn: None, ..uses(&by(&a(), "ada", K1, 0), 2) };
    let stored = all([nowhere.into()]);
    assert_eq!((word(&stored[0].account_id), word(&stored[0].root_account_id)), ("-", "-"));
    let rows = run(stored, &[uses(&by(&a(), "ada", K2, 0), 3).into()]);
    assert_eq!((rows.len(), rows[0].calls), (1, 5));
    assert_eq!(word(&rows[0].account_id), "111111111111");
    assert_eq!(word(&rows[0].root_account_id), "111111111111");
}

#[test]
fn a_key_that_another_role_shows_does_not_link_though_no_id_is_known() {
    let other_account = role(3, "a");
    for role in [role(1, "b"), other_account] {
        let rows = all([
            assume(0, &EC2, &a(), "i-0123", K1).into(),
            uses(&by(&role, "i-0123", K1, 0), 5).into(),
        ]);
        assert_eq!((rows.len(), keyed(&rows, K1).calls), (2, 0), "{role}");
    }
}

#[test]
fn of_two_issuances_that_show_one_key_the_name_decides() {
    let rows = all([
        assume(0, &EC2, &a(), "awslambda_291_20230710122648994", K1).into(),
        assume(0, &EC2, &a(), "i-0123", K1).into(),
        uses(&by(&a(), "i-0123", K1, 0), 5).into(),
    ]);
    let used = rows.iter().find(|row| row.calls > 0).unwrap();
    assert_eq!((word(&used.session_name), word(&used.use_link)), ("i-0123", "key"));
    assert_eq!((rows.len(), rows.iter().map(|row| row.calls).sum::<i64>()), (2, 5));
}
