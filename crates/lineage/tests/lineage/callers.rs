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
