//! 工作台 before there is a round: each role is told how to begin, and what is left over.

use crate::assert_rule;
use crate::support::{World, enrol, installation, new_application};
use domain::access::{Department, Errand, Standing};
use domain::application::{Application, ApplicationState, Batch, Task};
use domain::ids::{ApplicationId, TaskId};
use service::workbench::{Subject, waiting};
use service::{Context, programme};
use store::Repositories;

async fn subjects(ctx: &Context) -> Vec<Subject> {
    waiting(ctx).await.unwrap().into_iter().map(|item| item.subject).collect()
}

#[tokio::test]
async fn administrators_are_told_of_the_accounts_that_wait_for_them() {
    let (app, _) = installation().await;
    let system = enrol(&app, "admin", Standing::SystemAdmin).await;
    let security = enrol(&app, "anquan", Standing::SecurityAdmin).await;
    enrol(&app, "shenji", Standing::Auditor).await;
    assert_eq!(subjects(&system).await, [Subject::Accounts], "nobody can work yet");
    assert_eq!(subjects(&security).await, []);
    for login in ["zhangsan", "lisi"] {
        enrol(&app, login, Standing::Unassigned).await;
    }
    assert_eq!(subjects(&system).await, []);
    let items = waiting(&security).await.unwrap();
    assert_eq!(items.len(), 1);
    assert!(items[0].what.contains("2 个账号"), "{}", items[0].what);
    assert_eq!(items[0].subject, Subject::Roles);
}

#[tokio::test]
async fn the_first_coordinator_is_led_from_batch_to_tasks_to_applications() {
    let (app, _) = installation().await;
    let coordinator = enrol(&app, "gxt", Standing::Coordinator(Department::Industry)).await;
    assert_eq!(subjects(&coordinator).await, [Subject::Batches, Subject::Experts]);
    let batch = programme::create_batch(&coordinator, 2026, 1, "2026年度第一批", "甘工信发〔2026〕1号").await.unwrap();
    let what = async || waiting(&coordinator).await.unwrap().into_iter().map(|item| item.what).collect::<Vec<_>>();
    assert_eq!(what().await, ["登记榜单任务", "导入专家名单"]);
    let world = World::new().await;
    let task = Task { id: TaskId(app.ids.next()), batch, indicators: Vec::new(), ..world.tasks[0].clone() };
    programme::add_tasks(&coordinator, batch, vec![task.clone()]).await.unwrap();
    assert_eq!(what().await, ["导入申报汇总表", "导入专家名单"]);
    let own = Application { people: Vec::new(), ..new_application(&app, &task, 1) };
    app.program(Errand::Demonstration).write(async |tx| tx.applications().insert(vec![own]).await).await.unwrap();
    assert_eq!(what().await, ["建立轮次：1 项申报等待评审", "导入专家名单"]);
}

#[tokio::test]
async fn applications_that_are_in_no_round_are_not_forgotten() {
    let world = World::new().await;
    assert!(!subjects(&world.industry).await.contains(&Subject::Batch(world.batch)));
    let late =
        Application { id: ApplicationId(world.app.ids.next()), ..new_application(&world.app, &world.tasks[0], 91) };
    let rejected =
        Application { state: ApplicationState::Rejected, ..new_application(&world.app, &world.tasks[0], 92) };
    let both = vec![late, rejected];
    world.app.program(Errand::Demonstration).write(async |tx| tx.applications().insert(both).await).await.unwrap();
    let items = waiting(&world.industry).await.unwrap();
    let own: Vec<_> = items.iter().filter(|item| item.subject == Subject::Batch(world.batch)).collect();
    assert_eq!(own.len(), 1);
    assert!(own[0].what.starts_with("1 项"), "{}", own[0].what);
}

#[tokio::test]
async fn what_is_taken_is_named() {
    let world = World::new().await;
    let Batch { year, seq, title, .. } = programme::batch(&world.industry, world.batch).await.unwrap().0;
    let again = programme::create_batch(&world.industry, year, seq, "又一批", "依据").await;
    assert_rule!(again, Duplicate, title.as_str());
    let task = |code: &str| Task { id: TaskId(world.app.ids.next()), code: code.to_owned(), ..world.tasks[0].clone() };
    let plain = |code: &str| Task { indicators: Vec::new(), ..task(code) };
    let code = world.tasks[1].code.as_str();
    assert_rule!(programme::add_tasks(&world.industry, world.batch, vec![plain(code)]).await, Duplicate, code);
    let twice = vec![plain("新任务"), plain("新任务")];
    assert_rule!(programme::add_tasks(&world.industry, world.batch, twice).await, Duplicate, "新任务");
}
