//! 抽取记录: everything the draw rests on and everything it decided, in one file.

use super::alternate::{Alternate, Position, Seating, Shortage, alternates};
use super::decide::{Decisions, FLOW_LIMIT, Version};
use super::event::Event;
use super::lot::{Lot, Party, lots, seed};
use super::pool::{Candidate, Pool};
use super::walk::{Outcome, PassedOver, Walked, walk};
use crate::assignment::{Assigned, Options, Problem, ProblemError, Shortfall, Solution, Status, solve};
use serde::{Deserialize, Serialize};

/// Version of the method.
pub const ALGORITHM: &str = "draw/2";
/// The version before, whose records can still be replayed.
pub const EARLIER: &str = "draw/1";

/// The origin of the seed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// From the secrets of the parties, in this order.
    Committed { parties: Vec<Party> },
    /// Stated by whoever ran the draw: it proves nothing about chance.
    Stated,
}

/// One lot and its result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub order: u32,
    pub expert: String,
    pub lot: Lot,
    #[serde(flatten)]
    pub outcome: Drawn,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Drawn {
    /// 抽中
    Accepted,
    /// 未中
    PassedOver { reason: PassedOver },
}

/// 作废的抽取: a draw that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// RFC 3339.
    pub opened_at: String,
    pub pool_digest: String,
    pub pledges: Vec<Pledged>,
    /// SHA-256 of its record, if lots had fallen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    pub reason: String,
    /// The people who asked for it.
    pub by: Vec<String>,
}

/// How far a party had gone in a draw that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pledged {
    pub name: String,
    /// Hexadecimal, as they were given.
    pub commitment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub algorithm: String,
    pub round: String,
    /// SHA-256 of the pool's compact JSON, hexadecimal.
    pub pool_digest: String,
    pub source: Source,
    pub seed: String,
    /// Alternates wanted for each panel and role.
    pub alternates_wanted: u32,
    /// In lot order, as far as the walk came.
    pub lots: Vec<Entry>,
    /// The ways in which it was decided who can be seated; records of `draw/1` do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decisions: Option<Decisions>,
    /// In lot order.
    pub alternates: Vec<Alternate>,
    pub shortages: Vec<Shortage>,
    /// The accepted experts in their seats: the largest sum of affinities.
    pub seating: Vec<Assigned>,
    pub total_affinity: f64,
    /// Proved, or the best that was found.
    pub seating_status: Status,
    /// The replacements after the draw, in order.
    pub events: Vec<Event>,
    /// The draws of the same round that were set aside before this one. Nothing follows from them; they are told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<SetAside>,
    pub pool: Pool,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    #[error(transparent)]
    Problem(#[from] ProblemError),
    /// A draw by commitments needs somebody who committed.
    #[error("a committed draw names no party")]
    NoParty,
    #[error("the nonce of {0:?} is not the one committed to")]
    BrokenCommitment(String),
    #[error("the stated seed is not 64 hexadecimal digits")]
    Seed,
    /// The pool cannot fill the seats.
    #[error("the pool cannot fill the seats")]
    Infeasible(Vec<Shortfall>),
    /// The limit of the search came before it was known whether the pool can fill the seats.
    #[error("whether the pool can fill the seats is open after the limit of {0} flows")]
    Undecided(u32),
    /// Nobody in the pool can take the seat.
    #[error("no candidate is left for {0:?}")]
    Unfillable(Position),
    #[error("{0:?} holds no such seat")]
    NotSeated(String),
}

/// The order of the lots over a pool.
pub struct Order<'a> {
    pool: &'a Pool,
    lots: Vec<Lot>,
    sorted: Vec<u32>,
}

impl<'a> Order<'a> {
    pub fn new(pool: &'a Pool, seed: [u8; 32]) -> Self {
        let lots = lots(seed, pool.candidates.iter().map(|c| c.id.as_str()));
        let mut sorted: Vec<u32> = (0..).take(lots.len()).collect();
        sorted.sort_unstable_by_key(|&j| (lots[j as usize], j));
        Self { pool, lots, sorted }
    }

    pub fn candidates(&self) -> impl Iterator<Item = &'a Candidate> + '_ {
        self.sorted.iter().map(|&j| &self.pool.candidates[j as usize])
    }
}

/// Draws. For [`Source::Stated`] the seed is given; otherwise it follows from the secrets.
///
/// # Errors
/// [`DrawError`] for a pool that means nothing or cannot fill the seats, a broken commitment, or a committed draw without parties.
pub fn draw(
    pool: Pool,
    round: &str,
    source: Source,
    stated: Option<[u8; 32]>,
    wanted: u32,
) -> Result<Record, DrawError> {
    draw_as(Version::Two, pool, round, source, stated, wanted)
}

/// Draws by a version of the walk.
pub(super) fn draw_as(
    version: Version,
    pool: Pool,
    round: &str,
    source: Source,
    stated: Option<[u8; 32]>,
    wanted: u32,
) -> Result<Record, DrawError> {
    let digest = pool.digest();
    let seed = match &source {
        Source::Committed { parties } => {
            if let Some(party) = parties.iter().find(|p| p.nonce.commitment() != p.commitment) {
                return Err(DrawError::BrokenCommitment(party.name.clone()));
            }
            if parties.is_empty() {
                return Err(DrawError::NoParty);
            }
            seed(parties, round, digest)
        }
        Source::Stated => stated.ok_or(DrawError::Seed)?,
    };
    let problem = pool.problem()?;
    let order = Order::new(&pool, seed);
    let walked = match walk(&problem, &order.sorted, version)? {
        Outcome::Walked(walked) => walked,
        Outcome::Unfillable => {
            let shortfalls = solve(&drawable(&problem), Options::default())?.shortfalls;
            return Err(DrawError::Infeasible(shortfalls));
        }
        Outcome::Undecided => return Err(DrawError::Undecided(FLOW_LIMIT)),
    };
    let placed = place(&problem, &walked, version)?;
    let entries = (1..).zip(walked.steps).map(|(at, (expert, passed))| Entry {
        order: at,
        expert: pool.candidates[expert as usize].id.clone(),
        lot: order.lots[expert as usize],
        outcome: passed.map_or(Drawn::Accepted, |reason| Drawn::PassedOver { reason }),
    });
    let lots = entries.collect();
    let (alternates, shortages) = alternates(&Seating::new(&pool, &placed.assignments), order.candidates(), wanted);
    Ok(Record {
        algorithm: match version {
            Version::One => EARLIER,
            Version::Two => ALGORITHM,
        }
        .to_owned(),
        round: round.to_owned(),
        pool_digest: hex::encode(digest),
        source,
        seed: hex::encode(seed),
        alternates_wanted: wanted,
        lots,
        decisions: (version == Version::Two).then_some(walked.decisions),
        alternates,
        shortages,
        total_affinity: placed.total.unwrap_or_default(),
        seating_status: placed.status,
        seating: placed.assignments,
        events: Vec::new(),
        earlier: Vec::new(),
        pool,
    })
}

/// The problem as the draw understands it: nobody must be drawn, so nobody has a least load yet.
fn drawable(problem: &Problem) -> Problem {
    let mut problem = problem.clone();
    for expert in &mut problem.experts {
        expert.min_load = 0;
    }
    problem
}

/// The best seating of the accepted. Where the search for it found none within its limit, the one with which the walk ended.
fn place(problem: &Problem, walked: &Walked, version: Version) -> Result<Solution, DrawError> {
    let among = only(problem, &walked.accepted);
    let best = solve(&among, Options::default())?;
    if !best.assignments.is_empty() || version == Version::One {
        return Ok(best);
    }
    let mut standing = among;
    standing.pairs.retain(|pair| walked.seating.contains(&(pair.expert, pair.application)));
    Ok(Solution { status: Status::Feasible, ..solve(&standing, Options::default())? })
}

/// The problem with these experts alone, each of whom gets something to review.
fn only(problem: &Problem, accepted: &[u32]) -> Problem {
    let mut problem = problem.clone();
    for (expert, j) in problem.experts.iter_mut().zip(0..) {
        if accepted.binary_search(&j).is_ok() {
            expert.min_load = expert.min_load.max(1);
        } else {
            (expert.min_load, expert.max_load) = (0, 0);
        }
    }
    problem.pairs.retain(|pair| accepted.binary_search(&pair.expert).is_ok());
    problem
}

impl Record {
    /// The file's text: replaying gives the same bytes.
    ///
    /// # Errors
    /// None for a record made here; the writer's otherwise.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// The seating after all events.
    pub fn current(&self) -> Vec<Assigned> {
        self.events.iter().fold(self.seating.clone(), |seating, event| event.apply(seating))
    }
}
