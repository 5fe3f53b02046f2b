//! What keeps one page from costing the others: limits of statements, of answers nobody takes, and of lists.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::*;

#[test]
fn sql_is_answered_within_its_limits() {
    let desk = Desk::with_demo();
    let served = Served::over(
        desk,
        &["--rows", "5", "--csv-rows", "7", "--time-limit", "2s", "--memory", "16"],
    );
    let (status, page) = served.sql("select event_id from event;");
    assert_eq!(status, 200);
    assert!(page.contains("The first 5 of 422 rows."), "{page}");
    assert_eq!(page.matches("<tr><td").count(), 5);
    for (text, expected, said) in [
        ("select 1 as one", 200, "One row."),
        ("select event_id from event where false", 200, "No row."),
        ("selec 1", 422, "This was not answered"),
        ("select * from sesion", 422, "did you mean `session`"),
        ("create table a as select 1", 400, "a lake is only asked"),
        ("copy (select 1) to '/tmp/out.csv'", 400, "a lake is only asked"),
        ("insert into event select * from event", 400, "a lake is only asked"),
        ("set datafusion.execution.batch_size = 1", 400, "a lake is only asked"),
        ("select 1; drop table event", 422, "This was not answered"),
        ("select * from '/etc/passwd'", 422, "This was not answered"),
        (
            "select count(distinct a.event_id || b.event_id || c.principal) from event a, event b, usage c",
            503,
            "took longer than 2 seconds",
        ),
        (
            "select length(string_agg(a.event_id || b.event_id, ',')) from event a, event b",
            422,
            "memory",
        ),
    ] {
        let (status, page) = served.sql(text);
        assert_eq!(status, expected, "{text}: {page}");
        assert!(page.contains(said), "{text}: {page}");
    }
    // What was stopped is gone, and others are answered.
    assert_eq!(served.sql("select 1 as one").0, 200);
}

#[test]
fn a_statement_of_thousands_of_terms_costs_nobody_the_server() {
    let served = Served::over(Desk::with_demo(), &["--time-limit", "2s"]);
    let sum = |terms: usize| format!("select 1{} as n", "+1".repeat(terms - 1));
    // Planned step into step; longer than its time allows.
    let (status, page) = served.sql(&sum(7_000));
    assert_eq!(status, 503, "{}", &page[page.len() - 1_000..]);
    assert_eq!(served.sql(&sum(7_600)).0, 400, "the form takes no more");
    assert_eq!(served.sql("select 1 as one").0, 200);
}

#[test]
fn a_statement_of_several_lines_comes_back_as_it_was_written() {
    let served = Served::over(Desk::with_demo(), &[]);
    let (status, page) = served.sql("select 'a' as one,\r\n\t'b' as two");
    assert_eq!(status, 200, "{page}");
    assert!(
        page.contains(">select &#39;a&#39; as one,\n\t&#39;b&#39; as two</textarea>"),
        "{page}"
    );
}

/// Asks for many rows as CSV, and takes none of them yet.
fn begun(served: &Served) -> TcpStream {
    let sql = encoded(
        "select a.event_id || b.event_id || c.event_id as x from event a, event b, event c",
    );
    let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
    write!(stream, "GET /sql.csv?q={sql} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", served.port)
        .unwrap();
    stream
}

#[test]
fn answers_that_nobody_takes_give_their_turn_to_others_and_break_off() {
    let served = Served::over(Desk::with_demo(), &["--time-limit", "2s"]);
    let mut stalled = [begun(&served), begun(&served)];
    // Both have begun, and fill what lies between us.
    let mut head = [0; 64];
    for stream in &mut stalled {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.read_exact(&mut head).unwrap();
        assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
    }
    std::thread::sleep(Duration::from_secs(3));
    let (status, page) = served.sql("select 1 as one");
    assert_eq!(status, 200, "{page}");
    for mut stream in stalled {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.len() > 10_000, "rows had come before");
        assert!(!rest.ends_with(b"\r\n0\r\n\r\n"), "a part is not to look like the whole");
    }
}

#[test]
fn pages_are_answered_while_more_statements_wait_than_there_are_pages_at_once() {
    let served = Served::over(Desk::with_demo(), &["--time-limit", "1h"]);
    let sql = encoded(
        "select count(distinct a.event_id || b.event_id || c.principal) from event a, event b, usage c",
    );
    let asked: Vec<TcpStream> = (0..12)
        .map(|_| {
            let mut stream = TcpStream::connect(("127.0.0.1", served.port)).unwrap();
            write!(stream, "GET /sql?q={sql} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", served.port)
                .unwrap();
            stream
        })
        .collect();
    for path in ["/", "/search?q=mara.keller", "/account?id=222222222222", "/sql", "/"] {
        served.page(path);
    }
    for mut stream in asked {
        stream.set_nonblocking(true).unwrap();
        let said = stream.read(&mut [0; 64]).map_err(|error| error.kind());
        assert_eq!(said, Err(ErrorKind::WouldBlock), "no statement has been answered, nor refused");
    }
}

#[test]
fn older_sessions_are_reached_from_a_second_that_is_full() {
    let desk = Desk::new();
    let mut records: Vec<String> =
        (0..150).map(|n| assumed(&format!("SAMESECOND{n:06}"), &format!("same-{n}"))).collect();
    records.extend((0..5).map(|n| {
        let record = assumed(&format!("DAYBEFORE0{n:06}"), &format!("before-{n}"));
        record.replace("2026-03-10T12:00:00Z", "2026-03-09T12:00:00Z")
    }));
    desk.write("logs/one.json", &format!("{{\"Records\":[{}]}}", records.join(",")));
    desk.answer(&["run", "logs", "--quiet"]);
    let served = Served::over(desk, &[]);
    let mut path = "/account?id=111111111111".to_owned();
    for pages in 1.. {
        assert!(pages < 6, "it goes round in circles: {path}");
        let page = served.page(&path);
        if page.contains("before-4") {
            assert!(page.contains("before-0"), "{page}");
            break;
        }
        let text = page.replace("&#38;", "&");
        let (before, _) = text.split_once("\">Older sessions").expect("there are older ones");
        path = before.rsplit_once("href=\"").unwrap().1.to_owned();
    }
}

#[test]
fn a_lake_that_is_gone_is_told_and_found_again() {
    let desk = Desk::with_demo();
    let served = Served::over(desk, &[]);
    let (here, away) = (served.desk.path("rolecall-lake"), served.desk.path("away"));
    std::fs::rename(&here, &away).unwrap();
    std::thread::sleep(Duration::from_secs(6));
    let (status, page) = served.get("/");
    assert_eq!(status, 500, "{page}");
    assert!(page.contains("There is no lake at") && page.contains("could not be read"), "{page}");
    std::fs::rename(&away, &here).unwrap();
    served.page("/");
}

#[test]
fn serving_writes_nothing_not_even_what_an_older_lake_lacks() {
    let desk = Desk::with_demo();
    std::fs::remove_dir_all(desk.path("rolecall-lake/edge")).unwrap();
    let refused = desk.run(&["serve", "--port", "0"]);
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(
        refused.err.contains("`rolecall status` brings the lake up to date"),
        "{}",
        refused.err
    );
    assert!(!desk.path("rolecall-lake/edge").exists());
    desk.answer(&["status"]);
    assert!(desk.path("rolecall-lake/edge").exists());
}
