//! What detections are told, until when, and what is kept quiet.

use rolecall_known::{EXAMPLE, Known, Origin, Scope, SettingValue, Tables, accounts_file};
use rolecall_model::{Finding, Severity, Time};

const NONE: &[String] = &[];

fn read(text: &str) -> Known {
    Known::parse(text, None).expect(text)
}

fn at(text: &str) -> Time {
    text.parse().expect(text)
}

fn told(known: &Known, name: &str, covers: &[&str], when: &str) -> Tables {
    let covers: Vec<String> = covers.iter().map(|id| (*id).to_owned()).collect();
    known.tables(Scope { name, covers: &covers }, at(when))
}

#[test]
fn every_entry_of_the_example_becomes_rows() {
    let tables = told(&read(EXAMPLE), "credential-in-two-places", &["LK-2"], "2026-12-01");
    assert_eq!(tables.own_accounts.len(), 2);
    assert_eq!(tables.partners[0].external_id.as_deref(), Some("example-customer-4711"));
    assert_eq!(tables.partners[0].expires_at, Some(at("2027-02-01")));
    let networks: Vec<_> = tables
        .known_networks
        .iter()
        .map(|row| {
            (row.name.as_str(), row.cidr.as_deref(), row.place.as_deref(), row.country.as_deref())
        })
        .collect();
    assert_eq!(networks[0], ("office", Some("192.0.2.0/24"), None, None));
    assert_eq!(networks[2], ("home offices", None, Some("AS64500"), None));
    assert_eq!(networks[4], ("home offices", None, None, Some("DE")));
    assert_eq!(tables.known_networks[0].principal, "*");
    assert_eq!(tables.known_endpoints.len(), 1);
    assert_eq!(tables.automations[0].owner.as_deref(), Some("platform@example.com"));
    assert_eq!(tables.trusted_subjects.len(), 1);
    assert_eq!(tables.special_roles[1].allowed_caller, None);
    assert_eq!(tables.session_ceilings[0].seconds, 43_200);
    assert_eq!(tables.trusted_edges.len(), 1);
    assert_eq!(tables.portals[0].user_agent, "example-portal/*");
    assert_eq!(tables.marked_clients[0].kind, "expected");
    assert_eq!(tables.quiet_apis.len(), 2);
}

#[test]
fn an_entry_counts_for_whom_it_is_meant() {
    let known = read("[[account]]\nid = \"111111111111\"\ndetections = [\"new-edge\", \"LS-*\"]");
    for (name, covers, expected) in [
        ("new-edge", &[][..], true),
        ("new-edges", &[], false),
        ("long", &["XA-1", "LS-2"], true),
        ("long", &["XA-1"], false),
    ] {
        let found = told(&known, name, covers, "2026-12-01").own_accounts;
        assert_eq!(found.len() == 1, expected, "{name} {covers:?}");
    }
}

#[test]
fn the_last_day_counts_to_its_end() {
    for (expires, end) in [
        ("2027-01-31", "2027-02-01T00:00:00Z"),
        ("2027-01-31T12:00:00Z", "2027-01-31T12:00:00Z"),
        ("2027-01-31T12:00:00+01:00", "2027-01-31T11:00:00Z"),
        ("2027-01-31 12:00:00", "2027-01-31T12:00:00Z"),
        ("2027-01-31 12:00", "2027-01-31T12:00:00Z"),
    ] {
        let known = read(&format!("[[account]]\nid = \"111111111111\"\nexpires = {expires}"));
        let found = known.entries().next().unwrap().vouched.expires_at;
        assert_eq!(found, Some(at(end)), "{expires}");
    }
}

proptest::proptest! {
    #[test]
    fn an_entry_is_there_before_its_expiry_and_gone_after(day in 1u32..28, offset in -9_000_000i64..9_000_000) {
        let text = format!("[[account]]\nid = \"111111111111\"\nexpires = 2027-01-{day:02}");
        let known = read(&text);
        let end = known.entries().next().unwrap().vouched.expires_at.unwrap();
        let now = end.plus_seconds(offset);
        let scope = Scope { name: "any", covers: NONE };
        proptest::prop_assert_eq!(known.tables(scope, now).own_accounts.len() == 1, offset < 0);
        proptest::prop_assert_eq!(known.expired(now).count() == 1, offset >= 0);
    }
}

#[test]
fn defaults_hold_until_the_file_says_otherwise() {
    let defaults = told(&Known::default().with_defaults(), "any", &[], "2026-12-01");
    let kind = |tables: &Tables, agent: &str| {
        let row = tables.marked_clients.iter().filter(|row| row.user_agent == agent);
        row.map(|row| row.kind.clone()).collect::<Vec<_>>()
    };
    assert_eq!(kind(&defaults, "*kali*"), ["attack tool"]);
    assert!(
        defaults.special_roles.iter().any(|row| row.role == "*:role/OrganizationAccountAccessRole")
    );
    assert!(!defaults.quiet_apis.is_empty());
    assert!(Known::defaults().entries().all(|entry| entry.origin == Origin::Defaults));

    let known = read(
        "[[client]]\nuser_agents = [\"*Kali*\"]\nkind = \"expected\"\nexpires = 2027-01-31\n\
         [[role]]\nroles = [\"*:role/OrganizationAccountAccessRole\"]\nkind = \"sensitive\"\n\
         allowed_callers = [\"arn:aws:iam::111111111111:role/vending\"]",
    )
    .with_defaults();
    let before = told(&known, "any", &[], "2026-12-01");
    assert_eq!(kind(&before, "*kali*"), ["expected"]);
    let after = told(&known, "any", &[], "2027-02-01");
    assert_eq!(kind(&after, "*kali*"), ["attack tool"]);
    assert_eq!(kind(&after, "*pacu*"), ["attack tool"]);
    let roles = after.special_roles.iter().filter(|row| row.role.ends_with("AccountAccessRole"));
    let callers: Vec<_> = roles.map(|row| row.allowed_caller.as_deref()).collect();
    assert_eq!(callers, [Some("arn:aws:iam::111111111111:role/vending")]);
}

#[test]
fn accounts_come_from_the_list_and_the_file_names_them() {
    let text = "[organization]\naccounts_file = \"accounts.json\"\n[[account]]\nid = \"111111111111\"\nname = \"mine\"";
    assert_eq!(accounts_file(text).as_deref(), Some("accounts.json"));
    assert_eq!(accounts_file("[[account]]"), None);
    let list =
        r#"{"Accounts":[{"Id":"111111111111","Name":"a"},{"Id":"222222222222","Name":"b"}]}"#;
    let known = Known::parse(text, Some(list)).unwrap();
    let rows = told(&known, "any", &[], "2026-12-01").own_accounts;
    let names: Vec<_> = rows.iter().map(|row| row.name.as_deref()).collect();
    assert_eq!(names, [Some("mine"), Some("b")]);
}

#[test]
fn a_suppression_keeps_quiet_what_fits_all_of_it() {
    let known = read(
        "[[suppress]]\ndetections = [\"XA-*\"]\nroots = [\"*:role/ci\", \"*:role/cd\"]\n\
         accounts = [\"1*\", \"222222222222\"]\nowner = \"a\"\nreason = \"b\"\nexpires = 2027-01-31",
    );
    let finding = |root: &str, accounts: &str| Finding {
        detection: "new-edge".into(),
        root: Some(root.into()),
        accounts: Some(accounts.into()),
        ..Finding::default()
    };
    for (root, accounts, covers, when, quiet) in [
        ("x:role/ci", "111111111111 222222222222", "XA-1", "2027-01-31", true),
        ("x:role/cd", "111111111111", "XA-1", "2027-01-31", true),
        ("x:role/ci", "111111111111 333333333333", "XA-1", "2027-01-31", false),
        ("x:role/ci", "", "XA-1", "2027-01-31", false),
        ("x:role/cj", "111111111111", "XA-1", "2027-01-31", false),
        ("x:role/ci", "111111111111", "LS-1", "2027-01-31", false),
        ("x:role/ci", "111111111111", "XA-1", "2027-02-01", false),
    ] {
        let covers = [covers.to_owned()];
        let found = known.suppressed(&finding(root, accounts), &covers, at(when));
        assert_eq!(found.is_some(), quiet, "{root} {accounts} {covers:?} {when}");
    }
}

#[test]
fn settings_keep_their_words_and_places() {
    let known = read(EXAMPLE);
    let settings = known.settings("chain-into-new-account").unwrap();
    assert_eq!(settings.severity, Some(Severity::Medium));
    assert!(settings.enabled);
    assert_eq!(settings.params["history"].value, SettingValue::Text("60 days".into()));
    assert_eq!(settings.params["deep"].value, SettingValue::Text("4".into()));
    let flaw = settings.params["deep"].flaw("is no text", "write one");
    let line = EXAMPLE.lines().position(|line| line.starts_with("param.deep")).unwrap() + 1;
    assert_eq!(flaw.to_string(), format!("{line}:14: `4` is no text\n  help: write one"));
    assert!(!known.settings("credential-in-two-places").unwrap().enabled);
}

#[test]
fn entries_can_be_asked_what_they_met() {
    let known = read(EXAMPLE);
    let sql = |section: &str| {
        let entry = known.entries().find(|entry| entry.section == section).unwrap();
        entry.probes.iter().map(|probe| probe.sql()).collect::<Vec<_>>()
    };
    for (section, expected) in [
        ("[[account]]", "SELECT count(*) FROM footprint WHERE account_id = '111111111111'"),
        (
            "[[partner]]",
            "SELECT count(*) FROM session WHERE caller_account_id = '666666666666' AND external_id = 'example-customer-4711'",
        ),
        (
            "[[network]]",
            "SELECT count(*) FROM usage WHERE in_cidr(source_ip_address, '192.0.2.0/24')",
        ),
        (
            "[[vpc_endpoint]]",
            "SELECT count(*) FROM usage WHERE vpc_endpoint_id = 'vpce-0123456789abcdef0'",
        ),
        (
            "[[automation]]",
            "SELECT count(*) FROM footprint WHERE glob(principal, 'arn:aws:iam::222222222222:role/ci-*')",
        ),
        (
            "[[trusted_edge]]",
            "SELECT count(*) FROM edge WHERE glob(from_principal, 'arn:aws:iam::222222222222:role/ci-*') AND glob(to_principal, 'arn:aws:iam::*:role/deploy')",
        ),
        (
            "[[client]]",
            "SELECT count(*) FROM usage WHERE glob(lower(user_agent), '*example-scanner*')",
        ),
        (
            "[[suppress]]",
            "SELECT count(*) FROM finding WHERE (glob(detection, 'chain-into-new-account')) AND (glob(root, 'arn:aws:iam::222222222222:role/ci-migration')) AND (glob(' ' || accounts || ' ', '* 111111111111 *') OR glob(' ' || accounts || ' ', '* 222222222222 *'))",
        ),
    ] {
        assert_eq!(sql(section)[0], expected);
    }
    // Nobody hopes to see a decoy used.
    let decoy = known.entries().find(|entry| entry.about.starts_with("decoy")).unwrap();
    assert_eq!(decoy.met_sql(), None);
    let network = known.entries().find(|entry| entry.about == "office").unwrap();
    assert!(network.met_sql().unwrap().contains(" OR "));
}

#[test]
fn probes_ask_tables_of_the_lake() {
    let known = read(EXAMPLE).with_defaults();
    for probe in known.entries().flat_map(|entry| &entry.probes) {
        assert!(rolecall_model::TABLES.iter().any(|table| table.name == probe.table));
    }
}
