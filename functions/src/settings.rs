//! Settings from the environment, checked at the start: one error lists all that is wrong.
//!
//! No value is repeated in an error, for somebody may have put a secret where it does not belong.

use rolecall_model::Severity;
use rolecall_pipeline::Account;

use crate::{Function, Level};

/// Fewer days would take from detections what they compare with.
const SHORTEST_RETENTION: u32 = 35;

/// What the environment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which function runs.
    pub function: Function,
    /// `ROLECALL_LAKE`: the lake, `s3://bucket/prefix` or a folder.
    pub lake: String,
    /// `ROLECALL_TRAIL`: the trail that a catch-up lists, `s3://bucket/prefix`; may be empty.
    pub trail: Option<String>,
    /// `ROLECALL_CONFIG`: the path or `s3://` URL of `rolecall.toml`; may be empty.
    pub config: Option<String>,
    /// `ROLECALL_NETWORKS`: databases of networks, paths or `s3://` URLs with commas between.
    pub networks: Vec<String>,
    /// `ROLECALL_TOPIC_ARN`: the SNS topic that findings are published to.
    pub topic: Option<String>,
    /// `ROLECALL_CHANNELS_SECRET`: the ARN of the secret that holds channels and their endpoints.
    pub channels_secret: Option<String>,
    /// `ROLECALL_MINIMUM_SEVERITY`: findings below it are not published; low by default.
    pub minimum_severity: Severity,
    /// `ROLECALL_POLL_ACCOUNTS`: `own`, and roles in other accounts, with commas between.
    pub poll_accounts: Vec<String>,
    /// `ROLECALL_POLL_REGIONS`: regions with commas between.
    pub poll_regions: Vec<String>,
    /// `ROLECALL_RETENTION_DAYS`: how long the lake keeps what it has; for ever if empty.
    pub retention_days: Option<u32>,
    /// `ROLECALL_VACUUM_DAYS`: after how many days files that no version needs are deleted; 7 by default.
    pub vacuum_days: Option<u32>,
    /// `ROLECALL_METRICS_NAMESPACE`: where CloudWatch shows the metrics; `Rolecall` by default.
    pub metrics_namespace: String,
    /// `ROLECALL_LOG`: `info`, the default, or `debug`.
    pub log: Level,
    /// `AWS_LAMBDA_FUNCTION_MEMORY_SIZE`: the memory that Lambda gives, in MB; 512 if it does not say.
    pub memory: usize,
}

/// All that is wrong with the environment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} of the settings cannot be used: {}", .0.len(), .0.join("; "))]
pub struct BadSettings(pub Vec<String>);

impl Settings {
    /// Reads the settings of a function from variables.
    pub fn read(
        function: Function,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Settings, BadSettings> {
        let mut reader = Reader { variable, wrong: Vec::new() };
        let lake = reader.text("ROLECALL_LAKE", is_place, "`s3://bucket/prefix` or a folder");
        let settings = Settings {
            function,
            lake: lake.clone().unwrap_or_default(),
            trail: reader.text("ROLECALL_TRAIL", is_bucket, "`s3://bucket/prefix`"),
            config: reader.text(
                "ROLECALL_CONFIG",
                is_place,
                "`s3://bucket/rolecall.toml` or a path",
            ),
            networks: reader.list(
                "ROLECALL_NETWORKS",
                is_place,
                "`s3://` URLs or paths, with commas between",
            ),
            topic: reader.text(
                "ROLECALL_TOPIC_ARN",
                |t| is_arn(t, "sns"),
                "the ARN of an SNS topic",
            ),
            channels_secret: reader.text(
                "ROLECALL_CHANNELS_SECRET",
                |text| is_arn(text, "secretsmanager"),
                "the ARN of a secret in Secrets Manager",
            ),
            minimum_severity: reader
                .parsed("ROLECALL_MINIMUM_SEVERITY", "low, medium, high or critical")
                .unwrap_or(Severity::Low),
            poll_accounts: reader.list(
                "ROLECALL_POLL_ACCOUNTS",
                |text| text.parse::<Account>().is_ok(),
                "`own` or ARNs of roles, with commas between",
            ),
            poll_regions: reader.list(
                "ROLECALL_POLL_REGIONS",
                is_region,
                "regions such as `eu-west-1`, with commas between",
            ),
            retention_days: reader
                .text(
                    "ROLECALL_RETENTION_DAYS",
                    |text| text.parse().is_ok_and(|days: u32| days >= SHORTEST_RETENTION),
                    "35 days or more, because detections look back 30",
                )
                .and_then(|text| text.parse().ok()),
            vacuum_days: reader
                .text(
                    "ROLECALL_VACUUM_DAYS",
                    |text| text.parse().is_ok_and(|days: u32| (1..=7).contains(&days)),
                    "1 to 7 days: readers of an older version need its files, which Delta remembers for 7",
                )
                .and_then(|text| text.parse().ok()),
            metrics_namespace: reader
                .text(
                    "ROLECALL_METRICS_NAMESPACE",
                    is_namespace,
                    "a name of letters, digits and `.-_/#:`",
                )
                .unwrap_or_else(|| "Rolecall".to_owned()),
            log: reader.level("ROLECALL_LOG"),
            memory: reader
                .parsed("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "a number of megabytes")
                .unwrap_or(512),
        };
        for (name, value, needed) in [
            ("ROLECALL_LAKE", &lake, function != Function::Notify),
            ("ROLECALL_TOPIC_ARN", &settings.topic, function == Function::Detect),
            ("ROLECALL_CHANNELS_SECRET", &settings.channels_secret, function == Function::Notify),
        ] {
            if needed && value.is_none() && !reader.is_wrong(name) {
                reader.wrong.push(format!("{name} is missing"));
            }
        }
        if reader.wrong.is_empty() { Ok(settings) } else { Err(BadSettings(reader.wrong)) }
    }
}

struct Reader<V> {
    variable: V,
    wrong: Vec<String>,
}

impl<V: Fn(&str) -> Option<String>> Reader<V> {
    /// The value of a variable; an empty one is none.
    fn value(&self, name: &str) -> Option<String> {
        (self.variable)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn is_wrong(&self, name: &str) -> bool {
        self.wrong.iter().any(|wrong| wrong.starts_with(name))
    }

    fn complain(&mut self, name: &str, help: &str) {
        self.wrong.push(format!("{name} must be {help}"));
    }

    fn text(&mut self, name: &str, good: impl Fn(&str) -> bool, help: &str) -> Option<String> {
        let text = self.value(name)?;
        if good(&text) {
            return Some(text);
        }
        self.complain(name, help);
        None
    }

    fn list(&mut self, name: &str, good: impl Fn(&str) -> bool, help: &str) -> Vec<String> {
        let text = self.value(name).unwrap_or_default();
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let parts: Vec<String> = parts.map(str::to_owned).collect();
        if !parts.iter().all(|part| good(part)) {
            self.complain(name, help);
        }
        parts
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str, help: &str) -> Option<T> {
        let parsed = self.value(name)?.parse();
        if parsed.is_err() {
            self.complain(name, help);
        }
        parsed.ok()
    }

    fn level(&mut self, name: &str) -> Level {
        match self.value(name).map(|text| text.parse()) {
            None => Level::Info,
            Some(Ok(level)) => level,
            Some(Err(())) => {
                self.complain(name, "`info` or `debug`");
                Level::Info
            }
        }
    }
}

fn is_bucket(text: &str) -> bool {
    text.strip_prefix("s3://").is_some_and(|rest| {
        let bucket = rest.split('/').next().unwrap_or_default();
        let is_good =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
        (3..=63).contains(&bucket.len()) && bucket.bytes().all(is_good)
    })
}

fn is_place(text: &str) -> bool {
    is_bucket(text) || !text.contains("://")
}

fn is_arn(text: &str, service: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    matches!(parts.as_slice(), ["arn", partition, found, _, account, rest]
        if partition.starts_with("aws") && *found == service && is_account(account) && !rest.is_empty())
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_region(text: &str) -> bool {
    let is_good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    text.bytes().all(is_good) && text.split('-').count() >= 3
}

fn is_namespace(text: &str) -> bool {
    let is_good = |b: u8| b.is_ascii_alphanumeric() || b".-_/#:".contains(&b);
    text.len() < 256 && !text.starts_with("AWS/") && text.bytes().all(is_good)
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
