//! The SQL shell on a real terminal: Tab, the arrow keys, Ctrl-C and Ctrl-D. Python plays whoever types.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::{Desk, Said, said};

const PLAYER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/terminal.py");

/// What is done at the terminal.
enum Do {
    Type(&'static str),
    See(String),
}

use Do::{See, Type};

fn see(text: &str) -> Do {
    See(text.to_owned())
}

/// Runs a command on a terminal of 120 columns, and gives all that it showed.
fn at_terminal(desk: &Desk, arguments: &[&str], steps: &[Do]) -> Said {
    let program = desk.command(arguments);
    let mut python = Command::new("python3");
    python.arg(PLAYER).arg(program.get_program()).args(program.get_args());
    python.current_dir(desk.folder.path()).env_clear();
    python.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    python.env("TERM", "xterm").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut python = python.spawn().expect("this test needs python3");
    let mut input = python.stdin.take().unwrap();
    for step in steps {
        let step = match step {
            Type(text) => serde_json::json!(["type", text]),
            See(text) => serde_json::json!(["see", text]),
        };
        writeln!(input, "{step}").unwrap();
    }
    drop(input);
    said(python.wait_with_output().unwrap())
}

const PROMPT: &str = "rolecall> ";

#[test]
fn a_shell_completes_remembers_stops_and_ends() {
    let desk = Desk::with_demo();
    let count = desk.answer(&["sql", "--format", "csv", "select count(*) as n from footprint"]);
    let count = format!("{}\r\n", count.lines().nth(1).unwrap());
    let said = at_terminal(
        &desk,
        &["sql"],
        &[
            see(PROMPT),
            // Tab completes the name of a table.
            Type("select count(*) as n from footp\t"),
            see("from footprint"),
            Type(";\r"),
            see(&count),
            see("1 row"),
            see(PROMPT),
            Type("\\d footprint\r"),
            see("access_key_id"),
            see("last_at"),
            see(PROMPT),
            // The arrow key gives what was asked before the last.
            Type("\x1b[A\x1b[A"),
            see("from footprint;"),
            Type("\r"),
            see(&count),
            see(PROMPT),
            // Ctrl-C leaves a line that was begun,
            Type("select nonsense"),
            see("nonsense"),
            Type("\x03"),
            see(PROMPT),
            Type("select 'still' || 'here' as x;\r"),
            see("stillhere\r\n"),
            see(PROMPT),
            // and stops an answer, but not the shell.
            Type(
                "select count(distinct a.event_id || b.event_id || c.principal) from event a, event b, usage c;\r",
            ),
            see("asking"),
            Type("\x03"),
            see("stopped"),
            see(PROMPT),
            // A statement goes on over lines until its end.
            Type("select 'two' || \r"),
            Type("'lines' as x;\r"),
            see("twolines\r\n"),
            see(PROMPT),
            // Ctrl-D ends it.
            Type("\x04"),
        ],
    );
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    let history = std::fs::read_to_string(desk.path(".rolecall_history")).unwrap();
    assert!(history.contains("from footprint;") && !history.contains("nonsense"), "{history}");
}

#[test]
fn the_next_shell_remembers_what_was_asked() {
    let desk = Desk::with_demo();
    let ask = [
        see(PROMPT),
        Type("select 'be' || 'fore' as x;\r"),
        see("before\r\n"),
        see(PROMPT),
        Type("\\q\r"),
    ];
    let first = at_terminal(&desk, &["sql"], &ask);
    assert_eq!(first.code, 0, "{}{}", first.out, first.err);
    let again = [
        see(PROMPT),
        // Before it was left.
        Type("\x1b[A\x1b[A"),
        see("'fore' as x;"),
        Type("\r"),
        see("before\r\n"),
        see(PROMPT),
        Type("\x04"),
    ];
    let second = at_terminal(&desk, &["sql"], &again);
    assert_eq!(second.code, 0, "{}{}", second.out, second.err);
}
