//! Cold starts: from the start of a function's process to its first request for an event.

use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use rolecall_tests::runtime_api::RuntimeApi;

/// Starts of each function, of which the median and the slowest are told.
const STARTS: usize = 20;

/// Milliseconds that the slowest may take.
const MOST: f64 = 300.0;

/// A table with a line for each function: its size, and how long it takes to ask for its first event;
/// and the functions that take too long.
pub(crate) fn table(built: &Path) -> (String, Vec<String>) {
    let mut beyond = Vec::new();
    let mut table =
        "| function | MB | median ms | slowest ms |\n| --- | ---: | ---: | ---: |".to_owned();
    for function in ["ingest", "poll", "detect", "upkeep", "notify"] {
        let program = built.join(function);
        let megabytes = program.metadata().unwrap().len() as f64 / 1e6;
        let mut times: Vec<f64> = (0..STARTS).map(|_| start(&program, function)).collect();
        times.sort_by(f64::total_cmp);
        let (median, slowest) = (times[STARTS / 2], times[STARTS - 1]);
        table += &format!("\n| {function} | {megabytes:.1} | {median:.0} | {slowest:.0} |");
        if slowest > MOST {
            beyond.push(format!("{function} started in {slowest:.0} ms, and may take {MOST:.0}"));
        }
    }
    (table, beyond)
}

/// Milliseconds from the start of the process to its first request.
fn start(program: &Path, function: &str) -> f64 {
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
