//! Where calls come from: the simulated autonomous systems, in ranges that nobody owns.
//!
//! The documentation ranges hold the organisation's own networks; the benchmarking range
//! 198.18.0.0/15, cut into /20s, holds everybody else's.

use std::net::{Ipv4Addr, Ipv6Addr};

/// One autonomous system.
pub(crate) struct Network {
    pub(crate) asn: u32,
    pub(crate) operator: &'static str,
    pub(crate) country: &'static str,
    first: [u8; 4],
    bits: u8,
    /// The first 48 bits of its IPv6 range, if it has one.
    six: Option<u16>,
    /// The AWS region it belongs to.
    pub(crate) region: Option<&'static str>,
    pub(crate) tor: bool,
}

const fn net(
    asn: u32,
    operator: &'static str,
    country: &'static str,
    first: [u8; 4],
    bits: u8,
    six: Option<u16>,
) -> Network {
    Network { asn, operator, country, first, bits, six, region: None, tor: false }
}

const fn aws(
    country: &'static str,
    first: [u8; 4],
    bits: u8,
    six: u16,
    region: &'static str,
) -> Network {
    let network = net(64_500, "Example Cloud (AWS)", country, first, bits, Some(six));
    Network { region: Some(region), ..network }
}

macro_rules! networks {
    ($($name:ident = $network:expr;)+) => {
        /// The names of the networks: places in [`NETWORKS`].
        #[allow(non_camel_case_types)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Net { $($name,)+ }

        /// Every network there is.
        pub(crate) const NETWORKS: &[(Net, Network)] = &[$((Net::$name, $network),)+];
    };
}

networks! {
    OfficeZurich = net(64_496, "Example Org Zurich", "CH", [198, 51, 100, 0], 25, Some(0x0010));
    OfficeDublin = net(64_497, "Example Org Dublin", "IE", [198, 51, 100, 128], 25, Some(0x0011));
    CompanyVpn = net(64_498, "Example Org VPN", "DE", [203, 0, 113, 0], 25, None);
    DataCentre = net(64_499, "Example Org Data Centre", "DE", [203, 0, 113, 128], 25, None);
    AwsNat = aws("IE", [192, 0, 2, 0], 24, 0x0020, "eu-west-1");
    AwsIreland = aws("IE", [198, 18, 0, 0], 20, 0x0021, "eu-west-1");
    AwsFrankfurt = aws("DE", [198, 18, 16, 0], 20, 0x0022, "eu-central-1");
    AwsVirginia = aws("US", [198, 18, 32, 0], 20, 0x0023, "us-east-1");
    AwsOregon = aws("US", [198, 18, 48, 0], 20, 0x0024, "us-west-2");
    CodeHostRunners = net(64_501, "Code Host Runners", "US", [198, 18, 64, 0], 20, None);
    HomeZurich = net(64_502, "Alpine Cable", "CH", [198, 18, 80, 0], 20, Some(0x0030));
    HomeBasel = net(64_503, "Rhine Fibre", "CH", [198, 18, 96, 0], 20, Some(0x0031));
    HomeDublin = net(64_504, "Liffey Broadband", "IE", [198, 18, 112, 0], 20, Some(0x0032));
    HomeBerlin = net(64_505, "Spree DSL", "DE", [198, 18, 128, 0], 20, Some(0x0033));
    MobileSwiss = net(64_506, "Alpine Mobile", "CH", [198, 18, 144, 0], 20, Some(0x0034));
    MobileIrish = net(64_507, "Celtic Mobile", "IE", [198, 18, 160, 0], 20, Some(0x0035));
    HotelLisbon = net(64_508, "Tagus Hotels", "PT", [198, 18, 176, 0], 20, None);
    HotelTokyo = net(64_509, "Sumida Hotels", "JP", [198, 18, 192, 0], 20, None);
    VendorMetrics = net(64_510, "Metrics Vendor", "US", [198, 18, 208, 0], 20, Some(0x0040));
    VendorBackup = net(64_511, "Backup Vendor", "DE", [198, 18, 224, 0], 20, None);
    Guests = net(65_536, "Everybody's Broadband", "CH", [198, 18, 240, 0], 20, Some(0x0041));
    HostingAmsterdam = net(65_537, "Canal Hosting", "NL", [198, 19, 0, 0], 20, Some(0x0050));
    HostingBucharest = net(65_538, "Dambovita Servers", "RO", [198, 19, 16, 0], 20, None);
    HostingSingapore = net(65_539, "Straits Hosting", "SG", [198, 19, 32, 0], 20, None);
    VpnStockholm = net(65_540, "Quiet VPN", "SE", [198, 19, 48, 0], 20, None);
    HomeSaoPaulo = net(65_541, "Paulista Net", "BR", [198, 19, 64, 0], 20, None);
    HomeHanoi = net(65_542, "Red River Telecom", "VN", [198, 19, 80, 0], 20, None);
    HomeKyiv = net(65_543, "Dnipro Net", "UA", [198, 19, 96, 0], 20, None);
    HomeLagos = net(65_544, "Lagoon Telecom", "NG", [198, 19, 112, 0], 20, None);
    TorExits = Network {
        tor: true,
        ..net(65_545, "Onion Friends", "DE", [198, 19, 128, 0], 20, None)
    };
    AwsOfOthers = aws("US", [198, 19, 144, 0], 20, 0x0025, "us-east-1");
    HostingWarsaw = net(65_546, "Vistula Cloud", "PL", [198, 19, 160, 0], 20, None);
}

impl Net {
    pub(crate) fn network(self) -> &'static Network {
        &NETWORKS[self as usize].1
    }

    /// The `at`th address of the network, counted round.
    pub(crate) fn ip(self, at: u64) -> String {
        let network = self.network();
        let hosts = (1u64 << (32 - network.bits)) - 2;
        let first = u32::from(Ipv4Addr::from(network.first));
        Ipv4Addr::from(first + 1 + (at % hosts) as u32).to_string()
    }

    /// An IPv6 address of the network, or an IPv4 address if it has none.
    pub(crate) fn ip6(self, at: u64) -> String {
        match self.network().six {
            None => self.ip(at),
            Some(site) => {
                let host = crate::dice::mix(&[at]);
                let [a, b, c] = [host >> 48, host >> 32 & 0xffff, host & 0xffff].map(|p| p as u16);
                Ipv6Addr::new(0x2001, 0xdb8, site, (at & 0xff) as u16, 0, a, b, c | 1).to_string()
            }
        }
    }
}

impl Network {
    /// The network in the notation of prefixes.
    pub(crate) fn cidr(&self) -> String {
        format!("{}/{}", Ipv4Addr::from(self.first), self.bits)
    }

    /// Its IPv6 range, likewise.
    pub(crate) fn cidr6(&self) -> Option<String> {
        self.six.map(|site| format!("{}/48", Ipv6Addr::new(0x2001, 0xdb8, site, 0, 0, 0, 0, 0)))
    }

    /// First and last address of each of its ranges.
    pub(crate) fn ranges(&self) -> Vec<(String, String)> {
        let first = u32::from(Ipv4Addr::from(self.first));
        let last = first | (u32::MAX >> self.bits);
        let four = (Ipv4Addr::from(first).to_string(), Ipv4Addr::from(last).to_string());
        let six = self.six.map(|site| {
            let end = |part| Ipv6Addr::new(0x2001, 0xdb8, site, part, part, part, part, part);
            (end(0).to_string(), end(0xffff).to_string())
        });
        std::iter::once(four).chain(six).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lie_in_their_networks_and_networks_do_not_overlap() {
        let mut ranges: Vec<(u32, u32)> = NETWORKS
            .iter()
            .map(|(name, network)| {
                let first = u32::from(Ipv4Addr::from(network.first));
                let last = first | (u32::MAX >> network.bits);
                for at in [0, 1, 77, 5000, u64::MAX] {
                    let ip = u32::from(name.ip(at).parse::<Ipv4Addr>().unwrap());
                    assert!(first < ip && ip < last, "{name:?} {at}");
                }
                (first, last)
            })
            .collect();
        ranges.sort_unstable();
        assert!(ranges.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert_eq!(Net::AwsNat.network().cidr(), "192.0.2.0/24");
    }
}
