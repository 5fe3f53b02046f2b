//! Console sign-ins and what they open, told as stories.

use rolecall_model::Event;

use crate::common::*;
use crate::told::*;

#[test]
fn a_console_session_uses_keys_that_nobody_issued() {
    let rows = all([
        assume(0, &BOB, &b(), "ada", K1).into(),
        uses(&by(&b(), "ada", K2, 0), 2).into(),
        uses(&by(&b(), "ada", K3, 0), 3).into(),
        assume(90, &by(&b(), "ada", K2, 0), &a(), "ada", K4).into(),
    ]);
    let first = keyed(&rows, K1);
    assert_eq!((rows.len(), first.calls, word(&first.use_link)), (2, 5, "name and time"));
    assert_eq!(word(&first.keys_seen), format!("{K2} {K3}"));
    let second = keyed(&rows, K4);
    assert_eq!(word(&second.parent_session_id), first.session_id);
    assert_eq!((word(&second.parent_link), second.depth), ("name and time", 1));
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
fn each_kind_of_sign_in_opens_a_session() {
    let entered = |name: &str| Event {
        event_name: name.into(),
        mfa_used: Some(true),
        ..sign_in(0, &by(&a(), "ada", K1, 0))
    };
    for (name, count) in [
        ("ConsoleLogin", 1),
        ("SwitchRole", 1),
        ("CreateOAuth2Token", 1),
        ("AuthorizeOAuth2Access", 0),
    ] {
        let rows = all([entered(name).into()]);
        assert_eq!(rows.len(), count, "{name}");
        assert!(rows.iter().all(|row| row.root_kind == "console" && row.mfa == Some(true)));
    }
    let failed = Event { succeeded: false, ..entered("ConsoleLogin") };
    let nameless = Event {
        user_identity_principal_id: None,
        user_identity_arn: None,
        ..entered("ConsoleLogin")
    };
    assert!(all([failed.into(), nameless.into()]).is_empty());
}

#[test]
fn a_switched_role_begins_at_the_console_sign_in() {
    let console = By::Temporary("BOB", K1.into(), -60);
    let switch = Event { event_name: "SwitchRole".into(), ..sign_in(0, &by(&b(), "BOB", K3, 0)) };
    let rows = all([
        sign_in(-58, &console).into(),
        uses(&console, 1).into(),
        assume(0, &console, &b(), "BOB", K2).into(),
        switch.into(),
        uses(&by(&b(), "BOB", K3, 0), 5).into(),
    ]);
    let role = keyed(&rows, K2);
    assert_eq!((rows.len(), role.calls, word(&role.use_link)), (2, 5, "name and time"));
    assert_eq!((role.root_kind.as_str(), role.root_principal.as_str()), ("console", &*user("BOB")));
    assert_eq!((role.depth, role.from_console, word(&role.parent_link)), (1, true, "key"));
}

#[test]
fn a_sign_in_belongs_to_the_nearest_session_of_its_name() {
    let rows = all([
        uses(&by(&a(), "ada", K1, -3), 3).into(),
        uses(&by(&a(), "ada", K2, 1), 1).into(),
        sign_in(0, &by(&a(), "ada", K1, 0)).into(),
    ]);
    assert_eq!(rows.len(), 2);
    for row in &rows {
        assert_eq!(row.from_console, row.created_at == at(1));
    }
}
