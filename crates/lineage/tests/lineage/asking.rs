//! Callers whose records show no second of creation, told as stories.

use rolecall_model::Event;

use crate::common::*;
use crate::told::*;

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
fn a_caller_may_show_less_than_its_name_and_second() {
    let called = by(&a(), "ada", K1, 0);
    let used = uses(&called, 3);
    let nameless = Event {
        user_identity_principal_id: None,
        user_identity_arn: None,
        ..assume(9, &called, &b(), "x", K3)
    };
    let undated = assume(9, &By::Undated(a(), "ada".into(), K1.into()), &b(), "y", K4);
    let issued = assume(0, &BOB, &a(), "ada", K1);
    for first in [Fact::from(used), issued.into()] {
        let rows = all([first, nameless.clone().into(), undated.clone().into()]);
        for key in [K3, K4] {
            assert_eq!((word(&keyed(&rows, key).parent_link), keyed(&rows, key).depth), ("key", 1));
        }
    }
    // The key of another session is no proof.
    let other = By::Undated(a(), "eve".into(), K1.into());
    let rows =
        all([assume(0, &BOB, &a(), "ada", K1).into(), assume(9, &other, &b(), "x", K3).into()]);
    assert_eq!(word(&keyed(&rows, K3).parent_link), "-");
}

#[test]
fn only_the_unique_id_of_a_role_session_is_looked_for() {
    let root =
        Event { target_principal: text("111111111111"), ..issue(0, "AssumeRoot", "", "", K1) };
    for id in ["111111111111", "111111111111:eve", "AROAA", "AIDABOB"] {
        let entered = assume(9, &By::Foreign(id.into()), &b(), "x", K3);
        let rows = all([root.clone().into(), entered.into()]);
        let child = keyed(&rows, K3);
        assert_eq!((word(&child.parent_link), child.root_kind.as_str()), ("-", "unknown"), "{id}");
    }
}

#[test]
fn too_many_candidates_are_not_listed() {
    let parents = |count: i64| {
        (0..count)
            .map(|n| assume(n, &BOB, &a(), "ada", &format!("ASIAAAAAAAAAAAAAAA{n:02}")).into())
    };
    let entered = assume(60, &By::Foreign(id(&a(), "ada")), &b(), "x", K3);
    for (count, listed, kind) in [(32, 32, "long-term key"), (33, 0, "ambiguous")] {
        let rows = all(parents(count).chain([entered.clone().into()]));
        let child = keyed(&rows, K3);
        let candidates = child.parent_candidates.iter().flat_map(|ids| ids.split(' ')).count();
        assert_eq!((candidates, child.root_kind.as_str()), (listed, kind));
        assert_eq!(word(&child.parent_link), "ambiguous");
    }
}

#[test]
fn a_name_that_a_late_copy_takes_back_finds_nobody() {
    let first = assume(0, &EC2, &a(), "awslambda_291_20230710122648994", K1);
    let named = Event {
        event_id: "named".into(),
        issued_principal_id: text("AROAA:awslambda_291_20230710122648994"),
        ..first.clone()
    };
    // The uses that go over to the second show a smaller name there, so that nobody shows theirs.
    let facts: [Fact; 6] = [
        first.into(),
        assume(0, &EC2, &a(), "resize", K2).into(),
        uses(&by(&a(), "resize", K1, 0), 4).into(),
        uses(&by(&a(), "audit", K2, 0), 4).into(),
        assume(60, &By::Foreign(id(&a(), "resize")), &b(), "x", K3).into(),
        named.into(),
    ];
    let stored = all(facts[..5].iter().cloned());
    assert_eq!(word(&keyed(&stored, K3).parent_session_id), keyed(&stored, K1).session_id);
    let rows = run(stored, &facts[5..]);
    assert_eq!(word(&keyed(&rows, K3).parent_session_id), "-");
    assert_eq!(rows, all(facts));
}

#[test]
fn a_candidate_that_is_loaded_does_not_speak_for_one_that_is_not() {
    let stored = all([
        assume(0, &by(&b(), "y", K4, -60), &a(), "ada", K1).into(),
        assume(9, &by(&b(), "y", K4, -60), &a(), "ada", K2).into(),
        assume(60, &By::Foreign(id(&a(), "ada")), &b(), "x", K3).into(),
    ]);
    let child = keyed(&stored, K3).clone();
    let loaded = vec![keyed(&stored, K2).clone(), child.clone()];
    let rows = run(loaded, &[assume(-60, &BOB, &b(), "y", K4).into()]);
    assert_eq!(keyed(&rows, K2).root_kind, "long-term key");
    assert_eq!(keyed(&rows, K3), &child);
}

#[test]
fn a_candidate_that_is_new_does_not_replace_one_that_is_not_loaded() {
    let stored = all([
        assume(0, &BOB, &a(), "ada", K1).into(),
        assume(60, &By::Foreign(id(&a(), "ada")), &b(), "x", K3).into(),
    ]);
    let child = keyed(&stored, K3).clone();
    let rows = run(vec![child.clone()], &[assume(9, &BOB, &a(), "ada", K2).into()]);
    assert_eq!(keyed(&rows, K3), &child);
}

#[test]
fn a_users_temporary_key_is_a_session_even_without_its_second() {
    let event = Event {
        session_created_at: None,
        ..assume(0, &By::Temporary("BOB", K1.into(), 0), &a(), "x", K2)
    };
    let rows = all([event.into()]);
    assert_eq!((rows[0].root_kind.as_str(), rows[0].depth), ("unresolved", 1));
}

#[test]
fn a_session_that_enters_itself_is_not_its_own_caller() {
    let rows = all([assume(60, &By::Foreign(id(&b(), "x")), &b(), "x", K3).into()]);
    assert_eq!((word(&rows[0].parent_link), rows[0].root_kind.as_str()), ("-", "unresolved"));
}
