//! 抽取: nobody can steer the lots, what was drawn is on record, and a seat that falls free is filled in lot order.

use crate::support::{World, demand, fingerprint, terms};
use crate::{assert_error, assert_rule};
use calamine::{Reader, Xlsx};
use domain::draw::DrawState;
use domain::ids::{ExpertId, RoundId};
use domain::round::{Method, Step, Terms};
use domain::sheet::SheetState;
use engine::draw::{Nonce, replay};
use service::assignment::Demand;
use service::draw::{self, Fate, Leave, Leaving};
use service::{Context, Error, assignment, export, panel, round, session};
use std::collections::BTreeSet;
use std::io::Cursor;
use store::Repositories;

fn leaving(expert: ExpertId, why: Leave, reason: &str) -> Leaving {
    Leaving { expert, why, reason: reason.to_owned() }
}

fn nonce(n: usize) -> Nonce {
    Nonce([u8::try_from(n).unwrap(); 32])
}

/// A round at 抽取 whose pool is closed.
async fn opened() -> World {
    let world = World::at(Step::Draw).await;
    assert!(draw::open(&world.industry, world.round, &demand()).await.unwrap().is_none());
    world
}

async fn commit_all(world: &World) {
    for (n, coordinator) in world.coordinators().into_iter().enumerate() {
        draw::commit(coordinator, world.round, &nonce(n).commitment().to_hex()).await.unwrap();
    }
}

async fn drawn() -> World {
    let world = opened().await;
    commit_all(&world).await;
    for (n, coordinator) in world.coordinators().into_iter().enumerate() {
        draw::reveal(coordinator, world.round, &nonce(n).to_hex()).await.unwrap();
    }
    world
}

async fn seated(world: &World) -> BTreeSet<ExpertId> {
    world.store().panels().seats(world.round).await.unwrap().iter().map(|s| s.expert).collect()
}

#[tokio::test]
async fn the_third_reveal_draws_and_the_record_can_be_replayed() {
    let world = opened().await;
    assert!(seated(&world).await.is_empty());
    commit_all(&world).await;
    let [industry, education, science] = world.coordinators();
    assert_eq!(draw::reveal(education, world.round, &nonce(1).to_hex()).await.unwrap(), DrawState::Open);
    assert_eq!(draw::reveal(industry, world.round, &nonce(0).to_hex()).await.unwrap(), DrawState::Open);
    assert!(seated(&world).await.is_empty());
    assert_eq!(draw::reveal(science, world.round, &nonce(2).to_hex()).await.unwrap(), DrawState::Drawn);
    let seats = seated(&world).await;
    assert_eq!(seats.len(), 10);
    let record = replay(&draw::record(&world.organizer, world.round).await.unwrap()).unwrap();
    let codes: BTreeSet<_> = record.seating.iter().map(|a| a.expert.clone()).collect();
    let mut own = BTreeSet::new();
    for expert in seats {
        own.insert(world.store().experts().get(expert).await.unwrap().code);
    }
    assert_eq!(codes, own, "the seats are those of the record");
    let view = draw::view(&world.supervisor, world.round).await.unwrap().unwrap();
    let accepted = view.lots.iter().filter(|l| matches!(l.fate, Fate::Seated { .. })).count();
    assert_eq!(accepted, 10);
    let actions = world.audit_actions().await;
    for action in ["draw_opened", "draw_committed", "draw_revealed", "draw_taken"] {
        assert!(actions.iter().any(|a| a == action), "{action}");
    }
}

#[tokio::test]
async fn nobody_reveals_before_all_are_bound_or_something_else_than_committed() {
    let world = opened().await;
    let [industry, education, science] = world.coordinators();
    draw::commit(industry, world.round, &nonce(0).commitment().to_hex()).await.unwrap();
    draw::commit(education, world.round, &nonce(1).commitment().to_hex()).await.unwrap();
    let before = fingerprint(&world).await;
    let early = draw::reveal(industry, world.round, &nonce(0).to_hex()).await;
    assert_rule!(early, Moment, "省科技厅");
    let second = draw::commit(industry, world.round, &nonce(7).commitment().to_hex()).await;
    assert_rule!(second, Moment);
    assert_rule!(draw::commit(science, world.round, "不是摘要").await, Input);
    assert_eq!(fingerprint(&world).await, before);
    draw::commit(science, world.round, &nonce(2).commitment().to_hex()).await.unwrap();
    let before = fingerprint(&world).await;
    let false_nonce = draw::reveal(industry, world.round, &nonce(7).to_hex()).await;
    assert_rule!(false_nonce, Input, "承诺不符");
    assert_eq!(fingerprint(&world).await, before);
}

#[tokio::test]
async fn a_nonce_made_here_is_kept_by_whoever_asked_and_by_nobody_else() {
    let world = opened().await;
    let text = draw::commit_to_new_nonce(&world.industry, world.round).await.unwrap();
    let kept = fingerprint(&world).await.join("\n");
    assert!(!kept.contains(&text), "the nonce is stored nowhere");
    let own = Nonce::from_hex(&text).unwrap().commitment().to_hex();
    assert!(kept.contains(&own));
    for (n, coordinator) in [(1, &world.education), (2, &world.science)] {
        draw::commit(coordinator, world.round, &nonce(n).commitment().to_hex()).await.unwrap();
    }
    draw::reveal(&world.industry, world.round, &text).await.unwrap();
}

#[tokio::test]
async fn one_draw_stands_at_a_time_and_a_void_one_stays_on_record() {
    let world = drawn().await;
    let second = draw::open(&world.industry, world.round, &demand()).await;
    assert_rule!(second, Moment);
    let around = assignment::assign(&world.industry, world.round, &demand(), "专业特殊").await;
    assert_rule!(around, Moment);
    assert_rule!(draw::void(&world.industry, world.round, " ").await, Input);
    for ctx in world.coordinators() {
        draw::void(ctx, world.round, "候选池遗漏专家").await.unwrap();
    }
    assert!(seated(&world).await.is_empty());
    assert_error!(draw::record(&world.industry, world.round).await, Error::NotFound);
    assert!(draw::open(&world.industry, world.round, &demand()).await.unwrap().is_none());
    let view = draw::view(&world.industry, world.round).await.unwrap().unwrap();
    assert_eq!(view.voided.len(), 1);
    assert_eq!(view.voided[0].1, "候选池遗漏专家（已抽出名单）");
}

#[tokio::test]
async fn a_pool_that_cannot_fill_the_seats_opens_nothing_and_is_explained() {
    let world = World::at(Step::Draw).await;
    let too_much = Demand { technical: 4, finance: 2, management: 1, ..Demand::default() };
    let outcome = draw::open(&world.industry, world.round, &too_much).await.unwrap().unwrap();
    assert!(outcome.shortfalls[0].message.contains("财务"), "{:?}", outcome.shortfalls);
    assert!(draw::view(&world.industry, world.round).await.unwrap().is_none());
    assert!(assignment::latest(&world.industry, world.round).await.unwrap().is_some(), "the explanation is kept");
}

#[tokio::test]
async fn candidates_are_numbers_until_they_sign_in_except_for_whoever_notifies_them() {
    let world = drawn().await;
    for ctx in [&world.industry, &world.supervisor] {
        let (_, roster) = session::roster(ctx, world.round).await.unwrap();
        assert!(roster.iter().all(|line| line.expert.name == "签到后显示" && !line.expert.code.is_empty()));
    }
    let (_, roster) = session::roster(&world.organizer, world.round).await.unwrap();
    assert!(roster.iter().all(|line| line.expert.name != "签到后显示"));
    world.advance(Step::Draw).await;
    let (_, roster) = session::roster(&world.supervisor, world.round).await.unwrap();
    assert!(roster.iter().all(|line| line.expert.name != "签到后显示"));
}

#[tokio::test]
async fn whoever_declines_is_replaced_in_lot_order_and_nobody_else_moves() {
    let world = drawn().await;
    let before = world.store().panels().seats(world.round).await.unwrap();
    let leaver = before[0].clone();
    let answer = draw::leave(&world.organizer, world.round, vec![leaving(leaver.expert, Leave::Declined, "")]).await;
    assert_rule!(answer, Input);
    let successor =
        world.leave(&world.organizer, vec![leaving(leaver.expert, Leave::Declined, "出差")]).await.remove(0);
    let after = world.store().panels().seats(world.round).await.unwrap();
    let changed: Vec<_> = after.iter().filter(|seat| !before.contains(seat)).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!((changed[0].panel, changed[0].number, changed[0].role), (leaver.panel, leaver.number, leaver.role));
    assert_eq!(world.store().experts().get(changed[0].expert).await.unwrap().code, successor);
    let record = replay(&draw::record(&world.organizer, world.round).await.unwrap()).unwrap();
    assert_eq!(record.events.len(), 1);
    assert!(record.events[0].vacancy.reason.contains("出差"));
    let again = draw::leave(&world.organizer, world.round, vec![leaving(leaver.expert, Leave::Declined, "出差")]).await;
    assert_error!(again, Error::NotFound);
}

/// The rows of a sheet, as texts.
async fn table(caller: &Context, round: RoundId, sheet: &str) -> Vec<Vec<String>> {
    let document = export::draw_record(caller, round).await.unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(document.content)).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

#[tokio::test]
async fn the_table_of_the_draw_names_everyone_in_order_with_what_became_of_them() {
    let world = drawn().await;
    let leaver = world.store().panels().seats(world.round).await.unwrap()[0].clone();
    let leaver = world.store().experts().get(leaver.expert).await.unwrap();
    let successor = world.leave(&world.organizer, vec![leaving(leaver.id, Leave::Declined, "出差")]).await.remove(0);
    let rows = table(&world.organizer, world.round, "抽取结果").await;
    let of = |code: &str| rows.iter().find(|row| row[4] == code).unwrap();
    assert_eq!(rows.iter().filter(|row| row[9] == "正选").count(), 10);
    assert_eq!((of(&leaver.code)[5].as_str(), of(&leaver.code)[10].as_str()), (leaver.name.as_str(), "不能参加：出差"));
    let kind = &of(&successor)[9];
    assert!(kind == "备选递补" || kind == "补充抽取", "{kind}");
    assert_eq!(of(&successor)[1], of(&leaver.code)[1], "the same panel");
    assert!(rows.iter().any(|row| row[0].contains("监督人（签字）")));
    let view = draw::view(&world.organizer, world.round).await.unwrap().unwrap();
    let text = rows.concat().join("\n");
    assert!(text.contains(&view.seed) && text.contains(&view.pool_digest));
    let lots = table(&world.organizer, world.round, "全部签次").await;
    assert!(view.lots.iter().all(|line| lots.iter().any(|row| row[1] == line.lot && row[2] == line.expert)));
    let units = table(&world.organizer, world.round, "回避单位清单").await;
    assert!(units.iter().any(|row| row[4] == world.applications[0].members[1].uscc.as_str()));
    let concealed = table(&world.industry, world.round, "抽取结果").await.concat();
    assert!(!concealed.contains(&leaver.name) && !concealed.contains(&leaver.code), "numbers until sign-in");
}

#[tokio::test]
async fn what_a_leaver_scored_is_void_and_the_successor_scores_it_anew() {
    let world = drawn().await;
    world.reach(Step::Scoring).await;
    let seat = world.store().panels().seats(world.round).await.unwrap()[0].clone();
    let scored = world.store().sheets().of(seat.expert).in_round(world.round).await.unwrap();
    assert!(!scored.is_empty());
    world.fill_and_submit(seat.expert, scored[0].id, 80).await;
    world.leave(&world.industry, vec![leaving(seat.expert, Leave::Recused, "会中发现与参与单位有合作")]).await;
    let left = world.store().sheets().of(seat.expert).in_round(world.round).await.unwrap();
    assert!(left.iter().all(|sheet| matches!(sheet.state, SheetState::Voided { .. })));
    let after = world.store().panels().seats(world.round).await.unwrap();
    let successor = after.iter().find(|s| s.panel == seat.panel && s.number == seat.number).unwrap().expert;
    assert_ne!(successor, seat.expert);
    let anew = world.store().sheets().of(successor).in_round(world.round).await.unwrap();
    let of = |sheets: &[domain::sheet::Sheet]| sheets.iter().map(|s| s.application).collect::<BTreeSet<_>>();
    assert_eq!(of(&anew), of(&scored));
    assert!(anew.iter().all(|sheet| sheet.state == SheetState::Draft && sheet.entries.is_empty()));
    world.fill_and_submit(successor, anew[0].id, 70).await;
}

#[tokio::test]
async fn whoever_takes_over_a_seat_takes_over_its_reviews_in_other_panels() {
    let world = drawn().await;
    let placement = panel::Placement::Reviews { count: 4, per_expert: 1 };
    let ask = panel::Ask { placement, assumed: panel::Assumed::default() };
    panel::set_bridges(&world.industry, world.round, ask).await.unwrap();
    let bridge = world.store().panels().bridges(world.round).await.unwrap()[0];
    let holder = async || {
        let seats = world.store().panels().seats(world.round).await.unwrap();
        seats.iter().find(|s| s.panel == bridge.panel && s.number == bridge.number).unwrap().expert
    };
    let leaver = holder().await;
    world.leave(&world.organizer, vec![leaving(leaver, Leave::Declined, "出差")]).await;
    assert_eq!(world.store().panels().bridges(world.round).await.unwrap().len(), 4);
    let successor = holder().await;
    assert_ne!(successor, leaver);
    world.advance(Step::Draw).await;
    world.freeze(Terms { method: Method::Mixed, ..terms() }).await;
    world.everyone_signs_in().await;
    world.advance(Step::SignIn).await;
    world.sheet_of(successor, bridge.application).await;
}

#[tokio::test]
async fn nobody_is_drawn_who_was_never_compared_with_the_applications() {
    let mut world = World::at(Step::Draw).await;
    let lead = world.applications[0].members[0].clone();
    world
        .add_expert(1, |e| {
            e.employer_uscc = Some(lead.uscc.clone());
            e.employer.clone_from(&lead.name);
        })
        .await;
    for answer in [
        draw::open(&world.industry, world.round, &demand()).await.map(drop),
        assignment::assign(&world.industry, world.round, &demand(), "专业特殊").await.map(drop),
    ] {
        assert_rule!(answer, Moment, "重新比对");
    }
    service::conflict::detect(&world.industry, world.round).await.unwrap();
    assert!(draw::open(&world.industry, world.round, &demand()).await.unwrap().is_none());
}

#[tokio::test]
async fn an_unfinished_draw_holds_the_round_even_over_seats() {
    let world = World::at(Step::Draw).await;
    world.assign(&demand(), "专业特殊").await;
    assert!(draw::open(&world.industry, world.round, &demand()).await.unwrap().is_none());
    let early = round::advance(&world.organizer, world.round, Step::Draw).await;
    assert_rule!(early, Moment, "抽取尚未完成");
}

#[tokio::test]
async fn the_organizer_replaces_nobody_whose_scores_would_be_void() {
    let world = drawn().await;
    world.reach(Step::Scoring).await;
    let seat = world.store().panels().seats(world.round).await.unwrap()[0].clone();
    let before = fingerprint(&world).await;
    let answer = draw::leave(&world.organizer, world.round, vec![leaving(seat.expert, Leave::Ill, "中途离席")]).await;
    assert_error!(answer, Error::Denied(_));
    assert_eq!(fingerprint(&world).await, before);
}

#[tokio::test]
async fn several_leave_at_once_or_none() {
    let world = drawn().await;
    let before = world.store().panels().seats(world.round).await.unwrap();
    let fingerprinted = fingerprint(&world).await;
    let half =
        vec![leaving(before[0].expert, Leave::Declined, "出差"), leaving(before[1].expert, Leave::Declined, " ")];
    assert_rule!(draw::leave(&world.organizer, world.round, half).await, Input);
    let stranger = ExpertId(world.app.ids.next());
    let odd = vec![leaving(before[0].expert, Leave::Declined, "出差"), leaving(stranger, Leave::Declined, "出差")];
    assert_error!(draw::leave(&world.organizer, world.round, odd).await, Error::NotFound);
    assert_eq!(fingerprint(&world).await, fingerprinted);

    let all = vec![
        leaving(before[0].expert, Leave::Declined, "出差"),
        leaving(before[5].expert, Leave::Unreachable, "三次未接通"),
    ];
    let successors = world.leave(&world.organizer, all).await;
    assert_eq!(successors.len(), 2);
    let after = world.store().panels().seats(world.round).await.unwrap();
    assert_eq!(after.iter().filter(|seat| !before.contains(seat)).count(), 2);
    let record = replay(&draw::record(&world.organizer, world.round).await.unwrap()).unwrap();
    assert_eq!(record.events.len(), 2);
    assert_eq!(world.audit_actions().await.iter().filter(|action| *action == "seat_replaced").count(), 2);
}

#[tokio::test]
async fn nobody_is_called_who_was_suspended_or_must_recuse_since_the_pool_was_closed() {
    let world = drawn().await;
    let seat = world.store().panels().seats(world.round).await.unwrap()[0].clone();
    // Whoever would come next, and next after that.
    let twin = drawn().await;
    let of_twin = twin.store().panels().seats(twin.round).await.unwrap()[0].expert;
    let code = twin.leave(&twin.organizer, vec![leaving(of_twin, Leave::Declined, "出差")]).await.remove(0);
    let next = world.experts.iter().find(|expert| expert.code == code).unwrap();
    let suspended = domain::expert::Expert { standing: domain::expert::PoolState::Suspended, ..next.clone() };
    world.store().write(async |tx| tx.experts().replace(&suspended).await).await.unwrap();

    let call = vec![leaving(seat.expert, Leave::Declined, "出差")];
    let successor = world.leave(&world.organizer, call).await.remove(0);
    assert_ne!(successor, code);
    let record = replay(&draw::record(&world.organizer, world.round).await.unwrap()).unwrap();
    let said: Vec<_> = record.events[0].passed_over.iter().map(|skipped| skipped.reason.text()).collect();
    assert!(
        record.events[0].vacancy.unavailable.iter().any(|out| out.expert == code && out.reason == "已暂停"),
        "{said:?}"
    );

    // The one after that turns out to work for a unit of the panel.
    let panel = world.store().panels().of_round(world.round).await.unwrap();
    let own = panel.iter().find(|panel| panel.id == seat.panel).unwrap();
    let now = world.store().experts().all().await.unwrap().into_iter().find(|expert| expert.code == successor).unwrap();
    let again = vec![leaving(now.id, Leave::Declined, "出差")];
    let mut third = record.clone();
    let vacancy = engine::draw::Vacancy {
        expert: now.code.clone(),
        application: None,
        reason: "试".to_owned(),
        unavailable: record.events[0].vacancy.unavailable.clone(),
    };
    let named = third.replace(&vacancy).unwrap()[0].successor.clone();
    let application = world
        .applications
        .iter()
        .find(|own_one| world.tasks.iter().any(|task| task.id == own_one.task && task.sector == own.sector));
    let unit = application.unwrap().members[0].uscc.clone();
    let moved = world.experts.iter().find(|expert| expert.code == named).unwrap();
    let moved = domain::expert::Expert { employer_uscc: Some(unit), ..moved.clone() };
    world.store().write(async |tx| tx.experts().replace(&moved).await).await.unwrap();
    let successor = world.leave(&world.organizer, again).await.remove(0);
    assert_ne!(successor, named);
    let record = replay(&draw::record(&world.organizer, world.round).await.unwrap()).unwrap();
    let out = &record.events[1].vacancy.unavailable;
    assert!(out.iter().any(|out| out.expert == named && out.reason.contains("回避")), "{out:?}");
}

#[tokio::test]
async fn whoever_notifies_sees_the_phones_of_the_drawn_for_a_purpose_and_a_while() {
    use service::personal::{self, Shown};
    let world = drawn().await;
    let seats = world.store().panels().seats(world.round).await.unwrap();
    let header = ["专家编号", "姓名", "来源部门", "专家类别", "重点领域", "工作单位", "手机号"];
    let mut rows = vec![header.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>()];
    for expert in &world.experts {
        let sectors: Vec<_> = expert.sectors.iter().map(|sector| sector.label()).collect();
        let (source, role) = (expert.source.label().to_owned(), expert.role.label().to_owned());
        let phone = "13800001234".to_owned();
        rows.push(vec![
            expert.code.clone(),
            expert.name.clone(),
            source,
            role,
            sectors.join("、"),
            expert.employer.clone(),
            phone,
        ]);
    }
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let content = crate::importing::workbook("专家", &rows);
    let kind = domain::import::ImportKind::Experts;
    let id = service::import::check(&world.industry, kind, None, "手机.xlsx", content).await.unwrap();
    let run = service::import::dry_run(&world.industry, id, service::import::Whole::default()).await.unwrap();
    assert_eq!((run.problems.len(), run.changes.len()), (0, 20), "only the phones: {:?}", run.changes.first());
    let assent = service::import::Assent { seen: run.to_see.as_deref(), ..Default::default() };
    service::import::confirm(&world.industry, id, assent).await.unwrap();

    let clear = |phones: &std::collections::HashMap<ExpertId, Shown>| {
        phones.values().filter(|shown| matches!(shown, Shown::Clear { number, .. } if number == "13800001234")).count()
    };
    let before = personal::phones(&world.organizer, world.round).await.unwrap();
    assert_eq!((before.len(), clear(&before)), (seats.len(), 0));
    assert_rule!(personal::unmask_phones(&world.organizer, world.round, "x").await, Input);
    assert_error!(personal::unmask_phones(&world.industry, world.round, "通知到会时间").await, Error::Denied(_));
    assert_eq!(personal::unmask_phones(&world.organizer, world.round, "通知到会时间").await.unwrap(), seats.len());
    assert_eq!(clear(&personal::phones(&world.organizer, world.round).await.unwrap()), seats.len());
    let call = vec![leaving(seats[0].expert, Leave::Declined, "出差")];
    world.leave(&world.organizer, call).await;
    let after = personal::phones(&world.organizer, world.round).await.unwrap();
    assert_eq!((after.len(), clear(&after)), (seats.len(), seats.len() - 1), "a successor's is asked for anew");
    world.clock.pass(chrono::Duration::minutes(61));
    assert_eq!(clear(&personal::phones(&world.organizer, world.round).await.unwrap()), 0);
}
