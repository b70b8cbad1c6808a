//! Every request learns who asks, from the session cookie, and where from; what was refused is written down when it ends.

use super::limits::Rates;
use crate::listen::Peer;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::ids::AccountId;
use domain::lockout::network;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use service::account::{Token, resume};
use service::audit::TurnedAway;
use service::{App, Client, Context, Error, audit};
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use ui::cookie::Cookie;
use ui::request::{Caller, cookie_in};

/// Characters kept of what a browser calls itself.
const LONGEST_AGENT: usize = 200;

/// The needs of the session layer.
#[derive(Clone)]
pub struct Door {
    pub app: Arc<App>,
    /// The proxies whose word about the origin of a request is taken.
    pub proxies: Arc<[IpAddr]>,
    pub rates: Rates,
}

/// Attaches the caller; an unknown or ended session is simply nobody.
pub async fn attach(State((door, noted)): State<(Door, Arc<Noted>)>, mut request: Request, next: Next) -> Response {
    let app = door.app;
    let peer = request.extensions().get::<Peer>().copied();
    let device = cookie_in(request.headers(), Cookie::Device.name(app.transport)).unwrap_or_default();
    let client = Client { device, ..client(peer, request.headers(), &door.proxies) };
    let token =
        cookie_in(request.headers(), Cookie::Session.name(app.transport)).map(|value| Token::from_cookie(&value));
    let context = match &token {
        None => None,
        Some(token) => match resume(&app, &client, token).await {
            Ok(context) => Some(context),
            Err(Error::SignedOut) => None,
            Err(error) => return unavailable(&error),
        },
    };
    let path = request.uri().path().to_owned();
    let caller = Caller { app: app.clone(), context: context.clone(), token, client: client.clone() };
    request.extensions_mut().insert(caller);
    let response = next.run(request).await;
    if let Some(why) = response.extensions().get::<TurnedAway>()
        && noted.is_new(&client, context.as_ref(), *why)
        && let Err(error) = audit::record_turned_away(&app, &client, context.as_ref(), &path, *why).await
    {
        return unavailable(&error);
    }
    if let Some(context) = context
        && let Err(error) = audit::record_refusals(&context, &path).await
    {
        return unavailable(&error);
    }
    response
}

/// Whoever is turned away again and again is written down once a minute, account and reason, so that nobody fills the audit from outside.
pub struct Noted(DefaultKeyedRateLimiter<(Option<IpAddr>, Option<AccountId>, TurnedAway)>);

impl Noted {
    pub fn new() -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(NonZeroU32::MIN)))
    }

    fn is_new(&self, client: &Client, ctx: Option<&Context>, why: TurnedAway) -> bool {
        if self.0.len() > super::limits::CROWD {
            self.0.retain_recent();
        }
        let account = ctx.map(|ctx| ctx.actor.account);
        self.0.check_key(&(client.address.map(network), account, why)).is_ok()
    }
}

fn unavailable(error: &Error) -> Response {
    ui::request::log(error);
    (axum::http::StatusCode::SERVICE_UNAVAILABLE, "系统暂时不可用，请稍后重试").into_response()
}

/// The peer's address, or what a trusted proxy says of whom it speaks for: the last address in `X-Forwarded-For` that is not
/// itself a trusted proxy's. What stands before it was sent by the client and proves nothing.
fn client(peer: Option<Peer>, headers: &HeaderMap, proxies: &[IpAddr]) -> Client {
    let listed = |address: &IpAddr| proxies.contains(&address.to_canonical());
    let address = peer.map(|peer| {
        let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect();
        let words = lines.iter().flat_map(|line| line.split(',')).rev();
        let said = words.map_while(|word| word.trim().parse::<IpAddr>().ok()).find(|address| !listed(address));
        match peer {
            Peer::Proxy => said.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            Peer::Address(own) => said.filter(|_| listed(&own)).unwrap_or(own),
        }
    });
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Client { address, agent: agent.chars().take(LONGEST_AGENT).collect(), device: String::new() }
}

/// The signed-in caller of a plain route.
///
/// # Errors
/// `SignedOut` if nobody is.
pub fn context(caller: &Caller) -> Result<Context, Error> {
    caller.context.clone().ok_or(Error::SignedOut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn one_network_is_noted_once_for_each_reason() {
        let from = |text: &str| Client { address: Some(text.parse().unwrap()), ..Client::default() };
        let noted = Noted::new();
        assert!(noted.is_new(&from("2001:db8::1"), None, TurnedAway::Rate));
        assert!(!noted.is_new(&from("2001:db8::2"), None, TurnedAway::Rate));
        assert!(noted.is_new(&from("2001:db8::2"), None, TurnedAway::Origin), "one reason does not hide the other");
        assert!(noted.is_new(&from("2001:db8:0:1::1"), None, TurnedAway::Rate));
        assert!(
            noted.is_new(&from("192.0.2.1"), None, TurnedAway::Rate)
                && noted.is_new(&from("192.0.2.2"), None, TurnedAway::Rate)
        );
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_word() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxies = [address("127.0.0.1")];
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("10.9.9.9, 203.0.113.7"));
        let seen =
            |peer: &str, headers: &HeaderMap| client(Some(Peer::Address(address(peer))), headers, &proxies).address;
        assert_eq!(seen("127.0.0.1", &headers), Some(address("203.0.113.7")), "what the client claims comes first");
        assert_eq!(seen("::ffff:127.0.0.1", &headers), Some(address("203.0.113.7")));
        assert_eq!(seen("198.51.100.2", &headers), Some(address("198.51.100.2")));
        assert_eq!(seen("127.0.0.1", &HeaderMap::new()), Some(address("127.0.0.1")));
        headers.insert("x-forwarded-for", HeaderValue::from_static("unknown, 203.0.113.7, 127.0.0.1"));
        assert_eq!(seen("127.0.0.1", &headers), Some(address("203.0.113.7")));
        headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.7, unknown"));
        assert_eq!(seen("127.0.0.1", &headers), Some(address("127.0.0.1")));
    }
}
