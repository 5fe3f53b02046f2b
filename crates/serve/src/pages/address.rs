//! The page of an address or its network: who worked from there, and which sessions were issued to it.

use std::net::IpAddr;

use futures::try_join;
use rolecall_model::network;
use rolecall_report::live::{Sheet, encoded};
use serde_json::Value;

use super::Page;
use super::principal::DAYS;
use crate::asked::Asked;
use crate::look::text;
use crate::sight::Sight;
use crate::trouble::Trouble;

/// Calls by address are looked up in the last days; `usage` is the largest table.
const USED_DAYS: i64 = 7;

pub(super) async fn page(sight: &Sight, asked: &Asked) -> Result<Page, Trouble> {
    let id = asked.needed("id")?;
    let before = asked.instant("before")?;
    let ip = id.split('/').next().and_then(|ip| ip.parse::<IpAddr>().ok());
    let Some(ip) = ip else {
        return Err(Trouble::Unclear {
            why: format!("`{id}` is no address"),
            help: "write an address such as 203.0.113.77 or 2001:db8::1".to_owned(),
        });
    };
    let is_network = id.contains('/');
    let address = ip.to_string();
    let network = network::prefix(&address);
    if is_network && id != network {
        return Err(Trouble::Unclear {
            why: format!("`{id}` is no network of a lake"),
            help: format!("networks are /24, or /48 of IPv6: try {network}"),
        });
    }
    // CloudTrail does not spell all addresses of IPv6 alike.
    let what = [("one", text(&address)), ("two", text(&id))];
    let around = [("what", text(&network))];
    let used_title = format!("Calls from this address in the last {USED_DAYS} days of the lake");
    let around_title = format!("Who worked from {network}");
    // A network has neither calls nor sessions of its own.
    let own = async {
        if is_network {
            return Ok((Vec::new(), None));
        }
        let title = "Sessions that were issued to this address";
        let (used, sessions) = try_join!(
            sight.table("uses_from_address", &used_title, sight.last_days(USED_DAYS), &what),
            sight.newest("sessions_from_address", title, before, &what),
        )?;
        Ok((vec![used, sessions.rows], sessions.further))
    };
    let (own, places, findings) = try_join!(
        own,
        sight.table("footprints_of_network", &around_title, sight.last_days(DAYS), &around),
        sight.findings(&address, &network, &[], None),
    )?;
    let (mut tables, further) = own;
    tables.insert(tables.len().min(1), places);
    let nothing = tables.iter().all(|table| table.rows.is_empty()) && findings.is_empty();
    if nothing && further.is_none() {
        return Err(Trouble::Unknown {
            what: format!("call from `{id}`"),
            looked: format!(
                "networks of {DAYS} days, findings, and the newest of {}",
                sight.scope()
            ),
        });
    }
    let older =
        |at| ("Older sessions".to_owned(), format!("/address?id={}&before={at}", encoded(&id)));
    Ok(Sheet {
        kind: if is_network { "Network" } else { "Address" }.to_owned(),
        name: id.clone(),
        about: format!(
            "Networks are those of the last {DAYS} days of the lake: /24, or /48 of IPv6."
        ),
        facts: vec![("network".to_owned(), Value::from(network))],
        findings: Some(findings),
        tables,
        more: further.map(older).into_iter().collect(),
        ..Sheet::default()
    }
    .into())
}
