//! 可行性: whether the pool can fill every seat, panel by panel, and which change of one control would let it.

use super::affinity::PastTasks;
use super::problem::{Frame, of_field};
use super::{Demand, Solution};
use crate::dossier::Dossier;
use crate::{Context, Error, Result, kept};
use domain::access::Permission;
use domain::application::Application;
use domain::conflict::Conflict;
use domain::conflict::excluded;
use domain::expert::Expert;
use domain::gate::Seating;
use domain::identity::Employers;
use domain::ids::{ExpertId, PanelId, RoundId};
use domain::panel::Panel;
use domain::round::Work;
use domain::rubric::ExpertRole;
use engine::assignment::{Options, Seatable, Status, seatable, solve};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::{Current, Repositories};

/// 备选 for every panel and role, at least: with fewer candidates than this beyond the seats, a panel is 紧张.
pub(crate) const ALTERNATES: u32 = 2;

const ROLES: [ExpertRole; 3] = [ExpertRole::Technical, ExpertRole::Finance, ExpertRole::Management];

/// A setting that a coordinator may change; its remedy is shown beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    Technical,
    Finance,
    Management,
    EmployerCap,
    Recusals,
}

impl Control {
    pub const ALL: [Self; 5] = [Self::Technical, Self::Finance, Self::Management, Self::EmployerCap, Self::Recusals];
}

/// The least change of one control after which all seats can be filled, tried by solving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    pub control: Control,
    pub demand: Demand,
}

/// Candidates of one role for one panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supply {
    pub role: ExpertRole,
    pub needed: u32,
    /// Whoever may sit on the panel.
    pub candidates: u32,
    /// Seats these can fill if no employer sends more than its share.
    pub seats: u32,
    /// Of the field, but with more recusals in the panel than are allowed.
    pub recused: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plenty {
    /// 不足
    Short,
    /// 紧张: not enough for the alternates.
    Tight,
    /// 充足
    Ample,
}

impl Supply {
    pub fn plenty(&self) -> Plenty {
        match self.seats {
            n if n < self.needed => Plenty::Short,
            n if n < self.needed + ALTERNATES && self.needed > 0 => Plenty::Tight,
            _ => Plenty::Ample,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelLine {
    pub panel: PanelId,
    pub name: String,
    pub applications: usize,
    pub supplies: [Supply; 3],
    /// Candidates who may review it, of the application that has the fewest.
    pub fewest: u32,
    /// Seats that stay empty when all panels are filled together as far as they can be.
    pub empty: u32,
}

impl PanelLine {
    /// The scarcest role decides; an application that too few may review makes its panel short.
    pub fn plenty(&self, min_sheets: u32) -> Plenty {
        let roles = self.supplies.iter().map(Supply::plenty).min().unwrap_or(Plenty::Ample);
        if self.fewest < min_sheets || self.empty > 0 { Plenty::Short } else { roles }
    }
}

#[derive(Debug, Clone)]
pub struct Feasibility {
    pub demand: Demand,
    pub lines: Vec<PanelLine>,
    /// The same over all panels together: who may sit on any of them.
    pub all: [Supply; 3],
    /// Valid sheets that every application must have.
    pub min_sheets: u32,
    /// Why not all seats can be filled together; `None` if they can.
    pub explanation: Option<Solution>,
    pub remedies: Vec<Remedy>,
}

/// Tries a demand on the pool as it stands, without changing anything. Counts only: nobody is named.
///
/// # Errors
/// `Denied`; `Rule` outside 分组 and 抽取 or while recusals are to be compared, or for a demand that makes no panel.
pub async fn feasibility(ctx: &Context, round: RoundId, demand: &Demand) -> Result<Feasibility> {
    ctx.require(Permission::AssignExperts)?;
    demand.check()?;
    let dossier = Dossier::load(ctx, round).await?;
    dossier.round.permits(Work::TrySeating)?;
    crate::conflict::require_compared(ctx, &dossier).await?;
    let experts = kept::seatable(&ctx.store().current().await?).await?;
    let conflicts = ctx.store().conflicts().of_round(round).await?;
    let demand = demand.clone();
    let tried = move || Pool::new(dossier, experts, conflicts).try_out(demand);
    crate::heavy::glance(tried).await?
}

/// Whether the seats can be filled at all, by the usual demand or by any other that is allowed.
///
/// # Errors
/// The database cannot be read; too many computations at once.
pub(crate) async fn seating(current: &Current<'_>, dossier: &Dossier) -> Result<Seating> {
    let experts = kept::seatable(current).await?;
    let conflicts = kept::recusals(current, dossier.round.id).await?.conflicts.clone();
    let dossier = dossier.clone();
    crate::heavy::glance(move || Pool::new(dossier, experts, conflicts).seating()).await?
}

/// Every way to make the smallest panel, under the widest limits: where none of them can be seated, nothing can.
fn least_demanding() -> impl Iterator<Item = Demand> {
    let smallest = 5;
    (0..=smallest).flat_map(move |technical| {
        (0..=smallest - technical).map(move |finance| Demand {
            technical,
            finance,
            management: smallest - technical - finance,
            employer_cap: smallest,
            recusals: u32::MAX,
        })
    })
}

/// Flows that one trial may solve: a page is waiting.
const FLOW_LIMIT: u32 = 2_000;

struct Pool {
    dossier: Dossier,
    experts: Arc<kept::Seatable>,
    employers: Employers,
    conflicts: Vec<Conflict>,
    /// Nothing: affinity does not matter here.
    past: PastTasks,
}

impl Pool {
    fn new(dossier: Dossier, experts: Arc<kept::Seatable>, conflicts: Vec<Conflict>) -> Self {
        Self { employers: Employers::of(&experts.0), dossier, experts, conflicts, past: PastTasks::new() }
    }

    fn try_out(&self, demand: Demand) -> Result<Feasibility> {
        let problem = self.frame(&demand).rules_only();
        let explanation = if seatable(&problem, FLOW_LIMIT).map_err(internal)?.is_yes() {
            None
        } else {
            let solution = solve(&problem, Options::default()).map_err(internal)?;
            (solution.status == Status::Infeasible).then_some(solution)
        };
        let remedies = if explanation.is_some() { self.remedies(&demand)? } else { Vec::new() };
        let (lines, all) = self.supplies(&demand, explanation.as_ref());
        let min_sheets = self.dossier.round.terms.min_sheets;
        Ok(Feasibility { demand, lines, all, min_sheets, explanation, remedies })
    }

    fn seating(&self) -> Result<Seating> {
        let answer = |demand: &Demand| seatable(&self.frame(demand).rules_only(), FLOW_LIMIT).map_err(internal);
        if answer(&Demand::default())?.is_yes() {
            return Ok(Seating::Usual);
        }
        for demand in least_demanding() {
            if answer(&demand)? != Seatable::No {
                return Ok(Seating::Adjusted);
            }
        }
        Ok(Seating::Never)
    }

    fn frame<'a>(&'a self, demand: &'a Demand) -> Frame<'a> {
        let Self { dossier, experts, employers, conflicts, past } = self;
        Frame { dossier, experts: &experts.0, employers, conflicts, demand, past }
    }

    fn remedies(&self, demand: &Demand) -> Result<Vec<Remedy>> {
        let mut remedies = Vec::new();
        for control in Control::ALL {
            for tried in less_demanding(demand, control) {
                if seatable(&self.frame(&tried).rules_only(), FLOW_LIMIT).map_err(internal)?.is_yes() {
                    remedies.push(Remedy { control, demand: tried });
                    break;
                }
            }
        }
        Ok(remedies)
    }

    fn supplies(&self, demand: &Demand, explanation: Option<&Solution>) -> (Vec<PanelLine>, [Supply; 3]) {
        let sectors = self.dossier.sectors_of_panels();
        let excluded = excluded(&self.conflicts);
        let blocked = self.frame(demand).blocked();
        let recused = |expert: &Expert, panel: &Panel| {
            blocked.get(&(expert.id, panel.id)).is_some_and(|own| own.len() > demand.recusals as usize)
        };
        let mut anywhere: BTreeMap<ExpertId, (&Expert, bool)> = BTreeMap::new();
        let mut lines = Vec::new();
        for panel in &self.dossier.panels {
            let of_field: Vec<(&Expert, bool)> = self
                .experts
                .0
                .iter()
                .filter(|expert| of_field(&sectors, expert, panel))
                .map(|expert| (expert, recused(expert, panel)))
                .collect();
            for (expert, recused) in &of_field {
                anywhere.entry(expert.id).or_insert((*expert, true)).1 &= *recused;
            }
            let reviewers = |application: &Application| {
                count(of_field.iter().filter(|(e, recused)| !recused && !excluded.contains(&(e.id, application.id))))
            };
            let short = explanation.into_iter().flat_map(|found| &found.shortfalls);
            let own = || self.dossier.in_panel(panel.id);
            lines.push(PanelLine {
                panel: panel.id,
                name: panel.name.clone(),
                applications: own().count(),
                supplies: ROLES.map(|role| supply(role, demand, Some(&self.employers), &of_field)),
                fewest: own().map(reviewers).min().unwrap_or(0),
                empty: short
                    .filter(|s| s.application == panel.name)
                    .map(|s| s.needed - s.available.min(s.needed))
                    .sum(),
            });
        }
        let anywhere: Vec<(&Expert, bool)> = anywhere.into_values().collect();
        (lines, ROLES.map(|role| supply(role, demand, None, &anywhere)))
    }
}

/// The candidates of a role; `employers`: whose experts may not all sit together.
fn supply(role: ExpertRole, demand: &Demand, employers: Option<&Employers>, of_field: &[(&Expert, bool)]) -> Supply {
    let own = || of_field.iter().filter(|(expert, _)| expert.role == role);
    let sitting = || own().filter(|(_, recused)| !recused);
    let mut together: HashMap<&str, u32> = HashMap::new();
    for (expert, _) in sitting() {
        *together.entry(employers.map_or("", |employers| employers.key(expert.id))).or_default() += 1;
    }
    Supply {
        role,
        needed: demand.seats_of(role),
        candidates: count(sitting()),
        seats: together.into_values().map(|n| if employers.is_some() { n.min(demand.employer_cap) } else { n }).sum(),
        recused: count(own().filter(|(_, recused)| *recused)),
    }
}

/// The other values of a control, the smallest change first. The panel stays odd and between five and nine.
fn less_demanding(demand: &Demand, control: Control) -> Vec<Demand> {
    let of_role = |role: ExpertRole, own: u32| {
        (1..=own).flat_map(move |less| {
            let fewer = demand.clone().with(role, own - less);
            // Whoever is not found in one role may be found in another.
            let others = [ExpertRole::Technical, ExpertRole::Management, ExpertRole::Finance];
            let instead = others.into_iter().filter(move |other| *other != role).map({
                let fewer = fewer.clone();
                move |other| fewer.clone().with(other, fewer.seats_of(other) + less)
            });
            let instead: Vec<Demand> = instead.collect();
            [fewer].into_iter().chain(instead)
        })
    };
    let tried: Vec<Demand> = match control {
        Control::Technical => of_role(ExpertRole::Technical, demand.technical).collect(),
        Control::Finance => of_role(ExpertRole::Finance, demand.finance).collect(),
        Control::Management => of_role(ExpertRole::Management, demand.management).collect(),
        Control::EmployerCap => {
            (1..=2).map(|more| Demand { employer_cap: demand.employer_cap + more, ..demand.clone() }).collect()
        }
        Control::Recusals => {
            (1..=3).map(|more| Demand { recusals: demand.recusals + more, ..demand.clone() }).collect()
        }
    };
    tried.into_iter().filter(|tried| tried.check().is_ok()).collect()
}

fn count<T>(found: impl Iterator<Item = T>) -> u32 {
    u32::try_from(found.count()).unwrap_or(u32::MAX)
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(error.to_string())
}
