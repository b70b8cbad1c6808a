//! Resets of passwords and second factors: nobody comes into somebody else's account alone.

use crate::assert_rule;
use crate::support::{PASSWORD, enrol, installation, signed_in};
use chrono::Duration;
use domain::access::{Department, Errand, Standing};
use domain::account::Account;
use domain::ids::AccountId;
use domain::renewal::{Credential, RenewalState};
use service::account::{self, NewAccount};
use service::{App, Client, Context, Restriction, renewal};
use std::sync::Arc;
use store::Repositories;

const BADGE: &str = "本人持工作证到场";

async fn the_only(ctx: &Context) -> renewal::Shown {
    let mut open = renewal::open(ctx).await.unwrap();
    assert_eq!(open.len(), 1);
    open.remove(0)
}

/// Another account of an administrator, under a login of its own and the name of `like`.
async fn double(app: &Arc<App>, like: &Context, standing: Standing) -> Context {
    let new = NewAccount { login: "double".to_owned(), name: like.actor.name.clone(), password: PASSWORD.to_owned() };
    let account: Account = account::prepare(app, new, standing).await.unwrap();
    let actor = domain::access::Actor { account: account.id, name: account.name.clone(), standing };
    let insert = async |tx: &store::Tx| tx.accounts().insert(vec![account.clone()]).await;
    app.program(Errand::Demonstration).write(insert).await.unwrap();
    Context::new(app.clone(), actor, Client::default())
}

#[tokio::test]
async fn nobody_resets_somebody_else_s_credentials_alone() {
    let (app, _) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    let known = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    let owner = known.actor.account;
    assert_rule!(renewal::ask(&admin, owner, Credential::Password, " \n").await, Input, "核实");
    assert_rule!(renewal::ask(&admin, admin.actor.account, Credential::SecondFactor, BADGE).await, Input);
    renewal::ask(&admin, owner, Credential::Password, BADGE).await.unwrap();
    assert_rule!(renewal::ask(&admin, owner, Credential::Password, "再次").await, Moment);
    let asked = the_only(&security).await;
    assert!(asked.awaits_caller && asked.renewal.recognised.as_str() == BADGE);
    let id = asked.renewal.id;
    assert_rule!(renewal::carry_out(&admin, id).await, Moment, "尚未复核");
    account::resume(&app, &Client::default(), &signed_in(&known, "gxt").await).await.unwrap();

    // Whoever asked does not agree under a second account, not even as the other administrator.
    let same_person = double(&app, &admin, Standing::SecurityAdmin).await;
    assert_rule!(renewal::agree(&same_person, id).await, Input, "另一人");
    renewal::agree(&security, id).await.unwrap();
    assert!(the_only(&admin).await.awaits_caller && !the_only(&security).await.awaits_caller);
    let colleague = enrol(&app, "admin2", Standing::SystemAdmin).await;
    assert_rule!(renewal::carry_out(&colleague, id).await, Input, "提请的管理员");
    assert_rule!(renewal::withdraw(&colleague, id).await, Input);

    let session = signed_in(&known, "gxt").await;
    let first = renewal::carry_out(&admin, id).await.unwrap().password.unwrap();
    assert!(account::resume(&app, &Client::default(), &session).await.is_err(), "signed out everywhere");
    assert_rule!(renewal::carry_out(&admin, id).await, Moment);
    let (token, _) = account::sign_in(&app, &Client::default(), "gxt", first).await.unwrap();
    let ctx = account::resume(&app, &Client::default(), &token).await.unwrap();
    assert_eq!(ctx.restriction, Some(Restriction::FirstPassword));
    assert!(renewal::open(&admin).await.unwrap().is_empty());

    let (rows, _) = app.program(Errand::Demonstration).audit().page("", 0, 100).await.unwrap();
    let of_the_owner = rows.iter().rev().filter(|row| row.object_id == Some(owner.0));
    let actions: Vec<&str> = of_the_owner.map(|row| row.action.as_str()).filter(|own| *own != "sign_in").collect();
    assert_eq!(actions, ["renewal_asked", "renewal_agreed", "account_changed"]);
    assert!(rows.iter().any(|row| row.action == "renewal_asked" && row.detail.contains(BADGE)));
}

#[tokio::test]
async fn an_administrator_does_not_agree_to_the_reset_of_the_own_account() {
    let (app, _) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    renewal::ask(&admin, security.actor.account, Credential::SecondFactor, BADGE).await.unwrap();
    assert_rule!(renewal::agree(&security, the_only(&security).await.renewal.id).await, Input);
}

#[tokio::test]
async fn what_was_asked_for_is_sent_back_or_taken_back_or_ends_after_a_day() {
    let (app, clock) = installation().await;
    let admin = enrol(&app, "admin", Standing::SystemAdmin).await;
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    let owner: AccountId = enrol(&app, "zuzhi", Standing::Organizer).await.actor.account;
    let ask = async || {
        renewal::ask(&admin, owner, Credential::SecondFactor, BADGE).await.unwrap();
        the_only(&security).await.renewal.id
    };
    let id = ask().await;
    assert_rule!(renewal::decline(&security, id, "").await, Input);
    renewal::decline(&security, id, "电话未能核实").await.unwrap();
    assert_rule!(renewal::agree(&security, id).await, Moment);
    renewal::withdraw(&admin, ask().await).await.unwrap();
    let id = ask().await;
    renewal::agree(&security, id).await.unwrap();
    assert_eq!(the_only(&admin).await.renewal.state, RenewalState::Agreed);
    clock.pass(Duration::hours(25));
    assert!(renewal::open(&admin).await.unwrap().is_empty());
    assert_rule!(renewal::carry_out(&admin, id).await, Moment, "24小时");
    ask().await;
}
