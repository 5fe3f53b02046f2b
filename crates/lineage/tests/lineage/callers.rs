//! Who called whom: parents and lineages, told as stories.

use rolecall_lineage::Forest;
use rolecall_model::{Event, Session};

use crate::common::*;
use crate::told::*;

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
        ("long-term key", "AKIAAAAAAAAAAAAAABOB")
    );
    assert_eq!(child.path, format!("arn:aws:iam::111111111111:user/BOB > {} > {}", a(), b()));
    assert_eq!((child.account_path.as_str(), child.crossings), ("111111111111 > 222222222222", 1));

    // Without any use the caller itself is the root.
    let rows = all([hop.into()]);
    assert_eq!((rows[0].depth, rows[0].root_kind.as_str()), (1, "unresolved"));
    assert_eq!(word(&rows[0].parent_session_id), "-");
}

#[test]
fn siblings_that_share_a_root_leave_only_the_parent_open() {
    let hop = assume(30, &by(&a(), "i-0123", K3, 0), &b(), "x", K4);
    let one = assume(0, &EC2, &a(), "i-0123", K1);
    for (other, kind) in [(EC2, "service"), (BOB, "ambiguous")] {
        let other = assume(0, &other, &a(), "i-0123", K2);
        let rows = all([one.clone().into(), other.into(), hop.clone().into()]);
        let child = keyed(&rows, K4);
        assert_eq!((word(&child.parent_link), word(&child.parent_session_id)), ("ambiguous", "-"));
        assert_eq!(word(&child.parent_candidates).split(' ').count(), 2);
        assert_eq!((child.root_kind.as_str(), child.depth), (kind, 1));
        // One root principal, but two sessions at the start.
        assert_eq!(word(&child.root_session_id), "-");
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
fn candidates_with_two_credentials_have_no_common_root() {
    let second = Event {
        user_identity_access_key_id: text("AKIAAAAAAAAAAAAAAAA2"),
        ..assume(0, &BOB, &a(), "ada", K2)
    };
    let hop = assume(30, &by(&a(), "ada", K4, 0), &b(), "x", K3);
    let rows = all([assume(0, &BOB, &a(), "ada", K1).into(), second.into(), hop.into()]);
    assert_eq!((keyed(&rows, K3).root_kind.as_str(), keyed(&rows, K3).depth), ("ambiguous", 1));
}

#[test]
fn a_subject_cannot_forge_steps_of_a_path() {
    let event = Event {
        event_name: "AssumeRoleWithSAML".into(),
        user_identity_type: text("SAMLUser"),
        principal: format!("idp eve > {}", a()),
        ..assume(0, &BOB, &a(), "x", K1)
    };
    let rows = all([event.into()]);
    assert_eq!(rows[0].path, format!("idp eve>{0} > {0}", a()));
    assert_eq!((rows[0].depth, rows[0].revisits), (0, false));
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

#[test]
fn what_is_taken_again_changes_nothing() {
    let facts: [Event; 2] =
        [assume(0, &BOB, &a(), "x", K1), assume(9, &by(&a(), "x", K1, 0), &b(), "y", K2)];
    let stored = all([
        facts[0].clone().into(),
        facts[1].clone().into(),
        uses(&by(&a(), "x", K1, 0), 4).into(),
    ]);
    let mut forest = Forest::new(stored);
    facts.into_iter().for_each(|event| forest.event(event));
    forest.resolve();
    assert_eq!((forest.changed().count(), forest.changed_days().len()), (0, 0));
}
