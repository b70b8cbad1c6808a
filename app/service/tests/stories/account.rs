//! Signing in and out, sessions, the set-up link, accounts.

use crate::assert_error;
use crate::support::{PASSWORD, World, enrol, installation};
use chrono::Duration;
use domain::access::{Department, Standing};
use domain::round::Step;
use service::account::{self, NewAccount, Token};
use service::{Context, Error};
use store::Repositories;
use store::repo::account::AccountState;

fn new(login: &str, password: &str) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        name: "示例".to_owned(),
        standing: Standing::Organizer,
        password: password.to_owned(),
    }
}

async fn signed_in(ctx: &Context, login: &str) -> Token {
    account::sign_in(&ctx.app, login, PASSWORD.to_owned()).await.unwrap().0
}

#[tokio::test]
async fn who_signs_in_is_known_until_signing_out() {
    let (app, _) = installation().await;
    let known = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    let (token, actor) = account::sign_in(&app, " gxt ", PASSWORD.to_owned()).await.unwrap();
    assert_eq!(actor, known.actor);
    let ctx = account::resume(&app, &token).await.unwrap();
    assert_eq!(ctx.actor, known.actor);
    account::sign_out(&ctx, &token).await.unwrap();
    assert_error!(account::resume(&app, &token).await.map(|c| c.actor), Error::SignedOut);
    let (rows, _) = app.store.audit().page("", 0, 10).await.unwrap();
    let actions: Vec<_> = rows.iter().map(|r| r.action.as_str()).collect();
    assert_eq!(actions, ["sign_out", "sign_in"]);
}

#[tokio::test]
async fn the_cookie_alone_is_no_key_to_the_database() {
    let (app, _) = installation().await;
    let ctx = enrol(&app, "gxt", Standing::Organizer).await;
    let token = signed_in(&ctx, "gxt").await;
    assert!(app.store.accounts().session(token.as_str()).await.is_err(), "only its hash is stored");
    let hash = Token::from_cookie("ffff");
    assert_error!(account::resume(&app, &hash).await.map(|c| c.actor), Error::SignedOut);
}

#[tokio::test]
async fn an_unknown_login_a_wrong_password_and_a_disabled_account_get_the_same_answer() {
    let (app, _) = installation().await;
    enrol(&app, "gxt", Standing::Organizer).await;
    let disabled = enrol(&app, "jyt", Standing::Organizer).await.actor.account;
    app.store.write(async |tx| tx.accounts().set_state(disabled, AccountState::Disabled).await).await.unwrap();
    let mut answers = Vec::new();
    for (login, password) in [("nobody", PASSWORD), ("gxt", "Wrong-2026-x"), ("jyt", PASSWORD)] {
        let error = account::sign_in(&app, login, password.to_owned()).await.unwrap_err();
        assert!(matches!(error, Error::BadCredentials));
        answers.push(error.to_string());
    }
    assert!(answers.iter().all(|a| *a == answers[0]));
    let (rows, failed) = app.store.audit().page("sign_in_failed", 0, 10).await.unwrap();
    assert_eq!(failed, 3);
    assert!(rows.iter().all(|r| r.account.is_none() && !r.detail.contains("Wrong")));
}

#[tokio::test]
async fn a_session_ends_after_an_hour_without_a_request() {
    let (app, clock) = installation().await;
    let ctx = enrol(&app, "gxt", Standing::Organizer).await;
    let token = signed_in(&ctx, "gxt").await;
    for _ in 0..3 {
        clock.pass(Duration::minutes(60));
        assert!(account::resume(&app, &token).await.is_ok(), "a request within the hour keeps it open");
    }
    clock.pass(Duration::minutes(60) + Duration::seconds(1));
    assert_error!(account::resume(&app, &token).await.map(|c| c.actor), Error::SignedOut);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_busy() {
    let (app, clock) = installation().await;
    let ctx = enrol(&app, "gxt", Standing::Organizer).await;
    let token = signed_in(&ctx, "gxt").await;
    for _ in 0..24 {
        clock.pass(Duration::minutes(30));
        assert!(account::resume(&app, &token).await.is_ok());
    }
    clock.pass(Duration::minutes(1));
    assert_error!(account::resume(&app, &token).await.map(|c| c.actor), Error::SignedOut);
}

#[tokio::test]
async fn a_disabled_account_is_signed_out_everywhere() {
    let (app, _) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let other = enrol(&app, "gxt", Standing::Organizer).await;
    let tokens = [signed_in(&other, "gxt").await, signed_in(&other, "gxt").await];
    account::set_state(&admin, other.actor.account, AccountState::Disabled).await.unwrap();
    for token in &tokens {
        assert_error!(account::resume(&app, token).await.map(|c| c.actor), Error::SignedOut);
    }
    account::set_state(&admin, other.actor.account, AccountState::Active).await.unwrap();
    assert_error!(account::resume(&app, &tokens[0]).await.map(|c| c.actor), Error::SignedOut);
    assert!(account::sign_in(&app, "gxt", PASSWORD.to_owned()).await.is_ok());
    let own = account::set_state(&admin, admin.actor.account, AccountState::Disabled).await;
    assert_error!(own, Error::Invalid(_));
}

#[tokio::test]
async fn a_changed_password_ends_every_session_and_the_old_one_no_longer_works() {
    let (app, _) = installation().await;
    let ctx = enrol(&app, "gxt", Standing::Organizer).await;
    let token = signed_in(&ctx, "gxt").await;
    let change = |old: &str, new: &str| account::change_password(&ctx, old.to_owned(), new.to_owned());
    assert_error!(change("Wrong-2026-x", "Changed-2026").await, Error::Invalid(text) if text.contains("现密码"));
    assert_error!(change(PASSWORD, PASSWORD).await, Error::Invalid(text) if text.contains("相同"));
    assert_error!(change(PASSWORD, "weak").await, Error::Invalid(_));
    change(PASSWORD, "Changed-2026").await.unwrap();
    assert_error!(account::resume(&app, &token).await.map(|c| c.actor), Error::SignedOut);
    assert_error!(account::sign_in(&app, "gxt", PASSWORD.to_owned()).await, Error::BadCredentials);
    assert!(account::sign_in(&app, "gxt", "Changed-2026".to_owned()).await.is_ok());
}

#[tokio::test]
async fn the_set_up_link_works_once() {
    let (app, _) = installation().await;
    assert!(account::setup_is_open(&app).await.unwrap());
    let replaced = account::open_setup_link(&app).await.unwrap().unwrap();
    let link = account::open_setup_link(&app).await.unwrap().unwrap();
    let set_up = |link: &Token, login: &str| {
        let (app, link, login) = (app.clone(), link.clone(), login.to_owned());
        async move { account::set_up(&app, &link, login, "管理员".to_owned(), PASSWORD.to_owned()).await }
    };
    assert_error!(set_up(&replaced, "admin").await, Error::NotFound);
    assert_error!(set_up(&Token::from_cookie(""), "admin").await, Error::NotFound);
    set_up(&link, "admin").await.unwrap();
    assert_error!(set_up(&link, "second").await, Error::NotFound);
    assert!(!account::setup_is_open(&app).await.unwrap());
    assert_eq!(account::open_setup_link(&app).await.unwrap(), None, "no further link once there is an account");
    let (_, actor) = account::sign_in(&app, "admin", PASSWORD.to_owned()).await.unwrap();
    assert_eq!(actor.standing, Standing::SystemAdmin);
}

#[tokio::test]
async fn accounts_need_a_plain_login_a_name_and_a_strong_password() {
    let (app, _) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    for (login, password) in [
        ("ab", PASSWORD),
        ("有中文", PASSWORD),
        ("a b c", PASSWORD),
        ("zuzhi", "short-A1"),
        ("zuzhi", "alllowercase"),
        ("zuzhi", "Zuzhi-2026-x"),
    ] {
        assert_error!(account::create(&admin, new(login, password)).await, Error::Invalid(_));
    }
    account::create(&admin, new("zuzhi", PASSWORD)).await.unwrap();
    let again = account::create(&admin, new("zuzhi", PASSWORD)).await;
    assert_error!(again, Error::Duplicate(text) if text.contains("zuzhi"));
    assert_eq!(account::all(&admin).await.unwrap().len(), 2);
}

#[tokio::test]
async fn every_seated_expert_gets_one_account_and_only_once() {
    let world = World::at(Step::SignIn).await;
    let opened = account::open_for_experts(&world.admin, world.round).await.unwrap();
    assert_eq!(opened.len(), 10);
    let (_, login, password) = &opened[0];
    let (_, actor) = account::sign_in(&world.app, login, password.clone()).await.unwrap();
    assert!(matches!(actor.standing, Standing::Expert(_)));
    assert!(account::open_for_experts(&world.admin, world.round).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_lost_first_password_is_replaced_and_the_old_one_ends() {
    let world = World::at(Step::SignIn).await;
    let (_, login, lost) = account::open_for_experts(&world.admin, world.round).await.unwrap().remove(0);
    let (token, actor) = account::sign_in(&world.app, &login, lost.clone()).await.unwrap();
    let (same, password) = account::reset_password(&world.admin, actor.account).await.unwrap();
    assert_eq!(same, login);
    assert_ne!(password, lost);
    assert_error!(account::resume(&world.app, &token).await.map(|c| c.actor), Error::SignedOut);
    assert_error!(account::sign_in(&world.app, &login, lost).await.map(|(_, a)| a), Error::BadCredentials);
    account::sign_in(&world.app, &login, password).await.unwrap();
    let own = world.admin.actor.account;
    assert_error!(account::reset_password(&world.admin, own).await, Error::Invalid(_));
}

#[tokio::test]
async fn a_command_on_the_console_acts_with_the_rights_of_its_account() {
    let (app, _) = installation().await;
    let known = enrol(&app, "gxt", Standing::Organizer).await;
    assert_eq!(account::on_console(&app, "gxt").await.unwrap().actor, known.actor);
    assert_error!(account::on_console(&app, "nobody").await.map(|c| c.actor), Error::NotFound);
    let id = known.actor.account;
    app.store.write(async |tx| tx.accounts().set_state(id, AccountState::Disabled).await).await.unwrap();
    assert_error!(account::on_console(&app, "gxt").await.map(|c| c.actor), Error::NotFound);
}
