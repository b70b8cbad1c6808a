//! Server functions of the ranking page.

use crate::answer::{Beside, answer, done};
use crate::components::Query;
use crate::request::{coded, context, id};
use crate::routes::{Round, of_round};
use domain::acceptance::Conclusion;
use domain::result::Outcome;
use leptos::prelude::*;

/// 计算排序
#[server(endpoint = "rank")]
pub async fn rank(round: String) -> Result<(), ServerFnError> {
    let back = of_round(&round, Round::ranking);
    answer(&back, async {
        let ctx = context()?;
        let ranking = service::ranking::compute(&ctx, id(&round)?).await?;
        let tied = ranking.rows.iter().filter(|r| r.outcome == Outcome::LineTie).count();
        let more = if tied > 0 { format!("，其中{tied}项跨线并列，须会商") } else { String::new() };
        done(&back, format!("排序已计算：{}个项目{more}", ranking.rows.len()))
    })
    .await
}

/// 会商跨线并列
#[server(endpoint = "settle_tie")]
pub async fn settle_tie(
    round: String,
    application: String,
    code: String,
    #[server(default)] outcome: String,
    reason: String,
) -> Result<(), ServerFnError> {
    let back = format!("{}#ties", of_round(&round, Round::ranking));
    answer(&back, async {
        let ctx = context()?;
        let outcome: Outcome = coded(&outcome, "会商结论").beside("outcome")?;
        service::ranking::settle_tie(&ctx, id(&round)?, id(&application)?, outcome, &reason).await.beside("reason")?;
        done(&back, format!("{code} 会商结论：{outcome}"))
    })
    .await
}

/// 确定验收结论
#[server(endpoint = "conclude")]
pub async fn conclude(
    round: String,
    application: String,
    code: String,
    conclusion: String,
    reason: String,
) -> Result<(), ServerFnError> {
    let opened = Query::new(of_round(&round, Round::ranking)).with("row", code.clone()).href();
    let back = format!("{opened}#row-{code}");
    answer(&back, async {
        let ctx = context()?;
        let conclusion: Conclusion = coded(&conclusion, "验收结论").beside("conclusion")?;
        service::ranking::conclude(&ctx, id(&round)?, id(&application)?, conclusion, &reason).await.beside("reason")?;
        done(&back, format!("{code} 验收结论：{conclusion}"))
    })
    .await
}
