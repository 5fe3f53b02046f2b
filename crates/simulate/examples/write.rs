//! Writes a simulated trail, its labels and what belongs to it into a folder.
//!
//! `cargo run --release --example write -- FOLDER [days=30] [accounts=10] [events=20000] [seed=1] [attacks=all]`

use std::io::{self, Write as _};
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

use rolecall_simulate::{Attack, Plan, files, support_files};

#[expect(clippy::disallowed_methods, reason = "an example is no part of the pure crate")]
fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let Some(folder) = arguments.next() else {
        return Err(io::Error::other(
            "write FOLDER [days=30] [accounts=10] [events=20000] [seed=1] [baseline=14] [attacks=all|none|LK-2,…]",
        ));
    };
    let mut plan = Plan::default().with_all_attacks();
    for argument in arguments {
        let (name, value) = argument.split_once('=').unwrap_or((&argument, ""));
        let number =
            || value.parse::<u64>().map_err(|error| io::Error::other(format!("{name}: {error}")));
        match name {
            "days" => plan.days = number()? as u32,
            "accounts" => plan.accounts = number()? as usize,
            "events" => plan.events_per_day = number()?,
            "seed" => plan.seed = number()?,
            "baseline" => plan.baseline_days = number()? as u32,
            "attacks" => {
                plan.attacks
                    .retain(|attack| value == "all" || value.split(',').any(|id| id == attack.id));
            }
            _ => return Err(io::Error::other(format!("unknown argument {name}"))),
        }
    }
    let (begun, folder) = (Instant::now(), Path::new(&folder));
    let (mut records, mut bytes, mut count) = (0, 0, 0);
    let mut trail = files(&plan);
    for file in trail.by_ref() {
        records += file.records;
        bytes += file.bytes.len();
        count += 1;
        if folder != Path::new("/dev/null") {
            let path = folder.join(&file.key);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, &file.bytes)?;
        }
    }
    let took = begun.elapsed().as_secs_f64();
    if folder != Path::new("/dev/null") {
        fs::create_dir_all(folder)?;
        let mut labels = fs::File::create(folder.join("labels.jsonl"))?;
        for label in trail.into_labels() {
            writeln!(labels, "{}", label.to_json())?;
        }
        for (name, text) in support_files(&plan) {
            fs::write(folder.join(name), text)?;
        }
    }
    writeln!(
        io::stdout(),
        "{records} records in {count} files of {bytes} bytes, {took:.2} s, {:.0} records/s; {} of {} attacks",
        records as f64 / took,
        plan.attacks.len(),
        Attack::ALL.len(),
    )
}
