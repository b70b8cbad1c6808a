//! Lot order, one expert after the other: whoever can still be seated together with those accepted before is accepted.
//!
//! At every moment a complete seating stands that holds all accepted experts; the others in it hold seats until an accepted expert takes them. An expert is accepted if
//! the seating can be changed to hold them too, and the walk ends when everybody in it has been accepted.

use super::graph::{Entered, Graph, Lifted};
use crate::assignment::{Assigned, Conflict, Problem, ProblemError, seatable};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Why an expert was passed over (未中原因): the first rule that excluded them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum PassedOver {
    /// Nowhere listed, or no review may be asked of them.
    NotCandidate,
    /// Recused wherever a seat could be had, by these reasons.
    Recused { reasons: Vec<String> },
    /// Colleagues hold as many seats as one employer may.
    EmployerCap,
    /// The seats of their roles are taken.
    RoleFull,
    /// All seats open to them are taken.
    SeatsFull,
}

impl PassedOver {
    /// In the words of the record.
    pub fn text(&self) -> String {
        match self {
            Self::NotCandidate => "专业、类别与所设席位均不相符".to_owned(),
            Self::Recused { reasons } => format!("回避：{}", reasons.join("、")),
            Self::EmployerCap => "同一单位专家已达上限".to_owned(),
            Self::RoleFull => "该类别席位已满".to_owned(),
            Self::SeatsFull => "可任席位均已满".to_owned(),
        }
    }
}

pub struct Walked {
    /// Experts in the order in which the walk came to them, with the reason of those passed over.
    pub steps: Vec<(u32, Option<PassedOver>)>,
    pub accepted: Vec<u32>,
}

/// Goes through `order`; `None` if the pool cannot fill the seats at all.
///
/// # Errors
/// [`ProblemError`] if the problem means nothing.
pub fn walk(problem: &Problem, order: &[u32]) -> Result<Option<Walked>, ProblemError> {
    let mut walk = Walk::new(problem);
    let Some(seating) = walk.seating(None)? else { return Ok(None) };
    walk.graph.settle(&seating);
    walk.fill_up();
    let mut steps = Vec::new();
    for &expert in order {
        if walk.is_done()? {
            break;
        }
        if walk.accepted.contains(&expert) {
            steps.push((expert, None));
            continue;
        }
        let passed = walk.meet(expert)?;
        steps.push((expert, passed));
    }
    let mut accepted: Vec<u32> = walk.accepted.into_iter().collect();
    accepted.sort_unstable();
    Ok(Some(Walked { steps, accepted }))
}

struct Walk<'p> {
    problem: &'p Problem,
    graph: Graph<'p>,
    accepted: HashSet<u32>,
    recusals: HashMap<u32, Vec<&'p Conflict>>,
    seats: u64,
    /// Whether the graph may fail to see that the accepted fill all seats.
    uncertain: bool,
}

impl<'p> Walk<'p> {
    /// Designated experts are accepted before any lot.
    fn new(problem: &'p Problem) -> Self {
        let accepted = problem.locks.iter().map(|link| link.expert).collect();
        let mut recusals: HashMap<u32, Vec<&Conflict>> = HashMap::new();
        for conflict in &problem.conflicts {
            recusals.entry(conflict.link.expert).or_default().push(conflict);
        }
        let graph = Graph::new(problem);
        let uncertain = problem.experts.iter().any(|e| e.max_load > 1) && graph.crosses();
        let seats = problem.applications.iter().map(|a| u64::from(a.demand)).sum();
        Self { problem, graph, accepted, recusals, seats, uncertain }
    }

    /// Whether those accepted fill all seats by themselves.
    fn is_done(&mut self) -> Result<bool, ProblemError> {
        if self.graph.seated().all(|expert| self.accepted.contains(&expert)) {
            return Ok(true);
        }
        if !self.uncertain || self.capacity() < self.seats {
            return Ok(false);
        }
        // Paths may miss a way where caps cross roles and experts review several applications.
        let mut alone = self.with_least_loads(None);
        for (expert, j) in alone.experts.iter_mut().zip(0..) {
            if !self.accepted.contains(&j) {
                expert.max_load = 0;
            }
        }
        Ok(seatable(&alone)?.is_some())
    }

    fn capacity(&self) -> u64 {
        self.accepted.iter().map(|&e| u64::from(self.problem.experts[e as usize].max_load)).sum()
    }

    fn least(&self, expert: u32) -> u32 {
        self.problem.experts[expert as usize].min_load.max(1)
    }

    /// Accepts the expert, or says why not.
    fn meet(&mut self, expert: u32) -> Result<Option<PassedOver>, ProblemError> {
        let lacking = self.least(expert).saturating_sub(self.graph.load(expert));
        if self.problem.experts[expert as usize].max_load == 0 {
            return Ok(Some(PassedOver::NotCandidate));
        }
        let entered = if lacking == 0 { Entered::Seated } else { self.enter(expert, lacking) };
        match entered {
            Entered::Blocked => return Ok(Some(self.reason(expert))),
            Entered::Unsure => match self.seating(Some(expert))? {
                Some(seating) => self.graph.settle(&seating),
                None => return Ok(Some(PassedOver::EmployerCap)),
            },
            Entered::Seated => {}
        }
        self.accepted.insert(expert);
        self.fill_up();
        Ok(None)
    }

    fn enter(&mut self, expert: u32, units: u32) -> Entered {
        let (accepted, problem) = (&self.accepted, self.problem);
        self.graph.enter(expert, units, |other, load| releasable(problem, accepted, other, load))
    }

    /// Accepted experts with free capacity take over the seats of experts who are not accepted, so that nobody is drawn without need.
    fn fill_up(&mut self) {
        let mut spare: Vec<u32> = self.accepted.iter().copied().filter(|&e| self.has_room(e)).collect();
        spare.sort_unstable();
        let accepted = &self.accepted;
        for expert in spare {
            let most = self.problem.experts[expert as usize].max_load;
            while self.graph.load(expert) < most
                && self.graph.enter(expert, 1, |other, load| load > 0 && !accepted.contains(&other)) == Entered::Seated
            {
            }
        }
    }

    fn has_room(&self, expert: u32) -> bool {
        self.graph.load(expert) < self.problem.experts[expert as usize].max_load
    }

    /// The first rule without which the expert could have been seated.
    fn reason(&self, expert: u32) -> PassedOver {
        let listed = self.graph.listed(expert);
        if listed.is_empty() {
            return PassedOver::NotCandidate;
        }
        let would = |lifted: Lifted| {
            self.graph.would_enter(expert, lifted, |other, load| releasable(self.problem, &self.accepted, other, load))
        };
        let none = Lifted::default();
        let barred: Vec<_> =
            self.recusals.get(&expert).into_iter().flatten().filter(|c| listed.contains(&c.link.application)).collect();
        let free = listed.iter().any(|i| barred.iter().all(|c| c.link.application != *i));
        if !free || would(Lifted { recusals: true, ..none }) {
            let reasons: BTreeSet<String> = barred.iter().map(|c| c.reason.clone()).collect();
            PassedOver::Recused { reasons: reasons.into_iter().collect() }
        } else if would(Lifted { employers: true, ..none }) {
            PassedOver::EmployerCap
        } else if would(Lifted { roles: true, ..none }) {
            PassedOver::RoleFull
        } else {
            PassedOver::SeatsFull
        }
    }

    /// A complete seating, found anew, in which everybody accepted and `more` have their least load.
    fn seating(&self, more: Option<u32>) -> Result<Option<Vec<Assigned>>, ProblemError> {
        let problem = self.with_least_loads(more);
        let possible = problem.experts.iter().all(|e| e.min_load <= e.max_load);
        if possible { seatable(&problem) } else { Ok(None) }
    }

    fn with_least_loads(&self, more: Option<u32>) -> Problem {
        let mut problem = self.problem.clone();
        for (expert, j) in problem.experts.iter_mut().zip(0..) {
            let held = self.accepted.contains(&j) || more == Some(j);
            expert.min_load = if held { expert.min_load.max(1) } else { 0 };
        }
        problem
    }
}

fn releasable(problem: &Problem, accepted: &HashSet<u32>, expert: u32, load: u32) -> bool {
    let kept = if accepted.contains(&expert) { problem.experts[expert as usize].min_load.max(1) } else { 0 };
    load > kept
}
