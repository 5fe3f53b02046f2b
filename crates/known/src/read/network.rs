//! From where the own people and machines work.

use rolecall_model::{KnownEndpoint, KnownNetwork};

use super::Said;
use crate::probe::{Probe, all, equals, fits, literal};
use crate::section::{Section, Text};
use crate::tables::Rows;
use crate::{check, pattern};

/// `[[network]]`
pub(super) fn network(section: &mut Section<'_, '_>) -> Option<Said> {
    let name = section.needed("name", "write name = \"office\"");
    let cidrs = section.list("cidrs", check::cidr);
    let places = section.list("places", check::place);
    let countries = section.list("countries", check::country);
    let mut principals = section.list("principals", pattern::principal);
    if ["cidrs", "places", "countries"].into_iter().all(|key| section.value(key).is_none()) {
        let help =
            "write cidrs = [\"192.0.2.0/24\"], places = [\"AS64500\"] or countries = [\"CH\"]";
        section.missing("`cidrs`, `places` or `countries`", help);
    }
    if principals.is_empty() {
        principals.push(Text { value: "*".into(), at: 0 });
    }
    let name = name?.value;
    let (mut rows, mut probes) = (Vec::new(), Vec::new());
    let mut add = |text: &Text, condition: String, row: KnownNetwork| {
        for principal in &principals {
            let conditions = [condition.clone(), fits("principal", &principal.value)];
            let about = match principal.value.as_str() {
                "*" => text.value.clone(),
                one => format!("{} for {one}", text.value),
            };
            probes.push(Probe::new(about, "usage", all(conditions)));
            rows.push(KnownNetwork {
                name: name.clone(),
                principal: principal.value.clone(),
                ..row.clone()
            });
        }
    };
    for cidr in &cidrs {
        let row = KnownNetwork { cidr: Some(cidr.value.clone()), ..KnownNetwork::default() };
        add(cidr, format!("in_cidr(source_ip_address, {})", literal(&cidr.value)), row);
    }
    for place in &places {
        let row = KnownNetwork { place: Some(place.value.clone()), ..KnownNetwork::default() };
        add(place, equals("source_place", &place.value), row);
    }
    for country in &countries {
        let row = KnownNetwork { country: Some(country.value.clone()), ..KnownNetwork::default() };
        add(country, equals("source_country", &country.value), row);
    }
    Some(Said { about: name, rows: Rows::KnownNetwork(rows), probes })
}

/// `[[vpc_endpoint]]`
pub(super) fn endpoint(section: &mut Section<'_, '_>) -> Option<Said> {
    let id = section.needed("id", "write id = \"vpce-0123456789abcdef0\"");
    let id = section.checked(id, check::endpoint);
    let name = section.text("name").map(|name| name.value);
    let id = id?.value;
    let probes = vec![Probe::new(&id, "usage", equals("vpc_endpoint_id", &id))];
    let about = match &name {
        Some(name) => format!("{name} ({id})"),
        None => id.clone(),
    };
    let row = KnownEndpoint { vpc_endpoint_id: id, name, ..KnownEndpoint::default() };
    Some(Said { about, rows: Rows::KnownEndpoint(vec![row]), probes })
}
