//! 三厅会签: the terms before scoring, the shortlist after it; and what the gates say.

use crate::support::{World, enrol, fingerprint, terms};
use crate::{assert_error, assert_rule};
use domain::access::{Department, Standing};
use domain::points::Points;
use domain::round::{Freeze, Gate, Method, Step, Terms};
use domain::seat::Presence;
use service::{Error, decision, round, session};
use store::Repositories;

async fn digest(world: &World, gate: Gate) -> String {
    decision::signing(&world.industry, world.round, gate).await.unwrap().digest.unwrap()
}

#[tokio::test]
async fn three_departments_freeze_the_terms() {
    let world = World::new().await;
    round::set_terms(&world.industry, world.round, terms()).await.unwrap();
    let digest = digest(&world, Gate::Terms).await;
    for (signed, coordinator) in (1..).zip(world.coordinators()) {
        assert_eq!(world.stored_round().await.frozen, Freeze::Open, "not before the third");
        decision::countersign(coordinator, world.round, Gate::Terms, &digest).await.unwrap();
        let signing = decision::signing(&world.supervisor, world.round, Gate::Terms).await.unwrap();
        assert_eq!(signing.signed.len(), signed);
    }
    let frozen = Freeze::Frozen { at: world.app.clock.now(), digest };
    assert_eq!(world.stored_round().await.frozen, frozen);
    let actions = world.audit_actions().await;
    assert_eq!(actions.iter().filter(|a| *a == "countersigned").count(), 3);
    assert_eq!(actions.iter().filter(|a| *a == "frozen").count(), 1);
}

#[tokio::test]
async fn one_department_cannot_sign_twice_even_by_another_account() {
    let world = World::new().await;
    round::set_terms(&world.industry, world.round, terms()).await.unwrap();
    let digest = digest(&world, Gate::Terms).await;
    decision::countersign(&world.industry, world.round, Gate::Terms, &digest).await.unwrap();
    let colleague = enrol(&world.app, "gxt2", Standing::Coordinator(Department::Industry)).await;
    for again in [&world.industry, &colleague] {
        let answer = decision::countersign(again, world.round, Gate::Terms, &digest).await;
        assert_rule!(answer, Duplicate, "省工信厅");
    }
    decision::countersign(&world.education, world.round, Gate::Terms, &digest).await.unwrap();
    assert_eq!(world.stored_round().await.frozen, Freeze::Open);
}

#[tokio::test]
async fn one_person_cannot_sign_for_two_departments() {
    let world = World::new().await;
    round::set_terms(&world.industry, world.round, terms()).await.unwrap();
    let digest = digest(&world, Gate::Terms).await;
    decision::countersign(&world.industry, world.round, Gate::Terms, &digest).await.unwrap();
    // The same account moved to another department, and another account of the same person.
    let moved = |account| {
        let actor = domain::access::Actor {
            account,
            name: world.industry.actor.name.clone(),
            standing: Standing::Coordinator(Department::Education),
        };
        service::Context::new(world.app.clone(), actor, service::Client::default())
    };
    for again in [moved(world.industry.actor.account), moved(world.education.actor.account)] {
        let answer = decision::countersign(&again, world.round, Gate::Terms, &digest).await;
        assert_rule!(answer, Duplicate, "同一人");
    }
    decision::countersign(&world.education, world.round, Gate::Terms, &digest).await.unwrap();
    decision::countersign(&world.science, world.round, Gate::Terms, &digest).await.unwrap();
}

#[tokio::test]
async fn a_changed_content_needs_new_signatures() {
    let world = World::new().await;
    round::set_terms(&world.industry, world.round, terms()).await.unwrap();
    let old = digest(&world, Gate::Terms).await;
    decision::countersign(&world.industry, world.round, Gate::Terms, &old).await.unwrap();
    decision::countersign(&world.education, world.round, Gate::Terms, &old).await.unwrap();
    let set = |terms| round::set_terms(&world.science, world.round, terms);
    assert_eq!(set(terms()).await.unwrap(), 0, "nothing changed");
    let mixed = Terms { method: Method::Mixed, ..terms() };
    assert_eq!(set(mixed.clone()).await.unwrap(), 2, "both signatures fall");
    assert_eq!(set(Terms { quota: 2, ..mixed.clone() }).await.unwrap(), 0, "none stood under it");
    set(mixed).await.unwrap();
    let late = decision::countersign(&world.science, world.round, Gate::Terms, &old).await;
    assert_error!(late, Error::Stale);
    assert_eq!(decision::signing(&world.industry, world.round, Gate::Terms).await.unwrap().signed, []);
    assert_eq!(world.stored_round().await.frozen, Freeze::Open);
    world.sign(Gate::Terms).await;
    assert_ne!(world.stored_round().await.frozen, Freeze::Open);
}

#[tokio::test]
async fn what_is_frozen_does_not_change() {
    let world = World::new().await;
    world.freeze(terms()).await;
    let before = fingerprint(&world).await;
    let other = Terms { quota: 4, ..terms() };
    assert_rule!(round::set_terms(&world.industry, world.round, other).await, Moment);
    let points = [("A1".to_owned(), Points::whole(12))];
    assert_rule!(round::set_rubric(&world.industry, world.round, "依据", &points).await, Moment);
    let again = decision::countersign(&world.industry, world.round, Gate::Terms, "").await;
    assert_rule!(again, Moment);
    assert_eq!(fingerprint(&world).await, before);
}

#[tokio::test]
async fn terms_and_rubric_must_hold_before_they_are_kept() {
    let world = World::new().await;
    let set = |terms| round::set_terms(&world.industry, world.round, terms);
    for (broken, reason) in [
        (Terms { quota: 0, ..terms() }, "名额"),
        (Terms { min_sheets: 2, ..terms() }, "3至9份"),
        (Terms { min_sheets: 10, ..terms() }, "3至9份"),
        (Terms { quota: u32::MAX, ..terms() }, "名额"),
        (Terms { trim_from: 4, ..terms() }, "5份"),
        (Terms { basis: " ".to_owned(), ..terms() }, "依据"),
    ] {
        assert_rule!(set(broken).await, Input, reason);
    }
    let set = async |full: &[(String, Points)]| round::set_rubric(&world.industry, world.round, "依据", full).await;
    assert_rule!(set(&[("A1".to_owned(), Points::whole(13))]).await, Input, "101");
    assert_rule!(set(&[("Z9".to_owned(), Points::whole(1))]).await, Input, "Z9");
    let moved = [("A1".to_owned(), Points::whole(13)), ("B1".to_owned(), Points::whole(11))];
    set(&moved).await.unwrap();
    let rubric = world.stored_round().await.rubric;
    assert_eq!(rubric.criterion("A1").unwrap().full, Points::whole(13));
    assert_eq!(rubric.basis, "依据");
}

/// The gate names the first thing missing and who must act.
#[tokio::test]
async fn the_gate_to_scoring_names_what_is_missing() {
    let world = World::at(Step::SignIn).await;
    let advance = || round::advance(&world.organizer, world.round, Step::SignIn);
    assert_rule!(advance().await, Moment, "尚未由三厅会签冻结", "三厅协调员");
    world.freeze(terms()).await;
    assert_rule!(advance().await, Moment, "10 名专家到会情况未登记", "组织者");
    let seats = world.store().panels().seats(world.round).await.unwrap();
    let experts: Vec<_> = seats.iter().map(|s| s.expert).collect();
    session::set_presence(&world.organizer, world.round, &experts, Presence::Absent).await.unwrap();
    assert_rule!(advance().await, Moment, "6 个项目专家不足");
    world.everyone_signs_in().await;
    assert_eq!(advance().await.unwrap().done(), Some(Step::Scoring));
    assert_rule!(advance().await, Moment);
    let late = session::set_presence(&world.organizer, world.round, &experts, Presence::Absent).await;
    assert_rule!(late, Moment);
}

#[tokio::test]
async fn gates_on_the_way_name_what_is_missing() {
    let world = World::at(Step::Recusal).await;
    for (step, missing) in [
        (Step::Recusal, "尚未进行回避比对"),
        (Step::Grouping, "6 项申报尚未分组"),
        (Step::Draw, "2 个评审组尚无专家"),
        (Step::Scoring, "30 张评分表未提交"),
        (Step::Calibration, "尚未进行校准计算"),
        (Step::Ranking, "尚未进行排序计算"),
        (Step::Countersign, "三厅会签 0/3"),
    ] {
        world.reach(step).await;
        let before = fingerprint(&world).await;
        let early = round::advance(&world.organizer, world.round, step).await;
        assert_rule!(early, Moment, missing);
        assert_eq!(fingerprint(&world).await, before);
    }
    world.reach(Step::Archive).await;
    let end = round::advance(&world.organizer, world.round, Step::Archive).await;
    assert_rule!(end, Moment);
}

#[tokio::test]
async fn the_overview_shows_the_next_gate_and_progress_without_values() {
    let world = World::at(Step::Scoring).await;
    let seen = round::overview(&world.organizer, world.round).await.unwrap();
    let (next, conditions) = seen.next.unwrap();
    assert_eq!((next, conditions.len()), (Step::Checking, 2));
    let sheets: usize = seen.panels.iter().map(|p| p.sheets).sum();
    let experts: Vec<_> = seen.panels.iter().map(|p| p.experts).collect();
    assert_eq!((sheets, experts), (30, vec![5, 5]));
    assert_eq!((seen.experts_in_pool, seen.conflicts), (20, 0));
}

#[tokio::test]
async fn a_method_that_cannot_give_a_score_is_not_agreed_on() {
    use domain::round::Method;
    let world = World::at(Step::Draw).await;
    let additive = Terms { method: Method::Additive, ..terms() };
    let answer = round::set_terms(&world.industry, world.round, additive.clone()).await;
    assert_rule!(answer, Input, "连通");
    let world = World::at(Step::Grouping).await;
    round::set_terms(&world.industry, world.round, additive).await.unwrap();
    let answer = service::panel::plan(&world.industry, world.round, 2).await;
    assert_rule!(answer, Input, "一个评审组");
}
