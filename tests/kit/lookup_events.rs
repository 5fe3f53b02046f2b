//! A CloudTrail of our own that answers LookupEvents, with what hurts in production.
//!
//! Newest first, pages of 50, one attribute a request, two requests a second for each account and
//! region (`ThrottlingException`, status 400), tokens that only fit the request they came from, events
//! that appear late, events that stand on two pages, 90 days of history, and a fault on every so many
//! requests. It answers STS's `GetCallerIdentity` and `AssumeRole` too, so that accounts can be
//! entered. One file on std and serde_json: any test crate includes it with `#[path]`.

// No crate uses all of it.
#![allow(dead_code, unreachable_pub)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The account of every key that no role has given out.
pub const OWN: &str = "111111111111";

const HISTORY: i64 = 90 * 86_400;

/// An event of the history.
#[derive(Clone, Debug)]
pub struct Entry {
    pub account: String,
    pub region: String,
    /// When it happened, and from when on it is shown; in seconds since 1970.
    pub at: i64,
    pub shown_from: i64,
    /// The record, as a file of a trail would hold it.
    pub record: Value,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Status 500.
    Internal,
    /// The token is refused though it fits.
    Token,
    /// The credentials have expired.
    Expired,
    /// The connection ends without an answer.
    Silence,
}

/// One request for events, and what came of it.
#[derive(Clone, Debug)]
pub struct Asked {
    pub account: String,
    pub region: String,
    pub source: String,
    pub from: i64,
    pub until: i64,
    pub paged: bool,
    /// `ok`, or the error.
    pub answer: &'static str,
}

/// How the stub behaves; change it at any time through [`Stub::with`].
#[derive(Default)]
pub struct State {
    pub entries: Vec<Entry>,
    /// What time it is; the real time if nobody says.
    pub now: Option<i64>,
    /// Requests a second for each account and region; any number if nobody says.
    pub rate: Option<u32>,
    /// On every so many requests this goes wrong. A token is refused once, the one of so many: who reads
    /// from the beginning again would meet every third token at the same page.
    pub faults: Vec<(usize, Fault)>,
    /// For each of them, how many requests came since it happened; the most there is if it is over.
    pub waited: Vec<usize>,
    /// Accounts that say no.
    pub denied: Vec<String>,
    /// Every page begins with the last event of the one before.
    pub repeat: bool,
    pub asked: Vec<Asked>,
    /// How often a role was assumed.
    pub assumed: usize,
    /// When each account and region was asked in the last second.
    pub turns: HashMap<(String, String), Vec<Instant>>,
}

/// The stub: it listens on loopback as long as it lives.
pub struct Stub {
    state: Arc<Mutex<State>>,
    over: Arc<AtomicBool>,
    port: u16,
}

impl Stub {
    pub fn start(state: State) -> Stub {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let stub = Stub { state: Arc::new(Mutex::new(state)), over: Arc::default(), port };
        let (state, over) = (stub.state.clone(), stub.over.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if over.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(stream), state) = (stream, state.clone()) else { continue };
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        stub
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn with<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap())
    }

    /// How many requests were answered like this: `ok`, `ThrottlingException`, …
    pub fn answered(&self, answer: &str) -> usize {
        self.with(|state| state.asked.iter().filter(|asked| asked.answer == answer).count())
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// Answers the requests of one connection, one after the other.
fn serve(stream: TcpStream, state: &Mutex<State>) {
    let _ = stream.set_nodelay(true);
    let Ok(mut answers) = stream.try_clone() else { return };
    let mut requests = BufReader::new(stream);
    while let Some((headers, body)) = request(&mut requests) {
        let reply = if headers.get("x-amz-target").is_some_and(|t| t.ends_with(".LookupEvents")) {
            look_up(&mut state.lock().unwrap(), &headers, &body)
        } else {
            sts(&String::from_utf8_lossy(&body), &signer(&headers).0, &mut state.lock().unwrap())
        };
        let Some((status, kind, text)) = reply else { return };
        let written = write!(
            answers,
            "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{text}",
            text.len()
        );
        if written.is_err() {
            return;
        }
    }
}

type Headers = HashMap<String, String>;
type Reply = Option<(u16, &'static str, String)>;

fn request(stream: &mut impl BufRead) -> Option<(Headers, Vec<u8>)> {
    let mut headers = Headers::new();
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
    loop {
        line.clear();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some((headers, body))
}

/// The account and region that a request was signed for: `Credential=KEY/DATE/REGION/…`.
fn signer(headers: &Headers) -> (String, String) {
    let signed = headers.get("authorization").cloned().unwrap_or_default();
    let scope = signed.split("Credential=").nth(1).unwrap_or_default();
    let scope: Vec<&str> = scope.split('/').collect();
    let account = scope[0].strip_prefix("ASIAROLE").unwrap_or(OWN);
    (account.to_owned(), scope.get(2).copied().unwrap_or_default().to_owned())
}

fn look_up(state: &mut State, headers: &Headers, body: &[u8]) -> Reply {
    let (account, region) = signer(headers);
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    let seconds = |name: &str| asked[name].as_f64().map(|at| at as i64);
    let attribute = &asked["LookupAttributes"][0];
    let (from, until) = (seconds("StartTime").unwrap_or(0), seconds("EndTime").unwrap_or(i64::MAX));
    let source = attribute["AttributeValue"].as_str().unwrap_or_default().to_owned();
    let token = asked["NextToken"].as_str();
    let most = asked["MaxResults"].as_u64().unwrap_or(50) as usize;

    let now = state.now.unwrap_or_else(real_now);
    let fault = fault_of(state, token.is_some());
    let parameters = format!("{account}/{region}/{source}/{from}/{until}/{most}");
    let offset = match token {
        None => Some(0),
        Some(token) => token.strip_suffix(&parameters).and_then(|offset| offset.parse().ok()),
    };

    let answer = if too_fast(state, &account, &region) {
        "ThrottlingException"
    } else if state.denied.contains(&account) {
        "AccessDeniedException"
    } else if asked["LookupAttributes"].as_array().is_none_or(|all| all.len() != 1)
        || attribute["AttributeKey"] != "EventSource"
    {
        "InvalidLookupAttributesException"
    } else if !(1..=50).contains(&most) {
        "InvalidMaxResultsException"
    } else if from > until {
        "InvalidTimeRangeException"
    } else {
        match (fault, offset) {
            (Some(Fault::Internal), _) => "InternalFailure",
            (Some(Fault::Silence), _) => "silence",
            (Some(Fault::Expired), _) => "ExpiredTokenException",
            (Some(Fault::Token), _) | (_, None) => "InvalidNextTokenException",
            _ => "ok",
        }
    };
    let paged = token.is_some();
    let (kept_account, kept_region) = (account.clone(), region.clone());
    state.asked.push(Asked { account, region, source: source.clone(), from, until, paged, answer });
    if answer == "silence" {
        return None;
    }
    if answer != "ok" {
        let status = if answer == "InternalFailure" { 500 } else { 400 };
        let text = json!({"__type": answer, "message": format!("{answer}, says the stub")});
        return Some((status, "application/x-amz-json-1.1", text.to_string()));
    }

    let shown = |entry: &&Entry| {
        (entry.account == kept_account && entry.region == kept_region)
            && entry.record["eventSource"] == source.as_str()
            && (from..=until).contains(&entry.at)
            && entry.at > now - HISTORY
            && entry.shown_from <= now
    };
    let mut found: Vec<&Entry> = state.entries.iter().filter(shown).collect();
    found.sort_by_key(|entry| -entry.at);
    let offset: usize = offset.unwrap_or(0);
    let page: Vec<Value> = found.iter().skip(offset).take(most).map(|entry| event(entry)).collect();
    let mut reply = json!({"Events": page});
    if offset + most < found.len() {
        let next = offset + most - usize::from(state.repeat);
        reply["NextToken"] = json!(format!("{next}{parameters}"));
    }
    Some((200, "application/x-amz-json-1.1", reply.to_string()))
}

/// What goes wrong with this request. Of two faults that are due, the later of the list waits for the next
/// request: what goes wrong in a test must not depend on who asks first.
fn fault_of(state: &mut State, paged: bool) -> Option<Fault> {
    state.waited.resize(state.faults.len(), 0);
    let mut due = None;
    for (waited, (every, fault)) in state.waited.iter_mut().zip(&state.faults) {
        let once = *fault == Fault::Token;
        if once && (!paged || *waited > *every) {
            continue;
        }
        *waited += 1;
        if due.is_none() && *waited >= *every {
            due = Some(*fault);
            *waited = if once { usize::MAX } else { 0 };
        }
    }
    due
}

/// Counts a request, and says whether it is one too many in this second.
fn too_fast(state: &mut State, account: &str, region: &str) -> bool {
    let Some(rate) = state.rate else { return false };
    let turns = state.turns.entry((account.to_owned(), region.to_owned())).or_default();
    turns.retain(|turn| turn.elapsed() < Duration::from_secs(1));
    let refused = turns.len() >= rate as usize;
    if !refused {
        turns.push(Instant::now());
    }
    refused
}

/// An entry in the shape of LookupEvents: some fields in front, and the record as text.
fn event(entry: &Entry) -> Value {
    let record = &entry.record;
    json!({
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "ReadOnly": record["readOnly"].as_bool().unwrap_or(true).to_string(),
        "EventTime": entry.at as f64,
        "EventSource": record["eventSource"],
        "Username": record["userIdentity"]["userName"],
        "Resources": [],
        "CloudTrailEvent": record.to_string(),
    })
}

/// `AssumeRole` gives a key that names the role's account; `GetCallerIdentity` tells whose key it is.
fn sts(body: &str, caller: &str, state: &mut State) -> Reply {
    let account = body.split("arn%3Aaws%3Aiam%3A%3A").nth(1).and_then(|rest| rest.get(..12));
    state.assumed += usize::from(account.is_some());
    let text = match account {
        Some(account) if state.denied.contains(&account.to_owned()) => {
            let text = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>";
            return Some((403, "text/xml", text.to_owned()));
        }
        Some(account) => format!(
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE{account}</AccessKeyId><SecretAccessKey>test</SecretAccessKey><SessionToken>test</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:poll</AssumedRoleId><Arn>arn:aws:sts::{account}:assumed-role/audit/poll</Arn></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>"
        ),
        None => format!(
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{caller}:user/ana</Arn><UserId>AIDAEXAMPLE</UserId><Account>{caller}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
        ),
    };
    Some((200, "text/xml", text))
}

fn real_now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.unwrap_or_default().as_secs() as i64
}
