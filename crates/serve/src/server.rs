//! The server: bound to loopback, and one page for each path.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::Uri;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rolecall_report::live::{SCRIPT, STYLE};
use tokio::net::TcpListener;

use crate::asked::Asked;
use crate::connections::{Patience, answer};
use crate::guard::guard;
use crate::pages;
use crate::sight::{Serving, Viewer};

/// How long a client may take to ask, and pages that are being answered may go on after the end was asked for.
const PATIENCE: Patience =
    Patience { asking: Duration::from_secs(10), parting: Duration::from_secs(2) };

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The port cannot be used.
    #[error(
        "could not listen on 127.0.0.1:{port}: choose another with `--port`, or any free one with `--port 0`"
    )]
    Port {
        /// The port.
        port: u16,
        /// Why not.
        source: std::io::Error,
    },
}

/// A server that listens, and answers when it is run.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    viewer: Arc<Viewer>,
}

impl Server {
    /// Listens on 127.0.0.1; port 0 is any that is free.
    ///
    /// # Errors
    /// If somebody else listens there, or the port is not for everybody.
    pub async fn bind(port: u16, serving: Serving) -> Result<Server, ServeError> {
        let failed = |source| ServeError::Port { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Server { listener, address, viewer: Arc::new(Viewer::new(serving)) })
    }

    /// The address of the first page.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Answers until `end` is over; what is being answered then has two more seconds.
    pub async fn run(self, end: impl Future<Output = ()>) {
        let router = router(self.viewer, self.address.port());
        answer(self.listener, router, PATIENCE, end).await;
    }
}

fn router(viewer: Arc<Viewer>, port: u16) -> Router {
    let pages = pages::PATHS.iter().fold(Router::new(), |all, path| all.route(path, get(page)));
    pages
        .route("/sql.csv", get(csv))
        .fallback(page)
        .with_state(viewer)
        .route("/assets/page.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
        .route("/assets/page.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT) }))
        .layer(from_fn_with_state(port, guard))
}

async fn page(State(viewer): State<Arc<Viewer>>, uri: Uri, RawQuery(query): RawQuery) -> Response {
    pages::respond(&viewer, uri.path(), &Asked::of(query.as_deref())).await
}

async fn csv(State(viewer): State<Arc<Viewer>>, RawQuery(query): RawQuery) -> Response {
    pages::csv(&viewer, &Asked::of(query.as_deref())).await
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, kind)], text).into_response()
}
