//! The stack's own template, with real functions, notifications and a webhook, finds what the program finds.
//!
//! `infra/local` itself fails if a function calls what its policy does not allow, if a policy allows what no function
//! calls, if a poll brings an event twice, if a changed message is believed, or if a dead letter says no reason.

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
    let ministack = std::env::var("ROLECALL_MINISTACK")
        .expect("ROLECALL_MINISTACK names no emulator: run the tests with `./dev test`");
    let folder = tempfile::tempdir().unwrap();
    let found = folder.path().join("found.jsonl");
    succeeded(
        Command::new(Path::new(&ministack).with_file_name("python"))
            .arg(repository().join("infra/local"))
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
