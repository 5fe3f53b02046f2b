//! Writes a trail for measuring: `make-trail OUT`, by default 500 files of 1,000 records.

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;
use rolecall_bench::{Plan, write};

/// Writes a CloudTrail bucket's worth of files; the same arguments write the same trail.
#[derive(Parser)]
struct Arguments {
    /// The folder to write to.
    out: PathBuf,
    /// How many files [default: 500, or 28000 with --small].
    #[arg(long)]
    files: Option<u64>,
    /// Records in each file [default: 1000, or 6 in the middle with --small].
    #[arg(long)]
    records: Option<u64>,
    /// How many accounts.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    accounts: u64,
    /// How many days.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
    days: u64,
    /// The seed of chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Many small files, of sizes as in a quiet organisation's trail.
    #[arg(long)]
    small: bool,
}

#[expect(clippy::print_stdout, reason = "a command line tool answers on standard output")]
fn main() -> Result<()> {
    let given = Arguments::parse();
    let (files, records) = if given.small { (28_000, 6) } else { (500, 1_000) };
    let plan = Plan {
        files: given.files.unwrap_or(files),
        records: given.records.unwrap_or(records).max(1),
        uneven: given.small,
        accounts: given.accounts,
        slots: given.days * 288,
        seed: given.seed,
    };
    let (records, bytes) = write(&given.out, &plan)?;
    println!("{} files, {records} records, {bytes} bytes of JSON", plan.files);
    Ok(())
}
