//! MaxMind DB files (<https://maxmind.github.io/MaxMind-DB/>), of any vendor.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use maxminddb::{Reader, WithinOptions};
use rolecall_model::Time;
use serde::de::IgnoredAny;

use crate::error::{instead, quoted};
use crate::facts::{Facts, Interner};
use crate::record::Record;
use crate::{NetworksError, SourceKind};

/// A database that can be asked: the tree of the file, and its records read beforehand.
///
/// Records are few and networks many, so that reading them all costs little; it tells a damaged file
/// when it is given and not while it is asked, and makes a look-up a walk and a search.
#[derive(Debug)]
pub(crate) struct Mmdb {
    reader: Reader<Vec<u8>>,
    /// For each offset of a record, in order, the number of its facts.
    records: Vec<(usize, u32)>,
    facts: Vec<Facts>,
}

const AGAIN: &str = "download it again, and compare its checksum with the vendor's";
const OTHER: &str = "give a database of countries or AS numbers, such as GeoLite2-Country, \
                     GeoLite2-ASN, DB-IP Lite or IPinfo Lite";

impl Mmdb {
    /// Reads a database and the date at which it was built.
    pub(crate) fn read(name: &str, bytes: Vec<u8>) -> Result<(Mmdb, Option<Time>), NetworksError> {
        let kind = SourceKind::Mmdb;
        if let Some((why, help)) = instead(&bytes) {
            return Err(NetworksError::whole(name, kind, why, help));
        }
        let damaged = |why: String| NetworksError::whole(name, kind, why, AGAIN);
        let reader = Reader::from_source(bytes).map_err(|error| damaged(error.to_string()))?;
        let mut numbers = HashMap::new();
        let mut facts = Interner::default();
        let mut fields = BTreeMap::new();
        let mut says = false;
        // A tree of n nodes has n + 1 leaves: what yields many more runs in circles. Empty leaves are
        // visited for that alone, since circles without any record would never end otherwise.
        let mut left = u64::from(reader.metadata().node_count) * 3 + 3;
        let every = WithinOptions::default().include_networks_without_data();
        let networks = reader.networks(every);
        for network in networks.map_err(|error| damaged(error.to_string()))? {
            left = left.checked_sub(1).ok_or_else(|| damaged("its tree has a loop".into()))?;
            let network = network.map_err(|error| damaged(error.to_string()))?;
            let Some(offset) = network.offset().filter(|offset| !numbers.contains_key(offset))
            else {
                continue;
            };
            let record = network.decode::<Record>().map_err(|error| damaged(error.to_string()))?;
            let record = record.unwrap_or_default();
            says |= !record.says_nothing();
            if !says && fields.is_empty() {
                let named = network.decode::<BTreeMap<String, IgnoredAny>>();
                fields = named.ok().flatten().unwrap_or_default();
            }
            numbers.insert(offset, facts.number(record.country, record.asn, record.operator));
        }
        if !says {
            let names: Vec<String> = fields.keys().take(8).map(|name| quoted(name)).collect();
            let why = match names.as_slice() {
                [] => "it holds nothing".to_owned(),
                _ => format!("it has no country, AS number or operator, only {}", names.join(", ")),
            };
            return Err(NetworksError::whole(name, kind, why, OTHER));
        }
        let built = i64::try_from(reader.metadata().build_epoch).ok().filter(|built| *built > 0);
        let mut records: Vec<(usize, u32)> = numbers.into_iter().collect();
        records.sort_unstable();
        let facts = facts.finish();
        Ok((Mmdb { reader, records, facts }, built.map(Time::from_seconds)))
    }

    /// What it says about an address.
    pub(crate) fn get(&self, address: IpAddr) -> Option<&Facts> {
        // The only error beside damage, which was looked for, is an IPv6 address in a file of IPv4.
        let offset = self.reader.lookup(address).ok()?.offset()?;
        let at = self.records.binary_search_by_key(&offset, |(offset, _)| *offset).ok()?;
        self.facts.get(self.records[at].1 as usize)
    }
}
