//! Looking at people leaves a trace: who was shown what, and when.

use crate::support::{World, enrol};
use chrono::Duration;
use domain::access::Standing;
use domain::conflict::Decision;
use domain::round::Step;
use serde_json::{Value, json};
use service::audit::Action;
use service::expert::Filter;
use service::{Context, account, application, conflict, expert, export, scoring, session};
use store::Repositories;

/// The caller's readings on record, the first one first: the kind of object, and the facts.
async fn readings(world: &World, by: &Context) -> Vec<(String, Value)> {
    let (rows, _) = world.store().audit().page(Action::PeopleRead.key(), 0, 99).await.unwrap();
    let own = rows.into_iter().rev().filter(|row| row.account == Some(by.actor.account));
    own.map(|row| (row.object, serde_json::from_str(&row.detail).unwrap())).collect()
}

#[tokio::test]
async fn an_expert_s_page_and_the_pool_are_on_record_with_what_was_looked_for() {
    let world = World::new().await;
    let shown = expert::get(&world.supervisor, world.experts[0].id).await.unwrap();
    let narrowed = Filter { text: " 专家 ".to_owned(), role: Some(shown.role), ..Filter::default() };
    let rows = expert::list(&world.supervisor, &narrowed, 0..10).await.unwrap().1;
    expert::list(&world.supervisor, &Filter::default(), 0..10).await.unwrap();
    let all = world.experts.len();
    let expected = [
        ("expert".to_owned(), json!({ "code": shown.code })),
        ("experts".to_owned(), json!({ "search": "专家", "expert_role": shown.role.key(), "rows": rows })),
        ("experts".to_owned(), json!({ "rows": all })),
    ];
    assert_eq!(readings(&world, &world.supervisor).await, expected);
    assert_eq!(readings(&world, &world.industry).await, [], "the others looked at nothing");
}

#[tokio::test]
async fn looking_again_within_ten_minutes_is_one_reading() {
    let world = World::new().await;
    let (one, other) = (world.experts[0].id, world.experts[1].id);
    for id in [one, one, other, one] {
        expert::get(&world.industry, id).await.unwrap();
    }
    assert_eq!(readings(&world, &world.industry).await.len(), 2);
    expert::get(&world.education, one).await.unwrap();
    assert_eq!(readings(&world, &world.education).await.len(), 1, "each for themselves");
    world.clock.pass(Duration::minutes(11));
    expert::get(&world.industry, one).await.unwrap();
    assert_eq!(readings(&world, &world.industry).await.len(), 3);
}

#[tokio::test]
async fn what_is_refused_or_not_there_is_no_reading() {
    let world = World::new().await;
    let nobody = domain::ids::ExpertId(world.app.ids.next());
    assert!(expert::get(&world.industry, nobody).await.is_err());
    let own = world.as_expert(world.experts[0].id);
    assert!(expert::get(&own, world.experts[0].id).await.is_err());
    assert_eq!(readings(&world, &world.industry).await, []);
    assert_eq!(readings(&world, &own).await, []);
}

#[tokio::test]
async fn the_people_of_an_application_are_on_record_for_staff_and_experts() {
    let world = World::at(Step::Scoring).await;
    let id = world.application(1);
    let opened = application::get(&world.organizer, world.round, id).await.unwrap();
    let expected = [("application".to_owned(), json!({ "code": opened.application.code }))];
    assert_eq!(readings(&world, &world.organizer).await, expected);
    let reviewer = world.panel_of(id).await[0];
    let own = world.as_expert(reviewer);
    scoring::sheet(&own, world.sheet_of(reviewer, id).await.id).await.unwrap();
    assert_eq!(readings(&world, &own).await, expected);
}

#[tokio::test]
async fn names_at_the_session_and_in_recusals_are_on_record_and_numbers_are_none() {
    let world = World::new().await;
    let named = world.experts[0].id;
    world.reach(Step::Recusal).await;
    world.recuse(named, world.application(1)).await;
    let before = readings(&world, &world.industry).await.len();
    let picture = conflict::picture(&world.industry, world.round).await.unwrap();
    assert!(picture.conflicts.iter().any(|c| c.decision == Decision::Upheld));
    let recusals = ("round".to_owned(), json!({ "list": "conflicts", "experts": picture.experts.len() }));
    assert_eq!(readings(&world, &world.industry).await[before..], [recusals]);

    world.reach(Step::Draw).await;
    world.do_the_work_of(Step::Draw).await;
    let before = readings(&world, &world.education).await.len();
    session::roster(&world.education, world.round).await.unwrap();
    assert_eq!(readings(&world, &world.education).await.len(), before, "numbers only, before they come");
    let (_, lines) = session::roster(&world.organizer, world.round).await.unwrap();
    let roster = ("round".to_owned(), json!({ "list": "roster", "experts": lines.len() }));
    assert_eq!(readings(&world, &world.organizer).await, [roster], "whoever calls them has their names");
}

#[tokio::test]
async fn the_list_of_accounts_is_on_record_for_both_administrators() {
    let world = World::new().await;
    let system = enrol(&world.app, "xitong", Standing::SystemAdmin).await;
    let security = enrol(&world.app, "anquan9", Standing::SecurityAdmin).await;
    let wanted = account::Wanted { search: "", role: None, page: 0, size: 50 };
    let rows = account::page(&system, &wanted).await.unwrap().0.len();
    account::to_grant(&security, &wanted).await.unwrap();
    for administrator in [&system, &security] {
        let expected = [("account".to_owned(), json!({ "list": "accounts", "rows": rows }))];
        assert_eq!(readings(&world, administrator).await, expected);
    }
}

#[tokio::test]
async fn a_document_is_recorded_as_one_and_not_as_a_reading_besides() {
    let world = World::at(Step::Grouping).await;
    export::conflicts(&world.education, world.round).await.unwrap();
    export::experts(&world.education, &Filter::default()).await.unwrap();
    assert_eq!(readings(&world, &world.education).await, []);
    assert!(world.audit_actions().await.contains(&"exported".to_owned()));
}
