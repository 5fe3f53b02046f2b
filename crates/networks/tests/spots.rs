//! What is said about a source, with many, few and no databases.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use rolecall_model::Time;
use rolecall_networks::{Networks, Source, SourceKind};

const AWS: &str = r#"{
  "syncToken": "1772366400",
  "createDate": "2026-03-01-12-00-00",
  "prefixes": [
    {"ip_prefix": "203.0.113.0/25", "region": "eu-central-1", "service": "AMAZON", "network_border_group": "eu-central-1"},
    {"ip_prefix": "203.0.113.64/26", "region": "eu-central-1", "service": "EC2", "network_border_group": "eu-central-1"}
  ],
  "ipv6_prefixes": [
    {"ipv6_prefix": "2001:db8:a::/48", "region": "eu-central-1", "service": "AMAZON", "network_border_group": "eu-central-1"}
  ]
}"#;

const TABLE: &str = "\
start,end,country,asn,operator
198.51.100.0,198.51.100.255,DE,64500,One
203.0.113.128,203.0.113.255,US,16509,Amazon.com
192.0.2.0,192.0.2.255,FR,,
10.9.0.0,10.9.255.255,,64512,Our own
2001:db8:b::,2001:db8:b:ffff:ffff:ffff:ffff:ffff,DE,64500,One
";

fn time(text: &str) -> Time {
    text.parse().unwrap()
}

fn networks() -> Networks {
    let mut networks = Networks::default();
    networks.add_csv("ours.csv", TABLE, Some(time("2026-02-20"))).unwrap();
    networks.add_aws_ranges(AWS).unwrap();
    let exits = "# exits\n198.51.100.7\n2001:db8:b::/64 # IPv6\n\n192.0.2.0/24 ; all\n";
    networks.add_list("tor-exits", exits, Some(time("2026-03-02"))).unwrap();
    networks.add_list("vpn", "198.51.100.0/28\n", None).unwrap();
    networks.add_list("vpn", "198.51.100.7\n", None).unwrap();
    networks
}

#[test]
fn a_source_has_a_spot() {
    let (aws, other, unknown) = (Some(true), Some(false), None);
    let end = Some("vpce-0123456789abcdef0");
    for (source, endpoint, country, asn, is_aws, lists, place) in [
        ("198.51.100.7", None, "DE", 64500, other, "tor-exits vpn", "AS64500"),
        ("198.51.100.8", None, "DE", 64500, other, "vpn", "AS64500"),
        (" 198.51.100.77 ", None, "DE", 64500, other, "", "AS64500"),
        ("::ffff:198.51.100.77", None, "DE", 64500, other, "", "AS64500"),
        ("2001:db8:b::1", None, "DE", 64500, other, "tor-exits", "AS64500"),
        ("192.0.2.1", None, "FR", 0, other, "tor-exits", "192.0.0.0/16"),
        ("203.0.113.1", None, "", 0, aws, "", "AWS"),
        ("203.0.113.70", None, "", 0, aws, "", "AWS"),
        ("2001:db8:a::1", None, "", 0, aws, "", "AWS"),
        ("203.0.113.200", None, "US", 16509, aws, "", "AS16509"),
        ("198.18.0.1", None, "", 0, other, "", "198.18.0.0/16"),
        ("2001:db8:c::1", None, "", 0, other, "", "2001:db8::/32"),
        // Private addresses: whose they are, only the endpoint tells.
        ("10.1.2.3", end, "", 0, unknown, "", "vpce-0123456789abcdef0"),
        ("10.1.2.3", None, "", 0, unknown, "", "10.1.0.0/16"),
        ("10.1.2.3", Some(""), "", 0, unknown, "", "10.1.0.0/16"),
        ("10.9.2.3", None, "", 64512, other, "", "AS64512"),
        ("10.9.2.3", end, "", 64512, other, "", "vpce-0123456789abcdef0"),
        ("fd00::1", end, "", 0, unknown, "", "vpce-0123456789abcdef0"),
        // AWS's own endpoints have public addresses behind them.
        ("198.51.100.77", end, "DE", 64500, other, "", "AS64500"),
        ("ec2.amazonaws.com", None, "", 0, aws, "", "ec2.amazonaws.com"),
        ("AWS Internal", None, "", 0, aws, "", "AWS Internal"),
        ("AWS Internal", end, "", 0, aws, "", "AWS Internal"),
        // What is no address says nothing: anonymised, masked, invented.
        ("010.009.002.003", end, "", 0, unknown, "", "010.009.002.003"),
        ("10.9.2", None, "", 0, unknown, "", "10.9.2"),
        ("198.51.100.7:443", None, "", 0, unknown, "", "198.51.100.7:443"),
        ("amazonaws.com.example.org", None, "", 0, unknown, "", "amazonaws.com.example.org"),
        ("", None, "", 0, unknown, "", ""),
    ] {
        let spot = networks().look_up(source, endpoint);
        let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or("").to_owned();
        assert_eq!(
            (
                text(&spot.country),
                spot.asn.unwrap_or(0),
                spot.is_aws,
                text(&spot.lists),
                spot.place
            ),
            (country.into(), asn, is_aws, lists.into(), place.into()),
            "{source} {endpoint:?}"
        );
    }
}

#[test]
fn without_databases_places_are_prefixes() {
    let networks = Networks::default();
    assert!(
        networks.is_empty() && networks.as_of().is_none() && !networks.is_stale(Time(i64::MAX))
    );
    for (source, is_aws, place) in [
        ("198.51.100.7", None, "198.51.0.0/16"),
        ("2001:db8:a::1", None, "2001:db8::/32"),
        ("sts.amazonaws.com", Some(true), "sts.amazonaws.com"),
    ] {
        let spot = networks.look_up(source, None);
        assert_eq!((spot.is_aws, spot.place.as_str()), (is_aws, place));
    }
}

#[test]
fn databases_have_dates() {
    let networks = networks();
    let source = |name: &str, kind, as_of: Option<&str>| Source {
        name: name.into(),
        kind,
        as_of: as_of.map(time),
    };
    assert_eq!(
        networks.sources(),
        [
            source("ours.csv", SourceKind::Csv, Some("2026-02-20")),
            source("ip-ranges.json", SourceKind::AwsRanges, Some("2026-03-01T12:00:00Z")),
            source("tor-exits", SourceKind::List, Some("2026-03-02")),
            source("vpn", SourceKind::List, None),
            source("vpn", SourceKind::List, None),
        ]
    );
    assert_eq!(networks.as_of(), Some(time("2026-02-20")));
    assert!(!networks.is_stale(time("2026-03-22")));
    assert!(networks.is_stale(time("2026-03-22T00:00:01Z")));
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&networks);
}

proptest! {
    #[test]
    fn any_source_has_a_place(source in ".{0,40}", numbers in "[0-9a-f:./]{0,24}", end in ".{0,9}") {
        for source in [source, numbers] {
            for networks in [networks(), Networks::default()] {
                let spot = networks.look_up(&source, Some(&end));
                prop_assert_eq!(spot.place.is_empty(), source.trim().is_empty());
            }
        }
    }

    #[test]
    fn more_databases_never_take_a_fact_away(address: u32) {
        let source = std::net::Ipv4Addr::from(address).to_string();
        let mut table = Networks::default();
        table.add_csv("ours.csv", TABLE, None).unwrap();
        let (few, many) = (table.look_up(&source, None), networks().look_up(&source, None));
        prop_assert_eq!((few.country, few.asn, few.operator), (many.country, many.asn, many.operator));
        prop_assert!(few.is_aws.is_none() || few.is_aws == many.is_aws || many.is_aws == Some(true));
    }
}
