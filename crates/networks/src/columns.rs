//! Which column of a table of ranges holds what: its header says it, or its first line shows it.

use csv::StringRecord;

use crate::address::{block, parse};
use crate::cells;

/// Where a row says which addresses it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// A block, or one address.
    Block(usize),
    /// The first and the last address.
    Ends(usize, usize),
}

/// The columns that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) extent: Extent,
    pub(crate) country: Option<usize>,
    pub(crate) asn: Option<usize>,
    pub(crate) operator: Option<usize>,
    /// How many cells each row has.
    pub(crate) width: usize,
}

// Names in order of preference: IPinfo's `country` is a name where it has `country_code` as well.
const FIRST: &[&str] = &["start", "start_ip", "range_start", "ip_range_start", "ip_start", "first"];
const LAST: &[&str] = &["end", "end_ip", "range_end", "ip_range_end", "ip_end", "last"];
const BLOCK: &[&str] = &["cidr", "network", "prefix", "range", "ip_prefix", "address", "ip"];
const COUNTRY: &[&str] = &["country_code", "country_iso_code", "iso_code", "cc", "country"];
const ASN: &[&str] = &["asn", "as_number", "autonomous_system_number", "as"];
const OPERATOR: &[&str] = &[
    "operator",
    "autonomous_system_organization",
    "as_name",
    "as_organization",
    "as_description",
    "organization",
    "org",
    "isp",
    "name",
];

/// What a table may look like.
pub(crate) const HELP: &str = "give a header such as `start,end,asn,operator`, `start,end,country` or \
     `cidr,country,asn,operator`, or rows in such an order";

impl Columns {
    /// The columns of a table from its first line, and whether that line is a header.
    pub(crate) fn of(first: &StringRecord) -> Result<(Columns, bool), String> {
        if first.get(0).is_some_and(|cell| block(cell).is_some()) {
            Columns::of_row(first).map(|columns| (columns, false))
        } else {
            Columns::of_header(first).map(|columns| (columns, true))
        }
    }

    fn of_header(header: &StringRecord) -> Result<Columns, String> {
        let names: Vec<String> =
            header.iter().map(|name| name.to_ascii_lowercase().replace([' ', '-'], "_")).collect();
        let find = |wanted: &[&str]| {
            wanted.iter().find_map(|wanted| names.iter().position(|name| name == wanted))
        };
        let extent = match (find(FIRST), find(LAST), find(BLOCK)) {
            (Some(first), Some(last), _) => Extent::Ends(first, last),
            (_, _, Some(block)) => Extent::Block(block),
            _ => return Err("no column holds ranges, neither `start` and `end` nor `cidr`".into()),
        };
        let (country, asn, operator) = (find(COUNTRY), find(ASN), find(OPERATOR));
        let columns = Columns { extent, country, asn, operator, width: names.len() };
        columns.say_something().ok_or("no column is `country`, `asn` or `operator`".into())
    }

    fn of_row(row: &StringRecord) -> Result<Columns, String> {
        let ends = row.get(1).is_some_and(|cell| parse(cell).is_some());
        let (extent, from) = if ends { (Extent::Ends(0, 1), 2) } else { (Extent::Block(0), 1) };
        let is_asn = |at: usize| row.get(at).is_some_and(|cell| cells::asn(cell).is_some());
        let is_country = |at: usize| row.get(at).is_some_and(|cell| cells::country(cell).is_some());
        let of =
            |country, asn, operator| Columns { extent, country, asn, operator, width: row.len() };
        // The order of iptoasn.com is the one with the country in the middle.
        let columns = match row.len() - from {
            1 if is_country(from) => of(Some(from), None, None),
            1 if is_asn(from) => of(None, Some(from), None),
            2 if is_asn(from) => of(None, Some(from), Some(from + 1)),
            2 if is_country(from) && is_asn(from + 1) => of(Some(from), Some(from + 1), None),
            3 if is_asn(from) && is_country(from + 1) => {
                of(Some(from + 1), Some(from), Some(from + 2))
            }
            3 if is_country(from) && is_asn(from + 1) => {
                of(Some(from), Some(from + 1), Some(from + 2))
            }
            _ => return Err("its columns cannot be told apart without a header".into()),
        };
        Ok(columns)
    }

    fn say_something(self) -> Option<Columns> {
        (self.country.is_some() || self.asn.is_some() || self.operator.is_some()).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_it_and_rows_show_it() {
        let (ends, block) = (Extent::Ends(0, 1), Extent::Block(0));
        for (line, extent, country, asn, operator) in [
            ("start,end,asn,operator", ends, None, Some(2), Some(3)),
            ("start_ip,end_ip,country,asn", ends, Some(2), Some(3), None),
            ("network,country,country_code,asn,as_name", block, Some(2), Some(3), Some(4)),
            (
                "network,autonomous_system_number,autonomous_system_organization",
                block,
                None,
                Some(1),
                Some(2),
            ),
            ("Operator,CIDR", Extent::Block(1), None, None, Some(0)),
            ("192.0.2.0,192.0.2.255,DE", ends, Some(2), None, None),
            ("192.0.2.0,192.0.2.255,64500,One", ends, None, Some(2), Some(3)),
            ("192.0.2.0,192.0.2.255,64500,DE,One", ends, Some(3), Some(2), Some(4)),
            ("192.0.2.0/24,DE", block, Some(1), None, None),
            ("192.0.2.0/24,DE,AS64500,One", block, Some(1), Some(2), Some(3)),
            ("192.0.2.0/24,AS64500,HP", block, None, Some(1), Some(2)),
            ("2001:db8::/32,64500", block, None, Some(1), None),
        ] {
            let record = StringRecord::from_iter(line.split(','));
            let width = record.len();
            let expected = Columns { extent, country, asn, operator, width };
            assert_eq!(Columns::of(&record).map(|(columns, _)| columns), Ok(expected), "{line}");
        }
        for line in [
            "start,asn",
            "start,end,colour",
            "192.0.2.0,192.0.2.255",
            "192.0.2.0/24,Germany",
            "192.0.2.0/24,DE,AS64500,One,more",
            "3221225984,3221226239,DE",
        ] {
            assert!(Columns::of(&StringRecord::from_iter(line.split(','))).is_err(), "{line}");
        }
    }
}
