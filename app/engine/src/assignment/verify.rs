//! Checks a solution against its problem without solving again.

use super::certificate::{self, Claim};
use super::digest::digest;
use super::dual;
use super::model::{FREE, Model, index};
use super::problem::{Affinity, Objective, Problem, ProblemError, role_bit};
use super::solution::{ALGORITHM, ProofMethod, Solution, Status, points};
use super::solve::Goal;
use super::value::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The facts that a check establishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// Every rule is kept and no assignment is better: proved by prices.
    Optimal,
    /// Every rule is kept; the stated bound is proved by prices, and some better assignment may exist.
    Bounded,
    /// Every rule is kept; the stated bound rests on a search that was not repeated. The prices prove a weaker bound.
    SearchNotRepeated,
    /// No assignment keeps every rule: proved by prices.
    Infeasible,
    /// Said to be infeasible after a search that was not repeated, or because locks contradict other rules.
    InfeasibleNotRepeated,
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum VerifyError {
    #[error(transparent)]
    Problem(#[from] ProblemError),
    #[error("算法版本“{0}”不受支持")]
    Algorithm(String),
    #[error("输入摘要不符：结果并非由这些输入计算得到")]
    Digest,
    #[error("结果含未知或重复的分配：项目 {application}，专家 {expert}")]
    Link { application: String, expert: String },
    #[error("项目 {application} 与专家 {expert} 的匹配度与输入不符")]
    Affinity { application: String, expert: String },
    #[error("项目 {application} 应有 {needed} 名专家，实有 {found} 名")]
    Demand { application: String, needed: u32, found: u32 },
    #[error("项目 {application} 的专家类别不足或与专家不符")]
    Roles { application: String },
    #[error("专家 {expert} 的评审数 {found} 超出 {min}～{max}")]
    Load { expert: String, found: u32, min: u32, max: u32 },
    #[error("项目 {application} 中同一单位专家有 {found} 名，上限 {cap} 名")]
    EmployerCap { application: String, found: u32, cap: u32 },
    #[error("锁定未遵守：项目 {application}，专家 {expert}")]
    Lock { application: String, expert: String },
    #[error("目标值与分配不符")]
    Objective,
    #[error("最优性证书缺失或不完整")]
    Certificate,
    #[error("证书不能证明所声称的结论")]
    Unproved,
}

/// Checks every hard rule, the objective, and what the certificate proves, in time linear in the pairs.
///
/// # Errors
/// The first thing found wrong.
pub fn verify(problem: &Problem, solution: &Solution) -> Result<Verified, VerifyError> {
    let model = Model::new(problem)?;
    if solution.algorithm != ALGORITHM {
        return Err(VerifyError::Algorithm(solution.algorithm.clone()));
    }
    if solution.input_digest != digest(&model) {
        return Err(VerifyError::Digest);
    }
    if solution.status == Status::Infeasible {
        return infeasible(&model, solution);
    }
    let chosen = positions(&model, solution)?;
    rules(&model, &chosen)?;
    roles(&model, solution)?;
    let certificate = solution.certificate.as_ref().ok_or(VerifyError::Certificate)?;
    let claim = certificate::read(&model, certificate).ok_or(VerifyError::Certificate)?;
    if problem.objective == Objective::Fair {
        fair(&model, solution, &chosen, &claim)
    } else {
        valued(&model, solution, &chosen, &claim)
    }
}

fn infeasible(model: &Model, solution: &Solution) -> Result<Verified, VerifyError> {
    if !solution.assignments.is_empty() || solution.objective.is_some() {
        return Err(VerifyError::Objective);
    }
    if !model.broken_locks.is_empty() {
        return Ok(Verified::Infeasible);
    }
    let certificate = solution.certificate.as_ref().ok_or(VerifyError::Certificate)?;
    let claim = certificate::read(model, certificate).ok_or(VerifyError::Certificate)?;
    match (certificate::refutes(model, &claim.prices), certificate.method) {
        (true, _) => Ok(Verified::Infeasible),
        (false, ProofMethod::BranchAndBound) => Ok(Verified::InfeasibleNotRepeated),
        (false, ProofMethod::Duality) => Err(VerifyError::Unproved),
    }
}

/// Positions of the assigned pairs, ascending; all listed, eligible, free of conflict, distinct.
fn positions(model: &Model, solution: &Solution) -> Result<Vec<u32>, VerifyError> {
    let applications: BTreeMap<&str, u32> =
        (0..).map_while(|i| model.applications.get(index(i)).map(|_| (model.application_id(i), i))).collect();
    let experts: BTreeMap<&str, u32> =
        (0..).map_while(|j| model.experts.get(index(j)).map(|_| (model.expert_id(j), j))).collect();
    let mut chosen = BTreeSet::new();
    for a in &solution.assignments {
        let link = || VerifyError::Link { application: a.application.clone(), expert: a.expert.clone() };
        let i = *applications.get(a.application.as_str()).ok_or_else(link)?;
        let j = *experts.get(a.expert.as_str()).ok_or_else(link)?;
        let at = model.position(i, j).ok_or_else(link)?;
        if !chosen.insert(at) {
            return Err(link());
        }
        if Affinity::from_f64(a.affinity).map(Affinity::micro) != Some(model.values[index(at)]) {
            return Err(VerifyError::Affinity { application: a.application.clone(), expert: a.expert.clone() });
        }
    }
    Ok(chosen.into_iter().collect())
}

/// Demand, loads, employer caps and locks.
fn rules(model: &Model, chosen: &[u32]) -> Result<(), VerifyError> {
    let mut seats = vec![0; model.applications.len()];
    let mut loads = vec![0; model.experts.len()];
    let mut employers: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for &at in chosen {
        let (i, j) = (model.application_of(at), model.columns[index(at)]);
        seats[index(i)] += 1;
        loads[index(j)] += 1;
        let employer = model.experts[index(j)].employer;
        if employer != FREE {
            *employers.entry((i, employer)).or_default() += 1;
        }
    }
    for ((a, &found), i) in model.applications.iter().zip(&seats).zip(0..) {
        if a.demand != found {
            return Err(VerifyError::Demand {
                application: model.application_id(i).to_owned(),
                needed: a.demand,
                found,
            });
        }
    }
    for ((e, &found), j) in model.experts.iter().zip(&loads).zip(0..) {
        if found < e.min_load || found > e.max_load {
            return Err(VerifyError::Load {
                expert: model.expert_id(j).to_owned(),
                found,
                min: e.min_load,
                max: e.max_load,
            });
        }
    }
    if let Some((&(i, _), &found)) = employers.iter().find(|(_, n)| **n > model.cap) {
        return Err(VerifyError::EmployerCap {
            application: model.application_id(i).to_owned(),
            found,
            cap: model.cap,
        });
    }
    if let Some(&at) = model.locks.iter().find(|at| chosen.binary_search(at).is_err()) {
        let (application, expert) = model.ids(model.application_of(at), model.columns[index(at)]);
        return Err(VerifyError::Lock { application: application.to_owned(), expert: expert.to_owned() });
    }
    Ok(())
}

/// Every seat is held by an expert who may hold it, and every minimum is met by the seats as named.
fn roles(model: &Model, solution: &Solution) -> Result<(), VerifyError> {
    let open: BTreeMap<&str, u8> =
        (0..).map_while(|j| model.experts.get(index(j)).map(|e| (model.expert_id(j), e.roles))).collect();
    let mut held: BTreeMap<&str, [u32; 3]> = BTreeMap::new();
    for a in &solution.assignments {
        let counts = held.entry(a.application.as_str()).or_default();
        let Some(role) = a.role.role() else { continue };
        if open.get(a.expert.as_str()).is_none_or(|bits| bits & role_bit(role) == 0) {
            return Err(VerifyError::Roles { application: a.application.clone() });
        }
        counts[role as usize] += 1;
    }
    for (application, i) in model.applications.iter().zip(0..) {
        let id = model.application_id(i);
        let counts = held.get(id).copied().unwrap_or_default();
        if application.minima.iter().zip(counts).any(|(&m, n)| n < m) {
            return Err(VerifyError::Roles { application: id.to_owned() });
        }
    }
    Ok(())
}

fn valued(model: &Model, solution: &Solution, chosen: &[u32], claim: &Claim) -> Result<Verified, VerifyError> {
    let value = Value::new(model);
    let goal = Goal::new(model, &value);
    let (objective, total) = goal.achieved(chosen);
    if objective != solution.objective || total != solution.total {
        return Err(VerifyError::Objective);
    }
    let achieved: i64 = chosen.iter().map(|&at| value.of(model.application_of(at), at)).sum();
    let proved = dual::rounded(model, &value, &claim.prices);
    let (bound, total_bound) = match i64::try_from(proved) {
        Ok(proved) => goal.possible(proved, achieved),
        Err(_) => (None, None),
    };
    let by_prices = solution.bound == bound && solution.total_bound == total_bound;
    conclude(
        solution,
        proved == i128::from(achieved),
        by_prices,
        objective <= solution.bound || model.problem.objective != Objective::Total,
    )
}

/// The worst-off application cannot have more than the weighted mean of all sums, which the prices bound.
fn fair(model: &Model, solution: &Solution, chosen: &[u32], claim: &Claim) -> Result<Verified, VerifyError> {
    let mut sums = vec![0_i64; model.applications.len()];
    for &at in chosen {
        sums[index(model.application_of(at))] += i64::from(model.values[index(at)]);
    }
    let worst = sums.iter().copied().min().unwrap_or(0);
    if solution.objective != Some(points(worst)) || solution.total != Some(points(sums.iter().sum())) {
        return Err(VerifyError::Objective);
    }
    let weight: i128 = claim.weights.iter().copied().map(i128::from).sum();
    let bound = dual::bound(model, &Value::weighted(model, claim.weights.clone()), &claim.prices);
    let proved = if weight > 0 { i64::try_from(bound.div_euclid(weight)).ok() } else { None };
    let stated = solution.bound.ok_or(VerifyError::Unproved)?;
    conclude(
        solution,
        false,
        proved.is_some_and(|p| points(p) <= stated) && solution.status == Status::Feasible,
        points(worst) <= stated,
    )
}

fn conclude(solution: &Solution, tight: bool, by_prices: bool, consistent: bool) -> Result<Verified, VerifyError> {
    let by_search = solution.certificate.as_ref().is_some_and(|c| c.method == ProofMethod::BranchAndBound);
    match solution.status {
        Status::Optimal if solution.objective != solution.bound => Err(VerifyError::Unproved),
        Status::Optimal if tight => Ok(Verified::Optimal),
        Status::Feasible if by_prices => Ok(Verified::Bounded),
        _ if by_search && consistent => Ok(Verified::SearchNotRepeated),
        _ => Err(VerifyError::Unproved),
    }
}
