//! 请托登记.

use crate::support::{World, day};
use crate::{assert_error, assert_rule};
use domain::access::Permission;
use service::approach::{self, Channel, Report};
use service::{Error, Restriction};
use store::Repositories;

fn asked() -> Report {
    Report {
        who: "某公司张某".to_owned(),
        about: "SL-003".to_owned(),
        what: "电话中请求对其项目多加关照，已拒绝".to_owned(),
    }
}

#[tokio::test]
async fn what_is_reported_is_read_by_the_supervisor_only_and_sealed_for_everybody_else() {
    let world = World::new().await;
    let expert = world.as_expert(world.experts[0].id);
    // The expert of the stories has no account row; whoever reports has one.
    approach::report(&world.organizer, day(2026, 3, 30), Channel::Telephone, asked()).await.unwrap();
    for other in [&world.industry, &world.organizer, &world.admin, &expert] {
        assert_error!(approach::all(other).await, Error::Denied(denied) if denied.0 == Permission::ReadApproaches);
    }
    let register = approach::all(&world.supervisor).await.unwrap();
    assert_eq!(register.len(), 1);
    assert_eq!((register[0].channel, &register[0].report), (Channel::Telephone, &asked()));
    assert_eq!((register[0].reporter.as_str(), register[0].role), (world.organizer.actor.name.as_str(), "组织者"));
    let stored = &world.store().approaches().all().await.unwrap()[0];
    assert!(!stored.sealed.contains("张某") && stored.sealed.starts_with("v1."));
    let (rows, _) = world.store().audit().page("approach", 0, 10).await.unwrap();
    let actions: Vec<_> = rows.iter().map(|row| row.action.as_str()).collect();
    assert_eq!(actions, ["approaches_read", "approach_reported"], "reading is written down");
    assert!(rows.iter().all(|row| !row.detail.contains("张某")), "and nothing of the content");
}

#[tokio::test]
async fn a_report_needs_who_and_what_and_nothing_is_kept_otherwise() {
    let world = World::new().await;
    let nameless =
        approach::report(&world.organizer, day(2026, 3, 30), Channel::Other, Report { who: " ".to_owned(), ..asked() });
    assert_rule!(nameless.await, Input, "请托人");
    let future = approach::report(&world.organizer, day(2099, 1, 1), Channel::Other, asked()).await;
    assert_rule!(future, Input);
    let restricted = world.organizer.clone().restricted(Some(Restriction::FirstPassword));
    assert_error!(approach::report(&restricted, day(2026, 3, 30), Channel::Other, asked()).await, Error::Restricted(_));
    assert!(approach::all(&world.supervisor).await.unwrap().is_empty());
}
