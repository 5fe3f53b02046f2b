//! MaxMind DB files of every vendor's shape, written here for documentation networks.

#![allow(clippy::unwrap_used)]

mod writer;

use proptest::prelude::*;
use rolecall_model::Time;
use rolecall_networks::{Networks, Spot};
use writer::{
    Value::{self, Flag, List, Map, Number, Text},
    Writer,
};

const BUILT: u64 = 1_772_366_400;

fn one(network: &str, value: Value) -> Vec<u8> {
    let mut writer = Writer::v6();
    writer.add(network, &value);
    writer.finish(BUILT)
}

fn with(files: impl IntoIterator<Item = Vec<u8>>) -> Networks {
    let mut networks = Networks::default();
    files.into_iter().for_each(|bytes| networks.add_mmdb("test.mmdb", bytes).unwrap());
    networks
}

fn known(spot: &Spot) -> (Option<&str>, Option<u32>, Option<&str>) {
    (spot.country.as_deref(), spot.asn, spot.operator.as_deref())
}

#[test]
fn every_vendors_fields_are_found() {
    let place = |code| {
        Map(vec![
            ("geoname_id", Number(7)),
            ("iso_code", Text(code)),
            ("names", Map(vec![("en", Text("Somewhere"))])),
        ])
    };
    for (vendor, value, expected) in [
        (
            "GeoLite2-City",
            Map(vec![
                ("city", place("nonsense")),
                ("continent", Map(vec![("code", Text("EU"))])),
                ("country", place("DE")),
                ("registered_country", place("FR")),
                ("subdivisions", List(vec![place("BE")])),
            ]),
            (Some("DE"), None, None),
        ),
        (
            "GeoLite2-ASN, DB-IP, iptoasn",
            Map(vec![
                ("autonomous_system_number", Number(64500)),
                ("autonomous_system_organization", Text("One")),
                ("country_code", Text("de")),
            ]),
            (Some("DE"), Some(64500), Some("One")),
        ),
        (
            "GeoIP2-Enterprise",
            Map(vec![
                ("country", place("DE")),
                (
                    "traits",
                    Map(vec![
                        ("autonomous_system_number", Number(64500)),
                        ("autonomous_system_organization", Text("One")),
                        ("is_anycast", Flag(true)),
                    ]),
                ),
            ]),
            (Some("DE"), Some(64500), Some("One")),
        ),
        (
            "IPinfo Lite",
            Map(vec![
                ("as_domain", Text("example.com")),
                ("as_name", Text("One, a company with a name of more than twenty-nine letters")),
                ("asn", Text("AS64500")),
                ("continent", Text("Europe")),
                ("country", Text("Germany")),
                ("country_code", Text("DE")),
            ]),
            (
                Some("DE"),
                Some(64500),
                Some("One, a company with a name of more than twenty-nine letters"),
            ),
        ),
        (
            "IPinfo, nested",
            Map(vec![
                ("country", Text("DE")),
                ("asn", Map(vec![("asn", Text("AS64500")), ("name", Text("One"))])),
            ]),
            (Some("DE"), Some(64500), Some("One")),
        ),
        (
            "nothing known",
            Map(vec![
                ("country_code", Text("ZZ")),
                ("asn", Number(0)),
                ("as_name", Text("Still a name")),
            ]),
            (None, None, Some("Still a name")),
        ),
    ] {
        let networks = with([one("198.51.100.0/24", value)]);
        assert_eq!(known(&networks.look_up("198.51.100.7", None)), expected, "{vendor}");
        assert_eq!(known(&networks.look_up("203.0.113.7", None)), (None, None, None), "{vendor}");
        assert_eq!(networks.as_of(), Some(Time::from_seconds(BUILT as i64)));
    }
}

#[test]
fn networks_nest_in_both_families() {
    let asn = |number| Map(vec![("asn", Number(number))]);
    for (mut writer, v6) in [(Writer::v6(), true), (Writer::v4(), false)] {
        writer.add("198.51.0.0/16", &asn(64500));
        writer.add("198.51.100.0/24", &asn(64501));
        writer.add("203.0.113.9/32", &asn(64502));
        if v6 {
            writer.add("2001:db8::/32", &asn(64503));
        }
        let networks = with([writer.finish(BUILT)]);
        for (source, asn) in [
            ("198.51.99.255", Some(64500)),
            ("198.51.100.0", Some(64501)),
            ("198.51.101.0", Some(64500)),
            ("203.0.113.9", Some(64502)),
            ("203.0.113.10", None),
            ("::ffff:203.0.113.9", Some(64502)),
            ("2001:db8:9::1", v6.then_some(64503)),
            ("2001:db9::", None),
        ] {
            assert_eq!(networks.look_up(source, None).asn, asn, "{source}, IPv6 {v6}");
        }
    }
}

#[test]
fn the_first_database_that_knows_a_fact_wins() {
    let record = |fields: Vec<(&'static str, Value)>| one("192.0.2.0/24", Map(fields));
    let country = || record(vec![("country_code", Text("DE"))]);
    let asn = || {
        record(vec![("country_code", Text("FR")), ("asn", Number(64500)), ("as_name", Text("One"))])
    };
    let spot = |files: Vec<Vec<u8>>| with(files).look_up("192.0.2.1", None);
    assert_eq!(known(&spot(vec![country(), asn()])), (Some("DE"), Some(64500), Some("One")));
    assert_eq!(known(&spot(vec![asn(), country()])), (Some("FR"), Some(64500), Some("One")));
}

#[test]
fn what_is_no_database_is_refused_with_what_helps() {
    let good = one("192.0.2.0/24", Map(vec![("asn", Number(64500))]));
    let other = one("192.0.2.0/24", Map(vec![("is_tor_exit_node", Flag(true))]));
    for (bytes, told) in [
        (good[..good.len() / 2].to_vec(), "download it again"),
        (good[..good.len() - 3].to_vec(), "download it again"),
        (Vec::new(), "it is empty"),
        (b"\n<!DOCTYPE html><title>Sign in</title>".to_vec(), "it is a web page"),
        (b"\x1f\x8b\x08\0".to_vec(), "gunzip"),
        (b"PK\x03\x04".to_vec(), "unzip"),
        (b"version https://git-lfs.github.com/spec/v1".to_vec(), "git lfs pull"),
        (other, "only `is_tor_exit_node`; give a database of countries or AS numbers"),
        (Writer::v4().finish(BUILT), "it holds nothing"),
    ] {
        let mut networks = Networks::default();
        let error = networks.add_mmdb("GeoLite2-ASN.mmdb", bytes).unwrap_err().to_string();
        assert!(error.starts_with("cannot read `GeoLite2-ASN.mmdb` as MMDB: "), "{error}");
        assert!(error.contains(told), "{told}: {error}");
        assert!(networks.is_empty());
    }
}

#[test]
fn a_tree_that_runs_in_circles_is_refused() {
    let mut file = one("192.0.2.0/24", Map(vec![("asn", Number(64500))]));
    // Both sides of the first node lead back to it.
    file[..6].fill(0);
    let error = Networks::default().add_mmdb("loop.mmdb", file).unwrap_err().to_string();
    assert!(error.contains("download it again"), "{error}");
}

proptest! {
    #[test]
    fn damage_is_refused_or_harmless(at in 0usize..4096, byte: u8, cut in 0usize..4096, source: u32) {
        let mut writer = Writer::v6();
        writer.add("198.51.0.0/16", &Map(vec![("country", Map(vec![("iso_code", Text("DE"))]))]));
        writer.add("2001:db8::/32", &Map(vec![("asn", Number(64500)), ("as_name", Text("One"))]));
        let mut file = writer.finish(BUILT);
        let at = at % file.len();
        file[at] = byte;
        file.truncate(file.len() - cut.saturating_sub(2048) % file.len());
        let mut networks = Networks::default();
        if networks.add_mmdb("damaged", file).is_ok() {
            for source in ["198.51.100.1", "2001:db8::1", "::"] {
                networks.look_up(source, None);
            }
            networks.look_up(&std::net::Ipv4Addr::from(source).to_string(), None);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Networks::default().add_mmdb("noise", bytes).is_err());
    }
}
