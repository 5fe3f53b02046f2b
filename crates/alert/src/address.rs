//! Which addresses a webhook may have: public ones. A function inside a network must not be led to its
//! neighbours, or to the metadata service that hands out its credentials.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// A name that leads to no public address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "its address is private, link-local, loopback or reserved: \
     allow that with `\"allow_private\": true` if the receiver is inside"
)]
pub struct Inside;

/// Whether an address is one of the public internet: not private, shared, link-local, loopback,
/// multicast, documentation or otherwise reserved, also when wrapped into an IPv6 address.
/// <https://www.iana.org/assignments/iana-ipv4-special-registry>
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0 | 10 | 127, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [224..=255, ..]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let inner = |high: u16, low: u16| {
        is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
    };
    match address.segments() {
        // IPv4-mapped, NAT64 and 6to4 lead to the IPv4 address that they hold.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            inner(high, low)
        }
        [0x2002, high, low, ..] => inner(high, low),
        // Protocol assignments with Teredo, and documentation.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

/// Resolves names, and forgets every address that is not public. The connection goes to what was
/// looked at here: a name that answers differently the second time gains nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let addresses: Vec<SocketAddr> = public(found)?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

fn public(found: impl IntoIterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, Inside> {
    let public: Vec<SocketAddr> =
        found.into_iter().filter(|address| is_public(address.ip())).collect();
    if public.is_empty() { Err(Inside) } else { Ok(public) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_internet_is_public() {
        for (address, expected) in [
            ("8.8.8.8", true),
            ("172.15.0.1", true),
            ("100.63.0.1", true),
            ("2600:1f18::1", true),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::808:808", true),
            ("127.0.0.1", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.31.255.255", false),
            ("192.168.0.1", false),
            ("100.64.0.1", false),
            ("169.254.169.254", false),
            ("169.254.170.2", false),
            ("198.51.100.7", false),
            ("255.255.255.255", false),
            ("224.0.0.1", false),
            ("::", false),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:169.254.169.254", false),
            ("::127.0.0.1", false),
            ("64:ff9b::a9fe:a9fe", false),
            ("2002:7f00:1::", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("fe80::1", false),
            ("fd00:ec2::254", false),
            ("fc00::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn a_name_that_leads_inside_leads_nowhere() {
        let at = |text: &str| SocketAddr::new(text.parse().unwrap(), 443);
        assert_eq!(public([at("127.0.0.1"), at("::1")]), Err(Inside));
        assert_eq!(public([]), Err(Inside));
        assert_eq!(public([at("10.0.0.1"), at("8.8.8.8")]), Ok(vec![at("8.8.8.8")]));
    }
}
