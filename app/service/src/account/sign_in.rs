//! 登录: signing in and out, lock-out, and the caller's own sessions.

use super::device::known;
use super::guess::{self, Admitted};
use super::invitation::is_usable;
use super::{Token, actor, login_name, present};
use crate::audit::kinds::Locked;
use crate::audit::{Entry, Event, record_unsigned};
use crate::context::Policy;
use crate::{App, Client, Context, Error, Restriction, Result};
use domain::Timestamp;
use domain::access::{Actor, Errand, Standing};
use domain::account::{Account, AccountState, PasswordState};
use domain::lockout::{Attempts, network};
use domain::second_factor::Pending;
use std::sync::Arc;
pub use store::repo::browser_session::BrowserSession;
use store::repo::browser_session::Presented;
use store::{Repositories, StoreError, if_any};
use uuid::Uuid;

/// A session ends after this long without a request, or this long in all. Sheets are saved while one types.
const IDLE_MINUTES: i64 = 30;
const LONGEST_HOURS: i64 = 12;
/// `seen_at` is written at most this often, so that reading a page does not write.
const SEEN_EVERY_MINUTES: i64 = 5;
/// A password is changed after this many days.
const PASSWORD_DAYS: i64 = 90;

/// Under which names failures are counted: of the login name, whether or not it exists, and of the network.
struct Keys {
    /// The login name; from a browser that its owner has used before, that browser.
    own: String,
    network: Option<String>,
    device: Device,
}

/// Whether the owner of the account has signed in from this browser before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Device {
    Known,
    Strange,
}

impl Keys {
    fn of(app: &App, client: &Client, login: &str, account: Option<&Account>) -> Result<Self> {
        let known = account.map(|own| known(app, &client.device, own.id)).transpose()?.flatten();
        let name = login.chars().take(64).collect::<String>();
        let device = if known.is_some() { Device::Known } else { Device::Strange };
        Ok(Self {
            own: known.map_or_else(|| format!("login:{name}"), |nonce| format!("device:{nonce}")),
            network: client.address.map(|address| format!("address:{}", network(address))),
            device,
        })
    }
}

/// Opens a session.
///
/// # Errors
/// `LockedOut` for a while after some failures under this name, but not where its owner has signed in before; `BadCredentials`, the same for
/// an unknown login, a wrong password and a disabled account; `NoSeat` for an expert whose rounds are over, who knows the password.
pub async fn sign_in(app: &Arc<App>, client: &Client, login: &str, password: String) -> Result<(Token, Actor)> {
    let login = login_name(login);
    let now = app.clock.now();
    let account = if_any(app.program(Errand::SignIn).accounts().by_login(&login).await)?;
    // People sometimes type a password as the name, so only names that exist are written down.
    let tried = account.as_ref().map_or_else(|| "（无此登录名）".to_owned(), |a| a.login.clone());
    let keys = Keys::of(app, client, &login, account.as_ref())?;
    let pause = count(app, client, &keys, &tried).await?;
    // Where many guess, strangers wait a little. Nobody is turned away: a hall of experts may sit behind one address with whoever guesses.
    tokio::time::sleep(pause).await;
    // A hash is checked even where there is no account, so that the time does not tell.
    let hash = account.as_ref().map(|a| a.password_hash.clone());
    let right = app.passwords.verify(password.clone(), hash).await?;
    let Some(account) = account.filter(|a| right && a.state == AccountState::Active) else {
        failed(app, client, &keys, &tried).await?;
        return Err(Error::BadCredentials);
    };
    if !is_usable(app, account.standing).await? {
        failed(app, client, &keys, &tried).await?;
        return Err(Error::NoSeat);
    }
    // A password of an earlier kind is hashed anew, now that it is known.
    let stale = !app.passwords.is_current(&account.password_hash);
    let rehashed = if stale { Some(app.passwords.hash(password).await?) } else { None };
    let token = Token::random()?;
    let ctx = Context::new(app.clone(), actor(&account), client.clone());
    let session = BrowserSession {
        token_hash: token.hash(),
        id: ctx.id(),
        account: account.id,
        created_at: now,
        seen_at: now,
        address: client.label(),
        agent: client.agent.clone(),
        verified_at: None,
    };
    app.program(Errand::SignIn)
        .write(async |tx| {
            let share = tx.attempts().of(&keys.own).await?.map_or(0, |own| own.failures.saturating_sub(1));
            tx.attempts().set(&keys.own, None).await?;
            // Of what the network has failed only the own share is forgotten.
            if let Some(network) = &keys.network
                && let Some(counted) = tx.attempts().of(network).await?
            {
                tx.attempts().set(network, Some(counted.less(share))).await?;
            }
            if let Some(hash) = &rehashed {
                tx.accounts().rehash(account.id, &account.password_hash, hash).await?;
            }
            tx.browser_sessions().forget_before(now - chrono::Duration::hours(LONGEST_HOURS)).await?;
            tx.browser_sessions().open(session.clone()).await?;
            ctx.record(tx, Event::SignIn {}.of(account.id.0)).await
        })
        .await?;
    Ok((token, ctx.actor))
}

/// Counts the attempt before the password is looked at, unless it has to wait. Returns for how long its answer is held back.
async fn count(app: &App, client: &Client, keys: &Keys, tried: &str) -> Result<std::time::Duration> {
    let now = app.clock.now();
    let counted = app
        .program(Errand::SignIn)
        .write(async |tx| {
            if let Admitted::Waits { seconds, noted } = guess::admit(tx, &keys.own, now).await? {
                if let Some(times) = noted {
                    let locked = Some(vec![Locked::Login]);
                    let entry = Entry::from(Event::SignInFailed { locked, times: Some(times) }).refused();
                    record_unsigned(tx, app, client, tried, entry).await?;
                }
                return Ok(Err(seconds));
            }
            let counted = match &keys.network {
                Some(network) if keys.device == Device::Strange => tx.attempts().of(network).await?,
                _ => None,
            };
            Ok::<_, Error>(Ok(counted.map_or(std::time::Duration::ZERO, |counted| counted.pause())))
        })
        .await?;
    counted.map_err(Error::LockedOut)
}

async fn failed(app: &App, client: &Client, keys: &Keys, tried: &str) -> Result<()> {
    let now = app.clock.now();
    app.program(Errand::SignIn)
        .write(async |tx| {
            tx.attempts().forget_before(now - chrono::Duration::days(1)).await?;
            if let Some(network) = &keys.network {
                let noticed = Attempts::noticed(tx.attempts().of(network).await?, now);
                tx.attempts().set(network, Some(noticed)).await?;
            }
            let own = tx.attempts().of(&keys.own).await?;
            let locked = own.is_some_and(|own| own.locked_until.is_some()).then(|| vec![Locked::Login]);
            let entry = Entry::from(Event::SignInFailed { locked, times: None }).refused();
            record_unsigned(tx, app, client, tried, entry).await
        })
        .await
}

/// Ends the session.
///
/// # Errors
/// The database cannot be written.
pub async fn sign_out(ctx: &Context, token: &Token) -> Result<()> {
    ctx.store()
        .write(async |tx| {
            tx.browser_sessions().close(ctx.actor.account, &token.hash()).await?;
            ctx.record(tx, Event::SignOut {}.of(ctx.actor.account.0)).await
        })
        .await
}

/// Finds the caller who holds a token.
///
/// # Errors
/// `SignedOut` for an unknown, idle or expired session, a disabled account, or an expert whose rounds are over.
pub async fn resume(app: &Arc<App>, client: &Client, token: &Token) -> Result<Context> {
    let signed_out = |error| match error {
        StoreError::NotFound => Error::SignedOut,
        other => other.into(),
    };
    let hash = token.hash();
    let Presented { session, account, factor, seats } =
        app.program(Errand::SignIn).browser_sessions().presented(&hash).await.map_err(signed_out)?;
    let now = app.clock.now();
    let idle = now - session.seen_at;
    let usable = !matches!(account.standing, Standing::Expert(_)) || seats > 0;
    if is_over(&session, now) || account.state != AccountState::Active || !usable {
        return Err(Error::SignedOut);
    }
    let touched = idle > chrono::Duration::minutes(SEEN_EVERY_MINUTES);
    if touched {
        app.program(Errand::SignIn)
            .write(async |tx| Ok::<_, Error>(tx.browser_sessions().touch(&hash, now).await?))
            .await?;
    }
    let restriction = restriction(app, &account, &session, factor);
    let seen_at = if touched { now } else { session.seen_at };
    let ends = end(seen_at, session.created_at);
    let ctx = Context::new(app.clone(), actor(&account), client.clone()).in_session(session.id).ending(ends);
    Ok(ctx.restricted(restriction))
}

/// When a session ends that was last used at `seen_at`.
fn end(seen_at: Timestamp, created_at: Timestamp) -> Timestamp {
    let idle = seen_at + chrono::Duration::minutes(IDLE_MINUTES);
    idle.min(created_at + chrono::Duration::hours(LONGEST_HOURS))
}

fn is_over(session: &BrowserSession, now: Timestamp) -> bool {
    now > end(session.seen_at, session.created_at)
}

/// The restriction on an account, if there is one. A second factor is passed before anything else, so that a stolen
/// password alone cannot be changed.
fn restriction(app: &App, account: &Account, session: &BrowserSession, factor: Option<Pending>) -> Option<Restriction> {
    let confirmed = factor == Some(Pending::No);
    if confirmed && session.verified_at.is_none() {
        return Some(Restriction::SecondFactor);
    }
    if account.password_state == PasswordState::First {
        return Some(Restriction::FirstPassword);
    }
    let old = app.clock.now() - account.password_changed_at > chrono::Duration::days(PASSWORD_DAYS);
    if app.policy == Policy::Strict && old {
        return Some(Restriction::OldPassword);
    }
    let needed = app.demands_second_factor(account.standing.role());
    (needed && !confirmed).then_some(Restriction::NoSecondFactor)
}

/// The caller's own sessions that have not ended, the last used first.
///
/// # Errors
/// The database cannot be read.
pub async fn own_browser_sessions(ctx: &Context) -> Result<Vec<BrowserSession>> {
    let now = ctx.now();
    let all = ctx.store().browser_sessions().of(ctx.actor.account).await?;
    Ok(all.into_iter().filter(|session| !is_over(session, now)).collect())
}

/// Ends some of the caller's own sessions, who types the password again: whoever finds a desk unattended shuts nobody out.
///
/// # Errors
/// `NotFound` if one is somebody else's, or has ended; then none is ended. `Rule` for a wrong password; `LockedOut` after five.
pub async fn end_browser_sessions(ctx: &Context, sessions: &[Uuid], password: String) -> Result<()> {
    let account = ctx.store().accounts().get(ctx.actor.account).await?;
    present::require(ctx, &account, password).await?;
    ctx.store()
        .write(async |tx| {
            for id in sessions {
                tx.browser_sessions().close_one_of(account.id, *id).await?;
                ctx.record(tx, Event::SessionEnded { session: *id }.of(account.id.0)).await?;
            }
            Ok(())
        })
        .await
}
