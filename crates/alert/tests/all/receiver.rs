//! A real HTTP receiver on a loopback port that answers as it is told.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What it does with one request.
pub(crate) enum Answer {
    /// Status, further header lines, body.
    Status(u16, String, String),
    /// Waits, and then says 200.
    Slow(Duration),
    /// Closes the connection without a word.
    Close,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) at: Instant,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.as_str())
    }
}

#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) port: u16,
    pub(crate) requests: Arc<Mutex<Vec<Request>>>,
}

pub(crate) fn status(status: u16) -> Answer {
    Answer::Status(status, String::new(), String::new())
}

impl Receiver {
    /// Gives these answers in turn, and then 200 to everything.
    pub(crate) fn start(answers: Vec<Answer>) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let answers = Arc::new(Mutex::new(VecDeque::from(answers)));
        let seen = requests.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, answers) = (seen.clone(), answers.clone());
                // Whoever closes a connection early has got what it wanted.
                std::thread::spawn(move || serve(stream.ok()?, &seen, &answers).ok());
            }
        });
        Receiver { port, requests }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<Request>>,
    answers: &Mutex<VecDeque<Answer>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut first = String::new();
        if reader.read_line(&mut first)? == 0 {
            return Ok(());
        }
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        let mut request = Request {
            path: first.split(' ').nth(1).unwrap_or_default().to_owned(),
            headers,
            body: String::new(),
            at: Instant::now(),
        };
        let mut body = vec![0; request.header("content-length").parse().unwrap_or_default()];
        reader.read_exact(&mut body)?;
        request.body = String::from_utf8_lossy(&body).into_owned();
        seen.lock().unwrap().push(request);
        let answer = answers.lock().unwrap().pop_front();
        let (status, headers, body) = match answer {
            Some(Answer::Close) => return Ok(()),
            Some(Answer::Slow(pause)) => {
                std::thread::sleep(pause);
                (200, String::new(), String::new())
            }
            Some(Answer::Status(status, headers, body)) => (status, headers, body),
            None => (200, String::new(), String::new()),
        };
        write!(
            stream,
            "HTTP/1.1 {status} x\r\n{headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        )?;
        stream.flush()?;
    }
}
