//! 决定事项: every act that the list gives to more than one person is tried by one, by the same one again, by the same person through another
//! account, and then by those whom it takes.

use crate::support::{World, demand, enrol, terms};
use domain::access::{Department, Errand, Standing};
use domain::conflict::{Conflict, Decision, Evidence, Origin, Rule};
use domain::consent::{Act, ConsentState, Needs};
use domain::ids::ConflictId;
use domain::round::{Gate, Step};
use engine::draw::Nonce;
use service::draw::{Leave, Leaving};
use service::{Context, Error, assignment, conflict, consent, decision, draw, round, scoring};
use std::pin::Pin;
use store::Repositories;

type Later<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// An act in a world where it can be done.
struct Case {
    act: Act,
    world: fn() -> Later<'static, World>,
    /// Asks for it. The same words every time.
    ask: for<'a> fn(&'a World, &'a Context) -> Later<'a, Result<(), Error>>,
    /// Whether it has been done.
    done: for<'a> fn(&'a World) -> Later<'a, bool>,
}

macro_rules! case {
    ($act:ident, $world:expr, |$w:ident, $ctx:ident| $ask:expr, |$d:ident| $done:expr) => {
        Case {
            act: Act::$act,
            world: || Box::pin($world),
            ask: |$w, $ctx| Box::pin(async move { $ask.await.map(drop) }),
            done: |$d| Box::pin(async move { $done }),
        }
    };
}

fn nonce(department: Department) -> Nonce {
    Nonce([department.key().as_bytes()[0]; 32])
}

async fn opened() -> World {
    let world = World::at(Step::Draw).await;
    draw::open(&world.industry, world.round, &demand()).await.unwrap();
    world
}

async fn drawn() -> World {
    let world = opened().await;
    for ctx in world.coordinators() {
        let own = nonce(ctx.actor.department().unwrap());
        draw::commit(ctx, world.round, &own.commitment().to_hex()).await.unwrap();
    }
    for ctx in world.coordinators() {
        let own = nonce(ctx.actor.department().unwrap());
        draw::reveal(ctx, world.round, &own.to_hex()).await.unwrap();
    }
    world
}

/// A mandatory recusal that was found and nobody has decided yet.
async fn found() -> World {
    let world = World::at(Step::Recusal).await;
    let conflict = Conflict {
        id: ConflictId(world.app.ids.next()),
        expert: world.experts[0].id,
        application: world.application(1),
        rule: Rule::SameLegalPerson,
        origin: Origin::Detected,
        evidence: Evidence { expert_side: "现任职".to_owned(), application_side: "牵头单位".to_owned() },
        decision: Decision::Pending,
        reason: String::new(),
    };
    world.store().write(async |tx| tx.conflicts().insert(world.round, vec![conflict.clone()]).await).await.unwrap();
    world.vouch().await;
    world
}

async fn first_conflict(world: &World) -> Conflict {
    world.store().conflicts().of_round(world.round).await.unwrap().remove(0)
}

async fn declared() -> World {
    let world = World::at(Step::Scoring).await;
    let expert = world.panel_of(world.application(1)).await[0];
    conflict::declare(&world.as_expert(expert), world.round, world.application(1), Rule::Kinship, "点错")
        .await
        .unwrap();
    world
}

async fn set_up() -> World {
    let world = World::new().await;
    round::set_terms(&world.industry, world.round, terms()).await.unwrap();
    world
}

async fn sign(world: &World, ctx: &Context, gate: Gate) -> Result<(), Error> {
    let digest = decision::signing(ctx, world.round, gate).await.unwrap().digest.unwrap();
    decision::countersign(ctx, world.round, gate, &digest).await
}

async fn commit(world: &World, ctx: &Context) -> Result<(), Error> {
    let own = nonce(ctx.actor.department().unwrap_or(Department::Industry));
    draw::commit(ctx, world.round, &own.commitment().to_hex()).await
}

async fn leave(world: &World, ctx: &Context) -> Result<(), Error> {
    let mut seats = world.store().panels().seats(world.round).await.unwrap();
    seats.sort_by_key(|seat| seat.expert);
    let leaving = vec![Leaving { expert: seats[0].expert, why: Leave::Declined, reason: "出差".to_owned() }];
    draw::leave(ctx, world.round, leaving).await.map(drop)
}

async fn void_first_sheet(world: &World, ctx: &Context) -> Result<(), Error> {
    let sheets = world.store().sheets().of_round(world.round).await.unwrap();
    scoring::void(ctx, world.round, sheets[0].id, "评审纪律").await.map(drop)
}

const REFUTED: &str = "该专家三年前已经离职，有原单位证明和社保记录";

fn cases() -> Vec<Case> {
    vec![
        case!(FreezeTerms, set_up(), |w, ctx| sign(w, ctx, Gate::Terms), |w| w
            .stored_round()
            .await
            .require_frozen()
            .is_ok()),
        case!(ConfirmResult, World::at(Step::Countersign), |w, ctx| sign(w, ctx, Gate::Shortlist), |w| w
            .audit_actions()
            .await
            .contains(&"shortlist_confirmed".to_owned())),
        case!(Pledge, opened(), |w, ctx| commit(w, ctx), |w| {
            w.store().draws().current(w.round).await.unwrap().pledges.is_committed()
        }),
        case!(VoidRevealed, drawn(), |w, ctx| draw::void(ctx, w.round, "候选池有误"), |w| {
            w.store().draws().current(w.round).await.is_err()
        }),
        case!(
            Assign,
            World::at(Step::Draw),
            |w, ctx| assignment::assign(ctx, w.round, &demand(), "专业特殊"),
            |w| !w.store().panels().seats(w.round).await.unwrap().is_empty()
        ),
        case!(Replace, drawn(), |w, ctx| leave(w, ctx), |w| w
            .audit_actions()
            .await
            .contains(&"seat_replaced".to_owned())),
        case!(
            DismissMandatory,
            found(),
            |w, ctx| async {
                let id = first_conflict(w).await.id;
                conflict::decide(ctx, w.round, id, Decision::Dismissed, REFUTED).await
            },
            |w| first_conflict(w).await.decision == Decision::Dismissed
        ),
        case!(
            UndoDeclaration,
            declared(),
            |w, ctx| async {
                let id = first_conflict(w).await.id;
                conflict::undo(ctx, w.round, id, "当面核实点错").await
            },
            |w| first_conflict(w).await.decision == Decision::Dismissed
        ),
        case!(VoidSheet, World::at(Step::Checking), |w, ctx| void_first_sheet(w, ctx), |w| {
            w.store().sheets().of_round(w.round).await.unwrap()[0].is_voided()
        }),
        case!(
            Conclude,
            async {
                let world = World::at(Step::Countersign).await;
                world.do_the_work_of(Step::Countersign).await;
                world
            },
            |w, ctx| round::advance(ctx, w.round, Step::Countersign),
            |w| w.stored_round().await.step == Step::Notice
        ),
    ]
}

#[test]
fn every_act_of_more_than_one_person_is_walked() {
    let walked: Vec<Act> = cases().into_iter().map(|case| case.act).collect();
    for act in Act::ALL.iter().copied() {
        assert_eq!(act.needs() != Needs::One, walked.contains(&act), "{act}");
    }
}

/// The same person with an account of another department.
async fn twin(world: &World) -> Context {
    let mut twin = enrol(&world.app, "twin", Standing::Coordinator(Department::Education)).await;
    twin.actor.name.clone_from(&world.industry.actor.name);
    let (id, name) = (twin.actor.account, twin.actor.name.clone());
    let renamed = format!("UPDATE account SET name = '{name}' WHERE login = 'twin'");
    sea_orm::ConnectionTrait::execute_unprepared(world.app.store.connection(), &renamed).await.unwrap();
    assert_eq!(world.app.program(Errand::Demonstration).accounts().names().await.unwrap()[&id].0, name);
    twin
}

#[tokio::test]
async fn nobody_decides_alone_what_takes_more() {
    for Case { act, world, ask, done } in cases() {
        let world = world().await;
        let twin = twin(&world).await;
        ask(&world, &world.industry).await.unwrap();
        assert!(!done(&world).await, "{act}: one person alone");
        assert!(ask(&world, &world.industry).await.is_err(), "{act}: the same person again");
        assert!(ask(&world, &twin).await.is_err(), "{act}: the same person as another department");
        assert!(!done(&world).await, "{act}");
        ask(&world, &world.education).await.unwrap();
        assert_eq!(done(&world).await, act.needs() == Needs::SecondPerson, "{act}: two departments");
        if act.needs() == Needs::ThreeDepartments {
            ask(&world, &world.science).await.unwrap();
            assert!(done(&world).await, "{act}: three departments");
        }
        let open = consent::of_round(&world.industry, world.round).await.unwrap();
        assert!(open.iter().all(|own| own.consent.state == ConsentState::Done), "{act}");
    }
}

#[tokio::test]
async fn an_organizer_needs_a_department_and_no_second_organizer() {
    let world = drawn().await;
    let other = enrol(&world.app, "zuzhi2", Standing::Organizer).await;
    leave(&world, &world.organizer).await.unwrap();
    assert!(leave(&world, &other).await.is_err(), "two organizers");
    assert!(!world.audit_actions().await.contains(&"seat_replaced".to_owned()));
    let waiting = consent::awaiting(&world.science).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert!(consent::awaiting(&world.organizer).await.unwrap().is_empty(), "whoever asked does not agree");
    service::agreement::agree(&world.science, world.round, waiting[0].consent.id).await.unwrap();
    assert!(world.audit_actions().await.contains(&"seat_replaced".to_owned()));
    assert!(consent::awaiting(&world.education).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_sent_back_is_not_done_and_may_be_asked_for_again() {
    let world = World::at(Step::Checking).await;
    void_first_sheet(&world, &world.industry).await.unwrap();
    let id = consent::of_round(&world.industry, world.round).await.unwrap()[0].consent.id;
    assert!(consent::decline(&world.science, world.round, id, " ").await.is_err(), "without a reason");
    consent::decline(&world.science, world.round, id, "评分并无不当").await.unwrap();
    assert!(service::agreement::agree(&world.education, world.round, id).await.is_err(), "it is over");
    assert!(!world.store().sheets().of_round(world.round).await.unwrap()[0].is_voided());
    void_first_sheet(&world, &world.industry).await.unwrap();
    void_first_sheet(&world, &world.education).await.unwrap();
    assert!(world.store().sheets().of_round(world.round).await.unwrap()[0].is_voided());
}

#[tokio::test]
async fn an_agreement_that_can_no_longer_be_carried_out_stays_open() {
    let world = World::at(Step::Checking).await;
    void_first_sheet(&world, &world.industry).await.unwrap();
    let id = consent::of_round(&world.industry, world.round).await.unwrap()[0].consent.id;
    let first = world.store().sheets().of_round(world.round).await.unwrap()[0].id;
    world.void_sheet(first, "另有理由").await;
    assert!(service::agreement::agree(&world.science, world.round, id).await.is_err());
    let left = consent::of_round(&world.industry, world.round).await.unwrap();
    let left = left.iter().find(|own| own.consent.id == id).unwrap();
    assert_eq!((left.consent.state, left.consent.assents.len()), (ConsentState::Open, 1));
}

#[tokio::test]
async fn a_draw_is_set_aside_by_one_until_somebody_reveals_and_the_next_record_tells_of_it() {
    let world = opened().await;
    for ctx in world.coordinators() {
        commit(&world, ctx).await.unwrap();
    }
    draw::void(&world.industry, world.round, "候选池有误").await.unwrap().done().unwrap();
    draw::open(&world.industry, world.round, &demand()).await.unwrap();
    for ctx in world.coordinators() {
        commit(&world, ctx).await.unwrap();
    }
    let industry = nonce(Department::Industry).to_hex();
    draw::reveal(&world.industry, world.round, &industry).await.unwrap();
    // The last to reveal knows what would come out, and cannot stop it alone.
    assert_eq!(draw::void(&world.science, world.round, "重来").await.unwrap().done(), None);
    assert_eq!(draw::void(&world.education, world.round, "重来").await.unwrap().done(), None);
    assert!(world.store().draws().current(world.round).await.is_ok());
    draw::void(&world.industry, world.round, "重来").await.unwrap().done().unwrap();

    draw::open(&world.industry, world.round, &demand()).await.unwrap();
    for ctx in world.coordinators() {
        commit(&world, ctx).await.unwrap();
    }
    for ctx in world.coordinators() {
        let own = nonce(ctx.actor.department().unwrap());
        draw::reveal(ctx, world.round, &own.to_hex()).await.unwrap();
    }
    let record = engine::draw::replay(&draw::record(&world.organizer, world.round).await.unwrap()).unwrap();
    let reasons: Vec<_> = record.earlier.iter().map(|own| (own.reason.as_str(), own.by.len())).collect();
    assert_eq!(reasons, [("候选池有误", 0), ("重来", 3)]);
    let revealed = record.earlier[1].pledges.iter().filter(|own| own.nonce.is_some()).count();
    assert_eq!((record.earlier[1].pledges.len(), revealed), (3, 1));
}
