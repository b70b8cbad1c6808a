//! 指派: seats experts into panels by exact min-cost flow, or explains why it cannot be done.

mod affinity;
mod feasibility;
mod problem;

use crate::audit::Event;
use crate::consent::{Acted, ask};
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::veil::Veil;
use crate::{Context, Error, Result, kept};
use domain::access::Permission;
use domain::consent::Proposal;
pub use domain::demand::Demand;
use domain::draw::DrawError;
use domain::expert::Expert;
use domain::identity::Employers;
use domain::ids::{ExpertId, RoundId, RunId};
use domain::reason::{Reason, Unreasoned};
use domain::round::Work;
use domain::run::{Run, RunKind};
use domain::seat::{Presence, Seat};
use engine::assignment::{Assigned, Options, solve};
pub use engine::assignment::{Shortfall, Solution, Status};
pub(crate) use feasibility::ALTERNATES;
pub(crate) use feasibility::seating;
pub use feasibility::{Control, Feasibility, PanelLine, Plenty, Remedy, Supply, feasibility};
pub(crate) use problem::Frame;
use std::collections::HashMap;
use std::sync::Arc;
use store::{Repositories, Topic, if_any};

/// 定向: seats the whole round by affinity alone, without lots. Lawful only where drawn experts could not judge, so the reason is
/// recorded, and two departments have to ask for it. An infeasible problem changes nothing and is returned with its explanation.
///
/// # Errors
/// `Denied`; `Rule` outside 抽取 or while a draw stands, or without a reason or for a demand that makes no panel.
pub async fn assign(ctx: &Context, round: RoundId, demand: &Demand, reason: &str) -> Result<Acted<Solution>> {
    let ctx = &intact(ctx, Permission::AssignExperts, round).await?;
    demand.check()?;
    let reason = Reason::of(reason, Unreasoned::Assignment)?;
    let dossier = Dossier::load(ctx, round).await?;
    dossier.round.permits(Work::Draw)?;
    if if_any(ctx.store().draws().current(round).await)?.is_some() {
        return Err(DrawError::Opened.into());
    }
    crate::conflict::require_compared(ctx, &dossier).await?;
    let seatable = kept::seatable(&ctx.store().current().await?).await?;
    let experts = &seatable.0;
    let conflicts = ctx.store().conflicts().of_round(round).await?;
    let past = ctx.store().sheets().tasks_scored_outside(round).await?;
    let employers = Employers::of(experts);
    let frame = Frame { dossier: &dossier, experts, employers: &employers, conflicts: &conflicts, demand, past: &past };
    let problem = frame.problem();
    let outcome = crate::heavy::compute(move || solve(&problem, Options::default()))
        .await?
        .map_err(|error| Error::Internal(error.to_string()))?;
    let seats = seats(ctx, &dossier, experts, &outcome.assignments);
    let feasible = outcome.status != Status::Infeasible;
    let kept = Box::pin(keep(ctx, round, outcome, seats, reason.clone()));
    if feasible {
        return match ask(ctx, round, Proposal::Assign { demand: demand.clone(), reason }, kept).await? {
            Acted::Done(outcome) => Ok(Acted::Done(Veil::of(ctx, &dossier).rename(outcome, experts)?)),
            waiting @ Acted::Waiting(_) => Ok(waiting),
        };
    }
    Ok(Acted::Done(kept.await?))
}

async fn keep(ctx: &Context, round: RoundId, outcome: Solution, seats: Vec<Seat>, reason: Reason) -> Result<Solution> {
    let run = run_of(ctx, round, &outcome)?;
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::Draw)?;
            if if_any(tx.draws().current(round).await)?.is_some() {
                return Err(DrawError::Opened.into());
            }
            if outcome.status != Status::Infeasible {
                tx.panels().replace_seats(round, seats.clone()).await?;
            }
            tx.runs().insert(run.clone()).await?;
            let event = Event::ExpertsAssigned {
                status: outcome.status,
                seats: seats.len(),
                objective: outcome.objective,
                input_digest: outcome.input_digest.clone(),
                run: run.id,
                reason: reason.as_str().to_owned(),
            };
            ctx.record(tx, event.of_round(round)).await
        })
        .await?;
    Ok(outcome)
}

/// The outcome as it is kept.
pub(crate) fn run_of(ctx: &Context, round: RoundId, outcome: &Solution) -> Result<Run> {
    let output = serde_json::to_string(outcome)?;
    Ok(Run::of(RunId(ctx.id()), round, RunKind::Assignment, &outcome.algorithm, output, ctx.now()))
}

/// The last assignment of a round with its explanation, if there was one.
///
/// # Errors
/// `Denied` without `ReadRound`.
pub async fn latest(ctx: &Context, round: RoundId) -> Result<Option<Solution>> {
    ctx.require(Permission::ReadRound)?;
    let load = async || {
        let run = if_any(ctx.store().runs().latest(round, RunKind::Assignment).await)?;
        Ok::<Option<Solution>, Error>(run.map(|run| serde_json::from_str(&run.output)).transpose()?)
    };
    let current = ctx.store().current().await?;
    let latest = (*current.kept(round.0, &[Topic::Runs], load).await?).clone();
    let Some(outcome) = latest else { return Ok(None) };
    let dossier = Dossier::at(&current, round).await?;
    Ok(Some(Veil::of(ctx, &dossier).rename(outcome, &kept::pool(&current).await?.experts)?))
}

/// From how many applications of the own panel each seated expert is recused: counts only, neither rule nor evidence.
///
/// # Errors
/// `Denied` without `ReadProgress`, `NotFound`.
pub async fn recusals(ctx: &Context, round: RoundId) -> Result<HashMap<ExpertId, usize>> {
    ctx.require(Permission::ReadProgress)?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    let recusals = kept::recusals(&current, round).await?;
    let barred = |seat: &Seat, id| recusals.excluded.contains(&(seat.expert, id));
    let count = |seat: &Seat| dossier.reviewed_from(seat).filter(|a| barred(seat, a.id)).count();
    Ok(kept::seats(&current, round).await?.iter().map(|seat| (seat.expert, count(seat))).collect())
}

/// The words each seated expert's speciality shares with the tasks of the panel, the most telling first: why the affinity is what it is.
///
/// # Errors
/// `Denied` without `ReadProgress`, `NotFound`.
pub async fn shared_words(ctx: &Context, round: RoundId) -> Result<Arc<SharedWords>> {
    ctx.require(Permission::ReadProgress)?;
    let current = ctx.store().current().await?;
    if Veil::of(ctx, &Dossier::at(&current, round).await?).closed {
        return Ok(Arc::default());
    }
    current.kept(round.0, &Topic::ALL, async || compare_words(ctx, round).await).await
}

/// By expert, the most telling first.
pub type SharedWords = HashMap<ExpertId, Vec<String>>;

async fn compare_words(ctx: &Context, round: RoundId) -> Result<SharedWords> {
    let (dossier, roster) = crate::session::seated(ctx, round).await?;
    let past = ctx.store().sheets().tasks_scored_outside(round).await?;
    let experts: Vec<Expert> = roster.iter().map(|line| line.expert.clone()).collect();
    let shared = move || {
        let fields = affinity::Fields::of(&dossier, &experts, &past);
        let of = |line: &crate::session::RosterLine| {
            let panel = dossier.panels.iter().find(|panel| panel.id == line.seat.panel)?;
            Some((line.expert.id, longest(&fields.closeness(panel, &line.expert)?.shared)))
        };
        roster.iter().filter_map(of).collect()
    };
    Ok(crate::heavy::glance(shared).await?)
}

/// Without the words that are parts of others: 铝合金 says what 合金 says.
fn longest(words: &[String]) -> Vec<String> {
    let part_of_another = |word: &str| words.iter().any(|other| other != word && other.contains(word));
    words.iter().filter(|word| !part_of_another(word)).cloned().collect()
}

/// Numbers the seats of each panel: technical, finance, management, each by expert code.
pub(crate) fn seats(ctx: &Context, dossier: &Dossier, experts: &[Expert], assigned: &[Assigned]) -> Vec<Seat> {
    let by_code: HashMap<_, _> = experts.iter().map(|e| (e.code.as_str(), e)).collect();
    let mut seats = Vec::new();
    for panel in &dossier.panels {
        let mut own: Vec<_> = assigned
            .iter()
            .filter(|a| a.application == panel.name)
            .filter_map(|a| by_code.get(a.expert.as_str()).copied())
            .collect();
        own.sort_by(|a, b| (a.role, &a.code).cmp(&(b.role, &b.code)));
        for (number, expert) in (1..).zip(own) {
            seats.push(Seat {
                id: ctx.id(),
                round: dossier.round.id,
                panel: panel.id,
                expert: expert.id,
                number,
                role: expert.role,
                presence: Presence::Expected,
            });
        }
    }
    seats
}
