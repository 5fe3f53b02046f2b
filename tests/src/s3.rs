//! An S3 on a loopback port: MiniStack, with the conditional puts that commits rest on.
//!
//! `./dev test` installs it; `ROLECALL_MINISTACK` names the program.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::http::Message;

/// An S3 of our own, which ends with the test.
pub struct S3 {
    /// Where it listens.
    pub port: u16,
    server: Child,
}

impl S3 {
    /// Starts it, and waits until it answers.
    pub fn start() -> S3 {
        let program = std::env::var_os("ROLECALL_MINISTACK")
            .expect("ROLECALL_MINISTACK names no S3: run the tests with `./dev test`");
        let port = free_port();
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
            if s3
                .request("GET", "/_ministack/health", b"")
                .is_ok_and(|answer| answer.status() == 200)
            {
                return s3;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        panic!("MiniStack did not answer on port {port} within a minute");
    }

    /// One request, and its answer.
    pub fn request(&self, method: &str, path: &str, body: &[u8]) -> std::io::Result<Message> {
        let first = format!("{method} {path} HTTP/1.1");
        let request = Message { first, body: body.to_vec(), ..Message::default() };
        request.with("Host", format!("127.0.0.1:{}", self.port)).send(self.port)
    }

    /// Puts an object, or makes a bucket.
    pub fn put(&self, path: &str, body: &[u8]) {
        assert_eq!(self.request("PUT", path, body).unwrap().status(), 200, "PUT {path}");
    }

    /// The keys in a bucket that begin so.
    pub fn keys(&self, bucket: &str, prefix: &str) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        loop {
            let after = keys.last().map_or(String::new(), |key| format!("&start-after={key}"));
            let path = format!("/{bucket}?list-type=2&prefix={prefix}{after}");
            let listed = self.request("GET", &path, b"").unwrap();
            let text = String::from_utf8(listed.body).unwrap();
            let found = text.split("<Key>").skip(1).filter_map(|part| part.split("</Key>").next());
            keys.extend(found.map(|key| key.replace("&amp;", "&")));
            if !text.contains("<IsTruncated>true") {
                return keys;
            }
        }
    }

    /// Copies what lies below a prefix of a bucket into a folder.
    pub fn download(&self, bucket: &str, prefix: &str, folder: &Path) {
        for key in self.keys(bucket, prefix) {
            let file = folder.join(key.strip_prefix(prefix).unwrap().trim_start_matches('/'));
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            let url = key.replace('%', "%25").replace(' ', "%20").replace('=', "%3D");
            let found = self.request("GET", &format!("/{bucket}/{url}"), b"").unwrap();
            assert_eq!(found.status(), 200, "GET {key}");
            std::fs::write(file, found.body).unwrap();
        }
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
