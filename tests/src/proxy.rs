//! A proxy in front of a server that does, by rule, what goes wrong in production.

use std::io::{BufReader, Read};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::http::Message;

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The server is not asked; this is the status and the code of S3's error.
    Refuse(u16, &'static str),
    /// The server is not asked; the refusal repeats the request with its headers, as that of a
    /// signature that does not match does.
    RefuseWithEcho,
    /// The server is asked, and its answer is lost on the way back.
    LoseAnswer,
    /// The body breaks off in the middle.
    Truncate,
    /// The answer comes so much later.
    Delay(Duration),
    /// The server is not asked, and the client waits until somebody kills it.
    Hold,
    /// The answer has this header.
    Tell(&'static str, String),
}

/// When it goes wrong.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The method of the request.
    pub method: &'static str,
    /// What its path contains.
    pub path: String,
    /// How many requests go through before.
    pub skip: usize,
    /// How often it goes wrong.
    pub times: usize,
    /// What goes wrong.
    pub fault: Fault,
}

/// The proxy, until the test ends.
pub struct Proxy {
    /// Where it listens.
    pub port: u16,
    rules: Arc<Mutex<Vec<(Rule, usize)>>>,
}

impl Proxy {
    /// Begins to listen in front of a port of this machine.
    pub fn start(server: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let rules: Arc<Mutex<Vec<(Rule, usize)>>> = Arc::default();
        let proxy = Proxy { port, rules: rules.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let rules = rules.clone();
                // A client that went away is no fault of the proxy.
                std::thread::spawn(move || drop(relay(stream, server, &rules)));
            }
        });
        proxy
    }

    /// From now on this goes wrong.
    pub fn rule(&self, rule: Rule) {
        self.rules.lock().unwrap().push((rule, 0));
    }

    /// Waits until all that goes wrong by rule has gone wrong, two minutes at most.
    pub fn wait(&self) {
        let until = Instant::now() + Duration::from_secs(120);
        let is_left = |(rule, met): &(Rule, usize)| *met < rule.skip + rule.times;
        while self.rules.lock().unwrap().iter().any(is_left) {
            assert!(Instant::now() < until, "what should go wrong did not: {:?}", self.happened());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// How often the rules have let something go wrong, in the order of the rules.
    pub fn happened(&self) -> Vec<usize> {
        let rules = self.rules.lock().unwrap();
        rules.iter().map(|(rule, met)| met.saturating_sub(rule.skip).min(rule.times)).collect()
    }
}

fn relay(stream: TcpStream, server: u16, rules: &Mutex<Vec<(Rule, usize)>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut to = stream;
    let Some(request) = Message::read(&mut reader, false)? else { return Ok(()) };
    let fault = fault_of(&request, &mut rules.lock().unwrap());
    match fault {
        Some(Fault::Refuse(status, code)) => {
            let body = format!("<Error><Code>{code}</Code><Message>By rule</Message></Error>");
            Message::answer(status, body).write(&mut to, usize::MAX)
        }
        Some(Fault::RefuseWithEcho) => {
            let headers = request.headers.iter().map(|(name, value)| format!("{name}:{value}\n"));
            let headers: String = headers.collect();
            let body = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SignatureDoesNotMatch</Code><Message>By rule</Message><CanonicalRequest>{headers}</CanonicalRequest></Error>"
            );
            Message::answer(403, body).write(&mut to, usize::MAX)
        }
        Some(Fault::LoseAnswer) => {
            request.send(server)?;
            to.shutdown(Shutdown::Both)
        }
        Some(Fault::Truncate) => {
            let answer = request.send(server)?;
            answer.write(&mut to, answer.body.len() / 2)?;
            to.shutdown(Shutdown::Both)
        }
        Some(Fault::Delay(time)) => {
            std::thread::sleep(time);
            request.send(server)?.write(&mut to, usize::MAX)
        }
        Some(Fault::Hold) => reader.read(&mut [0]).map(drop),
        Some(Fault::Tell(name, value)) => {
            let mut answer = request.send(server)?;
            answer.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            answer.with(name, value).write(&mut to, usize::MAX)
        }
        None => request.send(server)?.write(&mut to, usize::MAX),
    }
}

fn fault_of(request: &Message, rules: &mut [(Rule, usize)]) -> Option<Fault> {
    let mut found = None;
    for (rule, met) in rules {
        if request.method() == rule.method && request.path().contains(&rule.path) {
            *met += 1;
            if *met > rule.skip && *met <= rule.skip + rule.times {
                found = found.or(Some(rule.fault.clone()));
            }
        }
    }
    found
}
