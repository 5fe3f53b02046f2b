//! The same over S3: a trail in one bucket, a lake in another, and two programs at once.
//!
//! `rolecall_tests::s3` plays S3.

use std::process::{Command, Stdio};

use rolecall_tests::files::files_below;
use rolecall_tests::s3::S3;

use crate::kept::{demo_trail, sums};
use crate::support::{Desk, said};

fn command(s3: &S3, desk: &Desk, arguments: &[&str]) -> Command {
    let mut command = desk.command(arguments);
    command.env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", s3.port));
    command
}

fn answer(s3: &S3, desk: &Desk, arguments: &[&str]) -> String {
    let said = said(command(s3, desk, arguments).output().unwrap());
    assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
    said.out
}

#[test]
fn a_trail_and_a_lake_on_s3_hold_what_local_ones_do() {
    let s3 = S3::start();
    let desk = Desk::new();
    s3.put("/trail", b"");
    s3.put("/lake", b"");
    for file in files_below(demo_trail()) {
        let key = file.strip_prefix(demo_trail()).unwrap().to_str().unwrap();
        s3.put(&format!("/trail/{key}"), &std::fs::read(&file).unwrap());
    }
    desk.answer(&["--lake", "local", "run", demo_trail().to_str().unwrap()]);

    let lake = "s3://lake/two-at-once";
    let start = || {
        command(&s3, &desk, &["--lake", lake, "run", "s3://trail/AWSLogs"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let (one, two) = (start(), start());
    for child in [one, two] {
        let said = said(child.wait_with_output().unwrap());
        assert_eq!(said.code, 0, "{}", said.err);
    }
    answer(&s3, &desk, &["--lake", lake, "trace"]);
    let remote = sums(|sql| answer(&s3, &desk, &["--lake", lake, "sql", "--format", "json", sql]));
    let local = sums(|sql| desk.answer(&["--lake", "local", "sql", "--format", "json", sql]));
    assert_eq!(local, remote);

    let missing = said(command(&s3, &desk, &["ingest", "s3://trail/nothing"]).output().unwrap());
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("holds no file"), "{}", missing.err);
}
