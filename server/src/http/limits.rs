//! How often one may ask: by address before anybody is signed in, by session afterwards, so that a hall full of experts behind
//! one address is no crowd.

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use service::audit::TurnedAway;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
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
    /// Signing in and what else takes a secret, by address: a hall may sign in at once, guessing takes years.
    pub secret: Rate,
    /// Whoever is signed in, by session: a page, its saves every two seconds, and a slider being dragged.
    pub session: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            stranger: Rate { per_second: number(10), burst: number(60) },
            secret: Rate { per_second: number(1), burst: number(300) },
            session: Rate { per_second: number(20), burst: number(120) },
        }
    }
}

/// Keys above which those that have been quiet are forgotten.
pub const CROWD: usize = 20_000;

/// Counts of this program; several programs behind one proxy count for themselves.
pub struct Limits {
    strangers: DefaultKeyedRateLimiter<Option<IpAddr>>,
    secrets: DefaultKeyedRateLimiter<Option<IpAddr>>,
    sessions: DefaultKeyedRateLimiter<String>,
}

impl Limits {
    pub fn new(rates: Rates) -> Self {
        Self {
            strangers: RateLimiter::keyed(rates.stranger.quota()),
            secrets: RateLimiter::keyed(rates.secret.quota()),
            sessions: RateLimiter::keyed(rates.session.quota()),
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
    /// Seconds to wait before asking again; `None` if it may be asked now.
    fn wait(&self, caller: &Caller, method: &Method, path: &str) -> Option<u64> {
        let address = caller.client.address;
        let now = DefaultClock::default().now();
        let mut refused = None;
        let mut ask = |answer: Result<(), governor::NotUntil<governor::clock::QuantaInstant>>| {
            if let Err(until) = answer {
                refused = refused.max(Some(until.wait_time_from(now).as_secs() + 1));
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

/// Turns away who asks too often, in words.
pub async fn limit(State(limits): State<Arc<Limits>>, request: Request, next: Next) -> Response {
    let wait = request
        .extensions()
        .get::<Caller>()
        .and_then(|caller| limits.wait(caller, request.method(), request.uri().path()));
    let Some(seconds) = wait else { return next.run(request).await };
    let words = format!("请求过于频繁，没有执行；请 {seconds} 秒后再试");
    let mut response = (StatusCode::TOO_MANY_REQUESTS, words).into_response();
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
        // 300 experts sign in within a minute, each over two pages; each saves every two seconds and looks at a page now and then.
        assert!(rates.secret.burst.get() + 60 * rates.secret.per_second.get() >= 300);
        assert!(rates.stranger.burst.get() + 60 * rates.stranger.per_second.get() >= 2 * 300);
        assert!(rates.session.per_second.get() >= 2);
        // A million guesses take more than a week.
        assert!(1_000_000 / u64::from(rates.secret.per_second.get()) > 7 * 86_400);
    }
}
