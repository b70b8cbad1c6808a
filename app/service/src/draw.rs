//! 抽取: three departments bind themselves to secrets, reveal them, and lots decide who sits; affinity decides where.

mod availability;
mod replacement;
mod view;

pub use domain::draw::Fate;
pub use domain::leave::Leave;
pub use replacement::{Leaving, leave};
pub use view::{Affinities, Line, View, affinity, record, view};

use crate::assignment::{ALTERNATES, Demand, Frame, Solution, Status, seats};
use crate::audit::Event;
use crate::consent::{Acted, ask};
use crate::dossier::Dossier;
use crate::integrity::{intact, untouched};
use crate::{Context, Error, Result, consent, kept};
use domain::access::{Department, Errand, Permission};
use domain::consent::{Needs, Proposal};
use domain::digest::sha256;
use domain::draw::{Draw, DrawError, DrawState, Pledge, PledgeError, Pledges};
use domain::identity::Employers;
use domain::ids::{AccountId, DrawId, RoundId};
use domain::reason::{Reason, Unreasoned};
use domain::round::Work;
use engine::assignment::{Options, solve};
use engine::draw::{Commitment, Nonce, Party, Pledged, Pool, Record, SetAside, Source};
use serde::{Deserialize, Serialize};
use store::Repositories;

/// The request for a draw. It is kept with the draw, so that the draw can be explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub demand: Demand,
    pub alternates: u32,
}

/// Closes the pool: who may be drawn for which panel, with the facts that decide it. From here on the departments commit.
///
/// If the pool cannot fill the seats nothing is opened, and the explanation is returned.
///
/// # Errors
/// `Denied`; `Rule` outside 抽取 or while a draw stands, or for a demand that makes no panel.
pub async fn open(ctx: &Context, round: RoundId, demand: &Demand) -> Result<Option<Solution>> {
    let ctx = &intact(ctx, Permission::DrawExperts, round).await?;
    demand.check()?;
    let dossier = Dossier::load(ctx, round).await?;
    dossier.round.permits(Work::Draw)?;
    crate::conflict::require_compared(ctx, &dossier).await?;
    let seatable = kept::seatable(&ctx.store().current().await?).await?;
    let experts = &seatable.0;
    let conflicts = ctx.store().conflicts().of_round(round).await?;
    let past = ctx.store().sheets().tasks_scored_outside(round).await?;
    let employers = Employers::of(experts);
    let frame = Frame { dossier: &dossier, experts, employers: &employers, conflicts: &conflicts, demand, past: &past };
    let problem = frame.problem();
    let pool = Pool::new(&problem).map_err(internal)?;
    let trial = crate::heavy::compute(move || solve(&problem, Options::default())).await?.map_err(internal)?;
    if trial.status == Status::Infeasible {
        let run = crate::assignment::run_of(ctx, round, &trial)?;
        ctx.store()
            .write(async |tx| {
                tx.runs().insert(run.clone()).await?;
                let input_digest = trial.input_digest.clone();
                let event = Event::DrawRefused { status: trial.status, input_digest, run: run.id };
                ctx.record(tx, event.of_round(round)).await
            })
            .await?;
        return Ok(Some(trial));
    }
    let draw = Draw {
        id: DrawId(ctx.id()),
        round,
        state: DrawState::Open,
        demand: serde_json::to_string(&Asked { demand: demand.clone(), alternates: ALTERNATES })?,
        pool: serde_json::to_string(&pool)?,
        pool_digest: hex::encode(pool.digest()),
        pledges: Pledges::default(),
        record: None,
        opened_at: ctx.now(),
        drawn_at: None,
        void_reason: String::new(),
    };
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::Draw)?;
            tx.draws().insert(&draw).await.map_err(|error| match error {
                store::StoreError::Duplicate => Error::from(DrawError::Standing),
                other => other.into(),
            })?;
            let event = Event::DrawOpened {
                pool_digest: draw.pool_digest.clone(),
                candidates: pool.candidates.len(),
                demand: demand.clone(),
            };
            ctx.record(tx, event.of(draw.id.0).in_round(round)).await
        })
        .await?;
    Ok(None)
}

/// Binds the caller's department to a nonce that only it knows.
///
/// # Errors
/// `Denied` for anyone but a coordinator; `Rule` for what is no SHA-256, or if the department is bound already.
pub async fn commit(ctx: &Context, round: RoundId, commitment: &str) -> Result<()> {
    let ctx = &intact(ctx, Permission::DrawExperts, round).await?;
    let department = ctx.actor.department()?;
    let commitment = Commitment::from_hex(commitment).ok_or(PledgeError::Commitment)?.to_hex();
    let event = |pledge| Event::DrawCommitted { department, pledge };
    let by = ctx.actor.account;
    pledge(ctx, round, event, department, |draw, name_of| {
        Ok(draw.pledges.commit(department, commitment, by, name_of)?)
    })
    .await?;
    Ok(())
}

/// Makes a nonce for the caller's department and commits to it. The nonce is returned and kept nowhere: whoever asked for it must
/// keep it until it is revealed.
///
/// # Errors
/// As [`commit`].
pub async fn commit_to_new_nonce(ctx: &Context, round: RoundId) -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(internal)?;
    let nonce = Nonce(bytes);
    commit(ctx, round, &nonce.commitment().to_hex()).await?;
    Ok(nonce.to_hex())
}

/// Makes the department's nonce known. With the third one the draw takes place.
///
/// # Errors
/// `Denied` for anyone but a coordinator; `Rule` if it is not the nonce committed to, or before all have committed or twice.
pub async fn reveal(ctx: &Context, round: RoundId, nonce: &str) -> Result<DrawState> {
    let ctx = &intact(ctx, Permission::DrawExperts, round).await?;
    let department = ctx.actor.department()?;
    let nonce = Nonce::from_hex(nonce).ok_or(PledgeError::Nonce)?;
    let event = |pledge| Event::DrawRevealed { department, pledge };
    let by = ctx.actor.account;
    let draw = pledge(ctx, round, event, department, |draw, name_of| {
        let pledged = draw.pledges.get(department).map(|pledge| pledge.commitment.clone());
        draw.pledges.reveal(department, nonce.to_hex(), by, name_of)?;
        if pledged != Some(nonce.commitment().to_hex()) {
            return Err(PledgeError::OtherNonce.into());
        }
        Ok(())
    })
    .await?;
    if !draw.pledges.is_complete() {
        return Ok(DrawState::Open);
    }
    take_place(ctx, draw).await
}

/// Changes the pledges of the draw that stands, in one transaction.
async fn pledge(
    ctx: &Context,
    round: RoundId,
    event: impl Fn(Option<Pledge>) -> Event + Send,
    department: Department,
    change: impl FnOnce(&mut Draw, &dyn Fn(AccountId) -> Option<String>) -> Result<()> + Send,
) -> Result<Draw> {
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::Draw)?;
            let mut draw = tx.draws().current(round).await?;
            if draw.state != DrawState::Open {
                return Err(DrawError::Closed.into());
            }
            let names = tx.accounts().names().await?;
            change(&mut draw, &|account| names.get(&account).map(|(name, _)| name.clone()))?;
            tx.draws().save(&draw).await?;
            let event = event(draw.pledges.get(department).cloned());
            ctx.record(tx, event.of(draw.id.0).in_round(round)).await?;
            Ok(draw)
        })
        .await
}

/// Lots fall. If the program stops before the record is stored, the next look at the draw completes it: everything it needs is there.
pub(super) async fn take_place(ctx: &Context, draw: Draw) -> Result<DrawState> {
    let round = draw.round;
    let ctx = &untouched(ctx, round).await?;
    let asked: Asked = serde_json::from_str(&draw.demand)?;
    let pool: Pool = serde_json::from_str(&draw.pool)?;
    let source = Source::Committed { parties: parties(&draw.pledges)? };
    let drawn =
        crate::heavy::compute(move || engine::draw::draw(pool, &round.to_string(), source, None, asked.alternates))
            .await?;
    let record = Record { earlier: earlier(ctx, round).await?, ..drawn.map_err(internal)? };
    let dossier = Dossier::load(ctx, round).await?;
    let experts = ctx.store().experts().all().await?;
    let seats = seats(ctx, &dossier, &experts, &record.seating);
    let text = record.to_text()?;
    // It can only come out one way, so that whoever looks first may complete it: also a supervisor, who writes nothing of a review.
    ctx.app
        .program(Errand::Draw)
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::Draw)?;
            let mut draw = tx.draws().current(round).await?;
            if draw.state != DrawState::Open {
                // Somebody else completed it in the meantime, with the same result.
                return Ok(draw.state);
            }
            draw.state = DrawState::Drawn;
            draw.record = Some(text.clone());
            draw.drawn_at = Some(ctx.now());
            tx.draws().save(&draw).await?;
            tx.panels().replace_seats(round, seats.clone()).await?;
            let event = Event::DrawTaken {
                seed: record.seed.clone(),
                lots: record.lots.len(),
                seats: seats.len(),
                alternates: record.alternates.len(),
                record: sha256(text.as_bytes()),
            };
            ctx.record(tx, event.of(draw.id.0).in_round(round)).await?;
            Ok(draw.state)
        })
        .await
}

/// Sets the draw aside: it stays on record, the seats are emptied, and another may be opened. Once a department has revealed, all three have
/// to ask for it: nobody draws again until the outcome pleases.
///
/// # Errors
/// `Denied`; `NotFound` without a draw; `Rule` without a reason, or outside 抽取.
pub async fn void(ctx: &Context, round: RoundId, reason: &str) -> Result<Acted<()>> {
    ctx.require(Permission::DrawExperts)?;
    let reason = Reason::of(reason, Unreasoned::VoidedDraw)?;
    let draw = ctx.store().draws().current(round).await?;
    void_this(ctx, round, draw.id, reason).await
}

/// # Errors
/// As [`void`]; `Stale` if another draw stands by now.
pub(crate) async fn void_this(ctx: &Context, round: RoundId, id: DrawId, reason: Reason) -> Result<Acted<()>> {
    let ctx = &intact(ctx, Permission::DrawExperts, round).await?;
    ctx.store().rounds().get(round).await?.permits(Work::Draw)?;
    let draw = ctx.store().draws().current(round).await?;
    if draw.id != id {
        return Err(Error::Stale);
    }
    let (act, set_aside) = (draw.voiding(), Box::pin(set_aside(ctx, &draw, reason.clone())));
    match act.needs() {
        Needs::One => Ok(Acted::Done(set_aside.await?)),
        _ => ask(ctx, round, Proposal::VoidDraw { draw: id, reason }, set_aside).await,
    }
}

async fn set_aside(ctx: &Context, seen: &Draw, reason: Reason) -> Result<()> {
    let round = seen.round;
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::Draw)?;
            let draw = tx.draws().current(round).await?;
            // A department may have revealed in the meantime: then more people have to agree.
            if (draw.id, draw.voiding()) != (seen.id, seen.voiding()) {
                return Err(Error::Stale);
            }
            let draw = draw.void(reason.clone());
            tx.draws().save(&draw).await?;
            tx.panels().replace_seats(round, Vec::new()).await?;
            let event = Event::DrawVoided { reason: draw.void_reason.clone() };
            ctx.record(tx, event.of(draw.id.0).in_round(round)).await
        })
        .await
}

/// The draws of the round that were set aside, as the next record tells of them.
async fn earlier(ctx: &Context, round: RoundId) -> Result<Vec<SetAside>> {
    let mut earlier = Vec::new();
    for draw in ctx.store().draws().voided(round).await? {
        let pledged = |department: Department| {
            let pledge = draw.pledges.get(department)?;
            let name = department.label().to_owned();
            Some(Pledged { name, commitment: pledge.commitment.clone(), nonce: pledge.nonce.clone() })
        };
        let of_this = |proposal: &Proposal| matches!(proposal, Proposal::VoidDraw { draw: own, .. } if *own == draw.id);
        earlier.push(SetAside {
            opened_at: draw.opened_at.to_rfc3339(),
            pool_digest: draw.pool_digest.clone(),
            pledges: Department::ALL.iter().copied().filter_map(pledged).collect(),
            record: draw.record.as_deref().map(|text| sha256(text.as_bytes())),
            reason: draw.void_reason.clone(),
            by: consent::agreed_by(ctx, round, of_this).await?,
        });
    }
    Ok(earlier)
}

fn parties(pledges: &Pledges) -> Result<Vec<Party>> {
    let party = |department: Department| {
        let pledge = pledges.get(department)?;
        Some(Party {
            name: department.label().to_owned(),
            commitment: Commitment::from_hex(&pledge.commitment)?,
            nonce: Nonce::from_hex(pledge.nonce.as_deref()?)?,
        })
    };
    let parties = Department::ALL.iter().copied().map(party).collect::<Option<Vec<_>>>();
    parties.ok_or_else(|| Error::Internal("a pledge cannot be read".to_owned()))
}

/// The record as it stands, if lots have fallen.
fn stored_record(draw: &Draw) -> Result<Option<Record>> {
    Ok(draw.record.as_deref().map(serde_json::from_str).transpose()?)
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}
