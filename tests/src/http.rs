//! As much HTTP/1.1 as servers and clients in tests need.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A request or an answer.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// `GET /path HTTP/1.1`, or `HTTP/1.1 200 OK`.
    pub first: String,
    /// Names and values, as they came.
    pub headers: Vec<(String, String)>,
    /// What follows.
    pub body: Vec<u8>,
}

impl Message {
    /// An answer with this status and body.
    pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Message {
        Message {
            first: format!("HTTP/1.1 {status} Told"),
            body: body.into(),
            ..Message::default()
        }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Message {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// The method of a request.
    pub fn method(&self) -> &str {
        self.first.split(' ').next().unwrap_or_default()
    }

    /// The path of a request, with its query.
    pub fn path(&self) -> &str {
        self.first.split(' ').nth(1).unwrap_or_default()
    }

    /// The status of an answer.
    pub fn status(&self) -> u16 {
        self.path().parse().unwrap_or_default()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Reads the next message; none if the other side has closed.
    ///
    /// `bodiless` is for the answer to a HEAD, whose length is that of something else.
    pub fn read(from: &mut BufReader<TcpStream>, bodiless: bool) -> Result<Option<Message>> {
        let mut line = || {
            let mut line = String::new();
            from.read_line(&mut line)?;
            Ok::<_, Error>(line.trim_end().to_owned())
        };
        let first = line()?;
        if first.is_empty() {
            return Ok(None);
        }
        let mut message = Message { first, ..Message::default() };
        loop {
            let header = line()?;
            let Some((name, value)) = header.split_once(':') else { break };
            message.headers.push((name.to_owned(), value.trim().to_owned()));
        }
        if bodiless {
            return Ok(Some(message));
        }
        if message.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
            loop {
                let mut size = String::new();
                from.read_line(&mut size)?;
                let size = size.trim().split(';').next().unwrap_or_default();
                let size = usize::from_str_radix(size, 16)
                    .map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
                let at = message.body.len();
                message.body.resize(at + size + 2, 0);
                from.read_exact(&mut message.body[at..])?;
                message.body.truncate(at + size);
                if size == 0 {
                    break;
                }
            }
            message.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("transfer-encoding"));
        } else if let Some(length) = message.header("content-length") {
            let length =
                length.parse().map_err(|error| Error::new(ErrorKind::InvalidData, error))?;
            message.body.resize(length, 0);
            from.read_exact(&mut message.body)?;
        } else if message.first.starts_with("HTTP/") && ![204, 304].contains(&message.status()) {
            from.read_to_end(&mut message.body)?;
        }
        Ok(Some(message))
    }

    /// Writes the message, of the body only so many bytes.
    pub fn write(&self, to: &mut impl Write, at_most: usize) -> Result<()> {
        let mut head = format!("{}\r\n", self.first);
        for (name, value) in &self.headers {
            if !["content-length", "connection"].contains(&name.to_ascii_lowercase().as_str()) {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        let length = match (self.body.len(), self.header("content-length")) {
            (0, Some(told)) => told.to_owned(),
            (length, _) => length.to_string(),
        };
        head.push_str(&format!("Content-Length: {length}\r\nConnection: close\r\n\r\n"));
        to.write_all(head.as_bytes())?;
        to.write_all(&self.body[..self.body.len().min(at_most)])?;
        to.flush()
    }

    /// Sends a request to a port of this machine, and gives the answer.
    pub fn send(&self, port: u16) -> Result<Message> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        self.write(&mut stream, usize::MAX)?;
        let read = Message::read(&mut BufReader::new(stream), self.method() == "HEAD")?;
        read.ok_or_else(|| ErrorKind::UnexpectedEof.into())
    }
}
