//! Accounts, sessions, settings, and the pool of experts.

use crate::support::{Opened, account, at, expert, id, is_duplicate, is_not_found, uscc};
use crate::{refused, write};
use domain::access::{Department, Standing};
use domain::account::{Account, AccountState, NewPassword, PasswordState};
use domain::expert::PoolState;
use domain::identity::{Office, Unit};
use domain::ids::{AccountId, ExpertId};
use domain::lockout::Attempts;
use domain::people::Number;
use store::Repositories;
use store::repo::browser_session::BrowserSession;
use store::repo::personal::Datum;

pub async fn accounts_come_back_with_their_standing(opened: Opened) {
    let store = &opened.store;
    let all = vec![
        account(1, "a-gxt", Standing::Coordinator(Department::Industry)),
        account(2, "b-zuzhi", Standing::Organizer),
        account(3, "c-zj", Standing::Expert(ExpertId(id(77)))),
        account(4, "d-jd", Standing::Supervisor),
        account(5, "e-admin", Standing::SystemAdmin),
        account(6, "f-anquan", Standing::SecurityAdmin),
        account(7, "g-shenji", Standing::Auditor),
        account(8, "h-new", Standing::Unassigned),
    ];
    write!(store, |tx| tx.accounts().insert(all.clone()).await);
    assert_eq!(store.accounts().all().await.unwrap(), all);
    assert_eq!(store.accounts().count().await.unwrap(), 8);
    write!(store, |tx| tx.accounts().set_standing(all[7].id, Standing::Coordinator(Department::Science)).await);
    let granted = store.accounts().get(all[7].id).await.unwrap();
    assert_eq!(granted.standing, Standing::Coordinator(Department::Science));
    write!(store, |tx| tx.accounts().set_standing(all[7].id, Standing::Unassigned).await);
    assert_eq!(store.accounts().get(all[7].id).await.unwrap(), all[7]);
    assert_eq!(store.accounts().by_login("c-zj").await.unwrap(), all[2]);
    assert_eq!(store.accounts().get(AccountId(id(1))).await.unwrap(), all[0]);
    assert!(is_not_found(&store.accounts().by_login("nobody").await.unwrap_err()));
}

pub async fn a_login_is_taken_once(opened: Opened) {
    let store = &opened.store;
    write!(store, |tx| tx.accounts().insert(vec![account(1, "admin", Standing::SystemAdmin)]).await);
    let error = refused!(store, |tx| tx.accounts().insert(vec![account(2, "admin", Standing::Organizer)]).await);
    assert!(is_duplicate(&error), "{error}");
}

pub async fn an_account_can_be_disabled_and_given_a_new_password(opened: Opened) {
    let store = &opened.store;
    let one = account(1, "admin", Standing::SystemAdmin);
    let new = |hash: &str| NewPassword { hash: hash.to_owned(), state: PasswordState::First, at: at(9) };
    write!(store, |tx| {
        tx.accounts().insert(vec![one.clone(), account(2, "other", Standing::Organizer)]).await?;
        tx.accounts().set_state(one.id, AccountState::Disabled).await?;
        tx.accounts().set_password(one.id, new("new"), id(80)).await?;
        tx.accounts().set_password(one.id, new("newer"), id(81)).await
    });
    let changed = Account {
        state: AccountState::Disabled,
        password_hash: "newer".to_owned(),
        password_state: PasswordState::First,
        password_changed_at: at(9),
        ..one
    };
    let earlier = async |most| store.accounts().earlier_passwords(changed.id, most).await.unwrap();
    assert_eq!(earlier(9).await, ["new", "$argon2id$…"], "the newest first");
    assert_eq!(earlier(1).await, ["new"]);
    assert_eq!(store.accounts().get(changed.id).await.unwrap(), changed);
    assert_eq!(store.accounts().by_login("other").await.unwrap().state, AccountState::Active);
    let nobody = AccountId(id(9));
    assert!(is_not_found(&refused!(store, |tx| tx.accounts().set_state(nobody, AccountState::Disabled).await)));
    assert!(is_not_found(&refused!(store, |tx| tx.accounts().set_password(nobody, new(""), id(82)).await)));
}

pub async fn sessions_open_are_touched_and_close(opened: Opened) {
    let store = &opened.store;
    let owner = account(1, "admin", Standing::SystemAdmin);
    let session = |token: &str| BrowserSession {
        token_hash: token.to_owned(),
        id: uuid::Uuid::from_u128(u128::from(token.as_bytes()[1])),
        account: owner.id,
        created_at: at(0),
        seen_at: at(0),
        address: "192.0.2.7".to_owned(),
        agent: "浏览器".to_owned(),
        verified_at: None,
    };
    write!(store, |tx| {
        tx.accounts().insert(vec![owner.clone()]).await?;
        tx.browser_sessions().open(session("one")).await?;
        tx.browser_sessions().open(session("two")).await?;
        tx.browser_sessions().open(session("three")).await?;
        tx.browser_sessions().touch("one", at(60)).await
    });
    let touched = BrowserSession { seen_at: at(60), ..session("one") };
    assert_eq!(store.browser_sessions().presented("one").await.unwrap().session, touched);
    assert_eq!(store.browser_sessions().presented("two").await.unwrap().session, session("two"));
    assert_eq!(store.browser_sessions().of(owner.id).await.unwrap()[0], touched, "the last used first");
    let strangers = refused!(store, |tx| tx.browser_sessions().close_one_of(AccountId(id(8)), session("two").id).await);
    assert!(is_not_found(&strangers));
    write!(store, |tx| tx.browser_sessions().close_one_of(owner.id, session("two").id).await);
    assert!(is_not_found(&store.browser_sessions().presented("two").await.unwrap_err()));
    write!(store, |tx| tx.browser_sessions().close(owner.id, "one").await);
    assert!(is_not_found(&store.browser_sessions().presented("one").await.unwrap_err()));
    assert!(store.browser_sessions().presented("three").await.is_ok());
    write!(store, |tx| tx.browser_sessions().close_all_of(owner.id).await);
    assert!(is_not_found(&store.browser_sessions().presented("three").await.unwrap_err()));
    let stranger = BrowserSession { account: AccountId(id(8)), ..session("four") };
    assert!(is_not_found(&refused!(store, |tx| tx.browser_sessions().open(stranger).await)));
}

pub async fn failed_attempts_are_remembered_and_forgotten(opened: Opened) {
    let store = &opened.store;
    let attempts = |n: u32| Attempts { failures: n, since: at(10), locked_until: (n > 4).then(|| at(99)) };
    assert_eq!(store.attempts().of("login:gxt").await.unwrap(), None);
    for n in [1, 5] {
        write!(store, |tx| tx.attempts().set("login:gxt", Some(attempts(n))).await);
        assert_eq!(store.attempts().of("login:gxt").await.unwrap(), Some(attempts(n)));
    }
    write!(store, |tx| tx.attempts().forget_before(at(10)).await);
    assert!(store.attempts().of("login:gxt").await.unwrap().is_some());
    write!(store, |tx| tx.attempts().forget_before(at(11)).await);
    assert_eq!(store.attempts().of("login:gxt").await.unwrap(), None);
    write!(store, |tx| tx.attempts().set("login:jyt", Some(attempts(1))).await);
    write!(store, |tx| tx.attempts().set("login:jyt", None).await);
    assert_eq!(store.attempts().of("login:jyt").await.unwrap(), None);
}

pub async fn settings_are_replaced_and_removed(opened: Opened) {
    let store = &opened.store;
    assert_eq!(store.accounts().setting("link").await.unwrap(), None);
    write!(store, |tx| tx.accounts().set_setting("link", Some("一".to_owned())).await);
    write!(store, |tx| tx.accounts().set_setting("link", Some("二".to_owned())).await);
    assert_eq!(store.accounts().setting("link").await.unwrap().as_deref(), Some("二"));
    write!(store, |tx| tx.accounts().set_setting("link", None).await);
    assert_eq!(store.accounts().setting("link").await.unwrap(), None);
}

pub async fn experts_come_back_with_their_ties(opened: Opened) {
    let store = &opened.store;
    let mut plain = expert(2);
    plain.ties.clear();
    plain.sectors.clear();
    plain.employer_uscc = None;
    plain.standing = PoolState::Suspended;
    write!(store, |tx| tx.experts().insert(vec![plain.clone(), expert(1)]).await);
    assert_eq!(store.experts().all().await.unwrap(), [expert(1), plain.clone()], "by code");
    assert_eq!(store.experts().get(expert(1).id).await.unwrap(), expert(1));
    assert!(is_not_found(&store.experts().get(ExpertId(id(9))).await.unwrap_err()));
    assert_eq!(store.experts().codes().await.unwrap().get("ZJ-00002"), Some(&plain.id));
}

pub async fn numbers_are_found_by_hash_resealed_and_forgotten(opened: Opened) {
    let store = &opened.store;
    let datum = |n: u32, of: u32, kind: Number, hash: Option<&str>| Datum {
        id: id(500 + u128::from(n)),
        expert: expert(of).id,
        kind,
        masked: "****".to_owned(),
        hash: hash.map(str::to_owned),
        sealed: Some(format!("sealed{n}")),
        filed_at: at(1),
    };
    let own = [datum(1, 1, Number::IdNumber, Some("hash")), datum(2, 1, Number::Phone, None)];
    let other = datum(3, 2, Number::BankCard, None);
    write!(store, |tx| {
        tx.experts().insert(vec![expert(1), expert(2)]).await?;
        tx.personal().insert(vec![own[1].clone(), own[0].clone(), other.clone()]).await
    });
    assert_eq!(store.personal().of(expert(1).id).await.unwrap(), own);
    assert_eq!(store.personal().hashes().await.unwrap(), [("hash".to_owned(), expert(1).code)].into());
    let twice = refused!(store, |tx| tx.personal().insert(vec![datum(4, 2, Number::BankCard, None)]).await);
    assert!(is_duplicate(&twice), "{twice}");
    write!(store, |tx| {
        tx.personal().reseal(own[0].id, "again".to_owned()).await?;
        tx.personal().end(other.id).await
    });
    let back = refused!(store, |tx| tx.personal().reseal(other.id, "back".to_owned()).await);
    assert!(is_not_found(&back), "what is forgotten does not come back: {back}");
    assert_eq!(store.personal().of(expert(2).id).await.unwrap()[0].masked, "");
    let sealed: Vec<_> = store.personal().sealed().await.unwrap().into_iter().map(|d| d.sealed.unwrap()).collect();
    assert_eq!(sealed, ["again", "sealed2"]);
    assert!(is_not_found(&refused!(store, |tx| tx.personal().end(id(9)).await)));
    write!(store, |tx| tx.personal().forget(expert(1).id).await);
    assert!(store.personal().of(expert(1).id).await.unwrap().is_empty());
    assert_eq!(store.personal().of(expert(2).id).await.unwrap().len(), 1);
}

pub async fn an_expert_code_is_taken_once(opened: Opened) {
    let store = &opened.store;
    write!(store, |tx| tx.experts().insert(vec![expert(1)]).await);
    let mut double = expert(2);
    double.code = expert(1).code;
    let error = refused!(store, |tx| tx.experts().insert(vec![expert(3), double]).await);
    assert!(is_duplicate(&error), "{error}");
    assert_eq!(store.experts().count().await.unwrap(), 1, "the sound row beside the double is not kept either");
}

pub async fn five_thousand_experts_go_in_at_once(opened: Opened) {
    let store = &opened.store;
    write!(store, |tx| tx.experts().insert((1..=5000).map(expert).collect()).await);
    let all = store.experts().all().await.unwrap();
    assert_eq!(all.len(), 5000);
    assert_eq!(all[4999], expert(5000));
    assert_eq!(all.iter().map(|e| e.ties.len()).sum::<usize>(), 10_000);
}

pub async fn surroundings_are_read_as_the_rules_use_them(opened: Opened) {
    let store = &opened.store;
    write!(store, |tx| {
        tx.experts().insert_affiliation(id(1), &uscc(1), &uscc(2)).await?;
        tx.experts().insert_authority(id(2), Some(&uscc(3)), "某市 工信局").await?;
        tx.experts().insert_authority(id(3), None, "示例区经信局").await
    });
    let around = store.experts().surroundings().await.unwrap();
    assert_eq!(around.affiliates, [(uscc(1), uscc(2))]);
    let office = |name: &str, code| around.authorities.office(&Unit::new(name), code);
    let code = uscc(3);
    assert_eq!(office("更名后的局", Some(&code)), Some(Office::Itself));
    for known in ["某市工信局", "示例区经信局", "省工信厅"] {
        assert_eq!(office(known, None), Some(Office::Itself), "{known}");
    }
    assert_eq!(office("示例区教育局", None), None);
}
