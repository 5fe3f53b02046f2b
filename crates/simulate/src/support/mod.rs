//! What lies beside a trail: who is who among networks, and what the organisation knows of itself.

mod known;

use serde_json::json;

use crate::network::NETWORKS;
use crate::plan::Plan;
use crate::world::World;

/// Files that belong to the trail of a plan, each with its name and text: `rolecall.toml`,
/// `networks.csv`, `ip-ranges.json` and `tor-exits.txt`.
pub fn support_files(plan: &Plan) -> Vec<(String, String)> {
    let world = World::new(plan);
    [
        ("rolecall.toml", known::toml(&world)),
        ("networks.csv", networks_csv()),
        ("ip-ranges.json", ip_ranges()),
        ("tor-exits.txt", tor_exits()),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text))
    .collect()
}

/// Whose each range is, and where: `start,end,asn,operator,country`.
pub(crate) fn networks_csv() -> String {
    let mut text = String::from("start,end,asn,operator,country\n");
    for (_, network) in NETWORKS {
        for (start, end) in network.ranges() {
            let (asn, operator, country) = (network.asn, network.operator, network.country);
            text.push_str(&format!("{start},{end},{asn},{operator},{country}\n"));
        }
    }
    text
}

/// The ranges that are AWS's, in the form in which it publishes them.
fn ip_ranges() -> String {
    let aws = || {
        NETWORKS.iter().filter_map(|(_, network)| network.region.map(|region| (network, region)))
    };
    let four: Vec<_> = aws()
        .map(|(network, region)| {
            json!({"ip_prefix": network.cidr(), "region": region, "service": "AMAZON", "network_border_group": region})
        })
        .collect();
    let six: Vec<_> = aws()
        .filter_map(|(network, region)| {
            let prefix = network.cidr6()?;
            Some(json!({"ipv6_prefix": prefix, "region": region, "service": "AMAZON", "network_border_group": region}))
        })
        .collect();
    let ranges = json!({
        "syncToken": "1772323200",
        "createDate": "2026-03-01-00-00-00",
        "prefixes": four,
        "ipv6_prefixes": six,
    });
    format!("{ranges:#}\n")
}

/// The exits of Tor, one block a line.
fn tor_exits() -> String {
    let exits = NETWORKS.iter().filter(|(_, network)| network.tor);
    let lines: String = exits.map(|(_, network)| network.cidr() + "\n").collect();
    format!("# exits, as the Tor project lists them\n{lines}")
}
