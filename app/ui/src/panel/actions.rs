//! What the panel page does.

use crate::components::Query;
use crate::request::{context, finish, id, number};
use domain::ids::RoundId;
use leptos::prelude::*;

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
