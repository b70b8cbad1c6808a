//! 指派: seats experts into panels by exact min-cost flow, or explains why it cannot be done.

mod affinity;

use crate::audit::{Action, Event};
use crate::dossier::Dossier;
use crate::error::invalid;
use crate::session::excluded;
use crate::{Context, Error, Result};
use domain::access::Permission;
use domain::conflict::Conflict;
use domain::expert::{Expert, Standing};
use domain::ids::{ApplicationId, ExpertId, PanelId, RoundId, RunId};
use domain::round::Step;
use domain::rubric::ExpertRole;
use engine::assignment::{
    Affinity, ApplicationDemand, ExpertSupply, Link, Objective, Options, Pair, Problem, Role, RoleSet, solve,
};
pub use engine::assignment::{Change, Outcome, Relaxation, Shortfall, Status};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::repo::panel::{Presence, Seat};
use store::repo::run::{Run, RunKind};
use store::{Repositories, StoreError};

/// What is asked of the assignment.
#[derive(Debug, Clone)]
pub struct Demand {
    /// Seats per panel by role.
    pub technical: u32,
    pub finance: u32,
    pub management: u32,
    /// Experts of one employer in one panel, at most.
    pub employer_cap: u32,
    /// Applications of the panel from which a seated expert may be recused, at most.
    pub recusals: u32,
}

impl Default for Demand {
    fn default() -> Self {
        Self { technical: 5, finance: 1, management: 1, employer_cap: 1, recusals: 0 }
    }
}

impl Demand {
    const fn seats(&self) -> u32 {
        self.technical + self.finance + self.management
    }

    /// 评审组由5人以上单数组成.
    fn check(&self) -> Result<()> {
        let seats = self.seats();
        if !(5..=9).contains(&seats) || seats.is_multiple_of(2) {
            return Err(invalid("每组专家应为5、7或9人"));
        }
        if self.employer_cap == 0 {
            return Err(invalid("同一单位专家上限应不少于1人"));
        }
        Ok(())
    }
}

/// Seats the whole round. An infeasible problem changes nothing and is returned with its explanation.
///
/// # Errors
/// `Denied`; `NotNow` outside 抽取; `Invalid` for a demand that makes no panel.
pub async fn assign(ctx: &Context, round: RoundId, demand: &Demand) -> Result<Outcome> {
    ctx.require(Permission::AssignExperts)?;
    demand.check()?;
    let dossier = Dossier::load(ctx, round).await?;
    dossier.round.require_step(Step::Draw)?;
    let mut experts = ctx.store().experts().all().await?;
    experts.retain(|e| e.standing == Standing::Active);
    let conflicts = ctx.store().conflicts().of_round(round).await?;
    let frame = Frame { dossier: &dossier, experts: &experts, conflicts: &conflicts, demand };
    let problem = frame.problem();
    let outcome = tokio::task::spawn_blocking(move || solve(&problem, Options::default()))
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(|error| Error::Internal(error.to_string()))?;
    let seats = seats(ctx, &dossier, &experts, &outcome);
    let text = serde_json::to_string(&outcome)?;
    let run = Run {
        id: RunId(ctx.id()),
        round,
        kind: RunKind::Assignment,
        algorithm: outcome.algorithm.clone(),
        digest: hex::encode(Sha256::digest(text.as_bytes())),
        output: text,
        at: ctx.now(),
    };
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.require_step(Step::Draw)?;
            if outcome.status != Status::Infeasible {
                tx.panels().replace_seats(round, seats.clone()).await?;
            }
            tx.runs().insert(run.clone()).await?;
            let detail = json!({ "status": outcome.status, "seats": seats.len(), "objective": outcome.objective,
                "input_digest": outcome.input_digest, "run": run.id });
            ctx.record(tx, Event::new(Action::ExpertsAssigned, "round", round.0, detail).in_round(round)).await
        })
        .await?;
    Ok(outcome)
}

/// The last assignment of a round with its explanation, if there was one.
///
/// # Errors
/// `Denied` without `ReadRound`.
pub async fn latest(ctx: &Context, round: RoundId) -> Result<Option<Outcome>> {
    ctx.require(Permission::ReadRound)?;
    match ctx.store().runs().latest(round, RunKind::Assignment).await {
        Ok(run) => Ok(Some(serde_json::from_str(&run.output)?)),
        Err(StoreError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// From how many applications of the own panel each seated expert is recused: counts only, neither rule nor evidence.
///
/// # Errors
/// `Denied` without `ReadProgress`, `NotFound`.
pub async fn recusals(ctx: &Context, round: RoundId) -> Result<HashMap<ExpertId, usize>> {
    ctx.require(Permission::ReadProgress)?;
    let dossier = Dossier::load(ctx, round).await?;
    let excluded = excluded(&ctx.store().conflicts().of_round(round).await?);
    let count = |seat: &Seat| dossier.in_panel(seat.panel).filter(|a| excluded.contains(&(seat.expert, a.id))).count();
    Ok(ctx.store().panels().seats(round).await?.iter().map(|seat| (seat.expert, count(seat))).collect())
}

/// What one problem is made from.
struct Frame<'a> {
    dossier: &'a Dossier,
    experts: &'a [Expert],
    conflicts: &'a [Conflict],
    demand: &'a Demand,
}

impl Frame<'_> {
    /// Panels are what is reviewed, by name, so that the explanation speaks of them; experts go by their code.
    fn problem(&self) -> Problem {
        let panels = &self.dossier.panels;
        let reasons = self.reasons();
        let blocked = self.blocked();
        let words = affinity::PanelWords::of(self.dossier);
        let mut problem =
            Problem { employer_cap: self.demand.employer_cap, objective: Objective::Total, ..Problem::default() };
        for panel in panels {
            problem.applications.push(ApplicationDemand {
                id: panel.name.clone(),
                demand: self.demand.seats(),
                minima: [self.demand.technical, self.demand.finance, self.demand.management],
            });
        }
        for (e, expert) in (0..).zip(self.experts) {
            problem.experts.push(ExpertSupply {
                id: expert.code.clone(),
                min_load: 0,
                max_load: 1,
                roles: RoleSet::EMPTY.with(role(expert.role)),
                employer: Some(expert.employer_key()),
                region: (!expert.region.is_empty()).then(|| expert.region.clone()),
            });
            for (p, panel) in (0..).zip(panels) {
                let of_field = expert.role != ExpertRole::Technical || expert.sectors.contains(&panel.sector);
                let Some(affinity) = words.affinity(panel, expert).filter(|_| of_field) else { continue };
                let recused = blocked.get(&(expert.id, panel.id)).map_or(0, HashSet::len);
                let recused = u32::try_from(recused).unwrap_or(u32::MAX);
                // Every recusal costs a sheet; whoever can judge the whole panel comes first.
                let affinity = affinity - 0.15 * f64::from(recused.min(4));
                let Some(affinity) = Affinity::from_f64(affinity) else { continue };
                problem.pairs.push(Pair { expert: e, application: p, affinity });
                if recused > self.demand.recusals {
                    let reason = reasons.get(&(expert.id, panel.id)).map_or("回避", |rule| rule.label()).to_owned();
                    let link = Link { expert: e, application: p };
                    problem.conflicts.push(engine::assignment::Conflict { link, reason });
                }
            }
        }
        problem
    }

    /// The excluded applications of each expert in each panel.
    fn blocked(&self) -> HashMap<(ExpertId, PanelId), HashSet<ApplicationId>> {
        let mut blocked: HashMap<_, HashSet<_>> = HashMap::new();
        for (expert, application) in excluded(self.conflicts) {
            if let Some(panel) = self.dossier.panel_of(application) {
                blocked.entry((expert, panel)).or_default().insert(application);
            }
        }
        blocked
    }

    /// The first rule that keeps an expert from a panel.
    fn reasons(&self) -> BTreeMap<(ExpertId, PanelId), domain::conflict::Rule> {
        let mut reasons = BTreeMap::new();
        for conflict in self.conflicts.iter().filter(|c| c.excludes()) {
            if let Some(panel) = self.dossier.panel_of(conflict.application) {
                let rule = reasons.entry((conflict.expert, panel)).or_insert(conflict.rule);
                *rule = conflict.rule.min(*rule);
            }
        }
        reasons
    }
}

const fn role(role: ExpertRole) -> Role {
    match role {
        ExpertRole::Technical => Role::Technical,
        ExpertRole::Finance => Role::Finance,
        ExpertRole::Management => Role::Management,
    }
}

/// Numbers the seats of each panel: technical, finance, management, each by expert code.
fn seats(ctx: &Context, dossier: &Dossier, experts: &[Expert], outcome: &Outcome) -> Vec<Seat> {
    let by_code: HashMap<_, _> = experts.iter().map(|e| (e.code.as_str(), e)).collect();
    let mut seats = Vec::new();
    for panel in &dossier.panels {
        let mut own: Vec<_> = outcome
            .assignments
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
