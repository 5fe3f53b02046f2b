//! How long pages take over a large lake: `lookups FOLDER SESSIONS` makes one of thirty days if it is not there, serves
//! it, and prints the milliseconds of each page, the first time and again.

#![allow(clippy::print_stdout)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rolecall_known::Known;
use rolecall_lake::{Access, Change, Lake, Location};
use rolecall_model::{Edge, Footprint, Row, Session, Time, Usage, network};
use rolecall_query::{Limits, bundled_reports, load_reports};
use rolecall_serve::{Allowed, Server, Serving};

const DAYS: i64 = 30;
const DAY: i64 = 86_400;
/// 2026-03-01.
const FIRST: i64 = 1_772_323_200;
const ROLES: i64 = 3_000;
const USERS: i64 = 400;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("name a folder for the lake")?;
    let sessions: i64 = arguments.next().context("say how many sessions")?.parse()?;
    let location = Location::find(&folder).await?;
    let mut lake = Lake::open(location.clone(), Access::Create).await?;
    if lake.table::<Session>().files().is_empty() {
        for day in 0..DAYS {
            fill(&mut lake, day, sessions / DAYS).await?;
        }
    }
    drop(lake);
    let serving = Serving {
        location,
        lake: folder,
        known: Known::default(),
        reports: load_reports(&bundled_reports()).await?,
        version: "0",
        clock: || Time::from_seconds(FIRST + DAYS * DAY),
        allowed: Allowed {
            engine: Limits { memory: Some(1 << 30), parallel: None },
            time: Duration::from_secs(30),
            rows: 1000,
            csv_rows: 1000,
        },
    };
    let server = Server::bind(0, serving).await?;
    let address = server.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    tokio::spawn(server.run(std::future::pending()));
    tokio::task::spawn_blocking(move || pages(&address, sessions / DAYS)).await?
}

fn pages(address: &str, each: i64) -> Result<()> {
    let some = |day: i64, at: i64| key(day * each + at);
    let pages = [
        ("overview", "/".to_owned()),
        ("a session of the first day", format!("/credential?id={}", some(0, 2))),
        ("a chained session", format!("/credential?id={}", some(15, each / 3 * 2 + 1))),
        ("a session of the last day", format!("/credential?id={}", some(DAYS - 1, each / 2))),
        ("a long-term key", format!("/credential?id={}", long_term(7))),
        ("an unknown key", "/credential?id=ASIAZZZZZZZZZZZZZZZZ".to_owned()),
        ("a role", format!("/principal?id={}", role(17))),
        ("a user", format!("/principal?id={}", user(7))),
        ("an unknown principal", "/principal?id=arn:aws:iam::999999999999:role/none".to_owned()),
        ("an account", "/account?id=111111111117".to_owned()),
        ("an edge", format!("/edge?from={}&to={}", user(7), role(chance(7, ROLES)))),
        ("an address", "/address?id=203.0.113.7".to_owned()),
        ("a session's name", format!("/search?q=run-{}", 3 * each + 5)),
        ("an unknown name", "/search?q=nobody".to_owned()),
        ("the page SQL", "/sql".to_owned()),
    ];
    for (name, path) in pages {
        let times: Result<Vec<String>> = (0..3).map(|_| timed(address, &path)).collect();
        println!("{name:28} {}", times?.join("  "));
    }
    Ok(())
}

fn timed(address: &str, path: &str) -> Result<String> {
    let begun = Instant::now();
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    Ok(format!("{status} {:5} ms {:4} kB", begun.elapsed().as_millis(), answer.len() / 1000))
}

fn key(number: i64) -> String {
    format!("ASIA{number:016}")
}

fn long_term(user: i64) -> String {
    format!("AKIA{user:016}")
}

fn user(number: i64) -> String {
    format!("arn:aws:iam::{}:user/user-{number}", account(number))
}

fn role(number: i64) -> String {
    format!("arn:aws:iam::{}:role/team/role-{number}", account(number))
}

fn account(number: i64) -> i64 {
    111_111_111_110 + number % 40
}

/// A number that looks like chance.
fn chance(of: i64, among: i64) -> i64 {
    let mixed = (of as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ (mixed >> 29)) % among as u64) as i64
}

fn session(number: i64, each: i64) -> Session {
    let (day, at) = (number / each, number % each);
    let (user_at, role_at) = (chance(number, USERS), chance(number + 1, ROLES));
    let created = Time::from_seconds(FIRST + day * DAY + at * DAY / each);
    // Every third was opened by the session just before it.
    let parent = (at % 3 == 1).then(|| session_id(number - 1));
    let address = format!("203.0.{}.{}", 113 + user_at % 4, user_at % 250);
    Session {
        session_id: session_id(number),
        kind: "role".to_owned(),
        principal: role(role_at),
        principal_id: Some(format!("AROA{role_at:016}:run-{number}")),
        session_name: Some(format!("run-{number}")),
        session_arn: Some(format!(
            "arn:aws:sts::{}:assumed-role/role-{role_at}/run-{number}",
            account(role_at)
        )),
        account_id: Some(account(role_at).to_string()),
        role_arn: Some(role(role_at)),
        created_at: created,
        expires_at: Some(created.plus_seconds(3600)),
        granted_seconds: Some(3600),
        issued_by: Some("AssumeRole".to_owned()),
        issued_key: Some(key(number)),
        keys_seen: Some(key(number)),
        issue_event_ids: Some(format!("{:032x}", chance(number, i64::MAX))),
        issue_source_ip: Some(address.clone()),
        issue_user_agent: Some("aws-cli/2.15.0 Python/3.11 Linux/6.1".to_owned()),
        caller_principal: Some(user(user_at)),
        caller_key: Some(long_term(user_at)),
        caller_created_at: parent.is_some().then(|| created.plus_seconds(-1)),
        root_session_id: Some(parent.clone().unwrap_or_else(|| session_id(number))),
        parent_link: parent.is_some().then(|| "key".to_owned()),
        depth: i64::from(parent.is_some()),
        parent_session_id: parent,
        root_kind: "long-term key".to_owned(),
        root_principal: user(user_at),
        root_credential: Some(long_term(user_at)),
        path: format!("{} > {}", user(user_at), role(role_at)),
        account_path: account(role_at).to_string(),
        last_used_at: Some(created.plus_seconds(900)),
        calls: 12,
        networks: Some(network::prefix(&address)),
        uses: vec![7; 120],
        ..Session::default()
    }
}

fn session_id(number: i64) -> String {
    format!("{:016x}", (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

async fn fill(lake: &mut Lake, day: i64, each: i64) -> Result<()> {
    let sessions: Vec<Session> =
        (day * each..(day + 1) * each).map(|number| session(number, each)).collect();
    let usage = |session: &Session| Usage {
        hour: session.created_at.hour(),
        recipient_account_id: session.account_id.clone(),
        principal: session.principal.clone(),
        principal_id: session.principal_id.clone(),
        access_key_id: session.issued_key.clone(),
        session_created_at: Some(session.created_at),
        source_ip_address: session.issue_source_ip.clone(),
        user_agent: session.issue_user_agent.clone(),
        event_source: "s3.amazonaws.com".to_owned(),
        event_name: "GetObject".to_owned(),
        calls: session.calls,
        first_at: session.created_at,
        last_at: session.created_at.plus_seconds(900),
        event_hashes: vec![3; 16],
        ..Usage::default()
    };
    let begins = Time::from_seconds(FIRST + day * DAY);
    let edges: Vec<Edge> = (0..20_000)
        .map(|at| Edge {
            root_principal: user(at % USERS),
            from_principal: user(at % USERS),
            to_principal: role(chance(at, ROLES)),
            from_account_id: Some(account(at % USERS).to_string()),
            to_account_id: Some(account(chance(at, ROLES)).to_string()),
            issued_by: "AssumeRole".to_owned(),
            sessions: 16,
            first_at: begins,
            last_at: begins.plus_seconds(DAY - 1),
            ..Edge::default()
        })
        .collect();
    let footprints: Vec<Footprint> = (0..20_000)
        .map(|at| Footprint {
            principal: if at % 4 == 0 { user(at % USERS) } else { role(at % ROLES) },
            account_id: Some(account(at % ROLES).to_string()),
            access_key_id: (at % 4 == 0).then(|| long_term(at % USERS)),
            network: format!("203.0.{}.0/24", 113 + at % 4),
            client: "aws-cli".to_owned(),
            calls: 100,
            first_at: begins,
            last_at: begins.plus_seconds(DAY - 1),
            ..Footprint::default()
        })
        .collect();
    commit(lake, sessions.iter().map(usage).collect::<Vec<_>>()).await?;
    commit(lake, sessions).await?;
    commit(lake, edges).await?;
    commit(lake, footprints).await
}

async fn commit<R: Row>(lake: &mut Lake, rows: Vec<R>) -> Result<()> {
    let table = lake.table_mut::<R>();
    let add = table.write::<R>(rows).await?;
    table.commit(Change { add, ..Change::default() }).await?;
    Ok(())
}
