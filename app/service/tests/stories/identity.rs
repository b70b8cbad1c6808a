//! 同一人: entered twice, a person is seated once, under what is known of both entries, until somebody has decided.

use crate::assert_rule;
use crate::support::{World, demand};
use domain::expert::{PoolState, Tie, TieKind};
use domain::identity::persons::Ruling;
use domain::ids::ExpertId;
use domain::people::Number;
use domain::round::Step;
use service::identity::{self, Asked};
use service::{conflict, draw, workbench};
use store::Repositories;
use store::repo::personal::Datum;

/// A round at `step` where ZJ-0001 stands in the pool a second time, with a post of its own.
async fn doubled(step: Step) -> (World, ExpertId, ExpertId) {
    let mut world = World::at(step).await;
    let name = world.experts[0].name.clone();
    let second = world
        .add_expert(1, |twin| {
            twin.name = name;
            "示例大学1材料学院".clone_into(&mut twin.employer);
            twin.ties = vec![Tie {
                kind: TieKind::Consultant,
                uscc: None,
                unit: "示例单位102".to_owned(),
                position: "技术顾问".to_owned(),
                since: None,
                until: None,
            }];
        })
        .await;
    let first = world.experts[0].id;
    (world, first, second)
}

fn asked(first: ExpertId, second: ExpertId, ruling: Ruling, reason: &str) -> Vec<Asked> {
    vec![Asked { first, second, ruling, reason: reason.to_owned() }]
}

async fn candidates(world: &World) -> Vec<String> {
    conflict::detect(&world.industry, world.round).await.unwrap();
    assert!(draw::open(&world.industry, world.round, &demand()).await.unwrap().is_none());
    let draw = world.store().draws().current(world.round).await.unwrap();
    let pool: engine::draw::Pool = serde_json::from_str(&draw.pool).unwrap();
    pool.candidates.into_iter().map(|candidate| candidate.id).collect()
}

#[tokio::test]
async fn until_it_is_decided_a_person_is_a_candidate_once_and_recused_for_both_entries() {
    let (world, first, second) = doubled(Step::Draw).await;
    assert_eq!(identity::count_open(&world.industry).await.unwrap(), 1);
    let waiting = workbench::waiting(&world.industry).await.unwrap();
    assert!(waiting.iter().any(|item| item.what.contains("疑似同一人")));
    let drawable = candidates(&world).await;
    assert!(drawable.contains(&"ZJ-0001".to_owned()) && !drawable.contains(&"ZJ-0021".to_owned()));
    let found = world.store().conflicts().of_round(world.round).await.unwrap();
    let own: Vec<_> = found.iter().filter(|c| c.application == world.application(1)).map(|c| c.expert).collect();
    assert_eq!(own, [first]);
    let others = identity::of(&world.supervisor, second).await.unwrap();
    assert_eq!(others.iter().map(|(other, _)| other.id).collect::<Vec<_>>(), [first]);
}

#[tokio::test]
async fn who_stands_in_a_draw_is_not_given_up() {
    let (world, first, second) = doubled(Step::Draw).await;
    candidates(&world).await;
    let give_up_first = asked(first, second, Ruling::Same { kept: second }, "电话核实");
    assert_rule!(identity::decide(&world.industry, give_up_first).await, Moment, "ZJ-0001", "请保留这一条");
    let give_up_second = asked(first, second, Ruling::Same { kept: first }, "电话核实");
    identity::decide(&world.education, give_up_second).await.unwrap();
    assert_eq!(identity::count_open(&world.industry).await.unwrap(), 0);
}

#[tokio::test]
async fn one_person_keeps_one_entry_with_the_posts_and_numbers_of_both() {
    let (world, first, second) = doubled(Step::Formality).await;
    let number = Datum {
        id: world.app.ids.next(),
        expert: second,
        kind: Number::Phone,
        masked: "139****0001".to_owned(),
        hash: None,
        sealed: Some("密文".to_owned()),
        filed_at: world.app.clock.now(),
    };
    world.store().write(async |tx| tx.personal().insert(vec![number.clone()]).await).await.unwrap();
    let same = Ruling::Same { kept: first };
    assert_rule!(identity::decide(&world.industry, asked(first, second, same, " ")).await, Input, "须写明理由");
    let stranger = world.experts[4].id;
    let other = asked(first, stranger, Ruling::Same { kept: stranger }, "核实");
    assert_rule!(identity::decide(&world.industry, other).await, Moment, "已经认定");
    identity::decide(&world.industry, asked(second, first, same, "电话核实")).await.unwrap();
    let store = world.store();
    let kept = store.experts().get(first).await.unwrap();
    let units: Vec<_> = kept.ties.iter().map(|tie| tie.unit.as_str()).collect();
    assert_eq!(units, ["示例单位102", "示例大学1材料学院"]);
    assert_eq!(store.experts().get(second).await.unwrap().standing, PoolState::Removed);
    assert_eq!(store.personal().of(first).await.unwrap().len(), 1);
    assert_eq!(store.personal().of(second).await.unwrap(), Vec::new());
    assert_rule!(identity::decide(&world.industry, asked(first, second, same, "再次")).await, Moment, "已经认定");
    assert!(world.audit_actions().await.contains(&"identity_judged".to_owned()));
    let decided = identity::doubles(&world.supervisor).await.unwrap().decided;
    assert_eq!((decided.len(), decided[0].reason.as_str()), (1, "电话核实"));
}

#[tokio::test]
async fn two_people_are_two_candidates_until_that_is_taken_back() {
    let (world, first, second) = doubled(Step::Draw).await;
    identity::decide(&world.science, asked(first, second, Ruling::Distinct, "身份证核对为两人")).await.unwrap();
    let drawable = candidates(&world).await;
    assert!(["ZJ-0001", "ZJ-0021"].iter().all(|code| drawable.contains(&(*code).to_owned())));
    let decided = identity::doubles(&world.industry).await.unwrap().decided;
    assert_rule!(identity::reopen(&world.industry, decided[0].id, "").await, Input, "须写明理由");
    identity::reopen(&world.industry, decided[0].id, "证件有误").await.unwrap();
    assert_eq!(identity::count_open(&world.industry).await.unwrap(), 1);
}
