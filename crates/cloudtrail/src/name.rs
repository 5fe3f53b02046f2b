//! What the name of a trail object tells.

use rolecall_model::Time;

use crate::when;

/// What an object is by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// API calls and sign-ins.
    Log,
    /// Hashes of log files, signed.
    Digest,
    /// Insights: unusual rates of calls.
    Insight,
    /// Calls seen at VPC endpoints.
    NetworkActivity,
    /// Events summed up by CloudTrail.
    Aggregated,
    /// The name does not tell; the content decides.
    Unknown,
}

impl ObjectKind {
    /// The word in the `object` table.
    pub fn as_str(self) -> &'static str {
        match self {
            ObjectKind::Log => "log",
            ObjectKind::Digest => "digest",
            ObjectKind::Insight => "insight",
            ObjectKind::NetworkActivity => "network activity",
            ObjectKind::Aggregated => "aggregated",
            ObjectKind::Unknown => "unknown",
        }
    }
}

/// The parts of an object's name, as far as it follows CloudTrail's pattern
/// `[prefix/]AWSLogs/[o-…/]<account>/CloudTrail[-kind]/<region>/YYYY/MM/DD/<file>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectName {
    /// What it is.
    pub kind: ObjectKind,
    /// The organisation whose trail it is (`o-…`).
    pub organization: Option<String>,
    /// The account whose events it holds.
    pub account: Option<String>,
    /// The region that was recorded.
    pub region: Option<String>,
    /// When CloudTrail delivered it; events are older, and may be of another day.
    pub delivered_at: Option<Time>,
}

impl ObjectName {
    /// Takes a key apart from its end, because a prefix may hold anything. Never fails: what does
    /// not follow the pattern is unknown.
    pub fn parse(key: &str) -> ObjectName {
        let mut parts: Vec<&str> = key.split('/').collect();
        let file = parts.pop().unwrap_or_default();
        let from_file = file_parts(file);
        // Above the file: …, account, CloudTrail…, region, year, month, day.
        let folder = match parts.as_slice() {
            [.., account, kind, region, year, month, day]
                if is_date(year, month, day) && folder_kind(kind).is_some() =>
            {
                Some((*account, *kind, *region, parts.len() - 6))
            }
            _ => None,
        };
        let organization = folder
            .and_then(|(_, _, _, at)| parts.get(at.checked_sub(1)?))
            .filter(|name| name.starts_with("o-") && name.len() > 2);
        let kind = folder.and_then(|(_, kind, _, _)| folder_kind(kind));
        let text = |from_folder: Option<&str>, from_file: Option<&str>| {
            from_folder.or(from_file).map(str::to_owned)
        };
        ObjectName {
            kind: kind.or(from_file.kind).unwrap_or(ObjectKind::Unknown),
            organization: organization.map(|name| (*name).to_owned()),
            account: text(folder.map(|f| f.0).filter(|a| is_account(a)), from_file.account),
            region: text(folder.map(|f| f.2), from_file.region),
            delivered_at: from_file.delivered_at,
        }
    }
}

/// What the file's own name tells.
#[derive(Default)]
struct FileParts<'a> {
    kind: Option<ObjectKind>,
    account: Option<&'a str>,
    region: Option<&'a str>,
    delivered_at: Option<Time>,
}

/// `<account>_CloudTrail[-kind]_<region>_[…_]YYYYMMDDTHHMM[SS]Z_<16 characters>.json.gz`, without
/// the last part for digests. A trail's name may hold underscores, so the stamp is searched from
/// the end.
fn file_parts(file: &str) -> FileParts<'_> {
    let stem = file.split('.').next().unwrap_or_default();
    let parts: Vec<&str> = stem.split('_').collect();
    let [account, kind, region, rest @ ..] = parts.as_slice() else { return FileParts::default() };
    let Some(kind) = folder_kind(kind) else { return FileParts::default() };
    FileParts {
        kind: Some(kind),
        account: is_account(account).then_some(*account),
        region: Some(*region),
        delivered_at: rest.iter().rev().find_map(|part| stamp(part)),
    }
}

fn folder_kind(name: &str) -> Option<ObjectKind> {
    match name {
        "CloudTrail" => Some(ObjectKind::Log),
        "CloudTrail-Digest" => Some(ObjectKind::Digest),
        "CloudTrail-Insight" => Some(ObjectKind::Insight),
        "CloudTrail-NetworkActivity" => Some(ObjectKind::NetworkActivity),
        "CloudTrail-Aggregated" => Some(ObjectKind::Aggregated),
        _ => None,
    }
}

fn stamp(part: &str) -> Option<Time> {
    let digits = part.strip_suffix('Z')?;
    match digits.len() {
        13 => when::read(&format!("{digits}00Z")),
        15 => when::read(part),
        _ => None,
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_date(year: &str, month: &str, day: &str) -> bool {
    let digits =
        |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    digits(year, 4) && digits(month, 2) && digits(day, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, expected: &str) {
        let name = ObjectName::parse(key);
        let or = |text: Option<String>| text.unwrap_or_else(|| "-".into());
        let told = [
            name.kind.as_str().to_owned(),
            or(name.organization),
            or(name.account),
            or(name.region),
            or(name.delivered_at.map(|t| t.to_string())),
        ];
        assert_eq!(told.join(" "), expected, "{key}");
    }

    #[test]
    fn names_are_read_from_their_end() {
        let file = "111111111111_CloudTrail_eu-west-1_20260310T1205Z_AbCdEfGhIjKlMnOp.json.gz";
        let told = "111111111111 eu-west-1 2026-03-10T12:05:00Z";
        check(
            &format!("AWSLogs/111111111111/CloudTrail/eu-west-1/2026/03/10/{file}"),
            &format!("log - {told}"),
        );
        check(
            &format!(
                "s3://b/x/AWSLogs/y/AWSLogs/o-abc123/111111111111/CloudTrail/eu-west-1/2026/03/10/{file}"
            ),
            &format!("log o-abc123 {told}"),
        );
        check(file, &format!("log - {told}"));
        check("events.json", "unknown - - - -");
        check("", "unknown - - - -");
        check("/", "unknown - - - -");
    }

    #[test]
    fn other_kinds_are_told_apart() {
        for (folder, kind) in [
            ("CloudTrail-Insight", "insight"),
            ("CloudTrail-NetworkActivity", "network activity"),
            ("CloudTrail-Aggregated", "aggregated"),
        ] {
            check(
                &format!(
                    "AWSLogs/111111111111/{folder}/us-east-1/2026/03/10/111111111111_{folder}_us-east-1_20260310T1205Z_A.json.gz"
                ),
                &format!("{kind} - 111111111111 us-east-1 2026-03-10T12:05:00Z"),
            );
        }
        check(
            "AWSLogs/111111111111/CloudTrail-Digest/us-east-1/2026/03/10/111111111111_CloudTrail-Digest_us-east-1_my_trail_eu-west-1_20260310T120507Z_backfill.json.gz",
            "digest - 111111111111 us-east-1 2026-03-10T12:05:07Z",
        );
    }
}
