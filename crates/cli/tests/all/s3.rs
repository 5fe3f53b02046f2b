//! The same over S3: a trail in one bucket, a lake in another, and two programs at once.
//!
//! S3 is played by MiniStack on a loopback port, with the conditional puts that commits rest on.
//! `./dev test` installs it; `ROLECALL_MINISTACK` names the program.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::kept::{demo_trail, sums};
use crate::support::{Desk, said};

/// An S3 of our own, which ends with the test.
struct S3 {
    port: u16,
    server: Child,
}

impl S3 {
    fn start() -> S3 {
        let program = std::env::var_os("ROLECALL_MINISTACK")
            .expect("ROLECALL_MINISTACK names no S3: run the tests with `./dev test`");
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let server = Command::new(program)
            .env("BIND_HOST", "127.0.0.1")
            .env("MINISTACK_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let s3 = S3 { port, server };
        for _ in 0..300 {
            if s3.request("GET", "/_ministack/health", b"").is_ok_and(|status| status == 200) {
                return s3;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        panic!("MiniStack did not answer on port {port} within a minute");
    }

    /// One request; the status that it was answered with.
    fn request(&self, method: &str, path: &str, body: &[u8]) -> std::io::Result<u16> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        )?;
        stream.write_all(body)?;
        let mut answer = String::new();
        stream.take(4096).read_to_string(&mut answer).ok();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        status.ok_or_else(|| std::io::ErrorKind::InvalidData.into())
    }

    fn put(&self, path: &str, body: &[u8]) {
        assert_eq!(self.request("PUT", path, body).unwrap(), 200, "PUT {path}");
    }

    fn command(&self, desk: &Desk, arguments: &[&str]) -> Command {
        let mut command = desk.command(arguments);
        command.env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port));
        command
    }

    fn answer(&self, desk: &Desk, arguments: &[&str]) -> String {
        let said = said(self.command(desk, arguments).output().unwrap());
        assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
        said.out
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_below(&path)) } else { files.push(path) }
    }
    files
}

#[test]
fn a_trail_and_a_lake_on_s3_hold_what_local_ones_do() {
    let s3 = S3::start();
    let desk = Desk::new();
    s3.put("/trail", b"");
    s3.put("/lake", b"");
    for file in files_below(demo_trail()) {
        let key = file.strip_prefix(demo_trail()).unwrap().to_str().unwrap();
        s3.put(&format!("/trail/{key}"), &std::fs::read(&file).unwrap());
    }
    desk.answer(&["--lake", "local", "run", demo_trail().to_str().unwrap()]);

    let lake = "s3://lake/two-at-once";
    let start = || {
        s3.command(&desk, &["--lake", lake, "run", "s3://trail/AWSLogs"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let (one, two) = (start(), start());
    for child in [one, two] {
        let said = said(child.wait_with_output().unwrap());
        assert_eq!(said.code, 0, "{}", said.err);
    }
    s3.answer(&desk, &["--lake", lake, "trace"]);
    let remote = sums(|sql| s3.answer(&desk, &["--lake", lake, "sql", "--format", "json", sql]));
    let local = sums(|sql| desk.answer(&["--lake", "local", "sql", "--format", "json", sql]));
    assert_eq!(local, remote);

    let missing = said(s3.command(&desk, &["ingest", "s3://trail/nothing"]).output().unwrap());
    assert_eq!(missing.code, 2);
    assert!(missing.err.contains("holds no file"), "{}", missing.err);
}
