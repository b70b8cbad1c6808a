//! The rows that each kind of caller reaches, and those that each may write.

use crate::support::{
    Opened, a_round, account, application, at, expert, filled, id, is_not_found, panel, put_sheets, round, scope_of,
    seat, sheet, task, voided,
};
use crate::write;
use domain::acceptance::Knockout;
use domain::access::{Department, Errand, Scope, Standing};
use domain::account::{AccountState, NewPassword, PasswordState};
use domain::application::{Application, ApplicationState};
use domain::approach::Channel;
use domain::audit::AuditRow;
use domain::conflict::{Conflict, Decision, Evidence, Origin, Rule};
use domain::countersign::Countersign;
use domain::draw::{Draw, DrawState, Pledges};
use domain::ids::{AccountId, ConflictId, DrawId, RenewalId, RoundId, RunId};
use domain::objective::Objective;
use domain::people::Number;
use domain::points::Points;
use domain::reason::Reason;
use domain::region::Recommender;
use domain::renewal::{Credential, Renewal, RenewalState};
use domain::round::{Gate, Round};
use domain::run::{Run, RunKind};
use domain::seat::Presence;
use domain::second_factor::{Factor, Pending};
use domain::sector::Sector;
use domain::sheet::Sheet;
use std::collections::BTreeMap;
use store::repo::approach::Stored;
use store::repo::browser_session::BrowserSession;
use store::repo::personal::Datum;
use store::{Repositories, StoreError, Tx};

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

/// The rows of a whole round that each kind of caller reaches.
pub async fn a_scope_bounds_every_query(opened: Opened) {
    let store = &opened.store;
    a_round(store).await;
    let elsewhere = Application { recommender: Recommender::Baiyin, ..application(3, task(11).id) };
    let voided = voided(filled(sheet(3, 1, 2)), 9);
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
    write!(store, |tx| tx.applications().insert(vec![elsewhere.clone()]).await);
    put_sheets(&opened, &[sheet(1, 1, 1), sheet(2, 2, 1), voided, sheet(4, 2, 2)]).await;
    write!(store, |tx| {
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
        tx.rounds().insert(&Round { id: RoundId(id(3001)), seq: 2, ..round() }).await?;
        let knockout = BTreeMap::from([(Knockout::ALL[0], String::new())]);
        tx.findings().set_knockouts(round().id, application(2, task(11).id).id, &knockout).await?;
        tx.personal().insert(vec![phone(1), phone(2)]).await
    });
    // Applications, sheets, objective points, seats, recusals, experts, phones, rankings, knock-outs, panels, entries, codes, rounds,
    // batches, tasks.
    let expected = [
        (Standing::Organizer, [3, 4, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 1, 2]),
        (Standing::Supervisor, [3, 4, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 1, 2]),
        (Standing::Expert(expert(1).id), [1, 2, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 2]),
        (Standing::Recommender(Recommender::Baiyin), [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]),
        (Standing::SystemAdmin, [0; 15]),
        (Standing::Auditor, [0; 15]),
        (Standing::Unassigned, [0; 15]),
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
            store.rounds().all().await.unwrap().len(),
            store.programme().batches().await.unwrap().len(),
            store.programme().tasks(round().batch).await.unwrap().len(),
        ];
        assert_eq!(found, reached, "{standing:?}");
    }
    // A single row is no way around.
    let own = opened.as_expert(expert(1).id);
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

const INDUSTRY: Standing = Standing::Coordinator(Department::Industry);
const SCIENCE: Standing = Standing::Coordinator(Department::Science);
const RUN_IT: [Standing; 3] = [INDUSTRY, SCIENCE, Standing::Organizer];

fn everyone() -> [Standing; 10] {
    [
        INDUSTRY,
        SCIENCE,
        Standing::Organizer,
        Standing::Expert(expert(1).id),
        Standing::Recommender(Recommender::Baiyin),
        Standing::Supervisor,
        Standing::SystemAdmin,
        Standing::SecurityAdmin,
        Standing::Auditor,
        Standing::Unassigned,
    ]
}

/// Whether the scope is let. What is let may still fail for another reason; nothing of it stays.
async fn lets(opened: &Opened, scope: Scope, work: impl AsyncFn(&Tx) -> Result<(), StoreError>) -> bool {
    let mut refused = false;
    let store = opened.database.of(scope);
    let undone = store.write(async |tx| {
        refused = matches!(work(tx).await, Err(StoreError::OutOfScope));
        Err::<(), _>(StoreError::Stale)
    });
    assert!(undone.await.is_err());
    !refused
}

/// Whom the store lets do it, of everyone and by the account 1.
async fn writers(opened: &Opened, work: impl AsyncFn(&Tx) -> Result<(), StoreError>) -> Vec<Standing> {
    let mut allowed = Vec::new();
    for standing in everyone() {
        if lets(opened, scope_of(standing), &work).await {
            allowed.push(standing);
        }
    }
    allowed
}

/// Each write with those who are let.
macro_rules! only {
    ($opened:expr, $($allowed:expr => |$tx:ident| $work:expr;)*) => {$(
        assert_eq!(writers(&$opened, async |$tx: &Tx| $work.await.map(drop)).await, $allowed, stringify!($work));
    )*};
}

fn signed(department: Department, by: u128) -> Countersign {
    Countersign {
        id: id(81),
        round: round().id,
        gate: Gate::Terms,
        department,
        account: AccountId(id(by)),
        digest: String::new(),
        at: at(1),
        proof: None,
    }
}

fn drawn(pledges: Pledges) -> Draw {
    Draw {
        id: DrawId(id(95)),
        round: round().id,
        state: DrawState::Open,
        demand: "{}".to_owned(),
        pool: "{}".to_owned(),
        pool_digest: String::new(),
        pledges,
        record: None,
        opened_at: at(1),
        drawn_at: None,
        void_reason: String::new(),
    }
}

/// Rows that one department or one expert alone answers for: not even the program writes them.
pub async fn nobody_signs_pledges_or_scores_for_another(opened: Opened) {
    a_round(&opened.store).await;
    let own = Sheet { version: 1, ..filled(sheet(1, 1, 1)) };
    put_sheets(&opened, &[sheet(1, 1, 1), sheet(2, 2, 1)]).await;
    let mut pledges = Pledges::default();
    pledges.commit(Department::Industry, "0".repeat(64), AccountId(id(1)), |_| Some("甲")).unwrap();
    let bound = drawn(pledges);
    write!(opened.store, |tx| tx.draws().insert(&drawn(Pledges::default())).await);
    let expert_1 = Standing::Expert(expert(1).id);
    only! { opened,
        [INDUSTRY] => |tx| tx.rounds().countersign(&signed(Department::Industry, 1));
        [] => |tx| tx.rounds().countersign(&signed(Department::Industry, 2));
        [SCIENCE] => |tx| tx.rounds().countersign(&signed(Department::Science, 1));
        [INDUSTRY] => |tx| tx.draws().save(&bound);
        [INDUSTRY] => |tx| tx.draws().insert(&bound);
        RUN_IT => |tx| tx.draws().save(&drawn(Pledges::default()));
        [expert_1] => |tx| tx.sheets().save(&own, 0, None);
        [] => |tx| tx.sheets().save(&filled(sheet(2, 2, 1)), 0, None);
        [] => |tx| tx.sheets().insert(std::slice::from_ref(&own));
        RUN_IT => |tx| tx.sheets().insert(&[sheet(3, 2, 2)]);
    }
    let program = Scope::program(Errand::Demonstration);
    assert!(!lets(&opened, program, async |tx| tx.rounds().countersign(&signed(Department::Industry, 1)).await).await);
    assert!(!lets(&opened, program, async |tx| tx.draws().save(&bound).await).await);
    assert!(!lets(&opened, program, async |tx| tx.sheets().save(&own, 0, None).await).await);
    // The pledge of another department is not taken back either.
    write!(opened.database.of(scope_of(INDUSTRY)), |tx| tx.draws().save(&bound).await);
    only! { opened,
        [INDUSTRY] => |tx| tx.draws().save(&drawn(Pledges::default()));
        RUN_IT => |tx| tx.draws().save(&bound);
    }
    // Another's sheet under the own number, and the other way round.
    let disguised = Sheet { id: sheet(2, 2, 1).id, ..own.clone() };
    let outcome = opened.as_expert(expert(1).id).write(async |tx| tx.sheets().save(&disguised, 0, None).await).await;
    assert!(matches!(outcome, Err(StoreError::Stale)), "{outcome:?}");
    let outcome = opened.store.write(async |tx| tx.sheets().set_aside(&voided(disguised.clone(), 1)).await);
    assert!(matches!(outcome.await, Err(StoreError::Stale)));
}

pub async fn a_review_is_written_by_those_who_run_it(opened: Opened) {
    a_round(&opened.store).await;
    put_sheets(&opened, &[sheet(1, 1, 1)]).await;
    let (about, other) = (application(1, task(10).id).id, application(2, task(11).id).id);
    let voided = voided(sheet(1, 1, 1), 1);
    let with_expert = [&RUN_IT[..], &[Standing::Expert(expert(1).id)]].concat();
    only! { opened,
        with_expert => |tx| tx.conflicts().insert(round().id, vec![conflict(1, 1, 1)]);
        RUN_IT => |tx| tx.conflicts().insert(round().id, vec![conflict(1, 1, 1), conflict(2, 2, 1)]);
        with_expert => |tx| tx.sheets().set_aside(&voided);
        RUN_IT => |tx| tx.conflicts().decide(round().id, &conflict(1, 1, 1));
        RUN_IT => |tx| tx.conflicts().clear_undecided(round().id);
        RUN_IT => |tx| tx.programme().insert_batch(crate::support::batch());
        RUN_IT => |tx| tx.programme().insert_tasks(vec![task(12)]);
        RUN_IT => |tx| tx.applications().insert(vec![application(3, task(10).id)]);
        RUN_IT => |tx| tx.applications().set_state(about, ApplicationState::Filed, String::new());
        RUN_IT => |tx| tx.experts().insert(vec![expert(3)]);
        RUN_IT => |tx| tx.experts().replace(&expert(1));
        RUN_IT => |tx| tx.experts().insert_authority(id(1), None, "示例局");
        RUN_IT => |tx| tx.rounds().save(&round());
        RUN_IT => |tx| tx.rounds().add_entries(round().id, &[other]);
        RUN_IT => |tx| tx.rounds().remove_entry(round().id, other);
        RUN_IT => |tx| tx.rounds().set_panel(round().id, &[other], None);
        RUN_IT => |tx| tx.panels().replace(round().id, &[panel(1, Sector::Materials)]);
        RUN_IT => |tx| tx.panels().replace_seats(round().id, Vec::new());
        RUN_IT => |tx| tx.panels().replace_bridges(round().id, &[]);
        RUN_IT => |tx| tx.panels().set_presence(round().id, expert(1).id, Presence::Present);
        RUN_IT => |tx| tx.findings().set_objectives(round().id, BTreeMap::new().into_iter().collect());
        RUN_IT => |tx| tx.findings().set_knockouts(round().id, about, &BTreeMap::new());
        RUN_IT => |tx| tx.findings().set_indicator_results(round().id, about, &BTreeMap::new());
        RUN_IT => |tx| tx.personal().insert(Vec::new());
        [] => |tx| tx.personal().forget(expert(1).id);
        [] => |tx| tx.personal().end(id(1));
        [] => |tx| tx.applications().anonymise_people(about);
        [] => |tx| tx.conflicts().forget_evidence_of(expert(1).id, "");
    }
}

/// The account 1 acts; the account 2 is another's.
pub async fn accounts_are_their_holders_and_their_administrators(opened: Opened) {
    let (own, other) = (account(1, "own", Standing::Organizer), account(2, "other", Standing::Organizer));
    write!(opened.store, |tx| tx.accounts().insert(vec![own.clone(), other.clone()]).await);
    let password = || NewPassword { hash: String::new(), state: PasswordState::Own, at: at(1) };
    let factor = |account| Factor { account, sealed: String::new(), last_step: 0, pending: Pending::No };
    let session = |account, token: &str| BrowserSession {
        token_hash: token.to_owned(),
        id: id(7),
        account,
        created_at: at(0),
        seen_at: at(0),
        address: String::new(),
        agent: String::new(),
        verified_at: None,
    };
    let report = |account| Stored {
        id: id(8),
        account,
        reported_at: at(1),
        day: crate::support::day(2026, 3, 1),
        channel: Channel::ALL[0],
        sealed: String::new(),
    };
    let renewal = |account| Renewal {
        id: RenewalId(id(11)),
        account,
        credential: Credential::Password,
        recognised: Reason::new("到场").unwrap(),
        asked_by: own.id,
        asked_at: at(1),
        agreed_by: None,
        state: RenewalState::Asked,
    };
    let (system, security) = (Standing::SystemAdmin, Standing::SecurityAdmin);
    only! { opened,
        [system] => |tx| tx.accounts().insert(vec![account(3, "third", Standing::Unassigned)]);
        [system] => |tx| tx.accounts().set_state(other.id, AccountState::Disabled);
        [security] => |tx| tx.accounts().set_standing(other.id, Standing::Supervisor);
        [] => |tx| tx.accounts().set_password(other.id, password(), id(9));
        [system, security] => |tx| tx.browser_sessions().close_all_of(other.id);
        [] => |tx| tx.second_factors().remove(other.id);
        [] => |tx| tx.security_keys().remove_all(other.id);
        [system, security] => |tx| tx.renewals().insert(&renewal(other.id));
        [] => |tx| tx.second_factors().set(&factor(other.id));
        [] => |tx| tx.second_factors().advance(other.id, 1);
        [] => |tx| tx.browser_sessions().open(session(other.id, "b"));
        [] => |tx| tx.browser_sessions().close_one_of(other.id, id(7));
        [] => |tx| tx.browser_sessions().verify(other.id, id(7), "c".to_owned(), at(1));
        [] => |tx| tx.approaches().insert(report(other.id));
        [system] => |tx| tx.invitations().issue(Vec::new());
        [] => |tx| tx.invitations().take("", at(1));
        [] => |tx| tx.accounts().set_setting("setup", None);
        [] => |tx| tx.accounts().rename(other.id, "");
        everyone() => |tx| tx.accounts().set_password(own.id, password(), id(9));
        everyone() => |tx| tx.second_factors().set(&factor(own.id));
        everyone() => |tx| tx.approaches().insert(report(own.id));
        everyone() => |tx| tx.browser_sessions().close_all_of(own.id);
    }
    // The parts of accounts that are read.
    write!(opened.store, |tx| {
        tx.browser_sessions().open(session(other.id, "b")).await?;
        tx.second_factors().set(&factor(other.id)).await?;
        tx.accounts().set_password(other.id, password(), id(9)).await?;
        tx.approaches().insert(report(other.id)).await
    });
    // Accounts, names, reported approaches, whether the audit opens.
    let expected = [
        (INDUSTRY, [1, 2, 0]),
        (Standing::Organizer, [1, 2, 0]),
        (Standing::Expert(expert(1).id), [1, 0, 0]),
        (Standing::Recommender(Recommender::Baiyin), [1, 0, 0]),
        (Standing::Supervisor, [1, 2, 1]),
        (system, [2, 2, 0]),
        (security, [2, 2, 0]),
        (Standing::Auditor, [1, 0, 0]),
        (Standing::Unassigned, [1, 0, 0]),
    ];
    for (standing, reached) in expected {
        let store = opened.database.of(scope_of(standing));
        let found = [
            store.accounts().all().await.unwrap().len(),
            store.accounts().names().await.unwrap().len(),
            store.approaches().all().await.unwrap().len(),
        ];
        assert_eq!(found, reached, "{standing:?}");
        assert!(store.browser_sessions().of(other.id).await.unwrap().is_empty(), "{standing:?}");
        assert!(is_not_found(&store.browser_sessions().presented("b").await.unwrap_err()), "{standing:?}");
        assert!(store.second_factors().get(other.id).await.unwrap().is_none(), "{standing:?}");
        assert!(store.accounts().earlier_passwords(other.id, 9).await.unwrap().is_empty(), "{standing:?}");
    }
    assert_eq!(opened.store.accounts().earlier_passwords(other.id, 9).await.unwrap().len(), 1);
}

pub async fn the_audit_opens_to_those_who_watch(opened: Opened) {
    let row = |n: u128, account: u128| AuditRow {
        account: Some(AccountId(id(account))),
        ..crate::records::line(n, at(i64::try_from(n).unwrap()), "示例", "")
    };
    // Everybody leaves traces.
    for (n, standing) in (1..).zip(everyone()) {
        let own = opened.database.of(scope_of(standing));
        write!(own, |tx| tx.audit().record(row(n, if n == 1 { 1 } else { 2 })).await);
    }
    for standing in everyone() {
        let store = opened.database.of(scope_of(standing));
        let watches = matches!(standing, Standing::Supervisor | Standing::Auditor);
        let whole = if watches { 10 } else { 0 };
        assert_eq!(store.audit().page("", 0, 99).await.unwrap().1, whole, "{standing:?}");
        assert_eq!(store.audit().following(0, 99).await.unwrap().len(), usize::try_from(whole).unwrap());
        assert_eq!(store.audit().last_before(at(99)).await.unwrap().is_some(), watches);
        assert!(store.audit().tail().await.unwrap().is_some(), "the chain goes on from its end, whoever adds to it");
        let recent = async |n| store.audit().recent(AccountId(id(n)), "sheet_saved", id(1), at(0)).await.unwrap().len();
        assert_eq!((recent(1).await, recent(2).await), (1, 0), "the own doings");
    }
    only! { opened,
        [] => |tx| tx.attempts().forget_before(at(1));
        everyone() => |tx| tx.attempts().set("login:示例", None);
    }
}
