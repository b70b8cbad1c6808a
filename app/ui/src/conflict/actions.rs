//! Server functions of the recusal page.

use crate::answer::{Beside, answer, done};
use crate::components::Query;
use crate::consent::waiting;
use crate::request::{coded, context, form_pairs, id};
use crate::routes::{Round, of_round};
use domain::conflict::Decision;
use leptos::prelude::*;
use service::consent::Acted;

/// The recusal page of a round, with the query a form came from. Only the query is taken over, so that a form cannot
/// send people elsewhere.
fn back_to(round: &str, query: &str) -> String {
    Query::from_pairs(of_round(round, Round::conflicts), form_pairs(query.as_bytes())).href()
}

/// 回避比对
#[server(endpoint = "detect_conflicts")]
pub async fn detect_conflicts(round: String) -> Result<(), ServerFnError> {
    let back = back_to(&round, "");
    answer(&back, async {
        let ctx = context()?;
        let (total, new) = service::conflict::detect(&ctx, id(&round)?).await?;
        done(&back, format!("回避比对完成：共 {total} 条，其中新增 {new} 条；已认定的保留不变"))
    })
    .await
}

/// 撤销误报的申明
#[server(endpoint = "undo_recusal")]
pub async fn undo_recusal(
    round: String,
    conflict: String,
    reason: String,
    #[server(default)] query: String,
) -> Result<(), ServerFnError> {
    let back = back_to(&round, &query);
    answer(&back, async {
        let ctx = context()?;
        match service::conflict::undo(&ctx, id(&round)?, id(&conflict)?, &reason).await.beside("reason")? {
            Acted::Done(()) => done(&back, "已撤销误报的申明，理由已记录；因此作废的评分表恢复为草稿"),
            Acted::Waiting(needs) => waiting(&round, needs),
        }
    })
    .await
}

/// 认定回避
#[server(endpoint = "decide_conflict")]
pub async fn decide_conflict(
    round: String,
    conflict: String,
    decision: String,
    reason: String,
    #[server(default)] query: String,
) -> Result<(), ServerFnError> {
    let back = back_to(&round, &query);
    answer(&back, async {
        let ctx = context()?;
        let decision: Decision = coded(&decision, "认定结论").beside("decision")?;
        match service::conflict::decide(&ctx, id(&round)?, id(&conflict)?, decision, &reason).await.beside("reason")? {
            Acted::Done(()) => done(&back, format!("已认定：{decision}")),
            Acted::Waiting(needs) => waiting(&round, needs),
        }
    })
    .await
}
