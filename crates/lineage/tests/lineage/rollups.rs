//! Edges and footprints, counted by hand.

use rolecall_lineage::{edges, footprints};
use rolecall_model::{Event, Usage};

use crate::common::*;

#[test]
fn hops_between_the_same_two_are_one_edge() {
    let (a, b) = (role(1, "a"), role(2, "b"));
    let entered = By::Foreign(id(&a, "x"));
    let mut with_id = assume(30, &entered, &b, "y", "ASIAAAAAAAAAAAAAAAA3");
    with_id.external_id = text("shared");
    let rows = run(
        Vec::new(),
        &[
            assume(0, &By::User("BOB"), &a, "x", "ASIAAAAAAAAAAAAAAAA1").into(),
            assume(20, &entered, &b, "y", "ASIAAAAAAAAAAAAAAAA2").into(),
            with_id.into(),
            uses(&By::Session(a.clone(), "unissued".into(), None, 0), 3).into(),
        ],
    );
    let found = edges(&rows);
    assert_eq!(found.len(), 2);
    let edge = found.iter().find(|edge| edge.to_principal == b).unwrap();
    assert_eq!((edge.from_principal.as_str(), edge.sessions), (a.as_str(), 2));
    assert_eq!((edge.min_depth, edge.max_depth, edge.with_external_id), (1, 1, 1));
    assert_eq!((edge.first_at, edge.last_at), (at(20), at(30)));
    assert_eq!(edge.root_principal, "arn:aws:iam::111111111111:user/BOB");
}

#[test]
fn a_footprint_is_one_principal_network_and_client() {
    let session = |key: &str| By::Session(role(1, "a"), "x".into(), text(key), 0);
    let call = |key: &str, address: &str, api: &str| Usage {
        source_ip_address: text(address),
        user_agent: text("aws-cli/2.15"),
        event_name: api.into(),
        ..uses(&session(key), 2)
    };
    let service = Usage {
        user_identity_type: text("AWSService"),
        ..call("ASIA1", "ec2.amazonaws.com", "AssumeRole")
    };
    let usages = [
        call("ASIA1", "203.0.113.7", "ListBuckets"),
        call("ASIA2", "203.0.113.8", "ListBuckets"),
        call("AKIA3", "203.0.113.8", "ListUsers"),
        service,
    ];
    let found = footprints(&usages);
    let told: Vec<_> = found
        .iter()
        .map(|f| (f.access_key_id.as_deref(), f.calls, f.apis, f.credentials))
        .collect();
    assert_eq!(told, [(None, 4, 1, 2), (Some("AKIA3"), 2, 1, 1)]);
    assert!(found.iter().all(|f| f.network == "203.0.113.0/24" && f.client == "aws-cli"));
}

#[test]
fn edges_tell_ways_apart_and_assert_no_candidate() {
    let (a, b) = (role(1, "a"), role(2, "b"));
    let entered = By::Foreign(id(&a, "x"));
    let saml = Event {
        event_name: "AssumeRoleWithSAML".into(),
        ..assume(5, &By::User("BOB"), &a, "y", "ASIAAAAAAAAAAAAAAAA4")
    };
    let rows = run(
        Vec::new(),
        &[
            assume(9, &By::User("BOB"), &a, "x", "ASIAAAAAAAAAAAAAAAA1").into(),
            assume(0, &By::User("BOB"), &a, "x", "ASIAAAAAAAAAAAAAAAA2").into(),
            saml.into(),
            assume(20, &entered, &b, "y", "ASIAAAAAAAAAAAAAAAA3").into(),
        ],
    );
    let found = edges(&rows);
    let told: Vec<_> = found
        .iter()
        .map(|edge| (edge.from_principal.as_str(), edge.issued_by.as_str(), edge.sessions))
        .collect();
    let bob = user("BOB");
    let foreign = "111111111111:AROAA:x";
    assert_eq!(
        told,
        [(foreign, "AssumeRole", 1), (&bob, "AssumeRole", 2), (&bob, "AssumeRoleWithSAML", 1)]
    );
    assert_eq!((found[1].first_at, found[1].last_at), (at(0), at(9)));
}

#[test]
fn a_footprint_spans_its_calls() {
    let call = |second, error: Option<&str>| Usage {
        error_code: error.map(str::to_owned),
        first_at: at(second),
        last_at: at(second + 5),
        ..uses(&By::Session(role(1, "a"), "x".into(), text("ASIA1"), second % 2), 2)
    };
    for usages in
        [[call(9, None), call(2, Some("AccessDenied"))], [call(2, Some("x")), call(9, None)]]
    {
        let found = footprints(&usages);
        assert_eq!((found.len(), found[0].calls, found[0].failed_calls), (1, 4, 2));
        assert_eq!((found[0].first_at, found[0].last_at), (at(2), at(14)));
        // One key in two sessions is two credentials.
        assert_eq!(found[0].credentials, 2);
    }
}
