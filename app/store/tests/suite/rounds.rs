//! Rounds, signatures, panels, seats, recusal records.

use crate::support::{
    Opened, a_round, account, application, at, expert, id, is_duplicate, is_not_found, panel, round, seat, task,
};
use crate::{refused, write};
use domain::access::{Actor, Department, Standing};
use domain::account::Account;
use domain::conflict::{Conflict, Decision, Evidence, Origin, Rule};
use domain::countersign::Countersign;
use domain::ids::{ConflictId, RoundId};
use domain::round::{Freeze, Gate, QuotaScope, Round, RoundKind, Step, Terms};
use domain::rubric_default::acceptance;
use domain::seat::Presence;
use domain::sector::Sector;
use store::{Repositories, StoreError};
use uuid::Uuid;

pub async fn a_round_comes_back_with_rubric_terms_and_freeze(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    assert_eq!(store.rounds().get(round().id).await.unwrap(), round());
    let changed = Round {
        kind: RoundKind::Acceptance,
        step: Step::Scoring,
        rubric: acceptance(),
        terms: Terms { scope: QuotaScope::PerTask, quota: 3, ..round().terms },
        frozen: Freeze::Frozen { at: at(5), digest: "abc".to_owned() },
        ..round()
    };
    write!(store, |tx| tx.rounds().save(&changed).await);
    assert_eq!(store.rounds().get(round().id).await.unwrap(), changed);
    assert_eq!(store.rounds().all().await.unwrap(), [changed]);
    let unknown = Round { id: RoundId(id(9)), ..round() };
    assert!(is_not_found(&refused!(store, |tx| tx.rounds().save(&unknown).await)));
    assert!(is_not_found(&store.rounds().get(unknown.id).await.unwrap_err()));
}

pub async fn entries_know_their_panel(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let (one, two) = (application(1, task(10).id).id, application(2, task(11).id).id);
    let own = panel(1, Sector::Materials);
    write!(store, |tx| {
        tx.panels().replace(round().id, std::slice::from_ref(&own)).await?;
        tx.rounds().set_panel(round().id, &[one], Some(own.id)).await
    });
    let entries = store.rounds().entries(round().id).await.unwrap();
    assert_eq!(entries, [(one, Some(own.id)), (two, None)].into());
    assert!(is_duplicate(&refused!(store, |tx| tx.rounds().add_entries(round().id, &[two]).await)));
    write!(store, |tx| {
        tx.rounds().set_panel(round().id, &[one], None).await?;
        tx.rounds().remove_entry(round().id, two).await
    });
    assert_eq!(store.rounds().entries(round().id).await.unwrap(), [(one, None)].into());
}

pub async fn a_department_signs_a_content_once(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let (account, other) = (
        account(70, "gxt", Standing::Coordinator(Department::Industry)),
        account(71, "kjt", Standing::Coordinator(Department::Science)),
    );
    let sign = |n, department, digest: &str| Countersign {
        id: id(n),
        round: round().id,
        gate: Gate::Terms,
        department,
        account: account.id,
        digest: digest.to_owned(),
        at: at(i64::try_from(n).unwrap()),
        proof: None,
    };
    let (first, second) = (sign(81, Department::Industry, "old"), sign(82, Department::Industry, "new"));
    write!(store, |tx| tx.accounts().insert(vec![account.clone(), other.clone()]).await);
    let of = |account: &Account| {
        let Account { id, name, standing, .. } = account.clone();
        opened.database.of(Actor { account: id, name, standing }.scope())
    };
    let (industry, science) = (of(&account), of(&other));
    write!(industry, |tx| tx.rounds().countersign(&second).await);
    write!(industry, |tx| tx.rounds().countersign(&first).await);
    let again = sign(83, Department::Industry, "new");
    assert!(is_duplicate(&refused!(industry, |tx| tx.rounds().countersign(&again).await)));
    let third = Countersign { account: other.id, ..sign(84, Department::Science, "new") };
    for (caller, sign) in [(&industry, &third), (&science, &sign(85, Department::Science, "new")), (store, &third)] {
        let error = refused!(caller, |tx| tx.rounds().countersign(sign).await);
        assert!(matches!(error, StoreError::OutOfScope), "another department, in another's name, by the program");
    }
    write!(science, |tx| tx.rounds().countersign(&third).await);
    let signs = store.rounds().countersigns(round().id).await.unwrap();
    assert_eq!(signs, [first, second, third], "in the order of signing");
}

pub async fn an_expert_has_one_seat_in_a_round(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let panels = [panel(1, Sector::Materials), panel(2, Sector::Metallurgy)];
    write!(store, |tx| tx.panels().replace(round().id, &panels).await);
    let twice = vec![seat(1, panels[0].id, expert(1).id), seat(2, panels[1].id, expert(1).id)];
    assert!(is_duplicate(&refused!(store, |tx| tx.panels().replace_seats(round().id, twice).await)));
    let mut same_number = vec![seat(1, panels[0].id, expert(1).id), seat(2, panels[0].id, expert(2).id)];
    same_number[1].number = 1;
    assert!(is_duplicate(&refused!(store, |tx| tx.panels().replace_seats(round().id, same_number).await)));
    let seats = vec![seat(1, panels[0].id, expert(1).id), seat(2, panels[1].id, expert(2).id)];
    write!(store, |tx| tx.panels().replace_seats(round().id, seats.clone()).await);
    assert_eq!(store.panels().seats(round().id).await.unwrap(), seats);
    assert_eq!(store.panels().seats_of(expert(2).id).await.unwrap(), [seats[1].clone()]);
}

pub async fn panels_are_replaced_with_their_seats(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let old = panel(1, Sector::Materials);
    let one = application(1, task(10).id).id;
    write!(store, |tx| {
        tx.panels().replace(round().id, std::slice::from_ref(&old)).await?;
        tx.rounds().set_panel(round().id, &[one], Some(old.id)).await?;
        tx.panels().replace_seats(round().id, vec![seat(1, old.id, expert(1).id)]).await
    });
    let new = [panel(2, Sector::Metallurgy), panel(3, Sector::Materials)];
    write!(store, |tx| tx.panels().replace(round().id, &new).await);
    assert_eq!(store.panels().of_round(round().id).await.unwrap(), new);
    assert!(store.panels().seats(round().id).await.unwrap().is_empty());
    assert_eq!(store.rounds().entries(round().id).await.unwrap().get(&one), Some(&None));
}

pub async fn presence_is_noted_on_a_seat(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let own = panel(1, Sector::Materials);
    let seats = vec![seat(1, own.id, expert(1).id), seat(2, own.id, expert(2).id)];
    write!(store, |tx| {
        tx.panels().replace(round().id, std::slice::from_ref(&own)).await?;
        tx.panels().replace_seats(round().id, seats.clone()).await?;
        tx.panels().set_presence(round().id, expert(2).id, Presence::Absent).await
    });
    let presence: Vec<_> = store.panels().seats(round().id).await.unwrap().iter().map(|s| s.presence).collect();
    assert_eq!(presence, [Presence::Expected, Presence::Absent]);
    let stranger = expert(9).id;
    let error = refused!(store, |tx| tx.panels().set_presence(round().id, stranger, Presence::Present).await);
    assert!(is_not_found(&error));
}

fn conflict(n: u128, rule: Rule, origin: Origin) -> Conflict {
    Conflict {
        id: ConflictId(id(n)),
        expert: expert(1).id,
        application: application(1, task(10).id).id,
        rule,
        origin,
        evidence: Evidence {
            expert_side: "现单位：示例".to_owned(), application_side: "牵头单位：示例".to_owned()
        },
        decision: Decision::Pending,
        reason: String::new(),
    }
}

pub async fn undecided_findings_are_forgotten_and_decided_ones_stay(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let undecided = conflict(91, Rule::Namesake, Origin::Detected);
    let decided = conflict(92, Rule::SameLegalPerson, Origin::Detected);
    let declared = conflict(93, Rule::SameLegalPerson, Origin::Declared);
    let all = vec![undecided.clone(), decided.clone(), declared.clone()];
    let upheld = Conflict { decision: Decision::Upheld, reason: "属实".to_owned(), ..decided.clone() };
    write!(store, |tx| {
        tx.conflicts().insert(round().id, all.clone()).await?;
        tx.conflicts().decide(round().id, &upheld).await
    });
    let decided = upheld;
    assert_eq!(store.conflicts().get(round().id, decided.id).await.unwrap(), decided);
    assert_eq!(store.conflicts().of_expert(round().id, expert(1).id).await.unwrap().len(), 3);
    assert!(store.conflicts().of_expert(round().id, expert(2).id).await.unwrap().is_empty());
    let double = Conflict { id: ConflictId(id(94)), ..undecided };
    assert!(is_duplicate(&refused!(store, |tx| tx.conflicts().insert(round().id, vec![double]).await)));
    write!(store, |tx| tx.conflicts().clear_undecided(round().id).await);
    let mut left = store.conflicts().of_round(round().id).await.unwrap();
    left.sort_by_key(|c| c.id);
    assert_eq!(left, [decided.clone(), declared], "what a person said is not forgotten");
    let elsewhere = RoundId(Uuid::nil());
    assert!(is_not_found(&store.conflicts().get(elsewhere, decided.id).await.unwrap_err()));
    let error = refused!(store, |tx| tx.conflicts().decide(elsewhere, &decided).await);
    assert!(is_not_found(&error));
}
