//! Sheets, objective points, indicator results, knock-outs.

use crate::support::{
    Opened, a_round, application, at, expert, id, is_duplicate, is_not_found, panel, round, seat, sheet, task,
};
use crate::{refused, write};
use domain::acceptance::{Knockout, Results};
use domain::access::{Actor, Scope, Standing};
use domain::application::Application;
use domain::conflict::{Conflict, Decision, Evidence, Origin, Rule};
use domain::ids::{AccountId, ApplicationId, ConflictId, IndicatorId, RoundId, RunId, SheetId};
use domain::people::Number;
use domain::points::Points;
use domain::region::Recommender;
use domain::sector::Sector;
use domain::sheet::{Entry, Sheet, SheetState, Vote};
use std::collections::BTreeMap;
use store::repo::finding::{Objective, Objectives};
use store::repo::personal::Datum;
use store::repo::run::{Run, RunKind};
use store::{Repositories, Scoped, StoreError};

fn filled(sheet: Sheet) -> Sheet {
    let entry = |points, reason: &str| Entry { points, reason: reason.to_owned() };
    Sheet {
        version: 3,
        entries: BTreeMap::from([
            ("A1".to_owned(), entry(Some(Points(1150)), "基础“扎实”")),
            ("B2".to_owned(), entry(None, "")),
        ]),
        vote: Some(Vote::Decline),
        comment: "总体意见\n第二行".to_owned(),
        saved_at: Some(at(7)),
        ..sheet
    }
}

pub async fn a_sheet_comes_back_in_every_state(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let draft = sheet(1, 1, 1);
    let submitted = Sheet { state: SheetState::Submitted { at: at(8) }, ..filled(sheet(2, 1, 2)) };
    let voided = filled(sheet(3, 2, 1)).void("本人申明回避".to_owned(), at(9));
    let all = [draft.clone(), submitted.clone(), voided.clone()];
    write!(store, |tx| tx.sheets().insert(&all).await);
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
        tx.sheets().save(&first.clone().void("录入有误".to_owned(), at(1)), 0).await?;
        tx.sheets().insert(std::slice::from_ref(&second)).await
    });
    assert_eq!(store.sheets().of(expert(1).id).in_round(round().id).await.unwrap(), [second]);
    assert_eq!(store.sheets().of_round(round().id).await.unwrap().len(), 2, "the voided one stays on record");
}

pub async fn tasks_scored_in_other_rounds_are_found(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let submitted = Sheet { state: SheetState::Submitted { at: at(8) }, ..filled(sheet(1, 1, 1)) };
    let all = [submitted, sheet(2, 1, 2), filled(sheet(3, 2, 1)).void("本人申明回避".to_owned(), at(9))];
    write!(store, |tx| tx.sheets().insert(&all).await);
    let found = store.sheets().tasks_scored_outside(RoundId(id(3001))).await.unwrap();
    assert_eq!(found, BTreeMap::from([(expert(1).id, vec![task(10).title])]), "neither drafts nor voided sheets");
    assert!(store.sheets().tasks_scored_outside(round().id).await.unwrap().is_empty());
}

pub async fn a_stale_version_is_refused_and_changes_nothing(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    write!(store, |tx| tx.sheets().insert(&[sheet(1, 1, 1)]).await);
    let saved = Sheet { version: 1, ..filled(sheet(1, 1, 1)) };
    write!(store, |tx| tx.sheets().save(&saved, 0).await);
    let late = Sheet { comment: "晚到".to_owned(), ..saved.clone() };
    let error = refused!(store, |tx| tx.sheets().save(&late, 0).await);
    assert!(matches!(error, StoreError::Stale), "{error}");
    assert_eq!(store.sheets().of_round(round().id).await.unwrap(), [saved]);
    let unknown = Sheet { id: SheetId(id(9)), ..late };
    assert!(matches!(refused!(store, |tx| tx.sheets().save(&unknown, 1).await), StoreError::Stale));
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

fn conflict(n: u128, of: u32, about: u32) -> Conflict {
    Conflict {
        id: ConflictId(id(700 + n)),
        expert: expert(of).id,
        application: application(about, task(10).id).id,
        rule: Rule::Kinship,
        origin: Origin::Declared,
        evidence: Evidence { expert_side: String::new(), application_side: String::new() },
        decision: Decision::Upheld,
        reason: String::new(),
    }
}

fn scope_of(standing: Standing) -> Scope {
    Actor { account: AccountId(id(1)), name: String::new(), standing }.scope()
}

/// What each kind of caller reaches of everything a round holds.
pub async fn a_scope_bounds_every_query(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let elsewhere = Application { recommender: Recommender::Baiyin, ..application(3, task(11).id) };
    let voided = filled(sheet(3, 1, 2)).void("本人申明回避".to_owned(), at(9));
    let objective = BTreeMap::from([("A2".to_owned(), Objective { points: Points(1), evidence: String::new() })]);
    let panel = panel(1, Sector::Materials);
    let run = Run {
        id: RunId(id(90)),
        round: round().id,
        kind: RunKind::Ranking,
        algorithm: "rank/1".to_owned(),
        digest: "0".to_owned(),
        output: "{}".to_owned(),
        at: at(1),
    };
    let phone = |n: u32| Datum {
        id: id(400 + u128::from(n)),
        expert: expert(n).id,
        kind: Number::Phone,
        masked: String::new(),
        hash: None,
        sealed: Some(String::new()),
        filed_at: at(1),
    };
    write!(store, |tx| {
        tx.applications().insert(vec![elsewhere.clone()]).await?;
        tx.sheets().insert(&[sheet(1, 1, 1), sheet(2, 2, 1), voided.clone(), sheet(4, 2, 2)]).await?;
        let all = [1, 2].map(|n| application(n, task(10).id).id);
        tx.findings()
            .set_objectives(round().id, all.map(|application| (application, objective.clone())).into())
            .await?;
        tx.panels().replace(round().id, std::slice::from_ref(&panel)).await?;
        tx.panels()
            .replace_seats(round().id, vec![seat(1, panel.id, expert(1).id), seat(2, panel.id, expert(2).id)])
            .await?;
        tx.conflicts().insert(round().id, vec![conflict(1, 1, 2), conflict(2, 2, 1)]).await?;
        tx.runs().insert(run.clone()).await?;
        let knockout = BTreeMap::from([(Knockout::ALL[0], String::new())]);
        tx.findings().set_knockouts(round().id, application(2, task(11).id).id, &knockout).await?;
        tx.personal().insert(vec![phone(1), phone(2)]).await
    });
    // Applications, sheets, objective points, seats, recusals, experts, phones, rankings, knock-outs, panels, entries, codes.
    let expected = [
        (Standing::Organizer, [3, 4, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2]),
        (Standing::Supervisor, [3, 4, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2]),
        (Standing::Expert(expert(1).id), [1, 2, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1]),
        (Standing::Recommender(Recommender::Baiyin), [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        (Standing::SystemAdmin, [0; 12]),
        (Standing::Auditor, [0; 12]),
        (Standing::Unassigned, [0; 12]),
    ];
    for (standing, reached) in expected {
        let store = opened.database.of(scope_of(standing));
        let found = [
            store.applications().of_batch(round().batch).await.unwrap().len(),
            store.sheets().of_round(round().id).await.unwrap().len(),
            store.findings().objectives(round().id).await.unwrap().len(),
            store.panels().seats(round().id).await.unwrap().len(),
            store.conflicts().of_round(round().id).await.unwrap().len(),
            store.experts().all().await.unwrap().len(),
            store.personal().sealed().await.unwrap().len(),
            usize::from(store.runs().latest(round().id, RunKind::Ranking).await.is_ok()),
            store.findings().knockouts(round().id).await.unwrap().len(),
            store.panels().of_round(round().id).await.unwrap().len(),
            store.rounds().entries(round().id).await.unwrap().len(),
            store.experts().codes().await.unwrap().len(),
        ];
        assert_eq!(found, reached, "{standing:?}");
    }
    // A single row is no way around.
    let own = opened.database.of(scope_of(Standing::Expert(expert(1).id)));
    assert!(is_not_found(&own.applications().get(application(2, task(11).id).id).await.unwrap_err()), "recused");
    assert!(is_not_found(&own.applications().get(elsewhere.id).await.unwrap_err()));
    assert!(is_not_found(&own.experts().get(expert(2).id).await.unwrap_err()));
    assert!(own.sheets().of(expert(2).id).in_round(round().id).await.unwrap().is_empty());
    assert!(own.panels().seats_of(expert(2).id).await.unwrap().is_empty());
    assert!(own.conflicts().of_expert(round().id, expert(2).id).await.unwrap().is_empty());
    own.write(async |tx| {
        assert!(tx.applications().get(elsewhere.id).await.is_err(), "nor is a transaction");
        Ok::<_, StoreError>(())
    })
    .await
    .unwrap();
    let region = opened.database.of(scope_of(Standing::Recommender(Recommender::Baiyin)));
    assert_eq!(region.applications().get(elsewhere.id).await.unwrap(), elsewhere);
    assert!(is_not_found(&region.applications().get(application(1, task(10).id).id).await.unwrap_err()));
}
