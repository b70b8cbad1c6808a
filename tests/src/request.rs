//! Requests against the router, without a network.

use crate::World;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, REFERER, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode};
use service::account::Token;
use tower::ServiceExt;

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub location: Option<String>,
    /// The message a form comes back with, decoded; its first character tells good (1) from bad (0).
    pub flash: Option<String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The message of a refused form.
    pub fn problem(&self) -> &str {
        self.flash.as_deref().and_then(|f| f.strip_prefix('0')).unwrap_or_default()
    }
}

impl World {
    /// # Panics
    /// If the router fails.
    pub async fn get(&self, who: Option<&Token>, path: &str) -> Answer {
        self.send(&cookies(who, None), Method::GET, path, None, Vec::new()).await
    }

    /// The page to which an answer leads, with its message.
    ///
    /// # Panics
    /// If the answer leads nowhere, or the router fails.
    pub async fn follow(&self, who: Option<&Token>, answer: &Answer) -> Answer {
        let path = answer.location.as_deref().expect("a place to go");
        self.send(&cookies(who, answer.flash.as_deref()), Method::GET, path, None, Vec::new()).await
    }

    /// Posts a form as a browser without JavaScript does.
    ///
    /// # Panics
    /// If the router fails.
    pub async fn post(&self, who: Option<&Token>, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<_> = fields.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect();
        let kind = Some("application/x-www-form-urlencoded");
        self.send(&cookies(who, None), Method::POST, path, kind, body.join("&").into_bytes()).await
    }

    /// Uploads a file as a browser does.
    ///
    /// # Panics
    /// If the router fails.
    pub async fn upload(&self, who: Option<&Token>, path: &str, name: &str, content: &[u8]) -> Answer {
        let mut body = format!(
            "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--xyz--\r\n");
        self.send(&cookies(who, None), Method::POST, path, Some("multipart/form-data; boundary=xyz"), body).await
    }

    async fn send(&self, cookies: &str, method: Method, path: &str, kind: Option<&str>, body: Vec<u8>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(ACCEPT, "text/html")
            .header(REFERER, "http://127.0.0.1/")
            .header("sec-fetch-site", "same-origin");
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        if let Some(kind) = kind {
            request = request.header(CONTENT_TYPE, kind);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response: Response<Body> = self.router.clone().oneshot(request).await.expect("the router answers");
        let text = |name| response.headers().get(name).and_then(|v| v.to_str().ok()).map(ToOwned::to_owned);
        let flash = response
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .find_map(|v| v.to_str().ok()?.strip_prefix("hengping_flash=")?.split(';').next().map(decode));
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            location: text(LOCATION),
            flash: flash.filter(|f| !f.is_empty()),
            body: to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec(),
        }
    }
}

fn cookies(who: Option<&Token>, flash: Option<&str>) -> String {
    let session = who.map(|token| format!("hengping={}", token.as_str()));
    let message = flash.map(|flash| format!("hengping_flash={}", encode(flash)));
    session.into_iter().chain(message).collect::<Vec<_>>().join("; ")
}

fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn decode(text: &str) -> String {
    form_urlencoded::parse(format!("m={text}").as_bytes()).next().map(|(_, v)| v.into_owned()).unwrap_or_default()
}
