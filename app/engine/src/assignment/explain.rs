//! Why there is no assignment: the fewest violations a flow can get away with, read as shortfalls.
//!
//! By max-flow min-cut the empty seats of a least-violation flow sit in a Hall set: applications whose candidates, taken together, have less capacity
//! than the applications need. The set is what can be reached from the empty seat by swapping assignments.

use super::branch::{self, Mode};
use super::layout::Node;
use super::locks::BrokenLock;
use super::model::{FREE, Model, index};
use super::network::{Branch, Prices};
use super::outcome::{Change, Shortfall};
use super::problem::Role;
use super::relax::{Relaxer, owner};
use super::seats::Seat;
use super::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Shortfalls that are given relaxations one by one; beyond, only the change that is known to help.
const DETAILED: usize = 12;

pub struct Explanation {
    pub shortfalls: Vec<Shortfall>,
    /// Prices of a flow that counts violations only: they refute the problem if the flow relaxation does.
    pub prices: Prices,
}

/// One violation and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Lack {
    pub node: Node,
    pub units: i32,
}

pub fn explain(model: &Model, limit: u32) -> Explanation {
    let zero = Value::zero(model);
    let found = branch::search(model, &zero, Branch::default(), Mode::Partial, limit);
    let prices = found.root.prices.clone();
    // A partial search always finds a flow: in the worst case every seat is empty.
    let best = found.best.unwrap_or(found.root);
    let lacks: Vec<Lack> = best.violations.iter().map(|&(node, units)| Lack { node, units }).collect();
    let scene = Scene::new(model, &best.chosen);
    let mut relaxer = Relaxer::new(model, &lacks, limit);
    let mut shortfalls: Vec<Shortfall> =
        model.broken_locks.iter().map(|lock| broken_lock(model, *lock, &mut relaxer)).collect();
    for (at, &lack) in lacks.iter().enumerate() {
        let mut shortfall = scene.shortfall(lack, &lacks);
        shortfall.relaxations = if at < DETAILED {
            relaxer.relaxations(owner(lack.node), &scene.competitors(lack).1)
        } else {
            relaxer.known(owner(lack.node))
        };
        shortfalls.push(shortfall);
    }
    Explanation { shortfalls, prices }
}

fn broken_lock(model: &Model, lock: BrokenLock, relaxer: &mut Relaxer<'_>) -> Shortfall {
    let (i, j, reason) = match lock {
        BrokenLock::NotEligible { application, expert } => (application, expert, "该专家对该项目未列为候选"),
        BrokenLock::Conflict { application, expert } => (application, expert, "该专家须回避该项目"),
        BrokenLock::Demand { application, expert } => (application, expert, "其他锁定已占满该项目的席位"),
        BrokenLock::Load { application, expert } => (application, expert, "其他锁定已占满该专家的评审数上限"),
        BrokenLock::EmployerCap { application, expert } => (application, expert, "其他锁定已占满同单位专家上限"),
    };
    let (application, expert) = model.ids(i, j);
    let excluded = conflict_reasons(model, i, j)
        .map_or_else(|| vec![reason.to_owned()], |r| r.iter().map(ToString::to_string).collect());
    let change = Change::DropLock { application: application.to_owned(), expert: expert.to_owned() };
    Shortfall {
        application: application.to_owned(),
        expert: Some(expert.to_owned()),
        role: None,
        needed: 1,
        available: 0,
        excluded: excluded.into_iter().map(|r| (r, 1)).collect(),
        competing: Vec::new(),
        message: format!("项目 {application} 锁定了专家 {expert}，但{reason}"),
        relaxations: relaxer.after_all(change),
    }
}

fn conflict_reasons<'p>(model: &Model<'p>, i: u32, j: u32) -> Option<BTreeSet<&'p str>> {
    let reasons = model.conflicts.get(&(i, j))?;
    Some(reasons.iter().map(|&at| model.problem.conflicts[index(at)].reason.as_str()).collect())
}

/// The least-violation assignment, seen from experts and applications.
struct Scene<'a, 'p> {
    model: &'a Model<'p>,
    loads: Vec<u32>,
    panels: Vec<Vec<u32>>,
    /// Applications of each expert.
    reviews: Vec<Vec<u32>>,
}

impl<'a, 'p> Scene<'a, 'p> {
    fn new(model: &'a Model<'p>, chosen: &[u32]) -> Self {
        let mut scene = Self {
            model,
            loads: vec![0; model.experts.len()],
            panels: vec![Vec::new(); model.applications.len()],
            reviews: vec![Vec::new(); model.experts.len()],
        };
        for &at in chosen {
            let (i, j) = (model.application_of(at), model.columns[index(at)]);
            scene.loads[index(j)] += 1;
            scene.panels[index(i)].push(j);
            scene.reviews[index(j)].push(i);
        }
        scene
    }

    fn shortfall(&self, lack: Lack, lacks: &[Lack]) -> Shortfall {
        let units = lack.units.unsigned_abs();
        let mut shortfall = match lack.node {
            Node::Expert(j) => self.expert(j, lack.units),
            Node::Application(i) | Node::Role(i, _) | Node::Kind(i, _) if lack.units < 0 => self.overfull(i, units),
            Node::Cell(cell) => self.overfull(cell.application, units),
            Node::Role(i, bit) => self.role(i, bit, units),
            Node::Application(i) | Node::Kind(i, _) => self.seats(i, units, lacks),
        };
        if shortfall.expert.is_none() && lack.units > 0 {
            shortfall.competing =
                self.competitors(lack).0.iter().map(|&i| self.model.application_id(i).to_owned()).collect();
            if shortfall.competing.len() > 1 {
                let others = shortfall.competing.len() - 1;
                shortfall.message.push_str("；与其争用同一批专家的项目共 ");
                shortfall.message.push_str(&others.to_string());
                shortfall.message.push_str(" 个");
            }
        }
        shortfall
    }

    fn role(&self, i: u32, bit: u8, units: u32) -> Shortfall {
        let r = bit.trailing_zeros() as usize;
        let role = Role::ALL[r];
        let needed = self.model.applications[index(i)].minima[r];
        let label = format!("{}专家", role.label());
        self.panel(i, Some(role), &label, needed, needed.saturating_sub(units))
    }

    fn seats(&self, i: u32, _units: u32, lacks: &[Lack]) -> Shortfall {
        let own = |lack: &&Lack| {
            matches!(lack.node, Node::Application(a) | Node::Role(a, _) | Node::Kind(a, _) if a == i) && lack.units > 0
        };
        let empty: u32 = lacks.iter().filter(own).map(|l| l.units.unsigned_abs()).sum();
        let needed = self.model.applications[index(i)].demand;
        self.panel(i, None, "专家", needed, needed.saturating_sub(empty))
    }

    fn panel(&self, i: u32, role: Option<Role>, label: &str, needed: u32, available: u32) -> Shortfall {
        let application = self.model.application_id(i).to_owned();
        let excluded = self.excluded(i, role);
        let reasons: Vec<String> = excluded.iter().map(|(reason, n)| format!("{reason} {n} 名")).collect();
        let why = if reasons.is_empty() {
            String::new()
        } else {
            format!("；不能安排的专家：{}", reasons.join("、"))
        };
        let message = format!(
            "项目 {application} 需要{label} {needed} 名，最多能安排 {available} 名，缺 {} 名{why}",
            needed - available
        );
        Shortfall {
            application,
            role: role.map(Seat::from),
            needed,
            available,
            excluded,
            message,
            ..Shortfall::default()
        }
    }

    /// Too many locks, or minima above the demand.
    fn overfull(&self, i: u32, units: u32) -> Shortfall {
        let a = &self.model.applications[index(i)];
        let fixed: u32 = a.minima.iter().sum();
        let application = self.model.application_id(i).to_owned();
        let message = if fixed > a.demand {
            format!("项目 {application} 各类别最低人数之和为 {fixed}，超过需求 {} 名", a.demand)
        } else {
            format!("项目 {application} 的锁定专家与需求人数、类别或同单位上限不能同时满足，多出 {units} 名")
        };
        Shortfall {
            application,
            needed: a.demand,
            available: a.demand.saturating_sub(units),
            message,
            ..Shortfall::default()
        }
    }

    fn expert(&self, j: u32, units: i32) -> Shortfall {
        let e = &self.model.experts[index(j)];
        let id = self.model.expert_id(j).to_owned();
        let n = units.unsigned_abs();
        let (needed, available, message) = if units < 0 {
            let available = e.min_load.saturating_sub(n);
            (e.min_load, available, format!("专家 {id} 至少应评 {} 项，最多能安排 {available} 项", e.min_load))
        } else {
            (e.max_load + n, e.max_load, format!("专家 {id} 被锁定 {} 项，超过上限 {} 项", e.max_load + n, e.max_load))
        };
        Shortfall { expert: Some(id), needed, available, message, ..Shortfall::default() }
    }

    /// Experts who do not sit on the panel, by the first rule that keeps them off.
    fn excluded(&self, i: u32, role: Option<Role>) -> BTreeMap<String, u32> {
        let model = self.model;
        let panel = &self.panels[index(i)];
        let employers: Vec<u32> =
            panel.iter().map(|&j| model.experts[index(j)].employer).filter(|&e| e != FREE).collect();
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut count = |reason: &str| *counts.entry(reason.to_owned()).or_default() += 1;
        for (expert, j) in model.experts.iter().zip(0..) {
            let taken = employers.iter().filter(|&&e| e == expert.employer).count();
            if panel.contains(&j) {
            } else if let Some(reasons) = conflict_reasons(model, i, j) {
                reasons.into_iter().for_each(&mut count);
            } else if role.is_some_and(|r| expert.roles & 1 << r.index() == 0) {
                count("专家类别不符");
            } else if model.position(i, j).is_none() {
                count("未列为候选");
            } else if self.loads[index(j)] >= expert.max_load {
                count("评审数已满");
            } else if expert.employer != FREE && taken >= index(model.cap) {
                count("同单位人数已达上限");
            }
        }
        counts
    }

    /// The Hall set of an empty seat: applications reached by swaps, and the full experts between them.
    fn competitors(&self, lack: Lack) -> (BTreeSet<u32>, BTreeSet<u32>) {
        let mut experts = BTreeSet::new();
        let (Node::Application(start) | Node::Role(start, _) | Node::Kind(start, _)) = lack.node else {
            return (BTreeSet::new(), experts);
        };
        let only = if let Node::Role(_, bit) = lack.node { bit } else { 0b111 };
        let mut applications = BTreeSet::from([start]);
        let mut queue = vec![start];
        while let Some(i) = queue.pop() {
            let roles = if i == start { only } else { 0b111 };
            for at in self.model.row(i) {
                let j = self.model.columns[at];
                let e = &self.model.experts[index(j)];
                if e.roles & roles == 0 || self.loads[index(j)] < e.max_load || !experts.insert(j) {
                    continue;
                }
                queue.extend(self.reviews[index(j)].iter().filter(|&&next| applications.insert(next)));
            }
        }
        (applications, experts)
    }
}
