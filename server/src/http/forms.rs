//! Forms: read in whole before anything is done with them, in bounds of length and time, and answered in words where they are none.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use domain::text::kept;
use std::time::Duration;
use ui::answer::Sent;

/// Within which the body of a form has to be there.
const PATIENCE: Duration = Duration::from_secs(30);
/// Characters of one field.
const LONGEST_FIELD: usize = 20_000;
/// Bytes of an error that are looked at.
const LONGEST_ERROR: usize = 64 * 1024;

/// A form must be one, text that every database can keep, and not longer than `longest` bytes. Said in words, since what Leptos says of a
/// body that it cannot read is meant for programmers. What nobody sees and turns other text around is left out; secrets stay as they are.
pub async fn readable(longest: usize, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    if !is_form(request.headers()) {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "提交的内容不是表单，没有执行").into_response();
    }
    let (mut parts, body) = request.into_parts();
    let body = match tokio::time::timeout(PATIENCE, to_bytes(body, longest)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            return (StatusCode::PAYLOAD_TOO_LARGE, "提交的内容过长，没有保存；请返回后缩短文字再提交").into_response();
        }
        Err(_) => return (StatusCode::REQUEST_TIMEOUT, "提交没有在30秒内传完，没有保存；请重新提交").into_response(),
    };
    if body.contains(&0) || body.windows(3).any(|three| three == b"%00") {
        return (StatusCode::BAD_REQUEST, "提交的内容含有不能保存的控制字符，没有保存；请返回后删去再提交")
            .into_response();
    }
    let body = match cleaned(&body) {
        Ok(body) => body,
        Err(field) => {
            let words = format!("“{field}”过长（最多{LONGEST_FIELD}字），没有保存；请返回后缩短再提交");
            return (StatusCode::PAYLOAD_TOO_LARGE, words).into_response();
        }
    };
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let mut request = Request::from_parts(parts, Body::from(body.clone()));
    request.extensions_mut().insert(Sent(body));
    in_words(next.run(request).await).await
}

/// Whether the body is declared a form, however the declaration is spelt.
fn is_form(headers: &HeaderMap) -> bool {
    let declared = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        // A button without fields sends no body and no declaration.
        || (essence.is_empty() && headers.get(CONTENT_LENGTH).is_none_or(|length| length == "0"))
}

/// Fields whose every character counts.
fn is_secret(name: &str) -> bool {
    ["password", "secret", "nonce", "key", "code"].iter().any(|part| name.contains(part))
}

/// The form as it may be kept.
///
/// # Errors
/// The name of a field that is too long.
fn cleaned(body: &Bytes) -> Result<Bytes, String> {
    let pairs = ui::request::form_pairs(body);
    if let Some((name, _)) = pairs.iter().find(|(_, value)| value.chars().count() > LONGEST_FIELD) {
        return Err(name.chars().take(40).collect());
    }
    if pairs.iter().all(|(name, value)| is_secret(name) || kept(value) == *value) {
        return Ok(body.clone());
    }
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in &pairs {
        form.append_pair(name, &if is_secret(name) { value.clone() } else { kept(value) });
    }
    Ok(form.finish().into())
}

/// A form without all of its fields is answered in words, and as the mistake that it is.
async fn in_words(response: Response) -> Response {
    const INCOMPLETE: &str = "提交的表单不完整或格式不正确，没有执行；请返回页面重新填写";
    let redirected = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).is_some_and(|to| {
        let error = to.split_once("__err=").map(|(_, rest)| rest.split('&').next().unwrap_or_default());
        error.is_some_and(|error| is_of_fields(&decoded(error)))
    });
    if redirected {
        return (StatusCode::BAD_REQUEST, INCOMPLETE).into_response();
    }
    // Where the browser does not say which page it comes from, the error is in the body alone.
    let failed = response.headers().contains_key("serverfnerror");
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR && !failed {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LONGEST_ERROR).await else {
        return (StatusCode::INTERNAL_SERVER_ERROR, "系统故障，操作没有生效，请稍后重试或联系管理员").into_response();
    };
    if is_of_fields(&body) {
        return (StatusCode::BAD_REQUEST, INCOMPLETE).into_response();
    }
    Response::from_parts(parts, Body::from(body))
}

/// The error in an address, as Leptos writes it there.
fn decoded(error: &str) -> Vec<u8> {
    let plain: String =
        form_urlencoded::parse(format!("e={error}").as_bytes()).map(|(_, value)| value.into_owned()).collect();
    URL_SAFE.decode(&plain).or_else(|_| STANDARD.decode(&plain)).unwrap_or_default()
}

/// Whether Leptos says that fields are missing or cannot be read.
fn is_of_fields(error: &[u8]) -> bool {
    ["Args|", "MissingArg|", "Deserialization|"].iter().any(|kind| error.starts_with(kind.as_bytes()))
}

/// Whatever is asked is answered within this time, or given up.
pub async fn in_time(longest: Duration, request: Request, next: Next) -> Response {
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => (StatusCode::REQUEST_TIMEOUT, "没有在规定的时间内传完或算完，没有执行；请稍后重试").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(kind: &'static str) -> bool {
        is_form(&HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static(kind)),
            (CONTENT_LENGTH, HeaderValue::from_static("3")),
        ]))
    }

    #[test]
    fn a_form_is_one_however_it_is_spelt_and_nothing_else_is() {
        for kind in ["application/x-www-form-urlencoded", "Application/X-WWW-Form-URLencoded; charset=utf-8"] {
            assert!(declared(kind), "{kind}");
        }
        for kind in [
            "application/json",
            "text/plain",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencodedx",
            "",
        ] {
            assert!(!declared(kind), "{kind}");
        }
        assert!(is_form(&HeaderMap::new()), "a button without fields");
    }

    #[test]
    fn what_nobody_sees_is_left_out_but_of_secrets() {
        let form = Bytes::from("comment=%E5%A5%BD%E2%80%AE%07&password=a%E2%80%AEb");
        assert_eq!(cleaned(&form).unwrap(), "comment=%E5%A5%BD&password=a%E2%80%AEb");
        let plain = Bytes::from("comment=%E5%A5%BD%0D%0A");
        assert_eq!(cleaned(&plain).unwrap(), plain);
        let long = Bytes::from(format!("title={}", "x".repeat(LONGEST_FIELD + 1)));
        assert_eq!(cleaned(&long).unwrap_err(), "title");
    }

    #[test]
    fn an_error_about_fields_is_known_in_an_address_too() {
        let error = URL_SAFE.encode("Args|missing field `consent`").replace('=', "%3D");
        assert!(is_of_fields(&decoded(&error)));
        assert!(!is_of_fields(&decoded(&URL_SAFE.encode("ServerError|x"))));
    }
}
