//! 个人敏感信息: sealed, masked, unmasked for a reason, and not kept longer than needed.

use crate::support::{World, enrol};
use crate::{assert_error, assert_rule};
use chrono::Duration;
use domain::access::Standing;
use domain::account::AccountState;
use domain::expert::Expert;
use domain::ids::{ExpertId, ImportId};
use domain::import::ImportKind;
use domain::people::{ANONYMOUS, Number};
use domain::round::Step;
use rust_xlsxwriter::Workbook;
use service::crypto::{Cipher, Keyring, Passwords};
use service::personal::{self, Sealing, Shown};
use service::retention::{self, Terms};
use service::{App, Error, audit, import};
use std::sync::Arc;
use store::Repositories;

const ID_NUMBER: &str = "620102199001010011";
const PHONE: &str = "13800001234";
const CARD: &str = "6222020000000012344";
const TERMS: Terms = Terms { numbers: 3, people: 10 };

/// A workbook with one expert who has all three numbers.
fn workbook() -> Vec<u8> {
    let header = ["专家编号", "姓名", "来源部门", "专家类别", "重点领域", "工作单位", "身份证号", "手机号", "银行卡号"];
    let row = ["ZJ-9001", "示例甲", "省科技厅", "技术", "新材料", "示例大学", ID_NUMBER, "138-0000-1234", CARD];
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (r, cells) in [(0, header), (1, row)] {
        for (c, cell) in (0..).zip(cells) {
            sheet.write_string(r, c, cell).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

async fn upload(world: &World) -> ImportId {
    import::check(&world.industry, ImportKind::Experts, None, "专家库.xlsx", workbook()).await.unwrap()
}

/// The expert of the workbook, imported.
async fn imported(world: &World) -> Expert {
    let id = upload(world).await;
    import::confirm(&world.industry, id, import::Assent::default()).await.unwrap();
    world.store().experts().all().await.unwrap().into_iter().find(|expert| expert.code == "ZJ-9001").unwrap()
}

fn masked(mask: &str, kept: Sealing) -> Shown {
    Shown::Masked { mask: mask.to_owned(), kept }
}

async fn actions(world: &World, action: &str) -> Vec<String> {
    let (rows, _) = audit::page(&world.supervisor, action, 0, 50).await.unwrap();
    rows.into_iter().filter(|row| row.action == action).map(|line| line.row.detail).collect()
}

/// The same installation after a new key was added to the file.
fn with_new_key(world: &World) -> App {
    let line = |number: u8| format!("{number} {}\n", hex::encode([if number == 1 { 7 } else { 9 }; 32]));
    App {
        store: world.app.store.clone(),
        clock: world.app.clock.clone(),
        ids: world.app.ids.clone(),
        hash_key: world.app.hash_key.clone(),
        imprint_key: world.app.imprint_key.clone(),
        passwords: Passwords::cheap().unwrap(),
        keys: Keyring::parse(&(line(1) + &line(2)), Cipher::Sm4Gcm).unwrap(),
        policy: world.app.policy,
        second_factor: world.app.second_factor,
        ceremonies: service::account::Ceremonies::default(),
        transport: world.app.transport,
        address: world.app.address.clone(),
        digest: world.app.digest,
    }
}

#[tokio::test]
async fn numbers_are_kept_sealed_and_shown_masked() {
    let world = World::new().await;
    let expert = imported(&world).await.id;
    for datum in world.store().personal().of(expert).await.unwrap() {
        let kept = format!("{datum:?}");
        assert!([ID_NUMBER, PHONE, CARD].iter().all(|number| !kept.contains(number)), "{kept}");
        assert_eq!(datum.hash.is_some(), datum.kind == Number::IdNumber);
    }
    let expected = [
        (Number::IdNumber, masked("620102********0011", Sealing::Sealed)),
        (Number::Phone, masked("138****1234", Sealing::Sealed)),
        (Number::BankCard, masked("****2344", Sealing::Sealed)),
    ];
    for caller in [&world.industry, &world.organizer, &world.supervisor] {
        assert_eq!(personal::shown(caller, expert).await.unwrap(), expected.clone().into());
    }
}

#[tokio::test]
async fn a_number_is_unmasked_for_a_reason_for_its_asker_and_for_minutes() {
    let world = World::new().await;
    let expert = imported(&world).await.id;
    for no_reason in
        [" 看 ", "1111111111", "。。。。。。", "aaaaaaaaaaaa", "联系13800001234确认参会", "联系138-0000-1234参会"]
    {
        let refused = personal::unmask(&world.organizer, expert, Number::Phone, no_reason).await;
        assert_rule!(refused, Input);
    }
    let endless = "通知到会".repeat(60);
    assert_rule!(personal::unmask(&world.organizer, expert, Number::Phone, &endless).await, Input);
    assert_error!(personal::unmask(&world.supervisor, expert, Number::Phone, "核对身份").await, Error::Denied(_));
    let nobody = world.experts[0].id;
    assert_error!(personal::unmask(&world.organizer, nobody, Number::Phone, "核对身份").await, Error::NotFound);
    assert!(actions(&world, "查看个人敏感信息").await.is_empty(), "what was refused unmasked nothing");

    personal::unmask(&world.organizer, expert, Number::Phone, "通知到会时间").await.unwrap();
    let shown = personal::shown(&world.organizer, expert).await.unwrap();
    assert!(matches!(&shown[&Number::Phone], Shown::Clear { number, .. } if number == PHONE), "{shown:?}");
    assert!(matches!(shown[&Number::BankCard], Shown::Masked { .. }), "only what was asked for");
    let others = personal::shown(&world.industry, expert).await.unwrap();
    assert!(matches!(others[&Number::Phone], Shown::Masked { .. }), "only whoever asked");
    world.clock.pass(Duration::minutes(5));
    let later = personal::shown(&world.organizer, expert).await.unwrap();
    assert!(matches!(later[&Number::Phone], Shown::Masked { .. }), "only for minutes");
    let (rows, _) = audit::page(&world.supervisor, "通知到会时间", 0, 10).await.unwrap();
    assert_eq!(
        (rows[0].row.object_id, rows[0].row.actor.as_str()),
        (Some(expert.0), world.organizer.actor.name.as_str())
    );
    assert!(!rows[0].row.detail.contains(PHONE));
}

#[tokio::test]
async fn a_workbook_waits_sealed_and_everything_goes_over_to_a_new_key() {
    let world = World::new().await;
    let expert = imported(&world).await.id;
    let other = import::check(&world.industry, ImportKind::Experts, None, "又一份.xlsx", workbook()).await.unwrap();
    let kept = world.store().imports().get(other).await.unwrap().content;
    assert!(kept.starts_with("v1.aes256gcm.1."), "{}", &kept[..40]);
    let shown = import::dry_run(&world.industry, other, import::Whole::default()).await.unwrap();
    assert_eq!((shown.problems.len(), shown.counts.same), (0, 1), "the same numbers: {:?}", shown.changes);

    let renewed = Arc::new(with_new_key(&world));
    assert_eq!(personal::reseal(&renewed).await.unwrap(), 3);
    assert_eq!(import::reseal(&renewed).await.unwrap(), 1);
    assert_eq!((personal::reseal(&renewed).await.unwrap(), import::reseal(&renewed).await.unwrap()), (0, 0));
    assert!(world.store().imports().get(other).await.unwrap().content.starts_with("v1.sm4gcm.2."));
    let organizer = service::Context::new(renewed, world.organizer.actor.clone(), service::Client::default());
    personal::unmask(&organizer, expert, Number::BankCard, "发放评审费").await.unwrap();
    let shown = personal::shown(&organizer, expert).await.unwrap();
    assert!(matches!(&shown[&Number::BankCard], Shown::Clear { number, .. } if number == CARD));
}

#[tokio::test]
async fn numbers_end_after_their_years_and_doubles_are_still_found() {
    let world = World::new().await;
    let expert = imported(&world).await.id;
    world.clock.pass(Duration::days(3 * 365));
    assert!(retention::due(&world.app, TERMS).await.unwrap().is_empty(), "three years are not over");
    world.clock.pass(Duration::days(2));
    let due = retention::due(&world.app, TERMS).await.unwrap();
    assert_eq!(due.numbers.keys().collect::<Vec<_>>(), ["ZJ-9001"]);
    assert_eq!(due.numbers["ZJ-9001"].len(), 3);
    retention::end(&world.app, &due).await.unwrap();
    assert!(retention::due(&world.app, TERMS).await.unwrap().is_empty());
    let shown = personal::shown(&world.organizer, expert).await.unwrap();
    assert_eq!(shown[&Number::IdNumber], masked("", Sealing::MaskOnly));
    assert_error!(personal::unmask(&world.organizer, expert, Number::Phone, "通知到会时间").await, Error::NotFound);
    assert_eq!(actions(&world, "删除个人敏感信息").await.len(), 3);
    let again = upload(&world).await;
    let found = import::dry_run(&world.industry, again, import::Whole::default()).await.unwrap();
    let columns: Vec<_> = found.changes.iter().map(|changed| changed.change.column.as_str()).collect();
    assert_eq!((found.counts.new, columns), (0, vec!["手机号", "银行卡号"]), "the ID number is known by its hash");
}

#[tokio::test]
async fn numbers_of_whoever_sits_in_an_open_round_do_not_end() {
    let world = World::at(Step::SignIn).await;
    let seat = world.store().panels().seats(world.round).await.unwrap().remove(0);
    let datum = store::repo::personal::Datum {
        id: world.app.ids.next(),
        expert: seat.expert,
        kind: Number::Phone,
        masked: "138****1234".to_owned(),
        hash: None,
        sealed: Some("sealed".to_owned()),
        filed_at: world.app.clock.now(),
    };
    world.store().write(async |tx| tx.personal().insert(vec![datum.clone()]).await).await.unwrap();
    world.clock.pass(Duration::days(20 * 365));
    assert!(retention::due(&world.app, TERMS).await.unwrap().is_empty());
    archive(&world).await;
    let due = retention::due(&world.app, TERMS).await.unwrap();
    assert_eq!(due.numbers.len(), 1);
    assert_eq!(due.applications.len(), world.applications.len(), "their people are due as well");
    retention::end(&world.app, &due).await.unwrap();
    for application in world.store().applications().of_batch(world.batch).await.unwrap() {
        assert!(!application.people.is_empty());
        assert!(application.people.iter().all(|person| person.name == ANONYMOUS && person.duty.is_empty()));
    }
    assert!(retention::due(&world.app, TERMS).await.unwrap().is_empty());
}

async fn archive(world: &World) {
    let mut round = world.stored_round().await;
    round.step = Step::Archive;
    world.store().write(async |tx| tx.rounds().save(&round).await).await.unwrap();
}

#[tokio::test]
async fn a_workbook_nobody_imports_goes_after_a_month() {
    let world = World::new().await;
    let id = upload(&world).await;
    world.clock.pass(Duration::days(30));
    assert!(retention::due(&world.app, TERMS).await.unwrap().is_empty());
    world.clock.pass(Duration::seconds(1));
    let due = retention::due(&world.app, TERMS).await.unwrap();
    assert_eq!(due.workbooks, [(id, "专家库.xlsx".to_owned())]);
    retention::end(&world.app, &due).await.unwrap();
    assert_error!(import::dry_run(&world.industry, id, import::Whole::default()).await, Error::NotFound);
}

#[tokio::test]
async fn an_expert_is_anonymised_once_no_open_round_needs_them() {
    let world = World::at(Step::Checking).await;
    let expert: ExpertId = world.panel_of(world.application(1)).await[0];
    let before = world.store().experts().get(expert).await.unwrap();
    let account = enrol(&world.app, &before.code.to_lowercase(), Standing::Expert(expert)).await.actor.account;
    world.recuse(expert, world.application(5)).await;
    assert_rule!(retention::anonymise(&world.app, &before.code, "本人申请").await, Moment);
    archive(&world).await;
    assert_rule!(retention::anonymise(&world.app, &before.code, " ").await, Input);
    assert_error!(retention::anonymise(&world.app, "ZJ-0000", "本人申请").await, Error::NotFound);
    let sheets = world.store().sheets().of(expert).in_round(world.round).await.unwrap();

    retention::anonymise(&world.app, &before.code, "本人申请").await.unwrap();
    let after = world.store().experts().get(expert).await.unwrap();
    assert_eq!(
        (after.code.as_str(), after.name.clone()),
        (before.code.as_str(), format!("{ANONYMOUS}（{}）", before.code))
    );
    let kept = format!("{after:?}");
    for gone in [&before.name, &before.employer, &before.title, &before.specialities] {
        assert!(!kept.contains(gone.as_str()), "{gone}");
    }
    assert_eq!(after.standing, domain::expert::PoolState::Removed, "no draw takes them again");
    let account = world.store().accounts().get(account).await.unwrap();
    assert_eq!((account.state, &account.name), (AccountState::Disabled, &after.name));
    let records = world.store().conflicts().of_expert(world.round, expert).await.unwrap();
    assert!(!records.is_empty() && records.iter().all(|record| record.evidence.expert_side == ANONYMOUS));
    assert_eq!(world.store().sheets().of(expert).in_round(world.round).await.unwrap(), sheets, "what was scored stays");
    assert!(actions(&world, "匿名化专家").await[0].contains("本人申请"));
}
