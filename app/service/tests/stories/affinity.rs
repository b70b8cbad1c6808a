//! 专业匹配度: what is known of an expert's field decides where the expert sits.

use crate::support::{World, day, demand};
use domain::discipline::Discipline;
use domain::ids::{ExpertId, SheetId};
use domain::round::{RoundKind, Step};
use domain::sheet::{Sheet, SheetState};
use service::assignment::shared_words;
use service::round;
use store::Repositories;

/// One more technical expert in 新材料 whose speciality says nothing, and who works nowhere else.
async fn newcomer(world: &mut World, n: u32, disciplines: &[&str]) -> ExpertId {
    let disciplines = disciplines.iter().map(|text| Discipline::parse(text).unwrap()).collect();
    let change = |expert: &mut domain::expert::Expert| {
        expert.disciplines = disciplines;
        expert.employer = format!("示例研究院{n}");
        expert.employer_uscc = None;
    };
    world.add_expert(1, change).await
}

async fn words_of(world: &World, expert: ExpertId) -> Vec<String> {
    world.assign(&demand(), "专业特殊").await;
    shared_words(&world.organizer, world.round).await.unwrap().get(&expert).cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_discipline_that_fits_seats_an_expert_before_the_others() {
    let mut world = World::new().await;
    let fits = newcomer(&mut world, 1, &["430.40 平台与团队"]).await;
    let other = newcomer(&mut world, 2, &["820 法学"]).await;
    world.reach(Step::Draw).await;
    assert_eq!(words_of(&world, fits).await, ["团队", "平台"]);
    assert!(!world.panel_of(world.application(1)).await.contains(&other));
}

#[tokio::test]
async fn tasks_scored_in_earlier_rounds_count_as_experience() {
    let mut world = World::new().await;
    let experienced = newcomer(&mut world, 1, &[]).await;
    let earlier = round::create(&world.industry, world.batch, RoundKind::Selection, "往年轮次", day(2025, 3, 1), None);
    let earlier = earlier.await.unwrap();
    let at = world.app.clock.now();
    let blank = Sheet::blank(SheetId(world.app.ids.next()), earlier, experienced, world.application(1));
    world.store().write(async |tx| tx.sheets().insert(std::slice::from_ref(&blank)).await).await.unwrap();
    let submitted = Sheet { state: SheetState::Submitted { at }, ..blank };
    let own = world.as_expert(experienced);
    own.store().write(async |tx| tx.sheets().save(&submitted, 0, None).await).await.unwrap();
    world.reach(Step::Draw).await;
    assert_eq!(words_of(&world, experienced).await, ["攻关"]);
}

#[tokio::test]
async fn whoever_sees_only_numbers_sees_no_words() {
    let world = World::at(Step::Draw).await;
    world.assign(&demand(), "专业特殊").await;
    assert!(shared_words(&world.supervisor, world.round).await.unwrap().is_empty());
}
