//! Every assignment of a small problem, one by one: slow and plain, written from the rules and not from the solver.

use crate::assignment::{Link, Objective, Problem};
use domain::rubric::ExpertRole;

/// The best achievable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Best {
    /// Worst-off sum, or links kept, or 0: the first criterion.
    pub first: i64,
    pub total: i64,
}

pub fn best(problem: &Problem) -> Option<Best> {
    search(problem).best
}

/// Every assignment that achieves the best, as sorted links.
pub fn optima(problem: &Problem) -> Vec<Vec<Link>> {
    search(problem).optima
}

fn search(problem: &Problem) -> Search<'_> {
    let panels: Vec<Vec<Vec<usize>>> = (0..problem.applications.len()).map(|a| panels(problem, a)).collect();
    let loads = vec![0; problem.experts.len()];
    let mut search = Search { problem, panels, chosen: Vec::new(), loads, best: None, optima: Vec::new() };
    search.run();
    search
}

/// The panels of one application that keep its own rules.
fn panels(problem: &Problem, a: usize) -> Vec<Vec<usize>> {
    let n = problem.experts.len();
    (0_u32..1 << n)
        .filter(|set| set.count_ones() == problem.applications[a].demand)
        .map(|set| (0..n).filter(|e| set & 1 << e != 0).collect::<Vec<_>>())
        .filter(|panel| keeps_rules(problem, a, panel))
        .collect()
}

fn link(e: usize, a: usize) -> Link {
    Link { expert: u32::try_from(e).unwrap(), application: u32::try_from(a).unwrap() }
}

fn micro(problem: &Problem, e: usize, a: usize) -> Option<i64> {
    let l = link(e, a);
    problem
        .pairs
        .iter()
        .find(|p| p.expert == l.expert && p.application == l.application)
        .map(|p| i64::from(p.affinity.micro()))
}

fn keeps_rules(problem: &Problem, a: usize, panel: &[usize]) -> bool {
    let eligible = panel.iter().all(|&e| micro(problem, e, a).is_some());
    let free = panel.iter().all(|&e| problem.conflicts.iter().all(|c| c.link != link(e, a)));
    let locked =
        problem.locks.iter().filter(|l| l.application as usize == a).all(|l| panel.contains(&(l.expert as usize)));
    let caps = panel.iter().all(|&e| {
        let own = problem.experts[e].employer.as_ref();
        own.is_none()
            || panel.iter().filter(|&&f| problem.experts[f].employer.as_ref() == own).count()
                <= problem.employer_cap as usize
    });
    let needed: Vec<ExpertRole> = ExpertRole::ALL
        .iter()
        .copied()
        .flat_map(|r| vec![r; problem.applications[a].minima[r as usize] as usize])
        .collect();
    eligible && free && locked && caps && can_seat(problem, &needed, panel)
}

/// Whether different experts of the panel can fill all needed roles.
fn can_seat(problem: &Problem, needed: &[ExpertRole], panel: &[usize]) -> bool {
    let Some((role, rest)) = needed.split_first() else {
        return true;
    };
    (0..panel.len()).any(|k| {
        let roles = problem.experts[panel[k]].roles;
        let others: Vec<usize> = panel.iter().enumerate().filter(|(other, _)| *other != k).map(|(_, &e)| e).collect();
        (roles.is_empty() || roles.contains(*role)) && can_seat(problem, rest, &others)
    })
}

struct Search<'p> {
    problem: &'p Problem,
    panels: Vec<Vec<Vec<usize>>>,
    chosen: Vec<Vec<usize>>,
    loads: Vec<u32>,
    best: Option<Best>,
    optima: Vec<Vec<Link>>,
}

impl Search<'_> {
    fn run(&mut self) {
        let a = self.chosen.len();
        if a == self.panels.len() {
            let Some(found) = self.judge() else {
                return;
            };
            if self.best < Some(found) {
                self.best = Some(found);
                self.optima.clear();
            }
            if self.best == Some(found) {
                self.optima.push(self.links());
            }
            return;
        }
        for panel in self.panels[a].clone() {
            for &e in &panel {
                self.loads[e] += 1;
            }
            if panel.iter().all(|&e| self.loads[e] <= self.problem.experts[e].max_load) {
                self.chosen.push(panel.clone());
                self.run();
                self.chosen.pop();
            }
            for &e in &panel {
                self.loads[e] -= 1;
            }
        }
    }

    fn links(&self) -> Vec<Link> {
        let mut links: Vec<_> =
            self.chosen.iter().enumerate().flat_map(|(a, panel)| panel.iter().map(move |&e| link(e, a))).collect();
        links.sort_unstable();
        links
    }

    fn judge(&self) -> Option<Best> {
        if self.problem.experts.iter().zip(&self.loads).any(|(e, &load)| load < e.min_load) {
            return None;
        }
        let sums: Vec<i64> = self
            .chosen
            .iter()
            .enumerate()
            .map(|(a, panel)| panel.iter().filter_map(|&e| micro(self.problem, e, a)).sum())
            .collect();
        let kept = |links: &[Link]| {
            links.iter().filter(|l| self.chosen[l.application as usize].contains(&(l.expert as usize))).count()
        };
        let first = match &self.problem.objective {
            Objective::Total => 0,
            Objective::Fair => sums.iter().copied().min().unwrap_or(0),
            Objective::Keep(links) => i64::try_from(kept(links)).unwrap(),
        };
        Some(Best { first, total: sums.iter().sum() })
    }
}
