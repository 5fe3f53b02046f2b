//! All databases together, and what they say about an address.

use std::net::IpAddr;
use std::sync::Arc;

use rolecall_model::Time;

use crate::facts::Facts;
use crate::mmdb::Mmdb;
use crate::ranges::Ranges;
use crate::rows::Table;
use crate::{NetworksError, Source, SourceKind, Spot, address, amazon, list};

/// The databases that were given; none at first.
///
/// Where several know a fact, the first that was given wins. A database that cannot be used is an
/// error, and leaves the others as they were.
#[derive(Debug, Default)]
pub struct Networks {
    databases: Vec<Database>,
    aws: Vec<Ranges>,
    lists: Vec<(Arc<str>, Ranges)>,
    sources: Vec<Source>,
}

#[derive(Debug)]
enum Database {
    Mmdb(Mmdb),
    Table(Table),
}

impl Networks {
    /// Adds a MaxMind DB with countries, AS numbers or both, of any vendor: GeoLite2 Country, City
    /// or ASN, DB-IP Lite, IPinfo Lite. Its date is that of its metadata.
    pub fn add_mmdb(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), NetworksError> {
        let (mmdb, as_of) = Mmdb::read(name, bytes)?;
        self.databases.push(Database::Mmdb(mmdb));
        self.enter(name, SourceKind::Mmdb, as_of);
        Ok(())
    }

    /// Adds a table of ranges, with commas or tabs. A header may name its columns (`start` and
    /// `end` or `cidr`; `country`, `asn`, `operator`, or what vendors call them); without one, the
    /// first line shows them. Of rows that overlap, the one with the fewest addresses speaks alone.
    pub fn add_csv(
        &mut self,
        name: &str,
        text: &str,
        as_of: Option<Time>,
    ) -> Result<(), NetworksError> {
        self.databases.push(Database::Table(Table::read(name, text)?));
        self.enter(name, SourceKind::Csv, as_of);
        Ok(())
    }

    /// Adds AWS's <https://ip-ranges.amazonaws.com/ip-ranges.json>. Its date is its `createDate`.
    pub fn add_aws_ranges(&mut self, json: &str) -> Result<(), NetworksError> {
        let (ranges, as_of) = amazon::read(json)?;
        self.aws.push(ranges);
        self.enter(amazon::FILE, SourceKind::AwsRanges, as_of);
        Ok(())
    }

    /// Adds a list of addresses and blocks, one a line, under the name that `lists` will show.
    /// Several files may share a name, such as those of IPv4 and IPv6.
    pub fn add_list(
        &mut self,
        list: &str,
        text: &str,
        as_of: Option<Time>,
    ) -> Result<(), NetworksError> {
        self.lists.push((list.into(), list::read(list, text)?));
        self.enter(list, SourceKind::List, as_of);
        Ok(())
    }

    fn enter(&mut self, name: &str, kind: SourceKind, as_of: Option<Time>) {
        self.sources.push(Source { name: name.to_owned(), kind, as_of });
    }

    /// Every database, in the order in which they were given.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// The oldest date among the databases, as far as they have one.
    pub fn as_of(&self) -> Option<Time> {
        self.sources.iter().filter_map(|source| source.as_of).min()
    }

    /// Whether any database is known to be older than [`MAX_AGE_DAYS`](crate::MAX_AGE_DAYS).
    pub fn is_stale(&self, now: Time) -> bool {
        self.sources.iter().any(|source| source.is_stale(now))
    }

    /// Where a call came from, given CloudTrail's `sourceIPAddress` (an address, a service's name or
    /// `AWS Internal`) and its `vpcEndpointId`.
    pub fn look_up(&self, source: &str, vpc_endpoint_id: Option<&str>) -> Spot {
        let source = source.trim();
        let Some(address) = address::parse(source) else {
            // Other text is passed on as it stands, and claims nothing.
            let is_aws = amazon::is_service(source).then_some(true);
            return Spot { is_aws, place: source.to_owned(), ..Spot::default() };
        };
        let facts = self.facts(address);
        let published = self.aws.iter().any(|ranges| ranges.contains(address));
        let endpoint = vpc_endpoint_id.map(str::trim).filter(|id| !id.is_empty());
        let place = match (facts.asn, endpoint) {
            // Private addresses of different owners are the same: only with the endpoint do they
            // say where. A public address says it itself, and AWS's own endpoints have those.
            (_, Some(endpoint)) if address::is_private(address) => endpoint.to_owned(),
            (Some(asn), _) => format!("AS{asn}"),
            (None, _) if published => "AWS".to_owned(),
            (None, _) => address::wide_prefix(address),
        };
        Spot {
            is_aws: self.is_aws(address, facts.asn, published),
            lists: self.lists(address),
            place,
            country: facts.country,
            asn: facts.asn,
            operator: facts.operator,
        }
    }

    fn facts(&self, address: IpAddr) -> Facts {
        let mut facts = Facts::default();
        for database in &self.databases {
            let known = match database {
                Database::Mmdb(mmdb) => mmdb.get(address),
                Database::Table(table) => table.get(address),
            };
            if let Some(known) = known {
                facts.fill(known);
            }
            if facts.is_whole() {
                break;
            }
        }
        facts
    }

    fn is_aws(&self, address: IpAddr, asn: Option<u32>, published: bool) -> Option<bool> {
        let by_number = asn.map(amazon::is_amazon);
        if published || by_number == Some(true) {
            return Some(true);
        }
        // Not to be among the published ranges says something about public addresses only.
        let by_ranges = !self.aws.is_empty() && !address::is_private(address);
        by_number.or(by_ranges.then_some(false))
    }

    fn lists(&self, address: IpAddr) -> Option<Arc<str>> {
        let mut names: Vec<&Arc<str>> = Vec::new();
        for (name, ranges) in &self.lists {
            if ranges.contains(address) && !names.contains(&name) {
                names.push(name);
            }
        }
        match names.as_slice() {
            [] => None,
            [name] => Some(Arc::clone(name)),
            _ => {
                let names: Vec<&str> = names.iter().map(|name| name.as_ref()).collect();
                Some(names.join(" ").into())
            }
        }
    }
}
