//! What the panel page does.

use crate::components::Query;
use crate::request::{context, finish, id, number};
use domain::ids::RoundId;
use leptos::prelude::*;
use service::Error;
use service::assignment::{Demand, Status};

fn back_to(round: &str) -> Query {
    id::<RoundId>(round).map_or_else(|_| Query::new("/"), |round| Query::new(format!("/rounds/{round}/panels")))
}

/// 分组
#[server(endpoint = "plan_panels")]
pub async fn plan_panels(round: String, count: String) -> Result<(), ServerFnError> {
    let back = back_to(&round).href();
    let result = async {
        let ctx = context()?;
        let made = service::panel::plan(&ctx, id(&round)?, number(&count, "评审组数")?).await?;
        Ok((back.clone(), format!("已分为 {made} 个评审组")))
    };
    finish(result.await, &back)
}

/// 移动榜单任务
#[server(endpoint = "move_task")]
pub async fn move_task(round: String, task: String, panel: String) -> Result<(), ServerFnError> {
    let back = back_to(&round).href();
    let result = async {
        let ctx = context()?;
        service::panel::move_task(&ctx, id(&round)?, id(&task)?, id(&panel)?).await?;
        Ok((back.clone(), "已移动，任务下的全部项目一并移动".to_owned()))
    };
    finish(result.await, &back)
}

/// 指派专家
#[server(endpoint = "assign_experts")]
pub async fn assign_experts(
    round: String,
    technical: String,
    finance: String,
    management: String,
    employer_cap: String,
    recusals: String,
) -> Result<(), ServerFnError> {
    // The form comes back as it was filled in.
    let back = back_to(&round)
        .with("technical", technical.clone())
        .with("finance", finance.clone())
        .with("management", management.clone())
        .with("employer_cap", employer_cap.clone())
        .with("recusals", recusals.clone())
        .href();
    let result = async {
        let ctx = context()?;
        let demand = Demand {
            technical: number(&technical, "技术专家人数")?,
            finance: number(&finance, "财务专家人数")?,
            management: number(&management, "产业/管理专家人数")?,
            employer_cap: number(&employer_cap, "同一单位上限")?,
            recusals: number(&recusals, "允许个别项目回避数")?,
        };
        let outcome = service::assignment::assign(&ctx, id(&round)?, &demand).await?;
        match outcome.status {
            Status::Infeasible => {
                Err(Error::NotNow("没有满足全部条件的指派方案，席位没有改动；原因和可行的调整见下".to_owned()))
            }
            Status::Optimal | Status::Feasible => {
                Ok((back.clone(), format!("指派完成，共 {} 个席位", outcome.assignments.len())))
            }
        }
    };
    finish(result.await, &back)
}
