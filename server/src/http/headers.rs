//! Headers of every answer to the browser, and the requests that are let through at all.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use service::Transport;
use service::audit::TurnedAway;

/// Headers of every answer.
const ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    ),
];
/// For whatever is no page and needs nothing.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'";
/// A year, on every name below this one.
const TLS_ONLY: &str = "max-age=31536000; includeSubDomains";

/// Pages are personal: nothing is kept in caches, framed, guessed by content or lent to other sites.
pub async fn protect(State(transport): State<Transport>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(NOTHING));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if transport == Transport::Tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(TLS_ONLY));
    }
    response
}

/// A write must come from a page of this site: another site's form or script is turned away.
pub async fn same_origin(State(transport): State<Transport>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_own(request.headers(), transport) {
        return next.run(request).await;
    }
    let mut response = (StatusCode::FORBIDDEN, "请求不是从本系统页面发出的，没有执行").into_response();
    response.extensions_mut().insert(TurnedAway::Origin);
    response
}

/// `Sec-Fetch-Site` where the browser sends it, else `Origin` against the scheme people come by and `Host`. Programs that send neither are no browsers
/// and carry no cookies of a victim.
fn is_own(headers: &HeaderMap, transport: Transport) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    match (text(ORIGIN), text(HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            let scheme = match transport {
                Transport::Tls => "https",
                Transport::Plain => "http",
            };
            origin.split_once("://").is_some_and(|(own, authority)| {
                own.eq_ignore_ascii_case(scheme) && authority.eq_ignore_ascii_case(host)
            })
        }
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        own_by(Transport::Tls, pairs)
    }

    fn own_by(transport: Transport, pairs: &[(&'static str, &'static str)]) -> bool {
        let pairs = pairs.iter().map(|(k, v)| (axum::http::HeaderName::from_static(k), HeaderValue::from_static(v)));
        is_own(&pairs.collect(), transport)
    }

    #[test]
    fn writes_from_other_sites_are_turned_away() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(!own(&[("sec-fetch-site", "cross-site")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(own(&[("origin", "https://a.example"), ("host", "a.example")]));
        assert!(!own(&[("origin", "https://b.example"), ("host", "a.example")]));
        assert!(!own(&[("origin", "null"), ("host", "a.example")]));
        assert!(!own(&[("origin", "http://a.example"), ("host", "a.example")]), "the same name without TLS");
        assert!(own_by(Transport::Plain, &[("origin", "http://a.example"), ("host", "A.example")]));
        assert!(!own_by(Transport::Plain, &[("origin", "https://a.example"), ("host", "a.example")]));
    }
}
