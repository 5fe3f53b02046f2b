//! Measures the cold start of each function: from the start of its process to its first request for
//! an event, against a played runtime interface. `cargo run --release -p rolecall-functions --example cold_start`
//! after the functions themselves were built.

// It is a measurement for people, not a part of the functions.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Instant;

use rolecall_tests::runtime_api::RuntimeApi;

/// Starts of each function, of which the median and the slowest are told.
const STARTS: usize = 20;

fn main() {
    let example = std::env::current_exe().unwrap();
    let built = example.parent().unwrap().parent().unwrap();
    println!("| function | MB | median ms | slowest ms |\n| --- | ---: | ---: | ---: |");
    for function in ["ingest", "poll", "detect", "upkeep", "notify"] {
        let program = built.join(function);
        if program.is_file() {
            let megabytes = program.metadata().unwrap().len() as f64 / 1e6;
            let mut times: Vec<f64> = (0..STARTS).map(|_| start(&program, function)).collect();
            times.sort_by(f64::total_cmp);
            let (median, slowest) = (times[STARTS / 2], times[STARTS - 1]);
            println!("| {function} | {megabytes:.1} | {median:.0} | {slowest:.0} |");
        }
    }
}

/// Milliseconds from the start of the process to its first request.
fn start(program: &PathBuf, function: &str) -> f64 {
    let api = RuntimeApi::start();
    let begun = Instant::now();
    let mut child = api
        .command(program, function)
        .env("ROLECALL_LAKE", "s3://lake/tables")
        .env("ROLECALL_TOPIC_ARN", "arn:aws:sns:us-east-1:111111111111:findings")
        .env(
            "ROLECALL_CHANNELS_SECRET",
            "arn:aws:secretsmanager:us-east-1:111111111111:secret:c-AbCdEf",
        )
        .env("ROLECALL_POLL_ACCOUNTS", "own")
        .env("ROLECALL_POLL_REGIONS", "us-east-1")
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let took = api.asked_at().duration_since(begun);
    child.kill().unwrap();
    child.wait().unwrap();
    took.as_secs_f64() * 1000.0
}
