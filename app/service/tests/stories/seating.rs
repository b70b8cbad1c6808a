//! 分组与指派: tasks stay whole; seats follow roles, conflicts and employers; what cannot be done is explained.

use crate::support::{World, demand, fingerprint, uscc};
use crate::{assert_error, assert_rule};
use domain::conflict::{Decision, Origin, Rule};
use domain::expert::PoolState;
use domain::round::Step;
use domain::rubric::ExpertRole;
use domain::seat::Presence;
use engine::assignment::Status;
use service::assignment::Demand;
use service::{Error, assignment, panel, session};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::Repositories;

#[tokio::test]
async fn panels_keep_tasks_together() {
    let world = World::at(Step::Grouping).await;
    for count in [1, 2, 3] {
        assert_eq!(panel::plan(&world.industry, world.round, count).await.unwrap(), count);
        let entries = world.store().rounds().entries(world.round).await.unwrap();
        let mut panels: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for application in &world.applications {
            panels.entry(application.task).or_default().insert(entries[&application.id].unwrap());
        }
        assert!(panels.values().all(|of_task| of_task.len() == 1), "{count} panels");
    }
    for impossible in [0, 4] {
        let before = fingerprint(&world).await;
        assert_rule!(panel::plan(&world.industry, world.round, impossible).await, Input);
        assert_eq!(fingerprint(&world).await, before);
    }
}

#[tokio::test]
async fn a_task_moves_whole() {
    let world = World::at(Step::Grouping).await;
    panel::plan(&world.industry, world.round, 2).await.unwrap();
    let panels = world.store().panels().of_round(world.round).await.unwrap();
    let names: Vec<_> = panels.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["智能装备组", "新材料组"]);
    panel::move_task(&world.industry, world.round, world.tasks[0].id, panels[0].id).await.unwrap();
    let entries = world.store().rounds().entries(world.round).await.unwrap();
    let of = |n| entries[&world.application(n)].unwrap();
    assert_eq!([of(1), of(2), of(3), of(5)], [panels[0].id, panels[0].id, panels[1].id, panels[0].id]);
    let nowhere = domain::ids::PanelId(world.app.ids.next());
    let answer = panel::move_task(&world.industry, world.round, world.tasks[0].id, nowhere).await;
    assert_error!(answer, Error::NotFound);
    world.reach(Step::Draw).await;
    let late = panel::plan(&world.industry, world.round, 2).await;
    assert_rule!(late, Moment);
}

/// Experts by seat of each panel, with what the rules look at.
async fn seated(world: &World) -> HashMap<domain::ids::PanelId, Vec<domain::expert::Expert>> {
    let mut seated: HashMap<_, Vec<_>> = HashMap::new();
    for seat in world.store().panels().seats(world.round).await.unwrap() {
        let expert = world.store().experts().get(seat.expert).await.unwrap();
        assert_eq!(seat.role, expert.role);
        assert_eq!(seat.presence, Presence::Expected);
        seated.entry(seat.panel).or_default().push(expert);
    }
    seated
}

#[tokio::test]
async fn seats_follow_roles_and_fields() {
    let world = World::at(Step::Draw).await;
    let outcome = world.assign(&demand(), "专业特殊").await;
    assert_eq!(outcome.status, Status::Optimal);
    let panels = world.store().panels().of_round(world.round).await.unwrap();
    let seated = seated(&world).await;
    for panel in &panels {
        let own = &seated[&panel.id];
        let of_role = |role| own.iter().filter(|e| e.role == role).count();
        let roles = [ExpertRole::Technical, ExpertRole::Finance, ExpertRole::Management].map(of_role);
        assert_eq!(roles, [3, 1, 1]);
        let technical = own.iter().filter(|e| e.role == ExpertRole::Technical);
        assert!(technical.into_iter().all(|e| e.sectors.contains(&panel.sector)));
    }
    let all: BTreeSet<_> = seated.values().flatten().map(|e| e.id).collect();
    assert_eq!(all.len(), 10, "nobody sits twice");
    let latest = assignment::latest(&world.supervisor, world.round).await.unwrap().unwrap();
    assert_eq!(latest.assignments, outcome.assignments);
}

#[tokio::test]
async fn nobody_sits_where_they_must_recuse_or_beside_a_colleague() {
    let mut world = World::new().await;
    let lead = world.applications[0].members[0].clone();
    // One more finance expert, who works for the lead of SL-001, and five technical ones of one employer.
    world.add_expert(15, |e| e.employer_uscc = Some(lead.uscc.clone())).await;
    for n in [1, 2, 3, 4, 5] {
        world.add_expert(n, |e| e.employer_uscc = Some(uscc(3000))).await;
    }
    world.reach(Step::Draw).await;
    world.assign(&demand(), "专业特殊").await;
    let excluded: BTreeSet<_> =
        world.store().conflicts().of_round(world.round).await.unwrap().iter().map(|c| c.expert).collect();
    assert!(!excluded.is_empty());
    let employers = domain::identity::Employers::of(&world.experts);
    for own in seated(&world).await.values() {
        let shared: BTreeSet<_> = own.iter().map(|expert| employers.key(expert.id)).collect();
        assert_eq!(shared.len(), own.len(), "one expert of one employer");
        let materials = own.iter().any(|e| e.sectors.contains(&domain::sector::Sector::Materials));
        assert!(!materials || own.iter().all(|e| !excluded.contains(&e.id)));
    }
}

#[tokio::test]
async fn suspended_experts_are_not_seated() {
    let mut world = World::new().await;
    let suspended = world.add_expert(1, |e| {
        e.standing = PoolState::Suspended;
        e.employer_uscc = Some(uscc(3001));
    });
    let suspended = suspended.await;
    world.reach(Step::SignIn).await;
    let seats = world.store().panels().seats(world.round).await.unwrap();
    assert!(seats.iter().all(|s| s.expert != suspended));
}

#[tokio::test]
async fn what_cannot_be_seated_changes_nothing_and_is_explained() {
    let world = World::at(Step::Draw).await;
    world.assign(&demand(), "专业特殊").await;
    let seats = world.store().panels().seats(world.round).await.unwrap();
    // 4 finance seats in all, 3 finance experts in the pool.
    let too_much = Demand { technical: 4, finance: 2, management: 1, ..Demand::default() };
    let outcome =
        assignment::assign(&world.industry, world.round, &too_much, "专业特殊").await.unwrap().done().unwrap();
    assert_eq!(outcome.status, Status::Infeasible);
    assert!(outcome.assignments.is_empty());
    let shortfall = &outcome.shortfalls[0];
    assert!(shortfall.message.contains("财务"), "{}", shortfall.message);
    assert!(shortfall.needed > shortfall.available);
    assert_eq!(world.store().panels().seats(world.round).await.unwrap(), seats);
    let latest = assignment::latest(&world.industry, world.round).await.unwrap().unwrap();
    assert_eq!(latest.status, Status::Infeasible, "the explanation is kept");
}

#[tokio::test]
async fn panels_are_odd_and_have_five_to_nine_seats() {
    let world = World::at(Step::Draw).await;
    let before = fingerprint(&world).await;
    for (technical, finance, management) in [(2, 1, 1), (4, 1, 1), (9, 1, 1), (3, 0, 0)] {
        let demand = Demand { technical, finance, management, ..Demand::default() };
        assert_rule!(assignment::assign(&world.industry, world.round, &demand, "专业特殊").await, Input);
    }
    let no_cap = Demand { employer_cap: 0, ..demand() };
    assert_rule!(assignment::assign(&world.industry, world.round, &no_cap, "专业特殊").await, Input);
    assert_eq!(fingerprint(&world).await, before);
}

#[tokio::test]
async fn sheets_open_only_for_present_experts_who_are_not_recused() {
    let world = World::at(Step::SignIn).await;
    let application = world.application(1);
    let experts = world.panel_of(application).await;
    let (absent, recused) = (experts[0], experts[1]);
    let statement = "项目骨干为其近亲属";
    service::conflict::declare(&world.as_expert(recused), world.round, application, Rule::Kinship, statement)
        .await
        .unwrap();
    world.freeze(crate::support::terms()).await;
    world.everyone_signs_in().await;
    session::set_presence(&world.organizer, world.round, &[absent], Presence::Absent).await.unwrap();
    world.advance(Step::SignIn).await;
    let sheets = world.store().sheets().of_round(world.round).await.unwrap();
    assert_eq!(sheets.len(), 30 - 4 - 1);
    assert!(sheets.iter().all(|s| s.expert != absent && (s.expert, s.application) != (recused, application)));
    let records = world.store().conflicts().of_round(world.round).await.unwrap();
    assert_eq!((records[0].origin, records[0].decision), (Origin::Declared, Decision::Upheld));
    let (_, roster) = session::roster(&world.organizer, world.round).await.unwrap();
    assert_eq!(roster.len(), 10);
}
