//! Sheets, objective points, indicator results, knock-outs.

use crate::support::{
    Opened, a_round, application, at, expert, filled, id, is_duplicate, is_not_found, put_sheets, round, sheet, task,
    voided,
};
use crate::{refused, write};
use domain::acceptance::{Knockout, Results};
use domain::ids::{ApplicationId, IndicatorId, RoundId, SheetId};
use domain::objective::{Objective, Objectives};
use domain::points::Points;
use domain::sheet::{Sheet, SheetState};
use std::collections::BTreeMap;
use store::{Repositories, Scoped, StoreError};

pub async fn a_sheet_comes_back_in_every_state(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let draft = sheet(1, 1, 1);
    let submitted = Sheet { state: SheetState::Submitted { at: at(8) }, ..filled(sheet(2, 1, 2)) };
    let voided = voided(filled(sheet(3, 2, 1)), 9);
    let all = [draft.clone(), submitted.clone(), voided.clone()];
    put_sheets(&opened, &all).await;
    assert_eq!(store.sheets().of_round(round().id).await.unwrap(), all);
    let mut own = store.sheets().of(expert(1).id).in_round(round().id).await.unwrap();
    own.sort_by_key(|s| s.id);
    assert_eq!(own, [draft, submitted]);
    assert!(store.sheets().of(expert(2).id).in_round(round().id).await.unwrap().is_empty(), "voided");
    assert_eq!(store.sheets().of(expert(2).id).get(voided.id).await.unwrap(), voided);
}

pub async fn a_pair_has_one_live_sheet_and_a_new_one_after_voiding(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let (first, second) = (sheet(1, 1, 1), sheet(2, 1, 1));
    write!(store, |tx| tx.sheets().insert(std::slice::from_ref(&first)).await);
    let error = refused!(store, |tx| tx.sheets().insert(std::slice::from_ref(&second)).await);
    assert!(is_duplicate(&error), "{error}");
    write!(store, |tx| {
        tx.sheets().set_aside(&voided(first.clone(), 1)).await?;
        tx.sheets().insert(std::slice::from_ref(&second)).await
    });
    assert_eq!(store.sheets().of(expert(1).id).in_round(round().id).await.unwrap(), [second]);
    assert_eq!(store.sheets().of_round(round().id).await.unwrap().len(), 2, "the voided one stays on record");
    let again = voided(first, 2);
    assert!(matches!(refused!(store, |tx| tx.sheets().set_aside(&again).await), StoreError::Stale), "its reason stays");
}

pub async fn tasks_scored_in_other_rounds_are_found(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let submitted = Sheet { state: SheetState::Submitted { at: at(8) }, ..filled(sheet(1, 1, 1)) };
    let all = [submitted, sheet(2, 1, 2), voided(filled(sheet(3, 2, 1)), 9)];
    put_sheets(&opened, &all).await;
    let found = store.sheets().tasks_scored_outside(RoundId(id(3001))).await.unwrap();
    assert_eq!(found, BTreeMap::from([(expert(1).id, vec![task(10).title])]), "neither drafts nor voided sheets");
    assert!(store.sheets().tasks_scored_outside(round().id).await.unwrap().is_empty());
}

pub async fn a_stale_version_is_refused_and_changes_nothing(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    write!(store, |tx| tx.sheets().insert(&[sheet(1, 1, 1)]).await);
    let saved = Sheet { version: 1, ..filled(sheet(1, 1, 1)) };
    let own = opened.as_expert(expert(1).id);
    write!(own, |tx| tx.sheets().save(&saved, 0, None).await);
    let late = Sheet { comment: "晚到".to_owned(), ..saved.clone() };
    let error = refused!(own, |tx| tx.sheets().save(&late, 0, None).await);
    assert!(matches!(error, StoreError::Stale), "{error}");
    let unseen = voided(sheet(1, 1, 1), 1);
    assert!(matches!(refused!(store, |tx| tx.sheets().set_aside(&unseen).await), StoreError::Stale), "saved since");
    assert_eq!(store.sheets().of_round(round().id).await.unwrap(), [saved]);
    let unknown = Sheet { id: SheetId(id(9)), ..late };
    assert!(matches!(refused!(own, |tx| tx.sheets().save(&unknown, 1, None).await), StoreError::Stale));
}

pub async fn nobody_reaches_the_sheet_of_another_expert(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let own = sheet(1, 1, 1);
    write!(store, |tx| tx.sheets().insert(&[own.clone(), sheet(2, 2, 1)]).await);
    assert_eq!(store.sheets().of(expert(1).id).get(own.id).await.unwrap(), own);
    assert!(is_not_found(&store.sheets().of(expert(1).id).get(sheet(2, 2, 1).id).await.unwrap_err()));
    assert!(is_not_found(&store.sheets().of(expert(2).id).get(own.id).await.unwrap_err()));
    assert_eq!(store.sheets().of(expert(2).id).in_round(round().id).await.unwrap(), [sheet(2, 2, 1)]);
}

fn of(n: u32) -> ApplicationId {
    application(n, task(10).id).id
}

async fn set(store: &Scoped, application: ApplicationId, scores: &[(&str, i64)]) {
    let objective = |(code, points): &(&str, i64)| {
        ((*code).to_owned(), Objective { points: Points(*points), evidence: format!("附件{code}") })
    };
    let objectives = Objectives::from([(application, scores.iter().map(objective).collect())]);
    write!(store, |tx| tx.findings().set_objectives(round().id, objectives).await);
}

pub async fn objective_points_are_replaced_per_application(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    set(store, of(1), &[("A2", 500), ("A3", 625)]).await;
    set(store, of(2), &[("A2", 0)]).await;
    set(store, of(1), &[("A2", 450)]).await;
    let all = store.findings().objectives(round().id).await.unwrap();
    let expected = Objective { points: Points(450), evidence: "附件A2".to_owned() };
    assert_eq!(all[&of(1)], BTreeMap::from([("A2".to_owned(), expected)]));
    assert_eq!(all[&of(2)]["A2"].points, Points(0));
}

pub async fn indicator_results_and_knockouts_come_back(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let indicators: Vec<IndicatorId> = task(10).indicators.iter().map(|i| i.id).collect();
    let results = Results::from([(indicators[0], 450_000), (indicators[1], -7)]);
    let found = BTreeMap::from([
        (Knockout::CoreUnmet, "核心指标完成79.9%".to_owned()),
        (Knockout::Dispute, "权属诉讼未决".to_owned()),
    ]);
    write!(store, |tx| {
        tx.findings().set_indicator_results(round().id, of(1), &Results::from([(indicators[2], 500)])).await?;
        tx.findings().set_indicator_results(round().id, of(1), &results).await?;
        tx.findings().set_knockouts(round().id, of(1), &found).await
    });
    assert_eq!(store.findings().indicator_results(round().id).await.unwrap(), [(of(1), results)].into());
    assert_eq!(store.findings().knockouts(round().id).await.unwrap(), [(of(1), found)].into());
    write!(store, |tx| tx.findings().set_knockouts(round().id, of(1), &BTreeMap::new()).await);
    assert!(store.findings().knockouts(round().id).await.unwrap().is_empty());
}
