//! The panels of a round, the pool and the recusals as an assignment problem.

use super::Demand;
use super::affinity::{self, PastTasks};
use crate::dossier::Dossier;
use domain::conflict::Conflict;
use domain::conflict::excluded;
use domain::expert::Expert;
use domain::identity::Employers;
use domain::ids::{ApplicationId, ExpertId, PanelId};
use domain::panel::Panel;
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use engine::assignment::{Affinity, ApplicationDemand, ExpertSupply, Link, Objective, Pair, Problem, RoleSet};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The input of one assignment problem.
pub struct Frame<'a> {
    pub dossier: &'a Dossier,
    pub experts: &'a [Expert],
    /// Who of these shares an employer.
    pub employers: &'a Employers,
    pub conflicts: &'a [Conflict],
    pub demand: &'a Demand,
    pub past: &'a PastTasks,
}

impl Frame<'_> {
    /// Panels are what is reviewed, by name, so that the explanation speaks of them; experts go by their code.
    pub fn problem(&self) -> Problem {
        self.problem_by(self.suitable())
    }

    /// The same rules with every affinity alike: enough to know whether all seats can be filled.
    pub fn rules_only(&self) -> Problem {
        let sectors = self.dossier.sectors_of_panels();
        self.problem_by(move |expert, panel| of_field(&sectors, expert, panel).then_some(0.0))
    }

    fn problem_by(&self, suitable: impl Fn(&Expert, &Panel) -> Option<f64>) -> Problem {
        let panels = &self.dossier.panels;
        let reasons = self.reasons();
        let blocked = self.blocked();
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
                roles: RoleSet::EMPTY.with(expert.role),
                employer: Some(self.employers.key(expert.id).to_owned()),
                region: (!expert.region.is_empty()).then(|| expert.region.clone()),
            });
            for (p, panel) in (0..).zip(panels) {
                let Some(affinity) = suitable(expert, panel) else { continue };
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

    /// How well an expert suits a panel; `None` for technical experts of other sectors.
    pub fn suitable(&self) -> impl Fn(&Expert, &Panel) -> Option<f64> + use<> {
        let fields = affinity::Fields::of(self.dossier, self.experts, self.past);
        let sectors = self.dossier.sectors_of_panels();
        move |expert, panel| fields.affinity(panel, expert).filter(|_| of_field(&sectors, expert, panel))
    }

    /// The excluded applications of each expert in each panel.
    pub fn blocked(&self) -> HashMap<(ExpertId, PanelId), HashSet<ApplicationId>> {
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

/// Whether an expert may sit on a panel for the field's sake: technical experts need a sector of the panel's tasks.
pub fn of_field(sectors: &HashMap<PanelId, BTreeMap<Sector, usize>>, expert: &Expert, panel: &Panel) -> bool {
    expert.role != ExpertRole::Technical
        || sectors.get(&panel.id).is_some_and(|own| expert.sectors.iter().any(|sector| own.contains_key(sector)))
}
