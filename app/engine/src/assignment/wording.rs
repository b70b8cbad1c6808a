//! Shortfalls and changes as officials read them.

use super::gap::{Exclusion, Gap};
use super::model::BrokenLock;
use super::problem::{ApplicationDemand, ExpertSupply, Problem};
use super::solution::{Change, Shortfall};

/// The message of a shortfall whose other fields are filled.
pub fn message(gap: Gap, shortfall: &Shortfall) -> String {
    let Shortfall { application, expert, needed, available, .. } = shortfall;
    let expert = expert.as_deref().unwrap_or_default();
    let text = match gap {
        Gap::Seats => seats(shortfall),
        Gap::Minima { sum } => format!("项目 {application} 各类别最低人数之和为 {sum}，超过需求 {needed} 名"),
        Gap::Locks { excess } => {
            format!("项目 {application} 的锁定专家与需求人数、类别或同单位上限不能同时满足，多出 {excess} 名")
        }
        Gap::LeastLoad => format!("专家 {expert} 至少应评 {needed} 项，最多能安排 {available} 项"),
        Gap::LockedLoad => format!("专家 {expert} 被锁定 {needed} 项，超过上限 {available} 项"),
        Gap::BrokenLock(lock) => format!("项目 {application} 锁定了专家 {expert}，但{}", broken_lock(lock)),
    };
    match shortfall.competing.len() {
        0 | 1 => text,
        all => format!("{text}；与其争用同一批专家的项目共 {} 个", all - 1),
    }
}

fn seats(shortfall: &Shortfall) -> String {
    let Shortfall { application, needed, available, .. } = shortfall;
    let role = shortfall.role.map_or("", |role| role.label());
    let excluded: Vec<String> = shortfall.excluded.iter().map(|(reason, n)| format!("{reason} {n} 名")).collect();
    let why = if excluded.is_empty() {
        String::new()
    } else {
        format!("；不能安排的专家：{}", excluded.join("、"))
    };
    let missing = needed - available;
    format!("项目 {application} 需要{role}专家 {needed} 名，最多能安排 {available} 名，缺 {missing} 名{why}")
}

pub const fn broken_lock(lock: BrokenLock) -> &'static str {
    match lock {
        BrokenLock::NotEligible { .. } => "该专家对该项目未列为候选",
        BrokenLock::Conflict { .. } => "该专家须回避该项目",
        BrokenLock::Demand { .. } => "其他锁定已占满该项目的席位",
        BrokenLock::Load { .. } => "其他锁定已占满该专家的评审数上限",
        BrokenLock::EmployerCap { .. } => "其他锁定已占满同单位专家上限",
    }
}

pub const fn exclusion(exclusion: Exclusion) -> &'static str {
    match exclusion {
        Exclusion::Role => "专家类别不符",
        Exclusion::NotListed => "未列为候选",
        Exclusion::FullLoad => "评审数已满",
        Exclusion::EmployerCap => "同单位人数已达上限",
    }
}

/// The note on a partial assignment.
pub fn partial(empty_seats: u32) -> String {
    format!("部分分配：尚有 {empty_seats} 个席位空缺，不得作为正式分配结果使用")
}

/// Changes that are made together. `alone`: nothing else has to be changed.
pub fn relaxation(problem: &Problem, changes: &[Change], alone: bool) -> String {
    let words: Vec<String> = changes.iter().map(|change| words(problem, change)).collect();
    words.join("，并") + if alone { "" } else { "（其余缺口另行解决）" }
}

/// One change, from the value the problem has now.
fn words(problem: &Problem, change: &Change) -> String {
    let application = |id: &str| problem.applications.iter().find(|a| a.id == *id);
    let expert = |id: &str| problem.experts.iter().find(|e| e.id == *id);
    match change {
        Change::Demand { application: id, to } => {
            let from = application(id).map_or(0, |a: &ApplicationDemand| a.demand);
            format!("将项目 {id} 的专家人数由 {from} 名改为 {to} 名")
        }
        Change::Minimum { application: id, role, to } => {
            let Some((a, role)) = application(id).zip(role.role()) else {
                return String::new();
            };
            format!("将项目 {id} 的{}专家由 {} 名减为 {to} 名", role.label(), a.minima[role as usize])
        }
        Change::MaxLoad { expert: id, to } => {
            let from = expert(id).map_or(0, |e: &ExpertSupply| e.max_load);
            format!("将专家 {id} 的评审数上限由 {from} 项提高到 {to} 项")
        }
        Change::MinLoad { expert: id, to } => {
            let from = expert(id).map_or(0, |e: &ExpertSupply| e.min_load);
            format!("将专家 {id} 的最低评审数由 {from} 项减为 {to} 项")
        }
        Change::EmployerCap { to } => {
            format!("将同一单位在一个项目中的专家上限由 {} 名提高到 {to} 名", problem.employer_cap)
        }
        Change::DropLock { application, expert } => format!("取消项目 {application} 对专家 {expert} 的锁定"),
    }
}
