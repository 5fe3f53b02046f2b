//! Tables of ranges: CSV, or the same with tabs.

use std::net::IpAddr;

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::address::{block, ends};
use crate::columns::{Columns, Extent, HELP};
use crate::error::{instead, quoted};
use crate::facts::{Facts, Interner};
use crate::ranges::{Ranges, RangesBuilder};
use crate::{NetworksError, cells};

const KIND: crate::SourceKind = crate::SourceKind::Csv;

/// A table that can be asked.
#[derive(Debug)]
pub(crate) struct Table {
    ranges: Ranges,
    facts: Vec<Facts>,
}

impl Table {
    /// Reads a table. Formats in the wild: <https://db-ip.com/db/lite.php>,
    /// <https://iptoasn.com> (tabs), <https://ipinfo.io/developers/ipinfo-lite-database>,
    /// <https://dev.maxmind.com/geoip/docs/databases/asn/>.
    pub(crate) fn read(name: &str, text: &str) -> Result<Table, NetworksError> {
        if let Some((why, help)) = instead(text.as_bytes()) {
            return Err(NetworksError::whole(name, KIND, why, help));
        }
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().find(|line| !line.is_empty() && !line.starts_with('#'));
        let tabs = first.is_some_and(|line| line.contains('\t'));
        let mut reader = ReaderBuilder::new()
            .delimiter(if tabs { b'\t' } else { b',' })
            .quoting(!tabs)
            .comment(Some(b'#'))
            .has_headers(false)
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text.as_bytes());
        let mut record = StringRecord::new();
        let mut columns: Option<Columns> = None;
        let (mut ranges, mut facts) = (RangesBuilder::default(), Interner::default());
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    return Err(NetworksError::whole(name, KIND, error.to_string(), HELP));
                }
            }
            let wrong = |(why, help): (String, &str)| NetworksError::Line {
                name: name.to_owned(),
                kind: KIND,
                line: line_of(&record, text),
                why,
                help: help.to_owned(),
            };
            let columns = match columns {
                Some(columns) => columns,
                None => {
                    let (found, header) = Columns::of(&record).map_err(|why| wrong((why, HELP)))?;
                    columns = Some(found);
                    if header {
                        continue;
                    }
                    found
                }
            };
            let row = Row { columns, record: &record };
            let ends = row.ends().map_err(wrong)?;
            let (country, asn) = (row.country().map_err(wrong)?, row.asn().map_err(wrong)?);
            ranges.add(ends, facts.number(country, asn, row.operator()));
        }
        if ranges.is_empty() {
            return Err(NetworksError::whole(name, KIND, "it has no rows", HELP));
        }
        Ok(Table { ranges: ranges.finish(), facts: facts.finish() })
    }

    /// What it says about an address.
    pub(crate) fn get(&self, address: IpAddr) -> Option<&Facts> {
        self.facts.get(self.ranges.get(address)? as usize)
    }
}

/// The line of a record. The reader's position is that from which it began to look for it.
fn line_of(record: &StringRecord, text: &str) -> u64 {
    let Some(position) = record.position() else { return 1 };
    let rest = usize::try_from(position.byte()).ok().and_then(|at| text.get(at..));
    let passed_over = rest.unwrap_or_default().lines();
    let passed_over = passed_over.take_while(|line| line.is_empty() || line.starts_with('#'));
    passed_over.zip(position.line()..).last().map_or(position.line(), |(_, line)| line + 1)
}

/// A row, and how to read it.
struct Row<'a> {
    columns: Columns,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    fn cell(&self, at: usize) -> &'a str {
        self.record.get(at).unwrap_or_default()
    }

    fn ends(&self) -> Result<(IpAddr, IpAddr), (String, &'static str)> {
        if self.record.len() != self.columns.width {
            let (cells, width) = (self.record.len(), self.columns.width);
            return Err((
                format!("it has {cells} cells, and the first line {width}"),
                "every line must have the same; if it is the last line, the file was cut off",
            ));
        }
        match self.columns.extent {
            Extent::Block(at) => {
                let cell = self.cell(at);
                let help = "write 192.0.2.0/24 or 2001:db8::/32";
                block(cell).ok_or_else(|| (format!("{} is no block", quoted(cell)), help))
            }
            Extent::Ends(first, last) => {
                let (first, last) = (self.cell(first), self.cell(last));
                let why = || format!("{} to {} is no range", quoted(first), quoted(last));
                let help = "write two addresses of one family, the lesser first, such as \
                            192.0.2.0,192.0.2.255";
                ends(first, last).ok_or_else(|| (why(), help))
            }
        }
    }

    fn country(&self) -> Result<Option<&'a str>, (String, &'static str)> {
        let Some(at) = self.columns.country else { return Ok(None) };
        let cell = self.cell(at);
        let help = "write two letters, such as DE, or nothing";
        cells::country(cell).ok_or_else(|| (format!("{} is no country code", quoted(cell)), help))
    }

    fn asn(&self) -> Result<Option<u32>, (String, &'static str)> {
        let Some(at) = self.columns.asn else { return Ok(None) };
        let cell = self.cell(at);
        let help = "write a number, such as 64500 or AS64500, or nothing";
        cells::asn(cell).ok_or_else(|| (format!("{} is no AS number", quoted(cell)), help))
    }

    fn operator(&self) -> Option<&'a str> {
        cells::operator(self.cell(self.columns.operator?))
    }
}
