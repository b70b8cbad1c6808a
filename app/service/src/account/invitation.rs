//! 邀请: a seated expert opens the own account by a one-time link, and it is good only while a round has a seat for them.

use super::{NewAccount, Token, actor, login_name, prepare};
use crate::audit::Event;
use crate::audit::kinds::Opening;
use crate::veil::Veil;
use crate::{App, Client, Context, Error, Result, RuleError};
use chrono::Duration;
use domain::Timestamp;
use domain::access::{Errand, Permission, Standing};
use domain::account::{Account, AccountError, AccountState, NewPassword, PasswordState, check_login};
use domain::expert::Expert;
use domain::ids::{ExpertId, RoundId};
use domain::invitation::Invitation;
use domain::round::Work;
use std::collections::HashSet;
use std::sync::Arc;
use store::Repositories;

/// A link works so long, if it is not used or replaced before.
const DAYS: i64 = 7;

/// A link that was issued: the secret is told once, here.
#[derive(Debug, Clone)]
pub struct Invited {
    /// Until sign-in the 席位代号.
    pub name: String,
    /// Empty until sign-in: the page behind the link tells it.
    pub login: String,
    pub link: Token,
    pub until: Timestamp,
}

/// The data of the page behind a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Welcome {
    pub name: String,
    pub login: String,
    pub round: String,
    pub until: Timestamp,
}

/// Rounds that are not archived with seated experts, and how many of these still have no account. Nothing else of a round is told.
///
/// # Errors
/// `Denied` without `ManageAccounts`.
pub async fn rounds_to_invite(ctx: &Context) -> Result<Vec<(RoundId, String, usize)>> {
    ctx.require(Permission::ManageAccounts)?;
    let taken = with_accounts(&ctx.store().accounts().all().await?);
    let mut rounds = Vec::new();
    let program = ctx.app.program(Errand::Invitation);
    let review = program.current().await?;
    for round in crate::kept::rounds(&review).await?.iter().filter(|round| !round.is_over()) {
        let seats = crate::kept::seats(&review, round.id).await?;
        let without = seats.iter().filter(|seat| !taken.contains(&seat.expert)).count();
        if without > 0 {
            rounds.push((round.id, round.title.clone(), without));
        }
    }
    Ok(rounds)
}

/// Experts whose accounts are in use; a disabled one is opened anew by an invitation.
fn with_accounts(accounts: &[Account]) -> HashSet<ExpertId> {
    let expert = |account: &Account| match account.standing {
        Standing::Expert(expert) if account.state == AccountState::Active => Some(expert),
        _ => None,
    };
    accounts.iter().filter_map(expert).collect()
}

/// The login of an expert's account, if nobody else has it.
fn login_of(expert: &Expert, accounts: &[Account]) -> Result<String> {
    let login = login_name(&expert.code);
    check_login(&login).map_err(|_| AccountError::UnusableCode(expert.code.clone()))?;
    let taken =
        accounts.iter().find(|account| account.login == login && account.standing != Standing::Expert(expert.id));
    match taken {
        Some(other) => {
            let (name, role, expert) = (other.name.clone(), other.standing.role(), expert.name.clone());
            Err(AccountError::Taken { login, name, role, expert }.into())
        }
        None => Ok(login),
    }
}

/// Invites every seated expert of a round who has no account. Links issued to them earlier stop working. Until sign-in the links go by numbers:
/// whoever notifies the experts knows whose they are, and whoever makes the links does not.
///
/// # Errors
/// `Denied` without `ManageAccounts`; `NotFound`; `Rule` for an archived round, or naming an expert whose code cannot be a login,
/// or is somebody else's.
pub async fn invite(ctx: &Context, round: RoundId) -> Result<Vec<Invited>> {
    ctx.require(Permission::ManageAccounts)?;
    // Of a review the administrator reaches nothing but this: who is to be invited.
    let review = ctx.app.program(Errand::Invitation);
    let own = review.rounds().get(round).await?;
    own.permits(Work::Invite)?;
    let veil = Veil::over(&ctx.app, &own, ctx.may(Permission::NotifyExperts));
    let accounts = ctx.store().accounts().all().await?;
    let taken = with_accounts(&accounts);
    let (now, until) = (ctx.now(), ctx.now() + Duration::days(DAYS));
    let mut invited = Vec::new();
    let (mut invitations, mut logins) = (Vec::new(), Vec::new());
    for seat in review.panels().seats(round).await? {
        if taken.contains(&seat.expert) {
            continue;
        }
        let expert = review.experts().get(seat.expert).await?;
        let login = login_of(&expert, &accounts)?;
        let link = Token::random()?;
        invitations.push(Invitation {
            token_hash: link.hash(),
            expert: expert.id,
            round,
            issued_at: now,
            expires_at: until,
            used_at: None,
        });
        let shown = veil.show(expert);
        let name = if veil.closed { shown.code } else { shown.name };
        invited.push(Invited { login: if veil.closed { String::new() } else { login.clone() }, name, link, until });
        logins.push(login);
    }
    let event = Event::ExpertsInvited { logins };
    ctx.store()
        .write(async |tx| {
            tx.invitations().issue(invitations.clone()).await?;
            ctx.record(tx, event.clone().of_round(round)).await
        })
        .await?;
    Ok(invited)
}

/// Whom a link invites.
///
/// # Errors
/// `NotFound` for a wrong, used or replaced link, after its time, after the seat was given up, and in an archived round.
pub async fn invitation(app: &App, link: &Token) -> Result<Welcome> {
    Ok(open(app, link).await?.1)
}

async fn open(app: &App, link: &Token) -> Result<(Invitation, Welcome)> {
    let program = app.program(Errand::Invitation);
    let invitation = program.invitations().get(&link.hash()).await?;
    if invitation.used_at.is_some() || invitation.expires_at <= app.clock.now() {
        return Err(Error::NotFound);
    }
    let seats = program.panels().seats_of(invitation.expert).await?;
    if seats.iter().all(|seat| seat.round != invitation.round) {
        return Err(Error::NotFound);
    }
    let expert = program.experts().get(invitation.expert).await?;
    let round = program.rounds().get(invitation.round).await?.title;
    let welcome = Welcome { login: login_name(&expert.code), name: expert.name, round, until: invitation.expires_at };
    Ok((invitation, welcome))
}

/// Opens the invited expert's account, or a disabled one anew, with a password of their own. The link works once.
///
/// # Errors
/// `NotFound` as [`invitation`]; `Rule` for a weak password, or if the account is there already.
pub async fn accept(app: &Arc<App>, client: &Client, link: &Token, password: String) -> Result<()> {
    let (invitation, welcome) = open(app, link).await?;
    let new = NewAccount { login: welcome.login, name: welcome.name, password };
    let account = prepare(app, new, Standing::Expert(invitation.expert)).await?;
    let ctx = Context::new(app.clone(), actor(&account), client.clone());
    app.program(Errand::Invitation)
        .write(async |tx| {
            tx.invitations().take(&invitation.token_hash, ctx.now()).await?;
            let known = tx.accounts().all().await?.into_iter().find(|known| known.standing == account.standing);
            let login = account.login.clone();
            let entry = match known {
                Some(known) if known.state == AccountState::Disabled => {
                    let hash = account.password_hash.clone();
                    let new = NewPassword { hash, state: PasswordState::Own, at: ctx.now() };
                    tx.accounts().set_password(known.id, new, ctx.id()).await?;
                    tx.accounts().set_state(known.id, AccountState::Active).await?;
                    Event::AccountReopened { login, by: Opening::Invitation }.of(known.id.0)
                }
                _ => {
                    tx.accounts().insert(vec![account.clone()]).await?;
                    Event::AccountCreated { login, by: Some(Opening::Invitation) }.of(account.id.0)
                }
            };
            ctx.record(tx, entry.in_round(invitation.round)).await
        })
        .await
        .map_err(|error| match error {
            Error::Rule(RuleError::AlreadyThere(_)) => AccountError::AlreadyOpen.into(),
            other => other,
        })
}

/// Whether an account is usable: an expert's only while a round that is not archived has a seat for them.
pub(super) async fn is_usable(app: &App, standing: Standing) -> Result<bool> {
    match standing {
        Standing::Expert(expert) => Ok(!app.program(Errand::SignIn).panels().seats_of(expert).await?.is_empty()),
        _ => Ok(true),
    }
}
