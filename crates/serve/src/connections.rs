//! Connections: each is answered beside the others, one that asks nothing is closed, and all have a quiet end.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// How long a client may take to ask, and how long to be parted from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// From the beginning of a connection, or the end of an answer, to the end of a request's headers.
    pub(crate) asking: Duration,
    /// How long answers may go on after the end was asked for.
    pub(crate) parting: Duration,
}

/// Answers whoever connects, until `end` is over.
pub(crate) async fn answer(
    mut listener: TcpListener,
    router: Router,
    patience: Patience,
    end: impl Future<Output = ()>,
) {
    let (going, ended) = watch::channel(());
    let mut open = JoinSet::new();
    let mut end = pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            // Waits by itself when there is no room for another connection.
            (stream, _) = Listener::accept(&mut listener) => {
                open.spawn(connection(stream, router.clone(), patience.asking, ended.clone()));
            }
            Some(_) = open.join_next() => {}
        }
    }
    drop((listener, going));
    let _ = timeout(patience.parting, async { while open.join_next().await.is_some() {} }).await;
}

/// One connection. Whoever breaks it off wants no answer, so that there is nobody to tell.
async fn connection(
    stream: TcpStream,
    router: Router,
    asking: Duration,
    mut ended: watch::Receiver<()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(asking);
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = ended.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    use super::*;

    /// What a client hears that says `said` and then waits, and whether the server ended after it was told to.
    async fn heard(said: &[&str], asking: Duration) -> (String, bool) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(|| async { "here" }));
        let (end, ended) = oneshot::channel::<()>();
        let patience = Patience { asking, parting: Duration::from_secs(60) };
        let server = tokio::spawn(answer(listener, router, patience, async {
            let _ = ended.await;
        }));
        let mut client = TcpStream::connect(address).await.unwrap();
        let mut text = String::new();
        let talk = async {
            for said in said {
                client.write_all(said.as_bytes()).await.unwrap();
            }
            client.read_to_string(&mut text).await.unwrap();
        };
        timeout(Duration::from_secs(60), talk).await.expect("the connection is closed");
        end.send(()).unwrap();
        let has_ended = timeout(Duration::from_secs(60), server).await.is_ok();
        (text, has_ended)
    }

    #[tokio::test]
    async fn a_client_that_asks_nothing_is_closed() {
        let short = Duration::from_millis(100);
        assert_eq!(heard(&[], short).await, (String::new(), true));
        assert_eq!(heard(&["GET / HT"], short).await, (String::new(), true));
        assert_eq!(heard(&["GET / HTTP/1.1\r\nHost: x\r\n"], short).await, (String::new(), true));
        // Also one that has asked before.
        let (text, has_ended) = heard(&["GET / HTTP/1.1\r\nHost: x\r\n\r\n"], short).await;
        assert!(text.ends_with("\r\n\r\nhere") && has_ended, "{text}");
    }

    #[tokio::test]
    async fn an_idle_connection_ends_with_the_server() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let long = Duration::from_secs(600);
        let patience = Patience { asking: long, parting: long };
        let router = Router::new().route("/", get(|| async { "here" }));
        let (end, ended) = oneshot::channel::<()>();
        let server = tokio::spawn(answer(listener, router, patience, async {
            let _ = ended.await;
        }));
        client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut first = [0; 15];
        client.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        end.send(()).unwrap();
        timeout(Duration::from_secs(60), server).await.expect("nothing is waited for").unwrap();
    }
}
