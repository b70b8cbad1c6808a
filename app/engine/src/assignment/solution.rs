//! The solution of a problem: the assignment with its proof, or the explanation why there is none.

use super::problem::{Affinity, Objective};
use super::seat_role::SeatRole;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the method.
pub const ALGORITHM: &str = "assign/1";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Proved to be the best.
    Optimal,
    /// Keeps every rule; the best may be as good as `bound`.
    Feasible,
    /// Proved that no assignment keeps every rule.
    Infeasible,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    Total,
    Fair,
    Keep,
}

/// Milliseconds, measured by the caller: the engine knows no clock.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Timing {
    pub read: f64,
    pub build: f64,
    pub solve: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Solution {
    pub status: Status,
    pub criterion: Criterion,
    /// By criterion: sum of affinities; sum of the worst-off application; number of earlier links given up. `None` if infeasible.
    pub objective: Option<f64>,
    /// No assignment has a better objective.
    pub bound: Option<f64>,
    /// Sum of affinities, whatever the criterion.
    pub total: Option<f64>,
    /// No assignment with this objective has a larger total.
    pub total_bound: Option<f64>,
    /// By application and expert. Empty if infeasible.
    pub assignments: Vec<Assigned>,
    pub shortfalls: Vec<Shortfall>,
    /// As many seats as can be filled when the rest stays empty; only on request, only if infeasible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<Partial>,
    pub certificate: Option<Certificate>,
    /// SHA-256 of the problem in canonical form, hexadecimal.
    pub input_digest: String,
    pub algorithm: String,
    #[serde(default)]
    pub timing_ms: Timing,
}

impl Solution {
    /// A solution that holds nothing yet.
    pub(super) fn blank(objective: &Objective, status: Status) -> Self {
        Self {
            status,
            criterion: match objective {
                Objective::Total => Criterion::Total,
                Objective::Fair => Criterion::Fair,
                Objective::Keep(_) => Criterion::Keep,
            },
            objective: None,
            bound: None,
            total: None,
            total_bound: None,
            assignments: Vec::new(),
            shortfalls: Vec::new(),
            partial: None,
            certificate: None,
            input_digest: String::new(),
            algorithm: ALGORITHM.to_owned(),
            timing_ms: Timing::default(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assigned {
    pub application: String,
    pub expert: String,
    pub role: SeatRole,
    pub affinity: f64,
}

/// An incomplete assignment (部分分配): keeps every prohibition and every lock that can be kept, but not the demand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Partial {
    pub complete: bool,
    pub note: String,
    pub empty_seats: u32,
    pub assignments: Vec<Assigned>,
}

/// Seats or reviews that cannot be had, with the reasons and the changes that would help.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Shortfall {
    /// Empty if an expert's least load is what cannot be met.
    pub application: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expert: Option<String>,
    /// Role that is short; `None`: seats of any role.
    pub role: Option<SeatRole>,
    pub needed: u32,
    pub available: u32,
    /// Candidates that each rule excludes, by reason.
    pub excluded: BTreeMap<String, u32>,
    /// The application and those that compete with it for the same full experts: together they need more than these can give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub competing: Vec<String>,
    pub message: String,
    pub relaxations: Vec<Relaxation>,
}

/// A change after which this shortfall is gone, each checked by solving again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relaxation {
    pub text: String,
    pub changes: Vec<Change>,
}

/// One change to the problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    Demand { application: String, to: u32 },
    Minimum { application: String, role: SeatRole, to: u32 },
    MaxLoad { expert: String, to: u32 },
    MinLoad { expert: String, to: u32 },
    EmployerCap { to: u32 },
    DropLock { application: String, expert: String },
}

/// Prices that prove the bound, in units of the objective's integer values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    pub method: ProofMethod,
    /// Flows solved by branch and bound.
    pub nodes: u32,
    pub applications: Vec<SeatPrice>,
    pub experts: Vec<ExpertPrice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofMethod {
    /// The prices alone prove the claim.
    Duality,
    /// The prices prove a weaker bound; the rest rests on an exhaustive search that must be run again to be checked.
    BranchAndBound,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatPrice {
    pub application: String,
    /// Weight of the application's sum, for the fair criterion; 1 otherwise.
    pub weight: i64,
    pub seat: i64,
    pub technical: i64,
    pub finance: i64,
    pub management: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpertPrice {
    pub expert: String,
    pub price: i64,
}

/// Millionths as a number.
pub fn points(micro: i64) -> f64 {
    micro as f64 / f64::from(Affinity::ONE)
}
