//! Certificates that come from a server which is slow, wrong, or somebody else's.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};

use rolecall_model::Time;

use super::super::{Trust, Verifier};
use super::*;

const PEM: &str = include_str!("../../tests/all/version_1.pem");

/// A server on a loopback port: it says which paths it was asked for, and answers after `/slow` only when
/// it is told to.
struct Server {
    port: u16,
    asked: Receiver<String>,
    go_on: Sender<()>,
}

impl Server {
    fn start(head: &'static str, body: String) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let ((tell, asked), (go_on, wait)) = (channel(), channel::<()>());
        let wait = Arc::new(Mutex::new(wait));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (tell, wait, body) = (tell.clone(), wait.clone(), body.clone());
                std::thread::spawn(move || {
                    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                    let first = lines.next().unwrap().unwrap();
                    lines.find(|line| line.as_ref().is_ok_and(String::is_empty));
                    tell.send(first.clone()).unwrap();
                    if first.contains("/slow") {
                        // An error: the test is over.
                        let _ = wait.lock().unwrap().recv();
                    }
                    // Whoever goes away early has read enough.
                    let _ = write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\n\r\n{body}");
                });
            }
        });
        Server { port, asked, go_on }
    }

    fn url(&self, path: &str) -> Url {
        format!("http://127.0.0.1:{}/{path}", self.port).parse().unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.try_iter().collect()
    }
}

/// What fetches certificates, but over HTTP and from this machine.
fn certificates(patience: Duration) -> Certificates {
    let client = careful().timeout(patience).build().unwrap();
    Certificates { source: Source::Sns(client), kept: Mutex::default() }
}

#[tokio::test]
async fn a_certificate_is_fetched_once_and_what_is_none_is_not_kept() {
    let patient = certificates(Duration::from_secs(60));
    let server = Server::start("200 OK", PEM.to_owned());
    for _ in 0..2 {
        assert_eq!(&*patient.at(&server.url("a")).await.unwrap(), PEM.as_bytes());
    }
    assert_eq!(server.asked().len(), 1);

    let page = Server::start("200 OK", "<html>Sign in to the network</html>".to_owned());
    for _ in 0..2 {
        let told = patient.at(&page.url("a")).await.unwrap_err();
        assert!(told.to_string().contains("no X.509 certificate"), "{told}");
    }
    assert_eq!(page.asked().len(), 2, "what is no certificate is asked for again");
}

#[tokio::test]
async fn other_answers_are_not_known_to_be_wrong_and_long_ones_are() {
    let patient = certificates(Duration::from_secs(60));
    for (head, body, told, unknown) in [
        ("404 Not Found", String::new(), "SNS answers 404", true),
        ("503 Slow Down", String::new(), "SNS answers 503", true),
        ("302 Found\r\nLocation: /other", String::new(), "SNS answers 302", true),
        ("200 OK\r\nContent-Length: 999", PEM.to_owned(), "could not be fetched", true),
        ("200 OK", "x".repeat(70_000), "longer than 64 KB", false),
    ] {
        let server = Server::start(head, body);
        let error = patient.at(&server.url("a")).await.unwrap_err();
        assert!(error.to_string().contains(told), "{head}: {error}");
        assert_eq!(error.is_unknown(), unknown, "{head}");
        assert!(!error.to_string().contains("127.0.0.1"), "{error}");
        assert_eq!(server.asked().len(), 1, "{head}: nobody is followed");
    }
}

#[tokio::test]
async fn who_does_not_answer_is_given_up() {
    let server = Server::start("200 OK", PEM.to_owned());
    let error = certificates(Duration::from_millis(50)).at(&server.url("slow")).await.unwrap_err();
    assert!(error.is_unknown(), "{error}");
}

#[tokio::test]
async fn nobody_waits_for_another_fetch() {
    let server = Server::start("200 OK", PEM.to_owned());
    let patient = Arc::new(certificates(Duration::from_secs(60)));
    let (slow, held) = (server.url("slow"), patient.clone());
    let slow = tokio::spawn(async move { held.at(&slow).await });
    while !server.asked().iter().any(|path| path.contains("/slow")) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let other = server.url("other");
    let other = tokio::time::timeout(Duration::from_secs(30), patient.at(&other)).await;
    assert!(other.expect("it waits for the fetch of another").is_ok());
    server.go_on.send(()).unwrap();
    assert!(slow.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_stranger_is_not_even_asked() {
    let server = Server::start("200 OK", PEM.to_owned());
    let topic = "arn:aws:sns:eu-west-1:111111111111:findings";
    let trust = Trust::topics(vec![topic.parse().unwrap()]);
    let verifier = Verifier::new(trust, certificates(Duration::from_secs(60)));
    let file = "SimpleNotificationService-00.pem";
    for url in [
        server.url(file).to_string(),
        server.url(file).to_string().replace("http:", "https:"),
        format!("http://sns.eu-west-1.amazonaws.com@127.0.0.1:{}/{file}", server.port),
        format!("http://localhost:{}/{file}", server.port),
    ] {
        let body = serde_json::json!({
            "Type": "Notification", "MessageId": "m", "TopicArn": topic, "Message": "text",
            "Timestamp": "2026-03-10T12:00:00.000Z", "SignatureVersion": "2", "Signature": "AAAA",
            "SigningCertURL": url,
        });
        let now = "2026-03-10T12:00:00Z".parse::<Time>().unwrap();
        let told = verifier.verify(body.to_string().as_bytes(), now).await;
        assert!(matches!(told, Err(Invalid::CertificateUrl)), "{url}: {told:?}");
    }
    assert_eq!(server.asked(), [""; 0]);
}
