//! Which addresses are Amazon's: its AS numbers, and the ranges that it publishes.

use rolecall_model::Time;
use serde::Deserialize;

use crate::address::block;
use crate::error::{instead, quoted};
use crate::ranges::{Ranges, RangesBuilder};
use crate::{NetworksError, SourceKind};

/// AS numbers whose addresses AWS operates; ascending.
///
/// 16509 and 14618 announce nearly everything (<https://aws.amazon.com/peering/policy>); 55960 and
/// 135629 are the operators of the regions in China; the others are older and smaller networks of
/// Amazon's.
const NUMBERS: [u32; 10] = [7224, 8987, 9059, 14618, 16509, 19047, 38895, 39111, 55960, 135629];

/// Whether the AS is Amazon's.
pub(crate) fn is_amazon(asn: u32) -> bool {
    NUMBERS.binary_search(&asn).is_ok()
}

/// Whether a source that is no address is AWS itself: `AWS Internal`, or a service's name.
pub(crate) fn is_service(source: &str) -> bool {
    source.starts_with("AWS Internal")
        || source.ends_with(".amazonaws.com")
        || source.ends_with(".amazonaws.com.cn")
}

/// The name under which AWS publishes its ranges.
pub(crate) const FILE: &str = "ip-ranges.json";

const HELP: &str = "download https://ip-ranges.amazonaws.com/ip-ranges.json";

/// The file, as <https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-syntax.html> describes it.
#[derive(Deserialize)]
struct File {
    #[serde(rename = "createDate")]
    created: Option<String>,
    prefixes: Vec<V4>,
    #[serde(default)]
    ipv6_prefixes: Vec<V6>,
}

#[derive(Deserialize)]
struct V4 {
    ip_prefix: String,
}

#[derive(Deserialize)]
struct V6 {
    ipv6_prefix: String,
}

/// Reads the ranges and their date. Regions and services are passed over: whose an address is does
/// not depend on them.
pub(crate) fn read(json: &str) -> Result<(Ranges, Option<Time>), NetworksError> {
    let wrong = |why: String| NetworksError::whole(FILE, SourceKind::AwsRanges, why, HELP);
    if let Some((why, help)) = instead(json.as_bytes()) {
        return Err(NetworksError::whole(FILE, SourceKind::AwsRanges, why, help));
    }
    let file: File = serde_json::from_str(json).map_err(|error| wrong(error.to_string()))?;
    let v4 = file.prefixes.iter().map(|prefix| prefix.ip_prefix.as_str());
    let v6 = file.ipv6_prefixes.iter().map(|prefix| prefix.ipv6_prefix.as_str());
    let mut ranges = RangesBuilder::default();
    for prefix in v4.chain(v6) {
        let ends =
            block(prefix).ok_or_else(|| wrong(format!("{} is no prefix", quoted(prefix))))?;
        ranges.add(ends, 0);
    }
    if ranges.is_empty() {
        return Err(wrong("it holds no prefix".into()));
    }
    let as_of = match &file.created {
        None => None,
        Some(text) => Some(date(text).ok_or_else(|| {
            wrong(format!("its `createDate` {} is no time like 2026-03-01-12-00-00", quoted(text)))
        })?),
    };
    Ok((ranges.finish(), as_of))
}

/// Reads `2026-03-01-12-00-00`, which is UTC.
fn date(text: &str) -> Option<Time> {
    let (day, time) = text.split_at_checked(10)?;
    let time = time.strip_prefix('-')?.replace('-', ":");
    format!("{day}T{time}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_numbers_can_be_searched() {
        assert!(NUMBERS.is_sorted());
        assert!(is_amazon(16509) && is_amazon(14618) && !is_amazon(64500));
    }

    #[test]
    fn its_date_is_utc() {
        assert_eq!(date("2026-03-01-12-00-00"), "2026-03-01T12:00:00Z".parse().ok());
        for text in ["", "2026-03-01", "2026-03-01-", "2026-03-01 12:00", "ä026-03-01-12-00-00"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
