//! Server functions of the pages of batches.

#![expect(clippy::too_many_arguments, reason = "a server function takes one argument per field of its form")]

use crate::answer::{Beside, BesideIf, answer, done};
use crate::request::{FormError, coded, context, id, number};
use crate::routes;
use domain::application::{Direction, Indicator, IndicatorKind, Task, Weighting};
use domain::ids::{BatchId, IndicatorId, TaskId};
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
    lines
        .enumerate()
        .map(|(i, line)| {
            let wrong = |what: &str| FormError(format!("考核指标第{}行：{what}", i + 1));
            let parts: Vec<_> = line.split(['|', '｜']).map(domain::text::normalise).collect();
            let [kind, name, direction, target, rest @ ..] = parts.as_slice() else {
                return Err(wrong("应为“类别|名称|方向|目标值|单位|核心”"));
            };
            let direction = match direction.as_str() {
                "≥" | ">=" => Direction::AtLeast,
                "≤" | "<=" => Direction::AtMost,
                other => Direction::from_label(other).ok_or_else(|| wrong("方向应为 ≥、≤、= 或 定性"))?,
            };
            let target = if direction == Direction::Qualitative {
                1000
            } else {
                domain::quantity::parse_thousandths(target)
                    .map_err(|error| wrong(&format!("目标值“{target}”{error}")))?
            };
            let core = rest.get(1).is_some_and(|mark| mark == Weighting::Core.label() || mark == "是");
            Ok(Indicator {
                id: IndicatorId(ctx.id()),
                kind: IndicatorKind::from_label(kind).ok_or_else(|| wrong("类别应为技术、经济、成果、人才或其他"))?,
                name: name.clone(),
                unit: rest.first().cloned().unwrap_or_default(),
                direction,
                target,
                weighting: if core { Weighting::Core } else { Weighting::Ordinary },
            })
        })
        .collect()
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
