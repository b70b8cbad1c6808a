//! Server functions of the panel and bridging pages.

use crate::answer::{Beside, answer, done};
use crate::request::{FormError, context, id, number};
use crate::routes::{Round, of_round};
use leptos::prelude::*;

/// 分组
#[server(endpoint = "plan_panels")]
pub async fn plan_panels(round: String, count: String) -> Result<(), ServerFnError> {
    let back = of_round(&round, Round::panels);
    answer(&back, async {
        let ctx = context()?;
        let made = service::panel::plan(&ctx, id(&round)?, number(&count, "评审组数").beside("count")?).await?;
        done(&back, format!("已分为 {made} 个评审组"))
    })
    .await
}

/// 移动榜单任务
#[server(endpoint = "move_task")]
pub async fn move_task(round: String, task: String, panel: String) -> Result<(), ServerFnError> {
    let back = of_round(&round, Round::panels);
    answer(&back, async {
        let ctx = context()?;
        service::panel::move_task(&ctx, id(&round)?, id(&task)?, id(&panel)?).await?;
        done(&back, "已移动，任务下的全部项目一并移动")
    })
    .await
}

/// 退回分组
#[server(endpoint = "regroup")]
pub async fn regroup(round: String, reason: String) -> Result<(), ServerFnError> {
    let back = of_round(&round, Round::draw);
    answer(&back, async {
        service::panel::regroup(&context()?, id(&round)?, &reason).await.beside("reason")?;
        done(of_round(&round, Round::panels), "已退回分组")
    })
    .await
}

/// 安排连接评审: `ask` is what the trial was asked, as its page wrote it.
#[server(endpoint = "set_bridges")]
pub async fn set_bridges(round: String, ask: String) -> Result<(), ServerFnError> {
    let back = of_round(&round, Round::bridging);
    answer(&back, async {
        let ctx = context()?;
        let unreadable = |_| FormError("试算的内容无法识别，请重新试算".to_owned());
        let ask = serde_json::from_str(&ask).map_err(unreadable)?;
        let made = service::panel::set_bridges(&ctx, id(&round)?, ask).await?;
        done(&back, format!("已安排 {made} 份连接评审；评分开始时相应专家的评分台会列出这些项目"))
    })
    .await
}

/// 取消连接评审
#[server(endpoint = "clear_bridges")]
pub async fn clear_bridges(round: String) -> Result<(), ServerFnError> {
    let back = of_round(&round, Round::bridging);
    answer(&back, async {
        let ctx = context()?;
        service::panel::clear_bridges(&ctx, id(&round)?).await?;
        done(&back, "已取消全部连接评审")
    })
    .await
}
