//! What every answer says to the browser, and which requests are let through at all.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Pages are personal: nothing is kept in caches, framed, or guessed by content.
pub async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A write must come from a page of this site: another site's form or script is turned away.
pub async fn same_origin(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || is_own(request.headers()) {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "请求不是从本系统页面发出的，没有执行").into_response()
}

/// `Sec-Fetch-Site` where the browser sends it, else `Origin` against `Host`. Programs that send neither are no browsers
/// and carry no cookies of a victim.
fn is_own(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let text = |name| headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
    match (text(ORIGIN), text(HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, authority)| authority == host),
        (Some(_), None) => false,
    }
}

/// A form must be text that every database can keep: no NUL, and not longer than `longest` bytes. Said in words, since what Leptos says of a
/// body that it cannot read is meant for programmers.
pub async fn readable(longest: usize, request: Request, next: Next) -> Response {
    let form = request.method() == Method::POST
        && request
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    if !form {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, longest).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "提交的内容过长，没有保存；请返回后缩短文字再提交").into_response();
    };
    if body.contains(&0) || body.windows(3).any(|three| three == b"%00") {
        return (StatusCode::BAD_REQUEST, "提交的内容含有不能保存的控制字符，没有保存；请返回后删去再提交")
            .into_response();
    }
    next.run(Request::from_parts(parts, axum::body::Body::from(body))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let pairs = pairs.iter().map(|(k, v)| (axum::http::HeaderName::from_static(k), HeaderValue::from_static(v)));
        is_own(&pairs.collect())
    }

    #[test]
    fn writes_from_other_sites_are_turned_away() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(!own(&[("sec-fetch-site", "cross-site")]));
        assert!(!own(&[("sec-fetch-site", "same-site")]));
        assert!(own(&[("origin", "https://a.example"), ("host", "a.example")]));
        assert!(!own(&[("origin", "https://b.example"), ("host", "a.example")]));
        assert!(!own(&[("origin", "null"), ("host", "a.example")]));
    }
}
