//! Lists: addresses that have something in common, such as being Tor exits or a VPN's.

use crate::address::block;
use crate::error::{instead, quoted};
use crate::ranges::{Ranges, RangesBuilder};
use crate::{NetworksError, SourceKind};

/// Reads an address or a block a line; `#` and `;` begin comments. The bulk lists of the Tor
/// project (<https://check.torproject.org/torbulkexitlist>), Spamhaus DROP and the netsets of
/// FireHOL are such files.
pub(crate) fn read(list: &str, text: &str) -> Result<Ranges, NetworksError> {
    if list.is_empty() || list.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(NetworksError::ListName(list.to_owned()));
    }
    if let Some((why, help)) = instead(text.as_bytes()) {
        return Err(NetworksError::whole(list, SourceKind::List, why, help));
    }
    let mut ranges = RangesBuilder::default();
    for (line, number) in text.trim_start_matches('\u{feff}').lines().zip(1..) {
        let entry = line.split(['#', ';']).next().unwrap_or_default().trim();
        if entry.is_empty() {
            continue;
        }
        let ends = block(entry).ok_or_else(|| NetworksError::Line {
            name: list.to_owned(),
            kind: SourceKind::List,
            line: number,
            why: format!("{} is no address", quoted(entry)),
            help: "write one address or block a line, such as 192.0.2.1 or 2001:db8::/32".into(),
        })?;
        ranges.add(ends, 0);
    }
    Ok(ranges.finish())
}
