//! Server functions of the pages of batches.

#![expect(clippy::too_many_arguments, reason = "a server function takes one argument per field of its form")]

use crate::answer::{Beside, BesideIf, answer, done};
use crate::request::{FormError, coded, context, id, number};
use crate::routes;
use domain::application::{Indicator, Task};
use domain::ids::{BatchId, IndicatorId, TaskId};
use domain::indicator::Draft;
use leptos::prelude::*;
use service::{Case, programme, round};

/// 建立批次
#[server(endpoint = "create_batch")]
pub async fn create_batch(year: String, seq: String, title: String, basis: String) -> Result<(), ServerFnError> {
    answer(routes::NEW_BATCH, async {
        let ctx = context()?;
        let batch = programme::create_batch(
            &ctx,
            number(&year, "年度").beside("year")?,
            number(&seq, "批次序号").beside("seq")?,
            &title,
            &basis,
        )
        .await
        .beside_if("seq", Case::Duplicate)?;
        done(routes::batch(batch), "批次已建立")
    })
    .await
}

/// 登记榜单任务
#[server(endpoint = "add_task")]
pub async fn add_task(
    batch: String,
    code: String,
    title: String,
    category: String,
    sector: String,
    content: String,
    deadline: String,
    #[server(default)] indicators: String,
) -> Result<(), ServerFnError> {
    let back = routes::at(&batch, routes::batch);
    answer(&back, async {
        let ctx = context()?;
        let batch: BatchId = id(&batch)?;
        let deadline = deadline.parse().map_err(|_| FormError("完成时限应为日期".to_owned())).beside("deadline")?;
        let task = Task {
            id: TaskId(ctx.id()),
            batch,
            code: domain::text::normalise(&code),
            title: domain::text::normalise(&title),
            category: coded(&category, "任务类别").beside("category")?,
            sector: coded(&sector, "重点领域").beside("sector")?,
            content: content.trim().to_owned(),
            deadline,
            indicators: read_indicators(&ctx, &indicators).beside("indicators")?,
        };
        programme::add_tasks(&ctx, batch, vec![task]).await.beside_if("code", Case::Duplicate)?;
        done(routes::batch(batch), format!("已登记任务 {}", domain::text::normalise(&code)))
    })
    .await
}

/// One indicator a line: `类别 名称 方向 目标值 单位 核心`, parts separated by `|`.
fn read_indicators(ctx: &service::Context, text: &str) -> Result<Vec<Indicator>, FormError> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let read = |(number, line)| match Draft::parse_line(line) {
        Ok(draft) => Ok(draft.with_id(IndicatorId(ctx.id()))),
        Err(error) => Err(FormError(format!("考核指标第{number}行：{error}"))),
    };
    (1..).zip(lines).map(read).collect()
}

/// 建立轮次
#[server(endpoint = "create_round")]
pub async fn create_round(
    batch: String,
    kind: String,
    title: String,
    reference_day: String,
) -> Result<(), ServerFnError> {
    let back = routes::at(&batch, routes::batch);
    answer(&back, async {
        let ctx = context()?;
        let day =
            reference_day.parse().map_err(|_| FormError("回避基准日应为日期".to_owned())).beside("reference_day")?;
        let round =
            round::create(&ctx, id(&batch)?, coded(&kind, "轮次类型").beside("kind")?, &title, day, None).await?;
        done(routes::Round(round).overview(), "轮次已建立")
    })
    .await
}
