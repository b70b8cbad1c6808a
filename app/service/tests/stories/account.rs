//! Signing in and out, sessions, the set-up link, accounts.

use crate::support::{PASSWORD, World, enrol, fingerprint, installation, reset, signed_in};
use crate::{assert_error, assert_rule};
use chrono::Duration;
use domain::access::{Department, Errand, Role, Standing};
use domain::account::{AccountState, PasswordState};
use domain::renewal::Credential;
use service::account::{self, NewAccount, Token};
use service::{Client, Context, Error, Restriction};
use store::Repositories;

fn new(login: &str, password: &str) -> NewAccount {
    NewAccount { login: login.to_owned(), name: "示例".to_owned(), password: password.to_owned() }
}

#[tokio::test]
async fn who_signs_in_is_known_until_signing_out() {
    let (app, _) = installation().await;
    let known = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    let (token, actor) = account::sign_in(&app, &Client::default(), " gxt ", PASSWORD.to_owned()).await.unwrap();
    assert_eq!(actor, known.actor);
    let ctx = account::resume(&app, &Client::default(), &token).await.unwrap();
    assert_eq!(ctx.actor, known.actor);
    account::sign_out(&ctx, &token).await.unwrap();
    assert_error!(account::resume(&app, &Client::default(), &token).await.map(|c| c.actor), Error::SignedOut);
    let (rows, _) = app.program(Errand::Demonstration).audit().page("", 0, 10).await.unwrap();
    let actions: Vec<_> = rows.iter().map(|r| r.action.as_str()).collect();
    assert_eq!(actions, ["sign_out", "sign_in"]);
}

#[tokio::test]
async fn the_cookie_alone_is_no_key_to_the_database() {
    let (app, _) = installation().await;
    let ctx = enrol(&app, "gxt", Standing::Organizer).await;
    let token = signed_in(&ctx, "gxt").await;
    assert!(
        app.program(Errand::Demonstration).browser_sessions().presented(token.as_str()).await.is_err(),
        "only its hash is stored"
    );
    let hash = Token::from_cookie("ffff");
    assert_error!(account::resume(&app, &Client::default(), &hash).await.map(|c| c.actor), Error::SignedOut);
}

#[tokio::test]
async fn an_unknown_login_a_wrong_password_and_a_disabled_account_get_the_same_answer() {
    let (app, _) = installation().await;
    enrol(&app, "gxt", Standing::Organizer).await;
    let disabled = enrol(&app, "jyt", Standing::Organizer).await.actor.account;
    app.program(Errand::Demonstration)
        .write(async |tx| tx.accounts().set_state(disabled, AccountState::Disabled).await)
        .await
        .unwrap();
    let mut answers = Vec::new();
    for (login, password) in [("nobody", PASSWORD), ("gxt", "Wrong-2026-x"), ("jyt", PASSWORD)] {
        let error = account::sign_in(&app, &Client::default(), login, password.to_owned()).await.unwrap_err();
        assert!(matches!(error, Error::BadCredentials));
        answers.push(error.to_string());
    }
    assert!(answers.iter().all(|a| *a == answers[0]));
    let (rows, failed) = app.program(Errand::Demonstration).audit().page("sign_in_failed", 0, 10).await.unwrap();
    assert_eq!(failed, 3);
    assert!(rows.iter().all(|r| r.account.is_none() && !r.detail.contains("Wrong")));
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_a_request() {
    let (app, clock) = installation().await;
    let ctx = enrol(&app, "gxt", Standing::Organizer).await;
    let token = signed_in(&ctx, "gxt").await;
    for _ in 0..3 {
        clock.pass(Duration::minutes(30));
        assert!(
            account::resume(&app, &Client::default(), &token).await.is_ok(),
            "a request within the half hour keeps it open"
        );
    }
    clock.pass(Duration::minutes(30) + Duration::seconds(1));
    assert_error!(account::resume(&app, &Client::default(), &token).await.map(|c| c.actor), Error::SignedOut);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_busy() {
    let (app, clock) = installation().await;
    let ctx = enrol(&app, "gxt", Standing::Organizer).await;
    let token = signed_in(&ctx, "gxt").await;
    for _ in 0..24 {
        clock.pass(Duration::minutes(30));
        assert!(account::resume(&app, &Client::default(), &token).await.is_ok());
    }
    clock.pass(Duration::minutes(1));
    assert_error!(account::resume(&app, &Client::default(), &token).await.map(|c| c.actor), Error::SignedOut);
}

#[tokio::test]
async fn a_disabled_account_is_signed_out_everywhere() {
    let (app, _) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let other = enrol(&app, "gxt", Standing::Organizer).await;
    let tokens = [signed_in(&other, "gxt").await, signed_in(&other, "gxt").await];
    account::set_state(&admin, other.actor.account, AccountState::Disabled).await.unwrap();
    for token in &tokens {
        assert_error!(account::resume(&app, &Client::default(), token).await.map(|c| c.actor), Error::SignedOut);
    }
    account::set_state(&admin, other.actor.account, AccountState::Active).await.unwrap();
    assert_error!(account::resume(&app, &Client::default(), &tokens[0]).await.map(|c| c.actor), Error::SignedOut);
    assert!(account::sign_in(&app, &Client::default(), "gxt", PASSWORD.to_owned()).await.is_ok());
    let own = account::set_state(&admin, admin.actor.account, AccountState::Disabled).await;
    assert_rule!(own, Input);
}

#[tokio::test]
async fn a_changed_password_ends_every_session_and_the_old_one_no_longer_works() {
    let (app, _) = installation().await;
    let ctx = enrol(&app, "gxt", Standing::Organizer).await;
    let token = signed_in(&ctx, "gxt").await;
    let change = |old: &str, new: &str| account::change_password(&ctx, old.to_owned(), new.to_owned());
    assert_rule!(change("Wrong-2026-x", "Changed-2026").await, Input, "现密码");
    assert_rule!(change(PASSWORD, PASSWORD).await, Input, "相同");
    assert_rule!(change(PASSWORD, "weak").await, Input);
    change(PASSWORD, "Changed-2026").await.unwrap();
    assert_error!(account::resume(&app, &Client::default(), &token).await.map(|c| c.actor), Error::SignedOut);
    assert_error!(account::sign_in(&app, &Client::default(), "gxt", PASSWORD.to_owned()).await, Error::BadCredentials);
    assert!(account::sign_in(&app, &Client::default(), "gxt", "Changed-2026".to_owned()).await.is_ok());
}

#[tokio::test]
async fn three_set_up_links_make_three_administrators_who_are_three_people() {
    let (app, _) = installation().await;
    assert!(account::setup_is_open(&app).await.unwrap());
    let replaced = account::open_setup_links(&app).await.unwrap();
    let links = account::open_setup_links(&app).await.unwrap();
    let roles: Vec<_> = links.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, [Role::SystemAdmin, Role::SecurityAdmin, Role::Auditor]);
    let set_up = |link: &Token, login: &str, name: &str| {
        let (app, link, login, name) = (app.clone(), link.clone(), login.to_owned(), name.to_owned());
        async move { account::set_up(&app, &Client::default(), &link, login, name, PASSWORD.to_owned()).await }
    };
    assert_error!(set_up(&replaced[0].1, "admin", "张三").await, Error::NotFound);
    assert_error!(set_up(&Token::from_cookie(""), "admin", "张三").await, Error::NotFound);
    set_up(&links[0].1, "admin", "张三").await.unwrap();
    assert_error!(set_up(&links[0].1, "second", "王五").await, Error::NotFound);
    assert!(!account::setup_is_open(&app).await.unwrap());
    assert_rule!(set_up(&links[1].1, "anquan", "张 三").await, Input, "三员分立");
    set_up(&links[1].1, "anquan", "李四").await.unwrap();
    let left = account::open_setup_links(&app).await.unwrap();
    assert_eq!(left.iter().map(|(role, _)| *role).collect::<Vec<_>>(), [Role::Auditor]);
    assert_error!(set_up(&links[2].1, "shenji", "王五").await, Error::NotFound);
    set_up(&left[0].1, "shenji", "王五").await.unwrap();
    assert!(account::open_setup_links(&app).await.unwrap().is_empty());
    let (_, actor) = account::sign_in(&app, &Client::default(), "shenji", PASSWORD.to_owned()).await.unwrap();
    assert_eq!(actor.standing, Standing::Auditor);
}

#[tokio::test]
async fn roles_are_given_by_the_security_administrator_and_nobody_is_two_administrators() {
    let (app, _) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    let id = account::create(&admin, NewAccount { name: "赵六".to_owned(), ..new("zhaoliu", PASSWORD) }).await.unwrap();
    let stored = async || app.program(Errand::Demonstration).accounts().get(id).await.unwrap().standing;
    assert_eq!(stored().await, Standing::Unassigned, "who opens accounts gives no role");
    account::grant(&security, id, Standing::Coordinator(Department::Science)).await.unwrap();
    assert_eq!(stored().await, Standing::Coordinator(Department::Science));
    account::grant(&security, id, Standing::Auditor).await.unwrap();
    let both = account::grant(&security, id, Standing::SystemAdmin).await;
    assert_rule!(both, Input, "三员分立", "先收回");
    let twin = account::create(&admin, NewAccount { name: "赵 六".to_owned(), ..new("twin", PASSWORD) }).await.unwrap();
    let again = account::grant(&security, twin, Standing::SystemAdmin).await;
    assert_rule!(again, Input, "同一人");
    account::grant(&security, twin, Standing::Organizer).await.unwrap();
    let last = account::grant(&security, id, Standing::Unassigned).await;
    assert_rule!(last, Input, "唯一的审计员");
    enrol(&app, "shenji", Standing::Auditor).await;
    account::grant(&security, id, Standing::Unassigned).await.unwrap();
    account::grant(&security, twin, Standing::SystemAdmin).await.unwrap();
    assert_rule!(account::grant(&security, security.actor.account, Standing::Auditor).await, Input);
    let expert = Standing::Expert(domain::ids::ExpertId(uuid::Uuid::from_u128(1)));
    assert_rule!(account::grant(&security, id, expert).await, Input);
}

#[tokio::test]
async fn several_roles_are_given_at_once_or_none() {
    let (app, _) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    let mut ids = Vec::new();
    for (login, name) in [("zhaoliu", "赵六"), ("qianqi", "钱七"), ("twin", "赵 六")] {
        let new = NewAccount { name: name.to_owned(), ..new(login, PASSWORD) };
        ids.push(account::create(&admin, new).await.unwrap());
    }
    let give = |n: usize, to| account::Granting { account: ids[n], from: Standing::Unassigned, to };
    let stored = async || {
        let mut found = Vec::new();
        for id in &ids {
            found.push(app.program(Errand::Demonstration).accounts().get(*id).await.unwrap().standing);
        }
        found
    };
    // Each alone would do: together they make one person two administrators.
    let both = [give(0, Standing::Auditor), give(2, Standing::SystemAdmin)];
    assert_rule!(account::grant_all(&security, &both).await, Input, "twin", "同一人");
    assert_eq!(stored().await, [Standing::Unassigned; 3], "all or none");
    let apart = [give(0, Standing::Organizer), give(1, Standing::Coordinator(Department::Science))];
    account::grant_all(&security, &apart).await.unwrap();
    assert_eq!(stored().await[..2], [Standing::Organizer, Standing::Coordinator(Department::Science)]);
    let late = account::grant_all(&security, &[give(2, Standing::Organizer), give(0, Standing::Supervisor)]).await;
    assert_error!(late, Error::Stale);
    assert_eq!(stored().await[2], Standing::Unassigned);
}

#[tokio::test]
async fn a_changed_role_ends_every_session() {
    let (app, _) = installation().await;
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    let other = enrol(&app, "gxt", Standing::Organizer).await;
    let token = signed_in(&other, "gxt").await;
    account::grant(&security, other.actor.account, Standing::Supervisor).await.unwrap();
    assert_error!(account::resume(&app, &Client::default(), &token).await.map(|c| c.actor), Error::SignedOut);
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
        assert_rule!(account::create(&admin, new(login, password)).await, Input);
    }
    account::create(&admin, new("zuzhi", PASSWORD)).await.unwrap();
    let again = account::create(&admin, new("zuzhi", PASSWORD)).await;
    assert_rule!(again, Duplicate, "zuzhi");
    let wanted = |search| account::Wanted { search, role: None, page: 0, size: 50 };
    assert_eq!(account::page(&admin, &wanted("")).await.unwrap().1, 2);
    let (found, total) = account::page(&admin, &wanted("ZUZ")).await.unwrap();
    assert_eq!((found[0].login.as_str(), total), ("zuzhi", 1));
    assert_eq!(account::page(&admin, &wanted("_")).await.unwrap().1, 0, "signs stand for themselves");
}

#[tokio::test]
async fn a_lost_first_password_is_replaced_and_the_old_one_ends() {
    let (app, _) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let lost = "Chushi-2026-1".to_owned();
    let new = NewAccount { login: "zuzhi".to_owned(), name: "组织者".to_owned(), password: lost.clone() };
    account::create(&admin, new).await.unwrap();
    let (token, actor) = account::sign_in(&app, &Client::default(), "zuzhi", lost.clone()).await.unwrap();
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    let (login, password) = reset(&admin, &security, actor.account, Credential::Password).await;
    let password = password.unwrap();
    assert_eq!(login, "zuzhi");
    assert_ne!(password, lost);
    assert_error!(account::resume(&app, &Client::default(), &token).await.map(|c| c.actor), Error::SignedOut);
    let with_the_old = account::sign_in(&app, &Client::default(), &login, lost).await;
    assert_error!(with_the_old.map(|(_, a)| a), Error::BadCredentials);
    account::sign_in(&app, &Client::default(), &login, password).await.unwrap();
}

#[tokio::test]
async fn a_command_on_the_console_acts_with_the_rights_of_its_account() {
    let (app, _) = installation().await;
    let known = enrol(&app, "gxt", Standing::Organizer).await;
    assert_eq!(account::on_console(&app, "gxt").await.unwrap().actor, known.actor);
    assert_error!(account::on_console(&app, "nobody").await.map(|c| c.actor), Error::NotFound);
    let id = known.actor.account;
    app.program(Errand::Demonstration)
        .write(async |tx| tx.accounts().set_state(id, AccountState::Disabled).await)
        .await
        .unwrap();
    assert_error!(account::on_console(&app, "gxt").await.map(|c| c.actor), Error::NotFound);
}

fn from(address: &str) -> Client {
    Client { address: Some(address.parse().unwrap()), agent: "浏览器".to_owned(), device: String::new() }
}

#[tokio::test]
async fn whoever_guesses_waits_longer_every_time_whoever_asks() {
    let (app, clock) = installation().await;
    enrol(&app, "gxt", Standing::Organizer).await;
    let attempt = async |client: &Client, login: &str, password: &str| {
        account::sign_in(&app, client, login, password.to_owned()).await.map(|(_, actor)| actor)
    };
    // A name that nobody has is answered the same.
    for login in ["gxt", "nobody"] {
        for n in 1..=5 {
            assert_error!(
                attempt(&from(&format!("203.0.113.{n}")), login, "Wrong-2026-x").await,
                Error::BadCredentials
            );
        }
        assert_error!(attempt(&from("198.51.100.1"), login, PASSWORD).await, Error::LockedOut(seconds) if seconds == 2);
    }
    clock.pass(Duration::seconds(2));
    for wait in [4, 8, 16] {
        assert_error!(attempt(&from("203.0.113.1"), "GXT ", "Wrong-2026-x").await, Error::BadCredentials);
        assert_error!(attempt(&from("198.51.100.1"), "gxt", PASSWORD).await, Error::LockedOut(seconds) if seconds == wait);
        clock.pass(Duration::seconds(wait));
    }
    assert!(attempt(&from("198.51.100.1"), "gxt", PASSWORD).await.is_ok());
    let (rows, _) = app.program(Errand::Demonstration).audit().page("sign_in_failed", 0, 20).await.unwrap();
    assert!(rows.iter().any(|row| row.actor == "gxt" && row.detail.contains("login")), "the wait is written down");
}

#[tokio::test]
async fn many_guesses_at_once_are_no_more_than_five() {
    let (app, _) = installation().await;
    enrol(&app, "gxt", Standing::Organizer).await;
    let mut guesses = tokio::task::JoinSet::new();
    for n in 1..=20 {
        let (app, client) = (app.clone(), from(&format!("203.0.113.{n}")));
        guesses.spawn(async move { account::sign_in(&app, &client, "gxt", "Wrong-2026-x".to_owned()).await });
    }
    let answers = guesses.join_all().await;
    let looked_at = answers.iter().filter(|answer| matches!(answer, Err(Error::BadCredentials))).count();
    let waits = answers.iter().filter(|answer| matches!(answer, Err(Error::LockedOut(2)))).count();
    assert_eq!((looked_at, waits), (5, 15));
}

#[tokio::test]
async fn guesses_elsewhere_do_not_keep_out_whoever_has_signed_in_here_before() {
    let (app, _) = installation().await;
    let gxt = enrol(&app, "gxt", Standing::Organizer).await;
    let jyt = enrol(&app, "jyt", Standing::Organizer).await;
    let cookie = account::remember(&app, "", gxt.actor.account).unwrap();
    let both = account::remember(&app, &cookie, jyt.actor.account).unwrap();
    assert!(both.contains(&cookie), "a tablet remembers several");
    for n in 1..=9 {
        for login in ["gxt", "jyt"] {
            let _ = account::sign_in(&app, &from(&format!("203.0.113.{n}")), login, "Wrong-2026-x".to_owned()).await;
        }
    }
    let known = |device: &str| Client { device: device.to_owned(), ..from("198.51.100.1") };
    let attempt = async |device: &str, login: &str, password: &str| {
        account::sign_in(&app, &known(device), login, password.to_owned()).await.map(drop)
    };
    assert_error!(attempt("", "gxt", PASSWORD).await, Error::LockedOut(_));
    assert_error!(attempt(&cookie, "jyt", PASSWORD).await, Error::LockedOut(_));
    let forged = cookie.replace(&jyt.actor.account.0.simple().to_string(), &gxt.actor.account.0.simple().to_string());
    let forged = forged[..forged.len() - 1].to_owned() + if forged.ends_with('0') { "1" } else { "0" };
    assert_error!(attempt(&forged, "gxt", PASSWORD).await, Error::LockedOut(_));
    attempt(&both, "gxt", PASSWORD).await.unwrap();
    attempt(&both, "jyt", PASSWORD).await.unwrap();
    // A stolen cookie buys no more than the usual guesses.
    for _ in 1..=5 {
        assert_error!(attempt(&both, "gxt", "Wrong-2026-x").await, Error::BadCredentials);
    }
    assert_error!(attempt(&both, "gxt", PASSWORD).await, Error::LockedOut(_));
}

#[tokio::test]
async fn a_network_is_never_shut_and_a_success_clears_only_its_own_share() {
    let (app, _) = installation().await;
    for login in ["gxt", "jyt"] {
        enrol(&app, login, Standing::Organizer).await;
    }
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let hall = from("2001:db8:1:2::7");
    for n in 0..24 {
        let neighbour = from(&format!("2001:db8:1:2::{n:x}"));
        let guess = account::sign_in(&app, &neighbour, &format!("unknown{n}"), "x".to_owned()).await;
        assert_error!(guess.map(drop), Error::BadCredentials);
    }
    let failures = async || {
        let slowed = account::slowed(&admin).await.unwrap();
        slowed.iter().find(|own| own.is_network()).map(|own| (own.name().to_owned(), own.failures))
    };
    assert_eq!(failures().await, Some(("2001:db8:1:2::".to_owned(), 24)), "one /64 is one network");
    for _ in 0..2 {
        let wrong = account::sign_in(&app, &hall, "gxt", "x".to_owned()).await;
        assert_error!(wrong.map(drop), Error::BadCredentials);
    }
    account::sign_in(&app, &hall, "gxt", PASSWORD.to_owned()).await.unwrap();
    assert_eq!(failures().await.map(|(_, n)| n), Some(24), "what others guessed stays");
    account::sign_in(&app, &hall, "jyt", PASSWORD.to_owned()).await.unwrap();
    let key = account::slowed(&admin).await.unwrap().remove(0).key;
    account::clear(&admin, &key).await.unwrap();
    assert_eq!(failures().await, None);
    assert!(account::slowed(&admin).await.unwrap().iter().all(|own| own.key != key));
}

#[tokio::test]
async fn a_first_password_is_good_for_nothing_but_changing_it() {
    let (app, _) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let new = NewAccount { login: "zuzhi".to_owned(), name: "组织者".to_owned(), password: PASSWORD.to_owned() };
    let id = account::create(&admin, new).await.unwrap();
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    account::grant(&security, id, Standing::Organizer).await.unwrap();
    let token = signed_in(&admin, "zuzhi").await;
    let ctx = account::resume(&app, &Client::default(), &token).await.unwrap();
    assert_eq!(ctx.restriction, Some(Restriction::FirstPassword));
    assert_error!(service::programme::batches(&ctx).await, Error::Restricted(Restriction::FirstPassword));
    account::change_password(&ctx, PASSWORD.to_owned(), "Changed-2026".to_owned()).await.unwrap();
    let (token, _) = account::sign_in(&app, &Client::default(), "zuzhi", "Changed-2026".to_owned()).await.unwrap();
    let ctx = account::resume(&app, &Client::default(), &token).await.unwrap();
    assert_eq!(ctx.restriction, Some(Restriction::NoSecondFactor), "the next thing that an organizer needs");
}

#[tokio::test]
async fn a_password_is_changed_after_ninety_days_and_never_to_one_of_the_last_five() {
    let (app, clock) = installation().await;
    let ctx = enrol(&app, "gxt", Standing::Organizer).await;
    clock.pass(Duration::days(90));
    let fresh = account::resume(&app, &Client::default(), &signed_in(&ctx, "gxt").await).await.unwrap();
    assert_eq!(fresh.restriction, Some(Restriction::NoSecondFactor));
    clock.pass(Duration::seconds(1));
    let old = account::resume(&app, &Client::default(), &signed_in(&ctx, "gxt").await).await.unwrap();
    assert_eq!(old.restriction, Some(Restriction::OldPassword));
    let number = |n: usize| format!("Changed-2026-{n}");
    let mut present = PASSWORD.to_owned();
    for n in 0..5 {
        clock.pass(Duration::minutes(1));
        account::change_password(&ctx, present, number(n)).await.unwrap();
        present = number(n);
    }
    for n in 0..5 {
        let again = account::change_password(&ctx, present.clone(), number(n)).await;
        assert_rule!(again, Input, "最近用过");
    }
    account::change_password(&ctx, present, PASSWORD.to_owned()).await.unwrap();
}

#[tokio::test]
async fn one_sees_and_ends_one_s_own_sessions_and_nobody_else_s() {
    let (app, clock) = installation().await;
    for login in ["gxt", "jyt"] {
        enrol(&app, login, Standing::Organizer).await;
    }
    let enter = async |address: &str, login: &str| {
        let token = account::sign_in(&app, &from(address), login, PASSWORD.to_owned()).await.unwrap().0;
        (account::resume(&app, &from(address), &token).await.unwrap(), token)
    };
    let (here, _) = enter("192.0.2.1", "gxt").await;
    let (there, elsewhere) = enter("192.0.2.2", "gxt").await;
    let (stranger, _) = enter("192.0.2.3", "jyt").await;
    let own = account::own_browser_sessions(&here).await.unwrap();
    let mut addresses: Vec<_> = own.iter().map(|session| session.address.as_str()).collect();
    addresses.sort_unstable();
    assert_eq!(addresses, ["192.0.2.1", "192.0.2.2"]);
    let other = there.session.unwrap();
    let end =
        async |ctx: &Context, password: &str| account::end_browser_sessions(ctx, &[other], password.to_owned()).await;
    assert_error!(end(&stranger, PASSWORD).await, Error::NotFound);
    assert_rule!(end(&here, "Wrong-2026-x").await, Input, "密码不正确");
    account::resume(&app, &from("192.0.2.2"), &elsewhere).await.unwrap();
    end(&here, PASSWORD).await.unwrap();
    assert_error!(account::resume(&app, &from("192.0.2.2"), &elsewhere).await.map(|c| c.actor), Error::SignedOut);
    assert_error!(end(&here, PASSWORD).await, Error::NotFound);
    clock.pass(Duration::minutes(31));
    assert!(account::own_browser_sessions(&here).await.unwrap().is_empty(), "what has ended is not listed");
}

fn account_list(rows: &[[&str; 3]]) -> Vec<u8> {
    let header = vec!["登录名", "姓名", "初始密码"];
    crate::importing::workbook(
        "账号",
        &std::iter::once(header).chain(rows.iter().map(|row| row.to_vec())).collect::<Vec<_>>(),
    )
}

#[tokio::test]
async fn accounts_of_a_list_are_all_opened_or_none_and_no_password_is_told() {
    let world = World::new().await;
    let before = fingerprint(&world).await;
    let secret = "Zhuhai-40731!x";
    let expert = world.experts[0].code.clone();
    let bad = [
        ["wangwu", "王五", secret],
        ["WangWu", "王五", secret],
        ["gxt", "某人", secret],
        [&expert, "某人", secret],
        ["zhaoliu", "", secret],
        ["sunqi", "孙七", "123456"],
        ["zhouba", "周八", "密码密码密码"],
    ];
    let refused = account::create_all(&world.admin, account_list(&bad)).await;
    let Err(service::Error::Rule(rule)) = refused else { panic!("{refused:?}") };
    let told = rule.to_string();
    for words in ["A3", "重复", "已被使用", "专家的编号", "B6", "密码", "C8"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    assert!(!told.contains(secret) && !told.contains("123456") && !told.contains("密码密码"), "{told}");
    assert_eq!(fingerprint(&world).await, before);
    assert_rule!(account::create_all(&world.admin, account_list(&[])).await, Input, "没有数据行");

    let good = [["wangwu", "王五", secret], ["zhaoliu", "赵六", "Lingling-5519#y"]];
    assert_eq!(account::create_all(&world.admin, account_list(&good)).await.unwrap(), 2);
    let opened = world.store().accounts().by_login("zhaoliu").await.unwrap();
    assert_eq!((opened.standing, opened.password_state), (Standing::Unassigned, PasswordState::First));
    assert_eq!(world.audit_actions().await.iter().filter(|action| *action == "account_created").count(), 2);
    assert_rule!(account::create_all(&world.admin, account_list(&good)).await, Input, "已被使用");
}
