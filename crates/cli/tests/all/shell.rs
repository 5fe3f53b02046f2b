//! The SQL shell: statements and commands from a file or a pipe, answers as files, and mistakes shown
//! where they are.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Desk, Said, said};

/// What `rolecall sql` says to a text on its standard input.
fn piped(desk: &Desk, arguments: &[&str], text: &str) -> Said {
    let mut child = desk
        .command(&[&["sql"], arguments].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    said(child.wait_with_output().unwrap())
}

#[test]
fn statements_of_a_file_are_answered_in_order_until_one_fails() {
    let desk = Desk::with_demo();
    desk.write(
        "questions.sql",
        "-- how many; really\nselect count(*) as events\nfrom event;\n\\format csv\nselect ';' as mark;\n\
         select 1 as n;\n\n   select evnt_id from event;\nselect 'never' as n;",
    );
    let said = desk.run(&["sql", "--file", "questions.sql"]);
    assert_eq!(said.code, 2, "{}", said.out);
    assert!(said.out.starts_with("events\n"), "{}", said.out);
    assert!(said.out.ends_with("mark\r\n;\r\nn\r\n1\r\n"), "{}", said.out);
    for part in [
        "in `questions.sql`: ",
        "line 8, column 11",
        "select evnt_id from event\n",
        "                 ^\n",
    ] {
        assert!(said.err.contains(part), "no `{part}` in\n{}", said.err);
    }
    assert_eq!(said.err.matches("line 8").count(), 1, "{}", said.err);
    let several = desk.answer(&["sql", "--format", "json", "select 1 as n; select 2 as n"]);
    assert_eq!(several, "{\"n\":1}\n{\"n\":2}\n");
}

#[test]
fn a_pipe_may_hold_commands() {
    let desk = Desk::with_demo();
    desk.write("one.sql", "select 1 as one;\n\\timing on\n");
    let said =
        piped(&desk, &[], "\\i one.sql\n.mode json\nselect 2 as two;\n\\q\nselect 3 as three;");
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(said.out, "one\n  1\n{\"two\":2}\n");
    assert!(said.err.contains("1 row\ntiming is on\n1 row · 0."), "{}", said.err);

    let said = piped(&desk, &[], "\\x\nselect 'a' as first, null as second;");
    assert_eq!(said.out, "row 1\nfirst   a\nsecond\n");
    let said = piped(&desk, &[], "\\dv\n\\d long_session\n\\d account_of_arn\n\\?\n");
    for part in ["view  long_session", "granted_seconds", "account_of_arn(arn)", "\\timing"] {
        assert!(said.out.contains(part), "no `{part}` in\n{}", said.out);
    }
    assert!(!said.out.contains("table  session"), "{}", said.out);

    desk.write("again.sql", "\\i again.sql\n");
    for (text, told) in [
        ("\\nothing\n", "there is no command `\\nothing`"),
        ("\\d sesion\n", "did you mean `session`?"),
        ("\\i missing.sql\n", "could not read `missing.sql`"),
        ("\\i again.sql\n", "does it read itself?"),
        ("select 'open", "Unterminated string literal"),
        ("-- nothing\n", "there is no statement"),
    ] {
        let said = piped(&desk, &[], text);
        assert_eq!(said.code, 2, "{text}: {}", said.out);
        assert!(said.err.contains(told), "{text}: {}", said.err);
    }
}

#[test]
fn an_answer_becomes_a_file_whole_or_not_at_all() {
    let desk = Desk::with_demo();
    let file = |name: &str| std::fs::read(desk.path(name)).unwrap();
    let text = |name: &str| String::from_utf8(file(name)).unwrap();
    let sessions = "select session_id, created_at, depth from session order by session_id";
    for name in ["a.csv", "a.json", "a.parquet"] {
        let said = desk.run(&["sql", "-o", name, sessions]);
        assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
        assert!(said.err.contains(&format!("284 rows in {name}")), "{}", said.err);
    }
    assert!(text("a.csv").starts_with("session_id,created_at,depth\r\n"));
    assert_eq!(text("a.csv").lines().count(), 285);
    let rows: Vec<Value> =
        text("a.json").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 284);
    let parquet = file("a.parquet");
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));

    // What fails leaves what was there, and nothing beside it.
    let before = file("a.csv");
    let said = desk.run(&["sql", "-o", "a.csv", "select 1 / (depth - depth) from session"]);
    assert_eq!(said.code, 2, "{}", said.err);
    assert_eq!(file("a.csv"), before);
    let said = piped(
        &desk,
        &[],
        "\\o b.csv\nselect 1 as n;\nselect 2 as n;\n\\o c.parquet\nselect 3 as n;",
    );
    assert_eq!((said.code, said.out.as_str()), (0, "n\n2\n"), "{}", said.err);
    assert_eq!(text("b.csv"), "n\r\n1\r\n");
    let left: Vec<_> = std::fs::read_dir(desk.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(".rolecall-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");

    for (arguments, told) in [
        (&["-o", "a.xlsx", "select 1"][..], "end it in `.csv`"),
        (&["-o", "a.csv", "select 1; select 2"], "there are 2 statements"),
        (&["-o", "nowhere/a.csv", "select 1"], "could not write `nowhere/a.csv`"),
        (&["-o", "a.parquet", "select interval '1 day' as i"], "as Parquet"),
    ] {
        let said = desk.run(&[&["sql"], arguments].concat());
        assert_eq!(said.code, 2, "{arguments:?}: {}", said.out);
        assert!(said.err.contains(told), "{arguments:?}: {}", said.err);
    }
}

#[test]
fn a_parquet_file_holds_what_the_table_holds() {
    use std::collections::BTreeSet;

    let desk = Desk::with_demo();
    desk.answer(&["sql", "-o", "sessions.parquet", "select * from session"]);
    let written = std::fs::read(desk.path("sessions.parquet")).unwrap();
    // The names of columns stand in the file as they are.
    let written = String::from_utf8_lossy(&written).into_owned();
    let columns = desk.answer(&["tables", "session", "--format", "json"]);
    let columns: BTreeSet<String> = columns
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["column"].as_str().unwrap().to_owned()
        })
        .collect();
    assert!(columns.len() > 20);
    for column in columns {
        assert!(written.contains(&column), "{column} is not in the file");
    }
}

#[test]
fn columns_of_one_name_do_not_hide_each_other() {
    let desk = Desk::with_demo();
    let sql = "select a.n, b.n from (select 1 as n) as a cross join (select 2 as n) as b";
    assert_eq!(desk.answer(&["sql", "--format", "json", sql]), "{\"n\":1,\"n_2\":2}\n");
    assert_eq!(desk.answer(&["sql", "--format", "csv", sql]), "n,n_2\r\n1,2\r\n");
}

#[test]
fn wide_characters_keep_columns_aligned() {
    let desk = Desk::with_demo();
    let sql = "select '東京' as city, 1 as n union all select 'Ulm', 2 order by n";
    assert_eq!(desk.answer(&["sql", sql]), "city  n\n東京  1\nUlm   2\n");
}
