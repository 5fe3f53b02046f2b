//! What is issued, to whom and by whom, told as stories.

use rolecall_model::Event;

use crate::common::*;
use crate::told::*;

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
    let masked = |event: &str| Event {
        event_id: event.into(),
        ..assume(0, &BOB, &a(), "terraform", "ASIA****************")
    };
    assert_eq!(all([masked("one").into(), masked("two").into()]).len(), 2);
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
        (
            plain("IdentityCenterUser", "AssumeRole"),
            "identity center",
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
fn copies_complete_each_other() {
    let callers = Event {
        expires_at: None,
        external_id: None,
        ..assume(0, &by(&a(), "ada", K1, -60), &b(), "ada", K2)
    };
    let owners = Event { expires_at: Some(at(900)), external_id: text("shared"), ..copy(&callers) };
    let rows = run(all([callers.into()]), &[owners.into()]);
    assert_eq!((rows[0].expires_at, rows[0].granted_seconds), (Some(at(900)), Some(900)));
    assert_eq!(word(&rows[0].external_id), "shared");
}

#[test]
fn other_services_hand_out_sessions_too() {
    for (name, source, count) in [
        ("GetDelegatedAccessToken", "sts.amazonaws.com", 1),
        ("GetCredentialsForIdentity", "cognito-identity.amazonaws.com", 1),
        ("AssumeRole", "example.com", 0),
    ] {
        let event = Event { event_source: source.into(), ..issue(0, name, "", "", K1) };
        assert_eq!(all([event.into()]).len(), count, "{name}");
    }
    let cognito = Event {
        user_identity_access_key_id: None,
        ..issue(0, "GetCredentialsForIdentity", "", "", K1)
    };
    assert_eq!(all([cognito.into()])[0].root_kind, "web identity");
}

#[test]
fn a_masked_key_is_nobodys_credential() {
    let event = Event {
        user_identity_access_key_id: text("AKIA****************"),
        ..assume(0, &BOB, &a(), "x", K1)
    };
    let rows = all([event.into()]);
    assert_eq!(
        (rows[0].root_kind.as_str(), word(&rows[0].root_credential)),
        ("long-term key", "-")
    );
}

#[test]
fn a_late_callers_copy_tells_the_root() {
    let callers = assume(0, &BOB, &b(), "x", K1);
    let stored = all([copy(&callers).into()]);
    assert_eq!(stored[0].root_kind, "unknown");
    let rows = run(stored, &[callers.clone().into()]);
    assert_eq!((rows.len(), rows[0].root_kind.as_str()), (1, "long-term key"));
    assert_eq!(rows[0].path, format!("{} > {}", user("BOB"), b()));
    // Also a copy that tells little of the caller tells more than the role owner's.
    let nameless = Event { user_identity_arn: None, ..callers.clone() };
    let rows = all([copy(&callers).into(), nameless.into()]);
    assert_eq!((word(&rows[0].caller_type), rows.len()), ("IAMUser", 1));
}
