//! The second factor: set up, passed at every sign-in, guessed, lost.

use crate::support::{PASSWORD, enrol, installation, reset, signed_in};
use crate::{assert_error, assert_rule};
use chrono::Duration;
use domain::access::{Department, Errand, Standing};
use domain::renewal::Credential;
use service::account::{self, Device, Enrolment};
use service::{Client, Context, Error, Restriction};
use store::Repositories;

/// The data shown to set a device up, after the password where it is asked for.
async fn device(ctx: &Context) -> Device {
    if let Enrolment::Password = account::enrolment(ctx).await.unwrap() {
        account::begin_enrolment(ctx, PASSWORD.to_owned()).await.unwrap();
    }
    match account::enrolment(ctx).await.unwrap() {
        Enrolment::Device(device) => device,
        Enrolment::Password => panic!("the password was given"),
    }
}

async fn asks_for_the_password(ctx: &Context) -> bool {
    matches!(account::enrolment(ctx).await.unwrap(), Enrolment::Password)
}

fn code_at(device: &Device, at: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(&device.secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(at).unwrap()).to_string()
}

#[tokio::test]
async fn the_secret_goes_to_whoever_just_proved_to_know_the_password_in_that_session() {
    let (app, clock) = installation().await;
    let known = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    let enter = async || account::resume(&app, &Client::default(), &signed_in(&known, "gxt").await).await.unwrap();
    // Left open for six minutes, the session asks again.
    let left_open = enter().await;
    clock.pass(Duration::minutes(6));
    assert!(asks_for_the_password(&left_open).await);
    assert_rule!(account::confirm(&left_open, "123456").await, Moment);
    let wrong = account::begin_enrolment(&left_open, "Wrong-2026-x".to_owned()).await;
    assert_rule!(wrong, Input, "密码不正确");
    account::begin_enrolment(&left_open, PASSWORD.to_owned()).await.unwrap();
    let shown = device(&left_open).await;
    clock.pass(Duration::minutes(6));
    assert_eq!(device(&left_open).await.secret, shown.secret, "once begun it stays");

    // Another session sees nothing of it; where it begins anew, the first secret is worth nothing.
    let fresh = enter().await;
    let other = device(&fresh).await;
    assert_ne!(other.secret, shown.secret);
    assert!(asks_for_the_password(&left_open).await);
    let now = app.clock.now().timestamp();
    assert_rule!(account::confirm(&left_open, &code_at(&shown, now)).await, Moment);
    assert_rule!(account::confirm(&fresh, &code_at(&shown, now)).await, Input);
    account::confirm(&fresh, &code_at(&other, now)).await.unwrap();
    let again = account::begin_enrolment(&left_open, PASSWORD.to_owned()).await;
    assert_rule!(again, Moment);
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_setting_up() {
    let (app, _) = installation().await;
    let known = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    for _ in 0..5 {
        assert_rule!(account::begin_enrolment(&known, "Wrong-2026-x".to_owned()).await, Input);
    }
    assert_error!(account::begin_enrolment(&known, PASSWORD.to_owned()).await, Error::LockedOut(_));
    let change = account::change_password(&known, PASSWORD.to_owned(), "Changed-2026".to_owned()).await;
    assert_error!(change, Error::LockedOut(_));
}

#[tokio::test]
async fn a_first_password_sets_up_no_second_factor() {
    let (app, _) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let known = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    let (_, first) = reset(&admin, &security, known.actor.account, Credential::Password).await;
    let first = first.unwrap();
    let (token, _) = account::sign_in(&app, &Client::default(), "gxt", first.clone()).await.unwrap();
    let ctx = account::resume(&app, &Client::default(), &token).await.unwrap();
    assert_error!(account::enrolment(&ctx).await, Error::Restricted(Restriction::FirstPassword));
    let begun = account::begin_enrolment(&ctx, first).await;
    assert_error!(begun, Error::Restricted(Restriction::FirstPassword));
}

#[tokio::test]
async fn coordinators_and_administrators_pass_a_second_factor_at_every_sign_in() {
    let (app, clock) = installation().await;
    let known = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    let enter = async || account::resume(&app, &Client::default(), &signed_in(&known, "gxt").await).await.unwrap();
    let ctx = enter().await;
    assert_eq!(ctx.restriction, Some(Restriction::NoSecondFactor));
    assert_error!(service::programme::batches(&ctx).await, Error::Restricted(Restriction::NoSecondFactor));
    let enrolment = device(&ctx).await;
    assert_eq!(enrolment.recovery_codes.len(), 10);
    assert_eq!(device(&ctx).await.secret, enrolment.secret, "looking again changes nothing");
    let code = |at: i64| {
        let secret = totp_rs::Secret::try_from_base32(&enrolment.secret).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(at).unwrap()).to_string()
    };
    let now = || app.clock.now().timestamp();
    assert_rule!(account::confirm(&ctx, "000000").await, Input);
    account::confirm(&ctx, &code(now())).await.unwrap();
    assert_rule!(account::enrolment(&ctx).await, Moment);

    // The next sign-in: the password alone opens nothing, not even itself.
    let ctx = enter().await;
    assert_eq!(ctx.restriction, Some(Restriction::SecondFactor));
    let change = account::change_password(&ctx, PASSWORD.to_owned(), "Changed-2026".to_owned()).await;
    assert_error!(change, Error::Restricted(Restriction::SecondFactor));
    assert_rule!(account::pass(&ctx, &code(now())).await, Input);
    clock.pass(Duration::seconds(30));
    account::pass(&ctx, &code(now())).await.unwrap();
    let token = signed_in(&known, "gxt").await;
    let other = account::resume(&app, &Client::default(), &token).await.unwrap();
    assert_eq!(other.restriction, Some(Restriction::SecondFactor), "each session passes for itself");
    let first = &enrolment.recovery_codes[0];
    let renewed = account::pass(&other, &format!(" {} ", first.to_lowercase().replace('-', ""))).await.unwrap();
    assert!(account::resume(&app, &Client::default(), &renewed).await.unwrap().restriction.is_none());
    let stolen = account::resume(&app, &Client::default(), &token).await.map(|ctx| ctx.actor);
    assert_error!(stolen, Error::SignedOut);
    assert_eq!(account::codes_left(&other).await.unwrap(), Some(9));
    let without = enrol(&app, "zuzhi", Standing::Organizer).await;
    assert_eq!(account::codes_left(&without).await.unwrap(), None);
    assert_rule!(account::pass(&enter().await, first).await, Input);
}

#[tokio::test]
async fn guessing_codes_is_locked_and_a_lost_device_is_replaced_by_an_administrator() {
    let (app, clock) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let known = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    let enter = async || account::resume(&app, &Client::default(), &signed_in(&known, "gxt").await).await.unwrap();
    let enrolment = device(&known).await;
    let secret = totp_rs::Secret::try_from_base32(&enrolment.secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let code = || totp.generate(u64::try_from(app.clock.now().timestamp()).unwrap()).to_string();
    account::confirm(&known, &code()).await.unwrap();
    clock.pass(Duration::minutes(1));
    let ctx = enter().await;
    for _ in 0..5 {
        assert_rule!(account::pass(&ctx, "123").await, Input);
    }
    assert_error!(account::pass(&ctx, &code()).await, Error::LockedOut(_));
    assert_error!(account::pass(&enter().await, &enrolment.recovery_codes[3]).await, Error::LockedOut(_));
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    assert_eq!(reset(&admin, &security, known.actor.account, Credential::SecondFactor).await, ("gxt".to_owned(), None));
    let again = enter().await;
    assert_eq!(again.restriction, Some(Restriction::NoSecondFactor));
    assert_ne!(device(&again).await.secret, enrolment.secret);
}

#[tokio::test]
async fn a_new_password_leaves_the_second_factor_as_it_was() {
    let (app, clock) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    let known = enrol(&app, "gxt", Standing::Supervisor).await;
    let enrolment = device(&known).await;
    account::confirm(&known, &code_at(&enrolment, app.clock.now().timestamp())).await.unwrap();
    clock.pass(Duration::minutes(1));
    let (_, first) = reset(&admin, &security, known.actor.account, Credential::Password).await;
    let (token, _) = account::sign_in(&app, &Client::default(), "gxt", first.unwrap()).await.unwrap();
    let ctx = account::resume(&app, &Client::default(), &token).await.unwrap();
    assert_eq!(ctx.restriction, Some(Restriction::SecondFactor), "the device is asked first");
    account::pass(&ctx, &code_at(&enrolment, app.clock.now().timestamp())).await.unwrap();
}

#[tokio::test]
async fn the_console_lets_an_administrator_back_in_and_nobody_else() {
    let (app, clock) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let organizer = enrol(&app, "zuzhi", Standing::Organizer).await;
    let enrolment = device(&admin).await;
    let secret = totp_rs::Secret::try_from_base32(&enrolment.secret).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    let code = totp.generate(u64::try_from(app.clock.now().timestamp()).unwrap()).to_string();
    account::confirm(&admin, &code).await.unwrap();
    clock.pass(Duration::minutes(1));
    let session = signed_in(&admin, "admin").await;
    assert_rule!(account::recover(&app, "zuzhi").await, Input);
    assert!(account::resume(&app, &Client::default(), &signed_in(&organizer, "zuzhi").await).await.is_ok());
    let password = account::recover(&app, "admin").await.unwrap();
    assert_error!(account::resume(&app, &Client::default(), &session).await.map(|c| c.actor), Error::SignedOut);
    let old = account::sign_in(&app, &Client::default(), "admin", PASSWORD.to_owned()).await;
    assert!(matches!(old, Err(Error::BadCredentials)));
    let (token, _) = account::sign_in(&app, &Client::default(), "admin", password).await.unwrap();
    let back = account::resume(&app, &Client::default(), &token).await.unwrap();
    assert_eq!(back.restriction, Some(Restriction::FirstPassword));
    assert!(app.program(Errand::Demonstration).second_factors().get(admin.actor.account).await.unwrap().is_none());
    let (rows, _) = app.program(Errand::Demonstration).audit().page("account_changed", 0, 10).await.unwrap();
    assert_eq!((rows[0].actor.as_str(), rows[0].account, rows[0].role), ("控制台", None, None));
}

#[tokio::test]
async fn secrets_are_sealed_and_change_keys_without_being_lost() {
    let (app, _) = installation().await;
    let known = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    let enrolment = device(&known).await;
    let stored = app.program(Errand::Demonstration).second_factors().get(known.actor.account).await.unwrap().unwrap();
    assert!(!stored.sealed.contains(&enrolment.secret));
    assert_eq!(account::reseal(&app).await.unwrap(), 0, "all have the newest key");
}
