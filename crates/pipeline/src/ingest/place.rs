//! Writes into rows where their calls came from, as the databases of this run know it.

use rolecall_model::{Event, Usage};
use rolecall_networks::{Networks, Spot};

/// A place is one word, so that several can be listed.
fn place(spot: &Spot) -> Option<String> {
    (!spot.place.is_empty()).then(|| spot.place.replace(' ', "-"))
}

macro_rules! locate {
    ($row:expr, $networks:expr) => {{
        let row = $row;
        let Some(source) = row.source_ip_address.as_deref() else { return };
        let spot = $networks.look_up(source, row.vpc_endpoint_id.as_deref());
        row.source_place = place(&spot);
        row.source_country = spot.country.as_deref().map(str::to_owned);
        row.source_asn = spot.asn.map(i64::from);
        row.source_operator = spot.operator.as_deref().map(str::to_owned);
        row.source_is_aws = spot.is_aws;
        row.source_lists = spot.lists.as_deref().map(str::to_owned);
        row.networks_as_of = $networks.as_of();
    }};
}

/// Locates the source of an event.
pub(super) fn of_event(event: &mut Event, networks: &Networks) {
    locate!(event, networks);
}

/// Locates the source of counted calls.
pub(super) fn of_usage(usage: &mut Usage, networks: &Networks) {
    locate!(usage, networks);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_say_where_their_calls_came_from() {
        let mut networks = Networks::default();
        let csv = "start,end,asn,operator,country\n198.51.100.0,198.51.100.255,64500,Example,CH\n";
        networks.add_csv("test", csv, Some("2026-03-01".parse().unwrap())).unwrap();
        networks.add_list("tor", "198.51.100.7\n", None).unwrap();
        for (source, place, country, lists) in [
            (Some("198.51.100.7"), Some("AS64500"), Some("CH"), Some("tor")),
            (Some("203.0.113.9"), Some("203.0.0.0/16"), None, None),
            (Some("ec2.amazonaws.com"), Some("ec2.amazonaws.com"), None, None),
            (Some("AWS Internal"), Some("AWS-Internal"), None, None),
            (None, None, None, None),
        ] {
            let mut event =
                Event { source_ip_address: source.map(str::to_owned), ..Event::default() };
            of_event(&mut event, &networks);
            let found = (&event.source_place, &event.source_country, &event.source_lists);
            let found = (found.0.as_deref(), found.1.as_deref(), found.2.as_deref());
            assert_eq!(found, (place, country, lists), "{source:?}");
            assert_eq!(event.networks_as_of.is_some(), source.is_some());
        }
    }
}
