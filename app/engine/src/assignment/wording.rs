//! Changes as officials read them.

use super::outcome::Change;
use super::problem::{ApplicationDemand, ExpertSupply, Problem};

/// One change in words, from what the problem says now.
pub fn words(problem: &Problem, change: &Change) -> String {
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
            format!("将项目 {id} 的{}专家由 {} 名减为 {to} 名", role.label(), a.minima[role.index()])
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
