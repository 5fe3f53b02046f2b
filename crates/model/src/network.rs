//! Where a call came from, as far as an address alone can tell.

use std::net::IpAddr;

/// The network an address lies in: `/24` for IPv4, `/48` for IPv6; a service name or
/// `AWS Internal` stands for itself.
pub fn prefix(address: &str) -> String {
    // An IPv4 address may be written as an IPv6 one (`::ffff:203.0.113.77`).
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V4(ip)) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, ..] = ip.segments();
            let network = std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0);
            format!("{network}/48")
        }
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::prefix;

    #[test]
    fn addresses_have_networks_and_services_are_their_own() {
        assert_eq!(prefix("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(prefix("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(prefix("2001:db8:1:2::3"), "2001:db8:1::/48");
        assert_eq!(prefix("ec2.amazonaws.com"), "ec2.amazonaws.com");
        assert_eq!(prefix("AWS Internal"), "AWS Internal");
    }
}
