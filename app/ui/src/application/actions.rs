//! 形式审查.

use crate::answer::{Beside, answer, done};
use crate::request::{coded, context, id};
use crate::routes::{Round, at, of_round};
use leptos::prelude::*;
use service::application;

/// 逐项形式审查
#[server(endpoint = "decide_formality")]
pub async fn decide_formality(
    round: String,
    application: String,
    state: String,
    #[server(default)] reason: String,
) -> Result<(), ServerFnError> {
    let back = of_round(&round, |round| at(&application, |application| round.application(application)));
    answer(&back, async {
        let ctx = context()?;
        let state = coded(&state, "审查结论").beside("state")?;
        application::decide(&ctx, id(&round)?, id(&application)?, state, &reason).await.beside("reason")?;
        done(of_round(&round, Round::applications), format!("已认定：{state}"))
    })
    .await
}

/// 通过全部没有问题的申报
#[server(endpoint = "pass_sound")]
pub async fn pass_sound(round: String) -> Result<(), ServerFnError> {
    let back = of_round(&round, Round::applications);
    answer(&back, async {
        let ctx = context()?;
        let count = application::pass_sound(&ctx, id(&round)?).await?;
        done(&back, format!("{count} 项没有问题的申报已通过形式审查"))
    })
    .await
}
