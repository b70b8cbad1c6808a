//! One expert: signs in, opens a sheet, types, saves, and goes on to the next.

use crate::prepare::PASSWORD;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Method, Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::collections::BTreeMap;
use std::io::Read;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::time::{MissedTickBehavior, interval_at, sleep_until, timeout};

/// The server, reached from one address over connections that stay open.
#[derive(Clone)]
pub struct Hall {
    client: Client<HttpConnector, Body>,
    base: String,
}

/// An answer and how long it took.
struct Answer {
    status: StatusCode,
    cookie: Option<String>,
    location: String,
    body: Vec<u8>,
    took: Duration,
}

impl Hall {
    pub fn new(server: SocketAddr) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self { client: Client::builder(TokioExecutor::new()).build(connector), base: format!("http://{server}") }
    }

    async fn ask(&self, cookie: &str, path: &str, form: Option<String>) -> Result<Answer, String> {
        timeout(PATIENCE, self.exchange(cookie, path, form)).await.map_err(|_| format!("{path}: no answer"))?
    }

    async fn exchange(&self, cookie: &str, path: &str, form: Option<String>) -> Result<Answer, String> {
        let (method, accept) = match &form {
            None => (Method::GET, "text/html"),
            Some(_) if path == KEEP => (Method::POST, "application/json"),
            Some(_) => (Method::POST, "text/html"),
        };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(ACCEPT, accept)
            .header(ACCEPT_ENCODING, "gzip")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .body(form.map_or_else(Body::empty, Body::from))
            .map_err(|error| error.to_string())?;
        let begun = Instant::now();
        let response = self.client.request(request).await.map_err(|error| error.to_string())?;
        let (parts, body) = response.into_parts();
        let body = to_bytes(Body::new(body), usize::MAX).await.map_err(|error| error.to_string())?;
        let took = begun.elapsed();
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let mut plain = Vec::new();
        if text(axum::http::header::CONTENT_ENCODING) == "gzip" {
            flate2::read::GzDecoder::new(&*body).read_to_end(&mut plain).map_err(|error| error.to_string())?;
        } else {
            plain.extend(&body);
        }
        let cookie = text(SET_COOKIE).split(';').next().filter(|cookie| !cookie.is_empty()).map(ToOwned::to_owned);
        Ok(Answer { status: parts.status, cookie, location: text(LOCATION).to_owned(), body: plain, took })
    }
}

const KEEP: &str = "/api/keep_sheet";
/// An answer that takes longer is an error.
const PATIENCE: Duration = Duration::from_secs(30);

/// A save that the server has acknowledged.
#[derive(Debug, Clone)]
pub struct Saved {
    pub login: String,
    pub sheet: String,
    pub version: u64,
    /// As typed, by field.
    pub fields: BTreeMap<String, String>,
}

/// A sheet as the expert has it open.
struct Open {
    id: String,
    version: u64,
    /// The names of the items.
    items: Vec<String>,
}

/// Someone at a desk, signed in.
pub struct Expert {
    hall: Hall,
    login: String,
    cookie: String,
    /// The expert's sheets, the open one first.
    sheets: Vec<String>,
    open: Open,
}

/// How long things took, and whatever went wrong.
#[derive(Default)]
pub struct Day {
    pub saves: Vec<Duration>,
    pub pages: Vec<Duration>,
    pub saved: Vec<Saved>,
    pub errors: Vec<String>,
}

impl Expert {
    /// Signs in at a given moment and opens the first sheet. Also says how long the server took for the sign-in itself.
    pub async fn arrive(hall: Hall, login: String, at: Instant) -> Result<(Self, Duration), String> {
        sleep_until(at.into()).await;
        let page = hall.ask("", "/sign-in", None).await?;
        if page.status != StatusCode::OK {
            return Err(format!("GET /sign-in: {}", page.status));
        }
        let form = encoded([("login", login.as_str()), ("password", PASSWORD), ("next", "/desk")]);
        let answer = hall.ask("", "/api/sign_in", Some(form)).await?;
        let cookie = answer.cookie.filter(|_| answer.location.ends_with("/desk"));
        let cookie = cookie.ok_or_else(|| format!("{login} cannot sign in: {} {}", answer.status, answer.location))?;
        let desk = hall.ask(&cookie, "/desk", None).await?;
        let text = String::from_utf8_lossy(&desk.body).into_owned();
        let mut sheets: Vec<String> =
            text.split("href=\"/desk/").skip(1).filter_map(|rest| Some(rest.get(..36)?.to_owned())).collect();
        sheets.dedup();
        let first = sheets.first().ok_or_else(|| format!("{login} has no sheets: {}", desk.status))?;
        let open = read(&hall, &cookie, first).await?.0;
        Ok((Self { hall, login, cookie, sheets, open }, answer.took))
    }

    /// Saves at every tick until `ends`; after every `turn.0` saves goes on to the next sheet, the first time after `turn.1`.
    pub async fn work(mut self, first: Instant, every: Duration, ends: Instant, turn: Option<(u64, u64)>) -> Day {
        let mut day = Day::default();
        let mut ticks = interval_at(first.into(), every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        for count in 1_u64.. {
            if ticks.tick().await.into_std() >= ends {
                break;
            }
            if let Err(error) = self.save(count, &mut day).await {
                day.errors.push(format!("{}: {error}", self.login));
            }
            if turn.is_some_and(|(after, from)| (count + from).is_multiple_of(after))
                && let Err(error) = self.turn(&mut day).await
            {
                day.errors.push(format!("{}: {error}", self.login));
            }
        }
        day
    }

    async fn save(&mut self, count: u64, day: &mut Day) -> Result<(), String> {
        let fields: BTreeMap<String, String> = (self.open.items.iter().zip(0..))
            .map(|(item, place): (_, u64)| {
                (item.clone(), ["0", "0.5", "1", "1.5", "2"][((count + place) % 5) as usize])
            })
            .map(|(item, points)| (item, points.to_owned()))
            .chain([("vote".to_owned(), "recommend".to_owned())])
            .chain([("comment".to_owned(), format!("第{count}次保存：基础扎实，建议细化中试放大方案。"))])
            .collect();
        let version = self.open.version.to_string();
        let form = [("sheet", self.open.id.as_str()), ("version", version.as_str())];
        let form = encoded(form.into_iter().chain(fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))));
        let answer = self.hall.ask(&self.cookie, KEEP, Some(form)).await?;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let reply: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let version = reply["Saved"]["version"].as_u64();
        let wrong = reply["Saved"]["wrong"].as_array().is_none_or(|wrong| !wrong.is_empty());
        if answer.status != StatusCode::OK || wrong || version != Some(self.open.version + 1) {
            return Err(format!("{} {text}", answer.status));
        }
        day.saves.push(answer.took);
        self.open.version += 1;
        let (login, sheet) = (self.login.clone(), self.open.id.clone());
        day.saved.push(Saved { login, sheet, version: self.open.version, fields });
        Ok(())
    }

    async fn turn(&mut self, day: &mut Day) -> Result<(), String> {
        self.sheets.rotate_left(1);
        let (open, took) = read(&self.hall, &self.cookie, &self.sheets[0]).await?;
        self.open = open;
        day.pages.push(took);
        Ok(())
    }
}

/// Opens a sheet's page and reads its form.
async fn read(hall: &Hall, cookie: &str, sheet: &str) -> Result<(Open, Duration), String> {
    let page = hall.ask(cookie, &format!("/desk/{sheet}"), None).await?;
    let text = String::from_utf8_lossy(&page.body);
    let version =
        text.split_once("name=\"version\" value=\"").and_then(|(_, rest)| rest.split('"').next()?.parse().ok());
    let version = version.ok_or_else(|| format!("GET /desk/{sheet}: {} without a form", page.status))?;
    let reasons = text.split("name=\"").skip(1).filter_map(|rest| rest.split('"').next()?.strip_suffix(".reason"));
    let items = reasons.map(ToOwned::to_owned).collect();
    Ok((Open { id: sheet.to_owned(), version, items }, page.took))
}

fn encoded<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
