//! Who may ask, and what every answer says: one method, our own names, no other page's requests, and strict headers.

use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName, HeaderValue,
    ORIGIN, REFERRER_POLICY, UPGRADE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Styles and the script come from here, pictures from the page itself, and nothing from elsewhere; the only forms
/// are ours, and nobody frames a page (<https://www.w3.org/TR/CSP3/>).
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// What is said beside the policy.
const HEADERS: [(HeaderName, &str); 8] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (CACHE_CONTROL, "no-store"),
];

/// Lets a request through, or refuses it in plain text; `port` is the one that we listen on.
pub(crate) async fn guard(State(port): State<u16>, request: Request, next: Next) -> Response {
    let mut response = match refused(request.method(), request.headers(), port) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refused(method: &Method, headers: &HeaderMap, port: u16) -> Option<Response> {
    let plain = |status: StatusCode, text: &str| {
        Some(
            (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{text}\n"))
                .into_response(),
        )
    };
    if method != Method::GET {
        let mut response =
            plain(StatusCode::METHOD_NOT_ALLOWED, "a lake is only read: ask with GET");
        if let Some(response) = &mut response {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
        }
        return response;
    }
    // A name that somebody else's server gave to 127.0.0.1 (DNS rebinding) is none of ours.
    let host = headers.get_all(HOST).iter().collect::<Vec<_>>();
    let is_ours =
        matches!(host[..], [host] if host.to_str().is_ok_and(|host| names_us(host, port)));
    if !is_ours {
        return plain(
            StatusCode::MISDIRECTED_REQUEST,
            &format!("this is rolecall on this machine: open http://127.0.0.1:{port}/"),
        );
    }
    // Browsers say where a request comes from; other programs say nothing (<https://www.w3.org/TR/fetch-metadata/>).
    // A WebSocket does not say it, but its origin, which no page of ours has need to.
    let from = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let is_foreign = !matches!(from, None | Some(b"none" | b"same-origin"));
    if is_foreign || headers.contains_key(ORIGIN) || headers.contains_key(UPGRADE) {
        return plain(
            StatusCode::FORBIDDEN,
            "another site asked for this page: copy its address into the address bar to open it",
        );
    }
    None
}

fn names_us(host: &str, port: u16) -> bool {
    let (name, said) = match host.rsplit_once(':') {
        Some((name, digits))
            if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            (name, digits.parse().ok())
        }
        _ => (host, Some(80)),
    };
    said == Some(port)
        && ["127.0.0.1", "localhost"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(method: Method, headers: &[(&str, &str)]) -> Option<u16> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        refused(&method, &map, 8020).map(|response| response.status().as_u16())
    }

    #[test]
    fn only_our_own_names_are_answered() {
        for host in ["127.0.0.1:8020", "localhost:8020", "LOCALHOST:8020"] {
            assert_eq!(status(Method::GET, &[("host", host)]), None, "{host}");
        }
        for host in [
            "evil.example:8020",
            "127.0.0.1",
            "127.0.0.1:80",
            "127.0.0.1:8020.evil.example",
            "localhost:8020:8020",
            "localhost.evil.example:8020",
            "127.0.0.1:",
            "127.0.0.1:99999",
            "",
            "0.0.0.0:8020",
            "[::1]:8020",
            "user@127.0.0.1:8020",
        ] {
            assert_eq!(status(Method::GET, &[("host", host)]), Some(421), "{host}");
        }
        assert_eq!(status(Method::GET, &[]), Some(421));
        assert_eq!(
            status(Method::GET, &[("host", "localhost:8020"), ("host", "evil.example")]),
            Some(421)
        );
        assert!(names_us("localhost", 80) && !names_us("localhost", 8020));
    }

    #[test]
    fn other_methods_and_other_sites_are_refused() {
        let host = ("host", "127.0.0.1:8020");
        for method in [Method::POST, Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS] {
            assert_eq!(status(method, &[host]), Some(405));
        }
        for (site, expected) in [
            ("none", None),
            ("same-origin", None),
            ("same-site", Some(403)),
            ("cross-site", Some(403)),
            ("x", Some(403)),
        ] {
            assert_eq!(status(Method::GET, &[host, ("sec-fetch-site", site)]), expected, "{site}");
        }
        for asked in
            [("origin", "https://evil.example"), ("origin", "null"), ("upgrade", "websocket")]
        {
            assert_eq!(status(Method::GET, &[host, asked]), Some(403), "{asked:?}");
        }
    }
}
