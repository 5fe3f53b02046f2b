//! The figures of the functions: cold starts, what a large batch takes, and what a day of an organisation does.
//!
//! `./dev figures` builds the functions, calls this, and prints what a million events cost. The file that is
//! named as the argument gets what `infra/costs.py` reads. It fails if something takes more than it may.

// They are for people, and no part of the functions.
#![allow(clippy::panic, clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

mod cold_start;
mod day;
mod function;
mod large;
mod trail;

use std::path::PathBuf;
use std::process::ExitCode;

use rolecall_tests::s3::S3;

fn main() -> ExitCode {
    let example = std::env::current_exe().unwrap();
    let built = example.parent().unwrap().parent().unwrap();
    let (table, mut beyond) = cold_start::table(built);
    println!("{table}\n");
    let s3 = S3::start();
    let (table, more) = large::table(built, &s3);
    println!("{table}\n");
    beyond.extend(more);
    let day = day::Day::play(built, &s3);
    println!("{}", day.table());
    beyond.extend(day.beyond());
    if let Some(file) = std::env::args_os().nth(1) {
        std::fs::write(PathBuf::from(file), format!("{:#}\n", day.measured())).unwrap();
    }
    beyond.iter().for_each(|what| eprintln!("error: {what}"));
    if beyond.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
