//! The request behind a page or a server function: caller, address, parameters, answer.

use crate::components::Query;
use crate::routes;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use domain::numeral::NumeralError;
use domain::points::Points;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_axum::ResponseOptions;
use service::{Context, Error, RuleError};
use std::str::FromStr;

/// The caller, as the session layer attaches it to every request.
#[derive(Clone)]
pub struct Caller {
    pub app: std::sync::Arc<service::App>,
    /// `None` while nobody is signed in.
    pub context: Option<Context>,
    pub token: Option<service::account::Token>,
    pub client: service::Client,
}

/// The request behind this page or server function.
pub fn parts() -> Option<Parts> {
    use_context::<Parts>()
}

/// The caller as the session layer found it.
///
/// # Errors
/// `Internal` outside a request.
pub fn caller() -> Result<Caller, Error> {
    parts()
        .and_then(|parts| parts.extensions.get::<Caller>().cloned())
        .ok_or_else(|| Error::Internal("no request".to_owned()))
}

/// The signed-in caller.
///
/// # Errors
/// `SignedOut` if nobody is.
pub fn context() -> Result<Context, Error> {
    caller()?.context.ok_or(Error::SignedOut)
}

/// Path and query of the page.
pub fn query() -> Query {
    let Some(parts) = parts() else { return Query::new("/") };
    let pairs = parts.uri.query().map(|q| form_pairs(q.as_bytes())).unwrap_or_default();
    Query::from_pairs(parts.uri.path(), pairs)
}

/// The path with its query, to come back to after signing in.
pub fn here() -> String {
    parts().and_then(|p| p.uri.path_and_query().map(ToString::to_string)).unwrap_or_else(|| "/".to_owned())
}

/// Decoded `a=b&c=d`.
pub fn form_pairs(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
}

/// A typed parameter of the page's path.
///
/// # Errors
/// `NotFound` if it is missing or malformed: the same answer as for an id that is not the caller's.
pub fn path_id<T: FromStr>(name: &str) -> Result<T, Error> {
    let params = leptos_router::hooks::use_params_map();
    params.with_untracked(|map| map.get(name)).and_then(|text| text.parse().ok()).ok_or(Error::NotFound)
}

/// An id that arrived in a form.
///
/// # Errors
/// `NotFound` if it is malformed.
pub fn id<T: FromStr>(text: &str) -> Result<T, Error> {
    text.trim().parse().map_err(|_| Error::NotFound)
}

/// A field whose content is not what the field is for; the text names the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormError(pub String);

/// A coded value that arrived in a form.
///
/// # Errors
/// `FormError` naming the field.
pub fn coded<T: FromStr>(text: &str, field: &str) -> Result<T, FormError> {
    text.parse().map_err(|_| FormError(format!("请选择{field}")))
}

/// A whole number that arrived in a form.
///
/// # Errors
/// `FormError` naming the field and what was typed.
pub fn number<T: TryFrom<i64>>(text: &str, field: &str) -> Result<T, FormError> {
    let typed = domain::text::normalise(text);
    let out_of_range = || FormError(format!("{field}超出范围，您填写的是“{typed}”"));
    match domain::numeral::parse_whole(text) {
        Ok(value) => value.try_into().map_err(|_| out_of_range()),
        Err(NumeralError::Empty) => Err(FormError(format!("请填写{field}"))),
        Err(NumeralError::NotANumber) => Err(FormError(format!("{field}应为整数，您填写的是“{typed}”"))),
        Err(error) => Err(FormError(format!("{field}{error}，您填写的是“{typed}”"))),
    }
}

/// A number with up to two decimals that arrived in a form.
///
/// # Errors
/// `FormError` naming the field and what was typed.
pub fn decimal(text: &str, field: &str) -> Result<Points, FormError> {
    Points::parse(text).map_err(|error| match error {
        NumeralError::Empty => FormError(format!("请填写{field}")),
        error => FormError(format!("{field}“{}”{error}", text.trim())),
    })
}

/// Which rows of a list a page shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// From 1.
    pub page: u64,
    pub size: u64,
}

impl Window {
    /// From `page` and `size` of the query, whatever was typed there.
    pub fn of(query: &Query) -> Self {
        let number = |key: &str| query.get(key).and_then(|text| text.parse::<u64>().ok());
        Self {
            page: number("page").unwrap_or(1).clamp(1, 1_000_000),
            size: number("size").unwrap_or(50).clamp(10, 200),
        }
    }

    /// The last page where there are fewer rows.
    #[must_use]
    pub fn within(self, total: u64) -> Self {
        Self { page: self.page.min(total.div_ceil(self.size).max(1)), ..self }
    }

    pub fn skip(self) -> usize {
        usize::try_from((self.page - 1) * self.size).unwrap_or(usize::MAX)
    }

    pub fn take(self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }
}

/// Only addresses of this site, so that neither a link nor a form can send people elsewhere. Browsers skip control characters and read
/// a backslash as a slash, so neither may occur.
pub fn own_address(address: &str) -> &str {
    let own = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    if own && address.chars().all(|c| c.is_ascii_graphic()) { address } else { "/" }
}

/// Where a server function's form posts.
pub const fn post<F: ServerFn>() -> &'static str {
    F::PATH
}

/// The text an error shows, with the details of a sheet's items and with what to do in the browser.
pub fn error_text(error: &Error) -> String {
    use domain::sheet::SheetError;
    match error {
        Error::Rule(RuleError::Sheet(SheetError::Invalid(items) | SheetError::Incomplete(items))) => {
            let lines: Vec<_> = items.iter().map(|i| format!("{} {}", item_name(&i.code), i.problem)).collect();
            format!("{error}：{}", lines.join("；"))
        }
        Error::Stale => "内容已被他人更新，请刷新后重试；您的修改没有保存".to_owned(),
        other => other.to_string(),
    }
}

fn item_name(code: &str) -> &str {
    match code {
        "vote" => "推荐意见",
        "comment" => "总体意见",
        other => other,
    }
}

/// Failures of the system go to the log with their cause; the page shows only that it failed.
pub fn log(error: &Error) {
    match error {
        Error::Internal(cause) => tracing::error!(?cause, "request failed"),
        Error::OutOfScope => tracing::error!("a permission let through what the store refused: a row of another"),
        _ => {}
    }
}

pub fn sign_in_address(back: &str) -> String {
    Query::new(routes::SIGN_IN).with("next", back).href()
}

/// A cookie of the request.
pub fn cookie(name: &str) -> Option<String> {
    cookie_in(&parts()?.headers, name)
}

/// A cookie among headers.
pub fn cookie_in(headers: &axum::http::HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}

/// Adds a `Set-Cookie` to the answer.
pub fn append_cookie(cookie: &str) {
    if let (Some(options), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(cookie)) {
        options.append_header(header::SET_COOKIE, value);
    }
}

/// Tells the browser to forget the pages it kept of this site. Copies of sheets that could not be saved stay: they are sealed for their account,
/// and another person's sign-out must not take them away.
pub fn clear_pages() {
    if let Some(options) = use_context::<ResponseOptions>() {
        let name = axum::http::HeaderName::from_static("clear-site-data");
        options.insert_header(name, HeaderValue::from_static("\"cache\""));
    }
}

/// Sends the browser of a page elsewhere.
pub fn go(address: &str) {
    if let (Some(options), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(address)) {
        options.set_status(StatusCode::FOUND);
        options.insert_header(header::LOCATION, value);
    }
}

/// Sets the answer's status.
pub fn set_status(status: StatusCode) {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.set_status(status);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_site_are_gone_to() {
        for own in ["/", "/rounds/x?a=b#c", "/experts?name=%E7%8E%8B"] {
            assert_eq!(own_address(own), own);
        }
        for foreign in [
            "",
            "//evil.example",
            "/\t/evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/x\0",
            "/x\u{7f}",
            "/中",
        ] {
            assert_eq!(own_address(foreign), "/", "{foreign:?}");
        }
    }
}
