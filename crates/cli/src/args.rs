//! What can be said on the command line.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, ValueEnum, ValueHint};
use rolecall_model::Severity;

use crate::commands::Command;

const ABOUT: &str =
    "Who holds temporary AWS credentials, who handed them over, and where are they used?";

const LONG: &str = "\
Who holds temporary AWS credentials, who handed them over, and where are they used?

rolecall reads CloudTrail logs into tables (Delta, Parquet), links every session that STS handed out
to its parent and its root, and asks its detections about them: long sessions, chains into accounts
nobody reached before, leaked keys. Everything can be asked in SQL.

  rolecall demo                       three stories in the trail of a small organisation
  rolecall run ~/logs                 read a folder of logs, link, and look for trouble
  rolecall run s3://bucket/AWSLogs    the same from S3, with the credentials of the AWS CLI
  rolecall lineage ASIA…              everything above and below a credential
  rolecall sql 'select …'             ask anything
  rolecall serve                      follow all of it in the browser";

const AFTER: &str = "\
Exit codes:
  0  done, and nothing at or above --fail-on was found
  1  something at or above --fail-on was found, or doctor met a problem
  2  the question could not be answered

Environment:
  ROLECALL_LAKE     where the lake is, like --lake
  ROLECALL_CONFIG   what the organisation knows, like --config
  ROLECALL_RETENTION_DAYS
                    the days that upkeep keeps, like --retention
  ROLECALL_WEBHOOK  where `rolecall alert` posts, like --webhook
  NO_COLOR          no colours, like --color never
  PAGER             what shows long answers of the shell [default: less]
  AWS_…             credentials, region and endpoint for s3:// and SNS, as in the AWS CLI";

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default())
    .usage(AnsiColor::Yellow.on_default())
    .literal(AnsiColor::Green.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, about = ABOUT, long_about = LONG, after_long_help = AFTER, styles = STYLES, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the lake is unless somebody says so.
pub(crate) const DEFAULT_LAKE: &str = "./rolecall-lake";

/// What every command understands.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// The lake: a folder, or s3://bucket/prefix
    #[arg(
        long,
        global = true,
        env = "ROLECALL_LAKE",
        default_value = DEFAULT_LAKE,
        value_name = "URL",
        value_hint = ValueHint::DirPath,
        hide_env_values = true
    )]
    pub(crate) lake: String,
    /// How answers are written
    #[arg(long, global = true, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Format,
    /// Exit with 1 if a finding is at least this severe: low, medium, high or critical
    #[arg(long, global = true, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<Severity>,
    /// More or other detections: a folder of folders, of which each name is added or replaced
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) queries: Option<std::path::PathBuf>,
    /// What the organisation knows [default: ./rolecall.toml if it is there]
    #[arg(
        long,
        global = true,
        env = "ROLECALL_CONFIG",
        value_name = "FILE",
        hide_env_values = true
    )]
    pub(crate) config: Option<std::path::PathBuf>,
    /// Threads that read and ask [default: all cores]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) color: When,
    /// Say nothing but the answer
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON object a line
    Json,
    /// Comma-separated values with a header
    Csv,
}

/// When something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
