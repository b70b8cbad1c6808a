//! Invitations of seated experts, and accounts that are good for their round only.

use crate::support::{PASSWORD, World, enrol};
use crate::{assert_error, assert_rule};
use chrono::Duration;
use domain::access::Standing;
use domain::account::AccountState;
use domain::round::Step;
use service::account::{self, Invited, Token};
use service::{Client, Error};
use store::Repositories;

/// The first invited expert's link.
async fn invited(world: &World) -> Invited {
    account::invite(&world.admin, world.round).await.unwrap().remove(0)
}

async fn accept(world: &World, link: &Token) -> service::Result<()> {
    account::accept(&world.app, &Client::default(), link, PASSWORD.to_owned()).await
}

async fn sign_in(world: &World, login: &str, password: &str) -> service::Result<Token> {
    Ok(account::sign_in(&world.app, &Client::default(), login, password.to_owned()).await?.0)
}

async fn archive(world: &World) {
    let mut round = world.stored_round().await;
    round.step = Step::Archive;
    world.store().write(async |tx| tx.rounds().save(&round).await).await.unwrap();
}

#[tokio::test]
async fn every_seated_expert_opens_the_own_account_by_a_link_and_is_then_invited_no_more() {
    let world = World::at(Step::SignIn).await;
    let all = account::invite(&world.admin, world.round).await.unwrap();
    assert_eq!(all.len(), 10);
    let one = &all[0];
    let welcome = account::invitation(&world.app, &one.link).await.unwrap();
    assert_eq!((&welcome.name, &welcome.login, welcome.round.as_str()), (&one.name, &one.login, "示例轮次"));
    assert_error!(sign_in(&world, &one.login, PASSWORD).await, Error::BadCredentials);
    accept(&world, &one.link).await.unwrap();
    let token = sign_in(&world, &one.login, PASSWORD).await.unwrap();
    let ctx = account::resume(&world.app, &Client::default(), &token).await.unwrap();
    let Standing::Expert(expert) = ctx.actor.standing else { panic!("{:?}", ctx.actor) };
    assert_eq!(world.store().experts().get(expert).await.unwrap().name, one.name);
    assert_eq!(ctx.restriction, None, "the password is their own");

    let left = account::invite(&world.admin, world.round).await.unwrap();
    assert_eq!(left.len(), 9);
    assert!(left.iter().all(|other| other.login != one.login));
}

#[tokio::test]
async fn a_disabled_account_is_opened_anew_by_an_invitation() {
    let world = World::at(Step::SignIn).await;
    let one = invited(&world).await;
    accept(&world, &one.link).await.unwrap();
    let id = world.store().accounts().by_login(&one.login).await.unwrap().id;
    account::set_state(&world.admin, id, AccountState::Disabled).await.unwrap();
    let again = account::invite(&world.admin, world.round).await.unwrap();
    let again = again.iter().find(|other| other.login == one.login).unwrap();
    account::accept(&world.app, &Client::default(), &again.link, "Another-2026-x".to_owned()).await.unwrap();
    assert_error!(sign_in(&world, &one.login, PASSWORD).await, Error::BadCredentials);
    sign_in(&world, &one.login, "Another-2026-x").await.unwrap();
    assert_eq!(world.store().accounts().by_login(&one.login).await.unwrap().id, id, "it is the same account");
}

#[tokio::test]
async fn a_login_that_is_somebody_else_s_is_named_before_links_go_out() {
    let world = World::at(Step::SignIn).await;
    let seat = world.store().panels().seats(world.round).await.unwrap().remove(0);
    let code = world.store().experts().get(seat.expert).await.unwrap().code;
    enrol(&world.app, &code.to_lowercase(), Standing::Organizer).await;
    let refused = account::invite(&world.admin, world.round).await.map(|_| ());
    assert_rule!(refused, Input, &code.to_lowercase(), "组织者");
}

#[tokio::test]
async fn a_link_works_once() {
    let world = World::at(Step::SignIn).await;
    let link = invited(&world).await.link;
    assert_rule!(account::accept(&world.app, &Client::default(), &link, "weak".to_owned()).await, Input);
    accept(&world, &link).await.unwrap();
    assert_error!(accept(&world, &link).await, Error::NotFound);
    assert_error!(account::invitation(&world.app, &link).await, Error::NotFound);
    assert_error!(account::invitation(&world.app, &Token::from_cookie("0000")).await, Error::NotFound);
}

#[tokio::test]
async fn a_link_ends_after_a_week_or_when_another_is_issued() {
    let world = World::at(Step::SignIn).await;
    let lost = invited(&world).await.link;
    world.clock.pass(Duration::hours(1));
    let found = invited(&world).await;
    assert_error!(accept(&world, &lost).await, Error::NotFound);
    assert_eq!(account::invitation(&world.app, &found.link).await.unwrap().until, found.until);
    world.clock.pass(Duration::days(7) - Duration::seconds(1));
    account::invitation(&world.app, &found.link).await.unwrap();
    world.clock.pass(Duration::seconds(1));
    assert_error!(accept(&world, &found.link).await, Error::NotFound);
}

#[tokio::test]
async fn a_link_and_an_account_end_with_the_seat() {
    let world = World::at(Step::SignIn).await;
    let mut links = account::invite(&world.admin, world.round).await.unwrap();
    let (with_account, with_link) = (links.remove(0), links.remove(0));
    accept(&world, &with_account.link).await.unwrap();
    let token = sign_in(&world, &with_account.login, PASSWORD).await.unwrap();
    let mut seats = world.store().panels().seats(world.round).await.unwrap();
    let mut gone = Vec::new();
    for login in [&with_account.login, &with_link.login] {
        gone.push(world.experts.iter().find(|expert| expert.code.to_lowercase() == *login).unwrap().id);
    }
    seats.retain(|seat| !gone.contains(&seat.expert));
    world.store().write(async |tx| tx.panels().reseat(world.round, seats.clone()).await).await.unwrap();

    assert_error!(accept(&world, &with_link.link).await, Error::NotFound);
    assert_error!(account::resume(&world.app, &Client::default(), &token).await.map(|ctx| ctx.actor), Error::SignedOut);
    assert_error!(sign_in(&world, &with_account.login, PASSWORD).await, Error::NoSeat);
}

#[tokio::test]
async fn an_account_is_good_for_its_round_only() {
    let world = World::at(Step::Scoring).await;
    let mut links = account::invite(&world.admin, world.round).await.unwrap();
    let (one, late) = (links.remove(0), links.remove(0));
    accept(&world, &one.link).await.unwrap();
    let token = sign_in(&world, &one.login, PASSWORD).await.unwrap();
    let ctx = account::resume(&world.app, &Client::default(), &token).await.unwrap();
    let desks = service::scoring::desks(&ctx).await.unwrap();
    let sheet =
        world.store().sheets().of(ctx.actor.as_expert().unwrap()).in_round(world.round).await.unwrap().remove(0);
    assert_eq!(desks.len(), 1);
    service::scoring::sheet(&ctx, sheet.id).await.unwrap();

    archive(&world).await;
    // Whoever does not know the password learns nothing of it.
    assert_error!(sign_in(&world, &one.login, "Wrong-2026-x").await, Error::BadCredentials);
    assert_error!(sign_in(&world, &one.login, PASSWORD).await, Error::NoSeat);
    assert_error!(account::resume(&world.app, &Client::default(), &token).await.map(|ctx| ctx.actor), Error::SignedOut);
    // Nor does a context that was resumed before show the sheets of a round that is over.
    assert!(service::scoring::desks(&ctx).await.unwrap().is_empty());
    assert_error!(service::scoring::sheet(&ctx, sheet.id).await.map(|(view, _)| view.seat), Error::NotFound);
    assert_error!(accept(&world, &late.link).await, Error::NotFound);
    assert_rule!(account::invite(&world.admin, world.round).await, Moment);
    assert!(account::rounds_to_invite(&world.admin).await.unwrap().is_empty());
}
