//! Batches, tasks, applications.

use crate::support::{Opened, application, batch, id, is_duplicate, is_not_found, task, uscc};
use crate::{refused, write};
use domain::application::{Application, ApplicationState, Batch, Form, MemberRole, Task};
use domain::ids::{ApplicationId, BatchId, IndicatorId, TaskId};
use store::Repositories;

pub async fn batches_come_newest_first(opened: Opened) {
    let store = &opened.store;
    let of = |n, year, seq| Batch { id: BatchId(id(n)), year, seq, ..batch() };
    let (old, first, second) = (of(5, 2025, 3), of(6, 2026, 1), of(7, 2026, 2));
    write!(store, |tx| {
        tx.programme().insert_batch(first.clone()).await?;
        tx.programme().insert_batch(old.clone()).await?;
        tx.programme().insert_batch(second.clone()).await
    });
    assert_eq!(store.programme().batches().await.unwrap(), [second, first.clone(), old]);
    assert_eq!(store.programme().batch(first.id).await.unwrap(), first);
    assert!(is_not_found(&store.programme().batch(BatchId(id(9))).await.unwrap_err()));
    assert!(is_duplicate(&refused!(store, |tx| tx.programme().insert_batch(of(8, 2026, 2)).await)));
}

pub async fn tasks_come_back_with_their_indicators(opened: Opened) {
    let store = &opened.store;
    write!(store, |tx| {
        tx.programme().insert_batch(batch()).await?;
        tx.programme().insert_tasks(vec![task(11), task(10)]).await
    });
    assert_eq!(store.programme().tasks(batch().id).await.unwrap(), [task(10), task(11)], "by code");
    let mut double = Task { id: TaskId(id(12)), ..task(10) };
    for (n, indicator) in (900..).zip(&mut double.indicators) {
        indicator.id = IndicatorId(id(n));
    }
    assert!(is_duplicate(&refused!(store, |tx| tx.programme().insert_tasks(vec![double]).await)));
}

async fn with_tasks(opened: &Opened) {
    write!(opened.store, |tx| {
        tx.programme().insert_batch(batch()).await?;
        tx.programme().insert_tasks(vec![task(10), task(11)]).await
    });
}

pub async fn applications_come_back_with_members_and_people(opened: Opened) {
    let store = &opened.store;
    with_tasks(&opened).await;
    let full = application(2, task(10).id);
    let mut bare = Application { form: Form::Solo, committed_on: None, ..application(1, task(11).id) };
    bare.members.truncate(1);
    bare.people.clear();
    bare.sections.clear();
    write!(store, |tx| tx.applications().insert(vec![full.clone(), bare.clone()]).await);
    assert_eq!(store.applications().of_batch(batch().id).await.unwrap(), [bare.clone(), full.clone()], "by code");
    assert_eq!(store.applications().get(full.id).await.unwrap(), full);
    assert!(is_not_found(&store.applications().get(ApplicationId(id(9))).await.unwrap_err()));
    assert!(store.applications().of_batch(BatchId(id(9))).await.unwrap().is_empty());
}

pub async fn codes_are_taken_once_within_a_batch(opened: Opened) {
    let store = &opened.store;
    with_tasks(&opened).await;
    write!(store, |tx| tx.applications().insert(vec![application(1, task(10).id)]).await);
    let double = Application { code: "SL-001".to_owned(), ..application(2, task(10).id) };
    assert!(is_duplicate(&refused!(store, |tx| tx.applications().insert(vec![double]).await)));
    let other = Batch { id: BatchId(id(2)), seq: 2, ..batch() };
    let mut task = Task { id: TaskId(id(20)), batch: other.id, ..task(10) };
    task.indicators.clear();
    let same_code = Application { code: "SL-001".to_owned(), batch: other.id, ..application(3, task.id) };
    write!(store, |tx| {
        tx.programme().insert_batch(other).await?;
        tx.programme().insert_tasks(vec![task]).await?;
        tx.applications().insert(vec![same_code]).await
    });
}

pub async fn an_application_has_one_lead(opened: Opened) {
    let store = &opened.store;
    with_tasks(&opened).await;
    let mut two_leads = application(1, task(10).id);
    two_leads.members[1].role = MemberRole::Lead;
    assert!(is_duplicate(&refused!(store, |tx| tx.applications().insert(vec![two_leads]).await)));
    let mut three_partners = application(1, task(10).id);
    three_partners.members.push(three_partners.members[1].clone());
    three_partners.members[2].uscc = uscc(99);
    write!(store, |tx| tx.applications().insert(vec![three_partners]).await);
}

pub async fn an_application_needs_its_task(opened: Opened) {
    let store = &opened.store;
    with_tasks(&opened).await;
    let lost = application(1, TaskId(id(99)));
    assert!(is_not_found(&refused!(store, |tx| tx.applications().insert(vec![lost]).await)));
}

pub async fn the_formal_state_changes_with_its_reason(opened: Opened) {
    let store = &opened.store;
    with_tasks(&opened).await;
    let one = application(1, task(10).id);
    let reason = "缺少承诺书".to_owned();
    write!(store, |tx| {
        tx.applications().insert(vec![one.clone(), application(2, task(10).id)]).await?;
        tx.applications().set_state(one.id, ApplicationState::Rejected, reason.clone()).await
    });
    let rejected = Application { state: ApplicationState::Rejected, state_reason: reason.clone(), ..one };
    assert_eq!(store.applications().get(rejected.id).await.unwrap(), rejected);
    let other = store.applications().get(application(2, task(10).id).id).await.unwrap();
    assert_eq!(other.state, ApplicationState::Filed);
    let nothing = ApplicationId(id(9));
    let error = refused!(store, |tx| tx.applications().set_state(nothing, ApplicationState::Eligible, reason).await);
    assert!(is_not_found(&error));
}
