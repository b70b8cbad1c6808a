//! Lot order, one expert after the other: whoever can still be seated together with those accepted before is accepted.
//!
//! At every moment a complete seating stands that holds all accepted experts; the others in it hold seats until an accepted expert takes them. An expert is accepted if
//! the seating can be changed to hold them too, and the walk ends when everybody in it has been accepted.

use super::decide::{Decisions, Judge, Verdict, Version};
use super::graph::{Entered, Graph, Lifted, Ways};
use crate::assignment::{Conflict, Problem, ProblemError, Seatable};
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
    /// The limit of the search came before it was known whether the expert could be seated.
    Undecided,
    /// Not available any more, by what became known since the pool was closed.
    Unavailable { reason: String },
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
            Self::Unavailable { reason } => format!("候选池关闭后：{reason}"),
            Self::Undecided => "在规定的计算步数内不能判定可否就座，按规则不予抽取".to_owned(),
        }
    }
}

pub struct Walked {
    /// Experts in the order in which the walk came to them, with the reason of those passed over.
    pub steps: Vec<(u32, Option<PassedOver>)>,
    pub accepted: Vec<u32>,
    /// A complete seating of the accepted, as (expert, application).
    pub seating: HashSet<(u32, u32)>,
    /// The ways in which it was decided who can be seated.
    pub decisions: Decisions,
}

/// The end of a walk.
pub enum Outcome {
    Walked(Walked),
    /// Proved: the pool cannot fill the seats.
    Unfillable,
    /// The limit of the search came before it was known whether the pool can fill the seats.
    Undecided,
}

/// Goes through `order`. The steps are bounded: each expert is met once, at the cost of a few augmenting paths, and all searches together solve at most
/// [`super::decide::FLOW_LIMIT`] flows.
///
/// # Errors
/// [`ProblemError`] if the problem means nothing.
pub fn walk(problem: &Problem, order: &[u32], version: Version) -> Result<Outcome, ProblemError> {
    let mut walk = Walk::new(problem, version);
    let seating = match walk.seating(None)? {
        Seatable::Yes(seating) => seating,
        Seatable::No => return Ok(Outcome::Unfillable),
        Seatable::Undecided => return Ok(Outcome::Undecided),
    };
    walk.graph.settle(&seating);
    walk.fill_up();
    let mut steps = Vec::new();
    for &expert in order {
        match walk.is_done()? {
            Some(true) => break,
            Some(false) => {}
            None => return Ok(Outcome::Undecided),
        }
        if walk.accepted.contains(&expert) {
            steps.push((expert, None));
            continue;
        }
        let Some(met) = walk.meet(expert)? else { return Ok(Outcome::Undecided) };
        let passed = match met {
            Met::Accepted => None,
            Met::PassedOver(reason) => Some(reason),
        };
        if passed.is_some() {
            walk.passed.insert(expert);
        }
        steps.push((expert, passed));
    }
    let mut accepted: Vec<u32> = walk.accepted.into_iter().collect();
    accepted.sort_unstable();
    Ok(Outcome::Walked(Walked { steps, accepted, seating: walk.graph.seating(), decisions: walk.judge.decisions }))
}

enum Met {
    Accepted,
    PassedOver(PassedOver),
}

struct Walk<'p> {
    problem: &'p Problem,
    graph: Graph<'p>,
    accepted: HashSet<u32>,
    /// Passed over: whoever cannot be seated with some of the accepted cannot be seated with more of them.
    passed: HashSet<u32>,
    judge: Judge,
    /// The number of accepted with whom the seats were last found not to be filled.
    not_done_with: Option<usize>,
    recusals: HashMap<u32, Vec<&'p Conflict>>,
    seats: u64,
    /// Whether the graph may fail to see that the accepted fill all seats.
    uncertain: bool,
}

impl<'p> Walk<'p> {
    /// Designated experts are accepted before any lot.
    fn new(problem: &'p Problem, version: Version) -> Self {
        let accepted = problem.locks.iter().map(|link| link.expert).collect();
        let mut recusals: HashMap<u32, Vec<&Conflict>> = HashMap::new();
        for conflict in &problem.conflicts {
            recusals.entry(conflict.link.expert).or_default().push(conflict);
        }
        let graph = Graph::new(problem);
        let uncertain = problem.experts.iter().any(|e| e.max_load > 1) && graph.crosses();
        let seats = problem.applications.iter().map(|a| u64::from(a.demand)).sum();
        Self {
            problem,
            graph,
            accepted,
            passed: HashSet::new(),
            judge: Judge::new(problem, version),
            not_done_with: None,
            recusals,
            seats,
            uncertain,
        }
    }

    /// Whether those accepted fill all seats by themselves; `None` if an old record's search went beyond the limit.
    fn is_done(&mut self) -> Result<Option<bool>, ProblemError> {
        if self.graph.seated().all(|expert| self.accepted.contains(&expert)) {
            return Ok(Some(true));
        }
        if !self.uncertain || self.capacity() < self.seats || self.not_done_with == Some(self.accepted.len()) {
            return Ok(Some(false));
        }
        // Paths may miss a way where caps cross roles and experts review several applications.
        let mut alone = self.with_least_loads(None);
        for (expert, j) in alone.experts.iter_mut().zip(0..) {
            if !self.accepted.contains(&j) {
                expert.max_load = 0;
            }
        }
        match self.judge.search(&alone, &self.accepted)? {
            Seatable::Yes(seating) => {
                self.graph.settle(&seating);
                return Ok(Some(true));
            }
            Seatable::Undecided if self.judge.version == Version::One => return Ok(None),
            Seatable::No | Seatable::Undecided => {}
        }
        self.not_done_with = Some(self.accepted.len());
        Ok(Some(false))
    }

    fn capacity(&self) -> u64 {
        self.accepted.iter().map(|&e| u64::from(self.problem.experts[e as usize].max_load)).sum()
    }

    fn least(&self, expert: u32) -> u32 {
        self.problem.experts[expert as usize].min_load.max(1)
    }

    /// Accepts the expert, or says why not; `None` if an old record's search went beyond the limit.
    fn meet(&mut self, expert: u32) -> Result<Option<Met>, ProblemError> {
        let lacking = self.least(expert).saturating_sub(self.graph.load(expert));
        if self.problem.experts[expert as usize].max_load == 0 {
            return Ok(Some(Met::PassedOver(PassedOver::NotCandidate)));
        }
        let entered = if lacking == 0 { Entered::Seated } else { self.enter(expert, lacking) };
        match entered {
            Entered::Blocked => return Ok(Some(Met::PassedOver(self.reason(expert)))),
            Entered::Unsure => match self.unsure(expert)? {
                Verdict::Seated(seating) => self.graph.settle(&seating),
                Verdict::Refuted => return Ok(Some(Met::PassedOver(PassedOver::EmployerCap))),
                Verdict::Undecided if self.judge.version == Version::One => return Ok(None),
                Verdict::Undecided => return Ok(Some(Met::PassedOver(PassedOver::Undecided))),
            },
            Entered::Seated => self.judge.decisions.by_paths += 1,
        }
        self.accepted.insert(expert);
        self.fill_up();
        Ok(Some(Met::Accepted))
    }

    /// Decides where paths do not: by the places of the employer, else by search.
    fn unsure(&mut self, expert: u32) -> Result<Verdict, ProblemError> {
        if self.judge.version == Version::Two && !self.judge.has_place(self.problem, &self.accepted, expert) {
            return Ok(Verdict::Refuted);
        }
        let problem = self.with_least_loads(Some(expert));
        let verdict = self.judge.search(&problem, &self.graph.seated().collect())?;
        Ok(self.judge.count(verdict))
    }

    fn enter(&mut self, expert: u32, units: u32) -> Entered {
        let (accepted, problem) = (&self.accepted, self.problem);
        let releasable = |other, load| releasable(problem, accepted, other, load);
        let entered = self.graph.enter(expert, units, Ways::All, releasable);
        if entered == Entered::Unsure
            && self.judge.version == Version::Two
            && self.graph.enter(expert, units, Ways::WithinCaps, releasable) == Entered::Seated
        {
            return Entered::Seated;
        }
        entered
    }

    /// Accepted experts with free capacity take over the seats of experts who are not accepted, so that nobody is drawn without need.
    fn fill_up(&mut self) {
        let mut spare: Vec<u32> = self.accepted.iter().copied().filter(|&e| self.has_room(e)).collect();
        spare.sort_unstable();
        let accepted = &self.accepted;
        for expert in spare {
            let most = self.problem.experts[expert as usize].max_load;
            while self.graph.load(expert) < most
                && self.graph.enter(expert, 1, Ways::All, |other, load| load > 0 && !accepted.contains(&other))
                    == Entered::Seated
            {}
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
    fn seating(&mut self, more: Option<u32>) -> Result<Seatable, ProblemError> {
        let problem = self.with_least_loads(more);
        self.judge.search(&problem, &HashSet::new())
    }

    fn with_least_loads(&self, more: Option<u32>) -> Problem {
        let mut problem = self.problem.clone();
        for (expert, j) in problem.experts.iter_mut().zip(0..) {
            let held = self.accepted.contains(&j) || more == Some(j);
            expert.min_load = if held { expert.min_load.max(1) } else { 0 };
            if self.judge.version == Version::Two && self.passed.contains(&j) {
                expert.max_load = 0;
            }
        }
        if self.judge.version == Version::Two {
            problem.pairs.retain(|pair| !self.passed.contains(&pair.expert));
        }
        problem
    }
}

fn releasable(problem: &Problem, accepted: &HashSet<u32>, expert: u32, load: u32) -> bool {
    let kept = if accepted.contains(&expert) { problem.experts[expert as usize].min_load.max(1) } else { 0 };
    load > kept
}
