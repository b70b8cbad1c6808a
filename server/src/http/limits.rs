//! How often one may ask: by network before anybody is signed in, by session afterwards, so that a hall full of experts behind
//! one address is no crowd. Whoever asks too fast waits; whoever would wait too long is told so on a page that tries again by itself.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, REFRESH, RETRY_AFTER};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::lockout::network;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use service::audit::TurnedAway;
use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;
use ui::request::Caller;

/// Answers a second, and how many may come at once.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    pub per_second: NonZeroU32,
    pub burst: NonZeroU32,
}

impl Rate {
    fn quota(self) -> Quota {
        Quota::per_second(self.per_second).allow_burst(self.burst)
    }
}

const fn number(value: u32) -> NonZeroU32 {
    match NonZeroU32::new(value) {
        Some(value) => value,
        None => NonZeroU32::MIN,
    }
}

/// The limits of asking, by asker.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Whoever is not signed in, by address.
    pub stranger: Rate,
    /// Signing in and what else takes a secret, by network: a hall may sign in at once. What guessing costs is counted by name, where the
    /// waits grow (`domain::lockout`).
    pub secret: Rate,
    /// Whoever is signed in, by session: a page, its saves every two seconds, and a slider being dragged.
    pub session: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            stranger: Rate { per_second: number(40), burst: number(400) },
            secret: Rate { per_second: number(20), burst: number(600) },
            session: Rate { per_second: number(20), burst: number(120) },
        }
    }
}

/// Within which whoever asked too fast is answered after all.
const PATIENCE: Duration = Duration::from_secs(20);
/// Within which a place of the own session becomes free: the longest that a page may take.
const LONGEST_TURN: Duration = Duration::from_mins(2);
/// Requests of one session that are worked on at once. The others of the same session wait, and nobody else does.
const AT_ONCE: usize = 4;

/// Keys above which those that have been quiet are forgotten.
pub const CROWD: usize = 20_000;

/// Counts of this program; several programs behind one proxy count for themselves.
pub struct Limits {
    strangers: DefaultKeyedRateLimiter<Option<IpAddr>>,
    secrets: DefaultKeyedRateLimiter<Option<IpAddr>>,
    sessions: DefaultKeyedRateLimiter<String>,
    /// Places of each session that has requests open.
    places: Mutex<HashMap<String, Arc<Semaphore>>>,
    /// The pages, for the one that says how long to wait.
    pages: Router,
}

impl Limits {
    pub fn new(rates: Rates, pages: Router) -> Self {
        Self {
            strangers: RateLimiter::keyed(rates.stranger.quota()),
            secrets: RateLimiter::keyed(rates.secret.quota()),
            sessions: RateLimiter::keyed(rates.session.quota()),
            places: Mutex::default(),
            pages,
        }
    }
}

/// Addresses that take a secret which could be guessed.
const SECRETS: [&str; 7] = [
    "/api/sign_in",
    "/api/set_up",
    "/api/accept_invitation",
    "/api/change_password",
    "/api/pass_second_factor",
    "/api/begin_second_factor",
    "/api/confirm_second_factor",
];

impl Limits {
    /// Time to wait before it is this request's turn; none if it may be asked now.
    fn wait(&self, caller: &Caller, method: &Method, path: &str) -> Option<Duration> {
        let address = caller.client.address.map(network);
        let now = DefaultClock::default().now();
        let mut refused: Option<Duration> = None;
        let mut ask = |answer: Result<(), governor::NotUntil<governor::clock::QuantaInstant>>| {
            if let Err(until) = answer {
                refused = refused.max(Some(until.wait_time_from(now)));
            }
        };
        if method == Method::POST && SECRETS.contains(&path) {
            ask(self.secrets.check_key(&address));
        }
        match (&caller.context, &caller.token) {
            (Some(_), Some(token)) => ask(self.sessions.check_key(&token.as_str().to_owned())),
            _ => ask(self.strangers.check_key(&address)),
        }
        self.forget();
        refused
    }

    /// Waits until it is this request's turn.
    ///
    /// # Errors
    /// The time that is left, if it would take too long.
    async fn turn(&self, caller: &Caller, method: &Method, path: &str) -> Result<(), Duration> {
        let give_up = Instant::now() + PATIENCE;
        while let Some(wait) = self.wait(caller, method, path) {
            if Instant::now() + wait > give_up {
                return Err(wait);
            }
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    /// One of the session's places.
    ///
    /// # Errors
    /// None became free in time.
    async fn place(&self, caller: &Caller) -> Result<Option<OwnedSemaphorePermit>, Duration> {
        let (Some(_), Some(token)) = (&caller.context, &caller.token) else { return Ok(None) };
        let own = {
            let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
            if places.len() > CROWD {
                places.retain(|_, own| own.available_permits() < AT_ONCE);
            }
            places.entry(token.as_str().to_owned()).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))).clone()
        };
        match tokio::time::timeout(LONGEST_TURN, own.acquire_owned()).await {
            Ok(place) => Ok(place.ok()),
            Err(_) => Err(PATIENCE),
        }
    }

    /// The page that says how long to wait.
    async fn page(&self, caller: Caller, seconds: u64) -> Option<Response> {
        let nobody = Caller { context: None, token: None, ..caller };
        let ask = Request::get(ui::routes::wait(seconds)).header(ACCEPT, "text/html").extension(nobody);
        self.pages.clone().oneshot(ask.body(Body::empty()).ok()?).await.ok()
    }

    fn forget(&self) {
        for limiter in [&self.strangers, &self.secrets] {
            if limiter.len() > CROWD {
                limiter.retain_recent();
            }
        }
        if self.sessions.len() > CROWD {
            self.sessions.retain_recent();
        }
    }
}

/// Lets whoever asks too fast wait, and sends whoever would wait too long to a page that tries again.
pub async fn limit(State(limits): State<Arc<Limits>>, request: Request, next: Next) -> Response {
    let Some(caller) = request.extensions().get::<Caller>().cloned() else { return next.run(request).await };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let turn = async {
        limits.turn(&caller, &method, &path).await?;
        limits.place(&caller).await
    };
    match turn.await {
        Ok(_place) => next.run(request).await,
        Err(wait) => turned_away(&limits, caller, request, wait).await,
    }
}

async fn turned_away(limits: &Limits, caller: Caller, request: Request, wait: Duration) -> Response {
    let seconds = wait.as_secs() + 1;
    let wants_page = request.headers().get(ACCEPT).is_some_and(|own| own.as_bytes().starts_with(b"text/html"));
    let page = if wants_page { limits.page(caller, seconds).await } else { None };
    let mut response = page.unwrap_or_else(|| format!("请求过于频繁，没有执行；请 {seconds} 秒后再试").into_response());
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    if wants_page {
        let again = match *request.method() {
            Method::GET => request.uri().path_and_query().map_or("/", PathAndQuery::as_str),
            // Nothing that was typed is kept.
            _ => ui::routes::SIGN_IN,
        };
        if let Ok(refresh) = HeaderValue::from_str(&format!("{seconds}; url={again}")) {
            response.headers_mut().insert(REFRESH, refresh);
        }
    }
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response.extensions_mut().insert(TurnedAway::Rate);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_rates_let_a_hall_of_experts_work() {
        let rates = Rates::default();
        // 300 experts sign in within a minute, each over two pages, while somebody beside them guesses ten times a second; each saves every two
        // seconds and looks at a page now and then.
        assert!(rates.secret.burst.get() + 60 * rates.secret.per_second.get() >= 300 + 600);
        assert!(rates.stranger.burst.get() + 60 * rates.stranger.per_second.get() >= 2 * 300 + 2 * 600);
        assert!(rates.session.per_second.get() >= 2);
    }
}
