//! Tables, lists and AWS's ranges: what is read of them, and what is said when they are wrong.

#![allow(clippy::unwrap_used)]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use rolecall_networks::Networks;

fn table(text: &str) -> Networks {
    let mut networks = Networks::default();
    networks.add_csv("test.csv", text, None).unwrap();
    networks
}

#[test]
fn vendors_tables_are_read() {
    for (text, source, country, asn, operator) in [
        ("192.0.2.0,192.0.2.255,DE\n", "192.0.2.9", "DE", 0, ""),
        ("\"192.0.2.0\",\"192.0.2.255\",\"DE\"\r\n", "192.0.2.9", "DE", 0, ""),
        ("2001:db8::,2001:db8::ffff,64500,\"One, Inc.\"\n", "2001:db8::9", "", 64500, "One, Inc."),
        ("192.0.2.0\t192.0.2.255\t64500\tDE\tONE \"1\"\n", "192.0.2.9", "DE", 64500, "ONE \"1\""),
        ("192.0.2.0\t192.0.2.255\t0\tNone\tNot routed\n", "192.0.2.9", "", 0, ""),
        ("\u{feff}# ours\n\nCIDR,Operator\n192.0.2.0/24,Office\n", "192.0.2.9", "", 0, "Office"),
        (
            "network,country,country_code,asn,as_name\n192.0.2.9,Germany,DE,AS64500,One\n",
            "192.0.2.9",
            "DE",
            64500,
            "One",
        ),
        // The smaller of two that overlap speaks alone, wherever it stands.
        ("192.0.2.0/28,FR\n192.0.2.0/24,DE\n", "192.0.2.9", "FR", 0, ""),
        ("192.0.2.0/24,DE\n192.0.2.0/28,FR\n", "192.0.2.9", "FR", 0, ""),
        ("192.0.2.0/24,DE\n192.0.2.0/28,FR\n", "192.0.2.16", "DE", 0, ""),
        ("192.0.2.0/24,DE\n192.0.2.0/28,-\n", "192.0.2.9", "", 0, ""),
    ] {
        let spot = table(text).look_up(source, None);
        assert_eq!(
            (spot.country.as_deref(), spot.asn.unwrap_or(0), spot.operator.as_deref()),
            (
                (!country.is_empty()).then_some(country),
                asn,
                (!operator.is_empty()).then_some(operator)
            ),
            "{text}"
        );
    }
}

#[test]
fn mistakes_in_tables_are_told() {
    for (text, told) in [
        ("", "it is empty"),
        ("<html><body>Not found</body></html>", "it is a web page"),
        ("start,end,asn\n", "it has no rows"),
        ("hello\n", "line 1: no column holds ranges"),
        ("start,end,colour\n", "line 1: no column is `country`"),
        ("192.0.2.0,192.0.2.255\n", "line 1: its columns cannot be told apart without a header"),
        (
            "start,end,asn\n192.0.2.0,192.0.2.255,64500\n\n192.0.2.x,192.0.2.9,1\n",
            "line 4: `192.0.2.x`",
        ),
        ("# a\r\nstart,end,asn\r\n\r\n# b\r\n192.0.2.x,192.0.2.9,1\r\n", "line 5: `192.0.2.x`"),
        ("cidr,asn\r\n192.0.2.0/24,1\r\n192.0.2.x,1", "line 3: `192.0.2.x`"),
        ("start,end,asn\n192.0.2.9,192.0.2.0,64500\n", "the lesser first"),
        ("start,end,asn\n192.0.2.9,2001:db8::,64500\n", "of one family"),
        ("start,end,asn\n192.0.2.0,192.0.2.9,One\n", "line 2: `One` is no AS number"),
        ("cidr,country\n192.0.2.0/24,Germany\n", "`Germany` is no country code; write two letters"),
        ("cidr,country\n192.0.2.0/33,DE\n", "`192.0.2.0/33` is no block"),
        (
            "192.0.2.0,192.0.2.255,64500,One\n198.51.100.0,198.5",
            "line 2: it has 2 cells, and the first line 4",
        ),
    ] {
        let mut networks = Networks::default();
        let error = networks.add_csv("test.csv", text, None).unwrap_err().to_string();
        assert!(error.starts_with("cannot read `test.csv` as CSV of ranges"), "{error}");
        assert!(error.contains(told), "{told}: {error}");
        assert!(networks.is_empty() && networks.look_up("192.0.2.1", None).asn.is_none());
    }
}

#[test]
fn mistakes_in_lists_and_ranges_are_told() {
    let mut networks = Networks::default();
    for (list, text, told) in [
        ("tor exits", "192.0.2.1", "`tor exits` cannot name a list"),
        ("", "192.0.2.1", "`` cannot name a list"),
        ("tor", " \n", "it is empty"),
        ("tor", "<!doctype html>", "it is a web page"),
        ("tor", "# exits\nExitAddress 192.0.2.1", "line 2: `ExitAddress 192.0.2.1` is no address"),
        ("tor", "192.000.002.001", "line 1: `192.000.002.001` is no address; write one"),
        ("tor", "\u{1b}[2J", "`\u{fffd}[2J` is no address"),
    ] {
        let error = networks.add_list(list, text, None).unwrap_err().to_string();
        assert!(error.contains(told), "{told}: {error}");
    }
    for (json, told) in [
        ("", "it is empty"),
        ("<html>", "it is a web page"),
        ("{", "EOF"),
        ("{\"Records\": []}", "missing field `prefixes`"),
        ("{\"prefixes\": []}", "it holds no prefix"),
        ("{\"prefixes\": [{\"ip_prefix\": \"192.0.2\"}]}", "`192.0.2` is no prefix"),
        (
            "{\"createDate\": \"yesterday\", \"prefixes\": [{\"ip_prefix\": \"192.0.2.0/24\"}]}",
            "`createDate` `yesterday` is no time like",
        ),
    ] {
        let error = networks.add_aws_ranges(json).unwrap_err().to_string();
        assert!(error.starts_with("cannot read `ip-ranges.json` as AWS ranges: "), "{error}");
        assert!(error.contains(told), "{told}: {error}");
    }
    assert!(networks.is_empty());
    // A list that somebody keeps may be empty for now.
    networks.add_list("vpn", "# none yet\n", None).unwrap();
    assert!(!networks.is_empty());
}

/// Both ends of a family and much between: 0 is its least address and 255 its greatest.
fn address(v6: bool, n: u8) -> IpAddr {
    if v6 { Ipv6Addr::from([n; 16]).into() } else { Ipv4Addr::from([n; 4]).into() }
}

proptest! {
    #[test]
    fn a_table_says_what_a_linear_scan_says(
        v6: bool,
        ends in proptest::collection::vec((any::<u8>(), any::<u8>()), 1..16),
    ) {
        let ends: Vec<(u8, u8)> = ends.iter().map(|(a, b)| (*a.min(b), *a.max(b))).collect();
        let rows = ends.iter().zip(1..).map(|((first, last), asn)| {
            format!("{},{},{asn}\n", address(v6, *first), address(v6, *last))
        });
        let networks = table(&rows.collect::<String>());
        for n in 0..=255 {
            let holding = ends.iter().zip(1..).filter(|((first, last), _)| (*first..=*last).contains(&n));
            let best = holding.min_by_key(|((first, last), _)| (last - first, *first));
            let spot = networks.look_up(&address(v6, n).to_string(), None);
            prop_assert_eq!(spot.asn, best.map(|(_, asn)| asn));
        }
    }

    #[test]
    fn a_list_holds_what_its_blocks_hold(
        v6: bool,
        blocks in proptest::collection::vec((any::<u8>(), 0u8..=32), 1..16),
    ) {
        let blocks: Vec<ipnet::IpNet> = blocks
            .iter()
            .map(|(n, bits)| ipnet::IpNet::new(address(v6, *n), *bits).unwrap())
            .collect();
        let mut networks = Networks::default();
        let text: String = blocks.iter().map(|block| format!("{block}\n")).collect();
        networks.add_list("some", &text, None).unwrap();
        for n in 0..=255 {
            let address = address(v6, n);
            let listed = networks.look_up(&address.to_string(), None).lists.is_some();
            prop_assert_eq!(listed, blocks.iter().any(|block| block.contains(&address)));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[0-9a-f:./,\"\t\n#ASnetwork]{0,120}", any in ".{0,80}") {
        let mut networks = Networks::default();
        for text in [text, any] {
            let _ = networks.add_csv("noise", &text, None);
            let _ = networks.add_list("noise", &text, None);
            let _ = networks.add_aws_ranges(&text);
        }
        networks.look_up("192.0.2.1", None);
    }
}
