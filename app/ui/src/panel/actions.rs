//! What the panel page does.

use crate::components::Query;
use crate::request::{context, finish, id, number};
use domain::ids::RoundId;
use leptos::prelude::*;
use service::Error;

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

fn back_to_bridging(round: &str) -> Query {
    id::<RoundId>(round).map_or_else(|_| Query::new("/"), |round| Query::new(format!("/rounds/{round}/bridging")))
}

/// 安排连接评审: `ask` is what the trial was asked, as its page wrote it.
#[server(endpoint = "set_bridges")]
pub async fn set_bridges(round: String, ask: String) -> Result<(), ServerFnError> {
    let back = back_to_bridging(&round).href();
    let result = async {
        let ctx = context()?;
        let unreadable = |_| Error::Invalid("试算的内容无法识别，请重新试算".to_owned());
        let ask = serde_json::from_str(&ask).map_err(unreadable)?;
        let made = service::panel::set_bridges(&ctx, id(&round)?, ask).await?;
        Ok((back.clone(), format!("已安排 {made} 份连接评审；评分开始时相应专家的评分台会列出这些项目")))
    };
    finish(result.await, &back)
}

/// 取消连接评审
#[server(endpoint = "clear_bridges")]
pub async fn clear_bridges(round: String) -> Result<(), ServerFnError> {
    let back = back_to_bridging(&round).href();
    let result = async {
        let ctx = context()?;
        service::panel::clear_bridges(&ctx, id(&round)?).await?;
        Ok((back.clone(), "已取消全部连接评审".to_owned()))
    };
    finish(result.await, &back)
}
