//! 推荐单位: the own region, and no other.

use crate::assert_error;
use crate::support::{World, enrol};
use domain::access::Standing;
use domain::application::Application;
use domain::region::Recommender;
use service::{Error, application, expert, ranking, region};
use store::Repositories;

#[tokio::test]
async fn a_region_sees_its_own_applications_and_nothing_else() {
    let world = World::new().await;
    let moved: Vec<Application> = world.applications.iter().take(2).cloned().collect();
    let copies = (1..).zip(&moved).map(|(n, application)| Application {
        id: domain::ids::ApplicationId(world.app.ids.next()),
        code: format!("BY-{n:03}"),
        recommender: Recommender::Baiyin,
        ..application.clone()
    });
    let copies: Vec<_> = copies.collect();
    world.store().write(async |tx| tx.applications().insert(copies.clone()).await).await.unwrap();
    let baiyin = enrol(&world.app, "baiyin", Standing::Recommender(Recommender::Baiyin)).await;
    let lanzhou = enrol(&world.app, "lanzhou", Standing::Recommender(Recommender::Lanzhou)).await;
    let codes = |all: Vec<region::Recommended>| -> Vec<String> {
        all.into_iter().flat_map(|batch| batch.applications).map(|application| application.code).collect()
    };
    assert_eq!(codes(region::recommended(&baiyin).await.unwrap()), ["BY-001", "BY-002"]);
    assert_eq!(codes(region::recommended(&lanzhou).await.unwrap()).len(), world.applications.len());
    let tianshui = enrol(&world.app, "tianshui", Standing::Recommender(Recommender::Tianshui)).await;
    assert!(region::recommended(&tianshui).await.unwrap().is_empty(), "batches of others are not shown");
    assert_error!(region::recommended(&world.industry).await.map(codes), Error::Denied(_));
    assert_error!(application::list(&baiyin, world.round).await.map(|_| ()), Error::Denied(_));
    assert_error!(expert::list(&baiyin, &expert::Filter::default(), 0..10).await.map(|_| ()), Error::Denied(_));
    assert_error!(ranking::view(&baiyin, world.round).await.map(|_| ()), Error::Denied(_));
}
