//! The stack's own template, with real functions, notifications and a webhook, finds what the program finds; every way
//! of wiring a trail brings its objects; and the functions are small enough for Lambda.
//!
//! `infra/local` itself fails if a function calls what its policy does not allow, if a policy allows what no function
//! calls, if a poll brings an event twice, if a changed message is believed, or if a dead letter says no reason.
//! `infra/local/wirings.py` fails if an object is not in the lake, if `ingest` does what its policy does not allow, or if
//! another than the sender of a wiring may send to the queue; `infra/bundles.py` if a zip is larger than 50 MB.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Where this workspace's programs are built.
fn programs() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_ingest")).parent().unwrap()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// A program of `infra/`, in the Python in which the emulator is installed.
fn infra(program: &str) -> Command {
    let ministack = std::env::var("ROLECALL_MINISTACK")
        .expect("ROLECALL_MINISTACK names no emulator: run the tests with `./dev test`");
    let mut command = Command::new(Path::new(&ministack).with_file_name("python"));
    command.arg(repository().join("infra").join(program));
    command
}

fn succeeded(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{told}");
    output
}

/// The findings that somebody is told of, by fingerprint.
fn told(lines: &str) -> BTreeSet<String> {
    let findings = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told = findings.filter(|f| f["dry_run"] == false && f["suppressed"].is_null());
    told.map(|finding| finding["fingerprint"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_webhook_gets_what_the_program_finds() {
    let folder = tempfile::tempdir().unwrap();
    let found = folder.path().join("found.jsonl");
    succeeded(
        infra("local")
            .args(["--functions".as_ref(), programs()])
            .args(["--found".as_ref(), found.as_path()]),
    );
    let program = succeeded(
        Command::new(programs().join("rolecall"))
            .arg("--lake")
            .arg(folder.path().join("lake"))
            .arg("--config")
            .arg(repository().join("demo/rolecall.toml"))
            .args(["--format", "json", "run"])
            .arg(repository().join("demo/trail")),
    );
    let received = told(&std::fs::read_to_string(found).unwrap());
    assert_eq!(received, told(&String::from_utf8(program.stdout).unwrap()));
    assert!(received.len() > 3, "the demo holds three stories");
}

#[test]
fn every_wiring_of_a_trail_brings_its_objects() {
    succeeded(infra("local/wirings.py").arg("--functions").arg(programs()));
}

#[test]
fn every_function_fits_into_a_zip_of_lambda() {
    succeeded(infra("bundles.py").arg("--programs").arg(programs()));
}
