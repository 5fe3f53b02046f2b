//! The live pages, over a real socket: who is answered, what every answer says, and what the pages show.

use std::collections::{BTreeSet, VecDeque};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use rolecall_tests::http::Message;

use crate::support::{Desk, assumed};

mod limits;

/// The demo's leaked key, and whose it is.
const LEAKED: &str = "AKIATHPL2AOHGP7SJTEY";
const MARA: &str = "arn:aws:iam::222222222222:user/mara.keller";

/// A server of the program; it ends with its test.
struct Served {
    child: Child,
    port: u16,
    /// The folder of the lake.
    desk: Desk,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn over(desk: Desk, more: &[&str]) -> Served {
        let arguments = [&["serve", "--port", "0"], more].concat();
        let mut command = desk.command(&arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port =
            line.trim().strip_prefix("http://127.0.0.1:").and_then(|rest| rest.strip_suffix('/'));
        let port = port.unwrap_or_else(|| panic!("no address: {line}")).parse().unwrap();
        Served { child, port, desk }
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Message {
        let mut request =
            Message { first: format!("{method} {path} HTTP/1.1"), ..Message::default() };
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request = request.with("Host", format!("127.0.0.1:{}", self.port));
        }
        let request =
            headers.iter().fold(request, |request, (name, value)| request.with(name, value));
        request.send(self.port).unwrap()
    }

    fn get(&self, path: &str) -> (u16, String) {
        let answer = self.ask("GET", path, &[]);
        (answer.status(), String::from_utf8(answer.body).unwrap())
    }

    /// A page that must be there.
    fn page(&self, path: &str) -> String {
        let (status, text) = self.get(path);
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    fn sql(&self, text: &str) -> (u16, String) {
        self.get(&format!("/sql?q={}", encoded(text)))
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A method, a path, headers, and the status of the answer.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], u16);

#[test]
fn only_our_own_pages_may_ask_and_every_answer_is_strict() {
    let served = Served::over(Desk::with_demo(), &[]);
    let own = format!("localhost:{}", served.port);
    let six = format!("[::1]:{}", served.port);
    let cases: [Case<'_>; 17] = [
        ("GET", "/", &[], 200),
        ("GET", "/", &[("Host", &own)], 200),
        ("GET", "/", &[("Host", "evil.example")], 421),
        ("GET", "/assets/page.js", &[("Host", "127.0.0.1:1")], 421),
        ("GET", "/", &[("Sec-Fetch-Site", "none")], 200),
        ("GET", "/sql?q=select+1", &[("Sec-Fetch-Site", "cross-site")], 403),
        ("GET", "/", &[("Sec-Fetch-Site", "same-site")], 403),
        // As a WebSocket of another site asks.
        ("GET", "/sql?q=select+1", &[("Origin", "https://evil.example")], 403),
        ("GET", "/sql?q=select+1", &[("Upgrade", "websocket"), ("Connection", "Upgrade")], 403),
        ("GET", "/", &[("Host", &six)], 421),
        ("POST", "/sql", &[], 405),
        ("HEAD", "/", &[], 405),
        ("DELETE", "/", &[], 405),
        ("GET", "/none", &[], 404),
        ("GET", "/assets/page.css", &[], 200),
        ("GET", "/sql.csv?q=select+1", &[], 200),
        ("GET", "/sql?q=drop+table+event", &[], 400),
    ];
    for (method, path, headers, expected) in cases {
        let answer = served.ask(method, path, headers);
        assert_eq!(answer.status(), expected, "{method} {path} {headers:?}");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"),
            "{path}: {policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("x-frame-options", "DENY"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{method} {path}");
        }
        assert!(answer.header("content-type").is_some(), "{path}");
    }
    assert!(
        std::net::TcpStream::connect(("127.0.0.2", served.port)).is_err(),
        "only 127.0.0.1 listens"
    );
}

#[test]
fn search_leads_to_pages_and_lists_names() {
    let served = Served::over(Desk::with_demo(), &[]);
    for (sought, page) in [
        (LEAKED, format!("/credential?id={LEAKED}")),
        (" 222222222222 ", "/account?id=222222222222".to_owned()),
        ("203.0.113.66", "/address?id=203.0.113.66".to_owned()),
        (MARA, "/principal?id=arn%3Aaws%3Aiam%3A%3A222222222222%3Auser%2Fmara.keller".to_owned()),
        ("", "/".to_owned()),
    ] {
        let answer = served.ask("GET", &format!("/search?q={}", encoded(sought)), &[]);
        assert_eq!(
            (answer.status(), answer.header("location")),
            (303, Some(page.as_str())),
            "{sought}"
        );
        served.page(&page);
    }
    let named = served.page("/search?q=mara.keller");
    assert!(named.contains("id=arn%3Aaws%3Aiam%3A%3A222222222222%3Auser%2Fmara.keller"), "{named}");
    // The name of a session, and its ARN, lead to it.
    let one = "select min(session_name), min(session_arn), min(session_id) from session \
         where session_name is not null group by session_name having count(*) = 1 order by 1 limit 1";
    let one = served.desk.answer(&["sql", "--format", "csv", one]);
    let [name, arn, id] = one.lines().nth(1).unwrap().split(',').collect::<Vec<_>>()[..] else {
        panic!("three columns: {one}")
    };
    for sought in [name, arn] {
        let found = served.page(&format!("/search?q={}", encoded(sought)));
        assert!(found.contains(&format!("/credential?id={id}\"")), "{sought}: {found}");
    }
}

#[test]
fn the_page_of_a_leaked_key_shows_its_line_its_uses_and_its_findings() {
    let desk = Desk::with_demo();
    let served = Served::over(desk, &[]);
    let page = served.page(&format!("/credential?id={LEAKED}"));
    let count = format!("select count(*) as n from session where root_credential = '{LEAKED}'");
    let count = served.desk.answer(&["sql", "--format", "json", &count]);
    let sessions: usize =
        count.trim().trim_start_matches("{\"n\":").trim_end_matches('}').parse().unwrap();
    assert!(sessions > 0);
    // The key itself, and everything below it.
    assert_eq!(page.matches("<li class=\"d").count(), 1 + sessions);
    for text in [
        "mara.keller",
        "Long-term key",
        "203.0.113.66",
        "sts.amazonaws.com",
        "AssumeRole",
        "details class=\"finding",
    ] {
        assert!(page.contains(text), "{text} is missing");
    }
    // A finding about a session names its principal, and the event of its issuance.
    let entered = "select issued_key from session where account_id = '555555555555' and depth = 2";
    let entered = served.desk.answer(&["sql", "--format", "csv", entered]);
    let entered = served.page(&format!("/credential?id={}", entered.lines().nth(1).unwrap()));
    assert!(entered.contains("details class=\"finding high"), "{entered}");
    // From a session below, the line leads back up.
    let below = format!(
        "select session_id, issued_key from session where root_credential = '{LEAKED}' and depth = 0 and issued_key is not null limit 1"
    );
    let below = served.desk.answer(&["sql", "--format", "csv", &below]);
    let (id, key) = below.lines().nth(1).unwrap().split_once(',').unwrap();
    let (by_key, by_id) = (
        served.page(&format!("/credential?id={key}")),
        served.page(&format!("/credential?id={id}")),
    );
    for page in [&by_key, &by_id] {
        assert!(page.contains("this one") && page.contains("mara.keller") && page.contains(LEAKED));
    }
}

#[test]
fn an_unknown_thing_is_a_page_that_says_what_was_looked_at() {
    let served = Served::over(Desk::with_demo(), &[]);
    for path in [
        "/credential?id=ASIAQAAAAAAAAAAAAAAA",
        "/credential?id=AKIAQAAAAAAAAAAAAAAA",
        "/credential?id=%27%20OR%201%3D1--",
        "/principal?id=nobody",
        "/account?id=999999999999",
        "/edge?from=a&to=b",
        "/address?id=2001:db8:ffff::1",
        "/search?q=nobody-at-all",
        "/sql?saved=none",
        "/none",
    ] {
        let (status, text) = served.get(path);
        assert_eq!(status, 404, "{path}: {text}");
        assert!(text.contains("Looked at") || path == "/none", "{path}: {text}");
    }
    for path in [
        "/credential",
        "/credential?id=",
        "/account?id=12",
        "/address?id=x",
        "/edge?from=a",
        "/principal?id=a&before=soon",
    ] {
        assert_eq!(served.get(path).0, 400, "{path}");
    }
}

#[test]
fn every_link_of_every_page_leads_to_a_page() {
    let served = Served::over(Desk::with_demo(), &[]);
    let (mut met, mut open) = (BTreeSet::from(["/".to_owned()]), VecDeque::from(["/".to_owned()]));
    let mut kinds = BTreeSet::new();
    let mut seen = 0;
    while let Some(path) = open.pop_front().filter(|_| seen < 250) {
        seen += 1;
        let answer = served.ask("GET", &path, &[]);
        assert!(
            [200, 303].contains(&answer.status()),
            "{path}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        kinds.insert(path.split('?').next().unwrap_or_default().to_owned());
        let text =
            String::from_utf8_lossy(&answer.body).replace("&#38;", "&").replace("&amp;", "&");
        let links = text.split("href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
        let redirect =
            answer.header("location").map(|path| path.trim_start_matches('/').to_owned());
        for link in links.map(str::to_owned).chain(redirect) {
            let link = format!("/{link}");
            if met.insert(link.clone()) {
                // New kinds first, then whatever comes.
                let is_new = !kinds.contains(link.split('?').next().unwrap_or_default());
                if is_new { open.push_front(link) } else { open.push_back(link) }
            }
        }
    }
    let expected = [
        "/",
        "/account",
        "/address",
        "/assets/page.css",
        "/credential",
        "/edge",
        "/principal",
        "/search",
        "/sql",
    ];
    assert!(expected.iter().all(|kind| kinds.contains(*kind)), "{kinds:?}");
    assert!(seen > 100, "only {seen} pages");
}

#[test]
fn rows_come_as_csv_that_no_spreadsheet_takes_for_formulas() {
    let desk = Desk::with_demo();
    let served = Served::over(desk, &["--csv-rows", "7"]);
    let csv = |text: &str| served.ask("GET", &format!("/sql.csv?q={}", encoded(text)), &[]);
    let answer = csv("select '=1+1' as a, -1 as b, 'x,\"y\"' as c, null as d");
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(answer.header("content-disposition"), Some("attachment; filename=\"rolecall.csv\""));
    assert_eq!(String::from_utf8(answer.body).unwrap(), "a,b,c,d\r\n'=1+1,-1,\"x,\"\"y\"\"\",\r\n");
    let cut = String::from_utf8(csv("select event_id from event").body).unwrap();
    assert_eq!(cut.lines().count(), 9, "{cut}");
    assert!(cut.ends_with("cut after 7 rows\r\n"), "{cut}");
    let whole = String::from_utf8(csv("select event_id from event limit 7").body).unwrap();
    assert_eq!(whole.lines().count(), 8, "{whole}");
    assert_eq!(csv("drop table event").status(), 400);
    assert_eq!(csv("").status(), 400);
    let saved = served.ask("GET", "/sql.csv?saved=cross-account-access", &[]);
    let text = String::from_utf8(saved.body.clone()).unwrap();
    assert_eq!(
        saved.header("content-disposition"),
        Some("attachment; filename=\"cross-account-access.csv\"")
    );
    assert_eq!(text, served.desk.answer(&["report", "cross-account-access", "--format", "csv"]));
}

#[test]
fn saved_queries_are_filled_in_and_asked() {
    let served = Served::over(Desk::with_demo(), &[]);
    let page = served.page("/sql?saved=cross-account-access");
    assert!(page.contains("warehouse-admin") && page.contains("Download CSV"), "{page}");
    // It asks nobody before it is told what about.
    let open = served.page("/sql?saved=grown-from-credential");
    assert!(!open.contains("Download CSV"), "{open}");
    let grown = served
        .page(&format!("/sql?saved=grown-from-credential&p.credential={LEAKED}&p.most_steps=3"));
    assert!(
        grown.contains("Download CSV") && grown.contains(&format!("value=\"{LEAKED}\"")),
        "{grown}"
    );
    for wrong in ["p.most_steps=many", "from=2026-03-09&until=2026-03-08", "from=soon"] {
        let (status, page) =
            served.get(&format!("/sql?saved=grown-from-credential&p.credential=x&{wrong}"));
        assert_eq!(status, 400, "{wrong}");
        assert!(page.contains("This was not answered"), "{wrong}: {page}");
    }
}

#[test]
fn hostile_names_stay_text_on_every_page() {
    let desk = Desk::new();
    let hostile = "\"><script>alert(1)</script>'=1+1\u{202e}";
    desk.write(
        "logs/one.json",
        &format!("{{\"Records\":[{}]}}", assumed("HOSTILE0000000000", hostile)),
    );
    desk.answer(&["run", "logs", "--quiet"]);
    let served = Served::over(desk, &[]);
    let shown = "&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#39;=1+1\\u{202e}";
    let sql = format!(
        "/sql?q={}",
        encoded(&format!(
            "select session_name, '{}' as x from session",
            hostile.replace('\'', "''")
        ))
    );
    for path in [
        "/credential?id=ASIAHOSTILE0000000000".to_owned(),
        format!("/search?q={}", encoded(hostile)),
        "/principal?id=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2Fbuild".to_owned(),
        "/account?id=111111111111".to_owned(),
        sql,
        format!("/principal?id={}", encoded(hostile)),
    ] {
        let (_, page) = served.get(&path);
        assert!(page.contains(shown), "{path}: {page}");
        assert!(!page.contains("<script>alert") && !page.contains('\u{202e}'), "{path}");
    }
}

#[test]
fn what_others_commit_is_seen_while_it_serves() {
    let desk = Desk::new();
    desk.write(
        "logs/one.json",
        &format!("{{\"Records\":[{}]}}", assumed("FIRST00000000000", "first")),
    );
    desk.answer(&["run", "logs", "--quiet"]);
    let served = Served::over(desk, &[]);
    served.page("/credential?id=ASIAFIRST00000000000");
    assert_eq!(served.get("/credential?id=ASIASECOND0000000000").0, 404);
    served.desk.write(
        "logs/two.json",
        &format!("{{\"Records\":[{}]}}", assumed("SECOND0000000000", "second")),
    );
    served.desk.answer(&["run", "logs", "--quiet"]);
    let seen = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(300));
        served.get("/credential?id=ASIASECOND0000000000").0 == 200
    });
    assert!(seen, "the second session is never seen");
}

#[test]
fn it_ends_on_ctrl_c_and_says_why_it_cannot_begin() {
    let desk = Desk::with_demo();
    let mut served = Served::over(desk, &[]);
    let port = served.port.to_string();
    let said = served.desk.run(&["serve", "--port", &port]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--port 0"), "{}", said.err);
    let missing = served.desk.run(&["serve", "--lake", "nowhere"]);
    assert_eq!(missing.code, 2, "{}", missing.err);
    Command::new("kill").args(["-INT", &served.child.id().to_string()]).status().unwrap();
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
}
