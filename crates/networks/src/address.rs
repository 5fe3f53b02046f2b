//! Addresses and blocks of them as text.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

/// An address. IPv4 inside IPv6 (`::ffff:192.0.2.1`) is IPv4.
///
/// Numbers with leading zeros, as anonymised logs have them (`010.020.003.004`), are no address:
/// some programs would read them as octal, and nobody meant a place.
pub(crate) fn parse(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// The first and the last address of a block: `192.0.2.0/24`, or one address alone.
pub(crate) fn block(text: &str) -> Option<(IpAddr, IpAddr)> {
    let Some((address, bits)) = text.split_once('/') else {
        return parse(text).map(|address| (address, address));
    };
    // The standard parser rather than ipnet's, so that there is one notion of an address.
    let bits = bits.bytes().all(|byte| byte.is_ascii_digit()).then_some(bits)?;
    let block = IpNet::new(address.parse().ok()?, bits.parse().ok()?).ok()?;
    same_family(block.network(), block.broadcast())
}

/// The ends of a range, if they are of one family and in order.
pub(crate) fn ends(first: &str, last: &str) -> Option<(IpAddr, IpAddr)> {
    same_family(first.parse().ok()?, last.parse().ok()?)
}

fn same_family(first: IpAddr, last: IpAddr) -> Option<(IpAddr, IpAddr)> {
    let both = match (first.to_canonical(), last.to_canonical()) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (IpAddr::V4(a), IpAddr::V4(b)),
        // An IPv6 range may contain the IPv4 addresses and much more: it stays IPv6.
        _ => (first, last),
    };
    (first.is_ipv4() == last.is_ipv4() && both.0 <= both.1).then_some(both)
}

/// Whether the address means something in one network only: private, shared by a carrier,
/// link-local or loopback.
///
/// Sources: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291.
pub(crate) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            let shared = a == 100 && b & 0xc0 == 64;
            ip.is_private() || shared || ip.is_link_local() || ip.is_loopback()
        }
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_loopback(),
    }
}

/// The network that stands for a place when nothing better is known: `/16` of IPv4, about what one
/// site or provider's pool has; `/32` of IPv6, what a registry gives to one provider.
pub(crate) fn wide_prefix(address: IpAddr) -> String {
    match address {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            format!("{a}.{b}.0.0/16")
        }
        IpAddr::V6(ip) => {
            let [a, b, ..] = ip.segments();
            format!("{}/32", Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_have_ends_or_are_none() {
        for (text, expected) in [
            ("192.0.2.0/24", Some(("192.0.2.0", "192.0.2.255"))),
            ("192.0.2.77/24", Some(("192.0.2.0", "192.0.2.255"))),
            ("192.0.2.1", Some(("192.0.2.1", "192.0.2.1"))),
            ("0.0.0.0/0", Some(("0.0.0.0", "255.255.255.255"))),
            ("2001:db8::/126", Some(("2001:db8::", "2001:db8::3"))),
            ("::ffff:192.0.2.0/120", Some(("192.0.2.0", "192.0.2.255"))),
            ("192.0.2.0/33", None),
            ("192.0.2.0/+8", None),
            ("192.0.2.0/", None),
            ("192.000.002.000/24", None),
            ("192.0.2", None),
            ("", None),
        ] {
            let ends = expected.map(|(a, b)| (a.parse().unwrap(), b.parse().unwrap()));
            assert_eq!(block(text), ends, "{text}");
        }
        assert!(ends("192.0.2.9", "192.0.2.1").is_none(), "backwards");
        assert!(ends("192.0.2.9", "2001:db8::").is_none(), "two families");
        assert!(ends("::", "::ffff:192.0.2.1").is_some_and(|(first, _)| first.is_ipv6()));
    }

    #[test]
    fn private_is_what_only_one_network_knows() {
        for text in ["10.1.2.3", "172.31.0.1", "192.168.1.1", "100.64.0.1", "127.0.0.1", "fd00::1"]
        {
            assert!(is_private(text.parse().unwrap()), "{text}");
        }
        for text in ["100.128.0.1", "172.32.0.1", "192.0.2.1", "203.0.113.9", "2001:db8::1"] {
            assert!(!is_private(text.parse().unwrap()), "{text}");
        }
    }
}
