//! Help that teaches, errors that help, exit codes that scripts can trust, and text that stays text.

use std::io::Read;
use std::process::Stdio;

use crate::support::{Desk, assumed};

const COMMANDS: [&str; 25] = [
    "demo",
    "run",
    "ingest",
    "poll",
    "trace",
    "detect",
    "findings",
    "alert",
    "sessions",
    "lineage",
    "sql",
    "tables",
    "status",
    "detections",
    "explain",
    "check",
    "webhook-verify",
    "report",
    "new",
    "simulate",
    "evaluate",
    "upkeep",
    "doctor",
    "completions",
    "man",
];

#[test]
fn every_command_teaches_by_example() {
    let desk = Desk::new();
    let help = desk.answer(&["--help"]);
    assert!(help.contains("Exit codes:") && help.contains("rolecall demo"), "{help}");
    for command in COMMANDS {
        assert!(help.contains(&format!("\n  {command}")), "{command} is not in the help");
        let own = desk.answer(&[command, "--help"]);
        assert!(own.contains("Examples:\n  rolecall"), "{command}:\n{own}");
    }
}

#[test]
fn what_cannot_be_answered_ends_with_two_and_says_what_helps() {
    let desk = Desk::new();
    desk.write("notes/readme.txt", "no log");
    std::fs::create_dir(desk.path("empty")).unwrap();
    desk.write("file", "no folder");
    for (arguments, told) in [
        (&["sql", "select 1"][..], "there is no lake"),
        (&["status"], "make one with `rolecall ingest`"),
        (&["ingest", "missing"], "could not list the trail at `missing`"),
        (&["ingest", "empty"], "holds no file"),
        (&["ingest", "notes"], "nothing in `notes` is a CloudTrail log"),
        (&["--lake", "file/lake", "ingest", "notes"], "file/lake"),
        (&["--lake", "ftp://x", "status"], "only local paths and `s3://`"),
        (&["poll", "--role", "arn:aws:iam::1:user/x"], "is no role"),
        (&["poll", "--region", "eu west"], "`eu west` is no region"),
        (&["detect", "--from", "soon"], "2026-03-10"),
        (&["findings", "--as", "asff"], "--account"),
        (&["nonsense"], "unrecognized subcommand"),
    ] {
        let said = desk.run(arguments);
        assert_eq!(said.code, 2, "{arguments:?}: {}{}", said.out, said.err);
        assert!(said.err.contains(told), "{arguments:?}: {}", said.err);
        assert!(said.err.starts_with("error:"), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn mistakes_in_sql_are_shown_where_they_are_and_changes_are_refused() {
    let desk = Desk::with_demo();
    let said = desk.run(&["sql", "select evnt_id from event"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("evnt_id") && said.err.contains("line 1"), "{}", said.err);
    for change in
        ["delete from event", "create table x as select 1", "copy event to 'x.csv'", "set a = 1"]
    {
        let said = desk.run(&["sql", change]);
        assert_eq!(said.code, 2, "{change}");
        assert!(said.err.contains("never changed"), "{change}: {}", said.err);
    }
    assert!(!desk.path("x.csv").exists());
}

#[test]
fn hostile_names_stay_text() {
    let desk = Desk::new();
    let escape = "a\u{1b}[31m\u{202e}b";
    let records =
        [assumed("1", escape), assumed("2", "=cmd()"), assumed("3", "<script>")].join("\n");
    desk.write("logs/x.jsonl", &records);
    let said = desk.run(&["run", "logs"]);
    assert_eq!(said.code, 0, "{}", said.err);
    for arguments in [
        &["sessions"][..],
        &["lineage", "ana"],
        &["sql", "select * from session"],
        &["detect", "--from", "2026-03-01"],
        &["findings", "--all"],
        &["findings", "--all", "--as", "ocsf"],
        &["findings", "--all", "--as", "markdown"],
    ] {
        let said = desk.run(arguments);
        assert!(
            !said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'),
            "{arguments:?}: {}",
            said.out
        );
    }
    let text = desk.answer(&["sql", "select session_name from session order by 1"]);
    assert!(text.contains("\\u{1b}[31m\\u{202e}"), "{text}");
    let csv = desk.answer(&[
        "sql",
        "--format",
        "csv",
        "select session_name from session where session_name like '=%'",
    ]);
    assert_eq!(csv, "session_name\r\n'=cmd()\r\n");
    let everything = desk.answer(&["sql", "--format", "json", "select * from event"]);
    assert!(!everything.contains("IQoJb3JpZ2lu"), "a session token reached the lake");
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let desk = Desk::with_demo();
    let mut child = desk
        .command(&[
            "sql",
            "--format",
            "json",
            "select a.event_id from event as a cross join event as b",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut some = [0; 64];
    child.stdout.take().unwrap().read_exact(&mut some).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn whoever_wants_nothing_but_the_answer_sees_no_dry_run() {
    let desk = Desk::new();
    desk.write("logs/x.jsonl", &[assumed("1", "a"), assumed("2", "b")].join("\n"));
    let loud = desk.run(&["run", "logs", "--lake", "loud"]);
    assert!(loud.out.contains("in dry run"), "{}", loud.out);
    let quiet = desk.run(&["run", "logs", "--lake", "quiet", "--quiet"]);
    assert_eq!((quiet.code, quiet.err.as_str()), (0, ""), "{}", quiet.out);
    assert!(!quiet.out.contains("in dry run"), "{}", quiet.out);
    // Programs see all of it, as it says of itself whether it is one.
    let json = ["run", "logs", "--lake", "json", "--quiet", "--format", "json"];
    assert!(desk.answer(&json).contains("\"dry_run\":true"));
    // Whoever asks for them gets them.
    let all = desk.answer(&["findings", "--all", "--lake", "quiet", "--quiet"]);
    assert!(all.contains("in dry run"), "{all}");
}

#[test]
fn programs_get_no_colours_and_people_may_have_them() {
    let desk = Desk::with_demo();
    assert!(!desk.answer(&["detections"]).contains('\u{1b}'));
    assert!(desk.answer(&["detections", "--color", "always"]).contains('\u{1b}'));
    assert_eq!(desk.run(&["trace", "-q"]).err, "");
}

#[test]
fn an_answer_of_nothing_says_what_was_looked_at() {
    let desk = Desk::new();
    desk.write(
        "logs/x.jsonl",
        &assumed("1", "a")
            .replace("43200", "3600")
            .replace("Mar 11, 2026, 12:00:00 AM", "Mar 10, 2026, 1:00:00 PM"),
    );
    let said = desk.run(&["run", "logs", "--fail-on", "low"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(!said.out.contains("rolecall explain"), "{}", said.out);
    assert!(
        said.err.contains("no findings · ")
            && said.err.contains(" detections · 2026-03-10T12:00:00Z until"),
        "{}",
        said.err
    );
}
