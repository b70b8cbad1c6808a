//! Server functions of the sign-in page.

use crate::answer::{Beside, answer, done};
use crate::request::{coded, context, id};
use crate::routes::of_round;
use domain::seat::Presence;
use leptos::prelude::*;

/// Back to the panel whose form was sent.
fn back_to(round: &str, panel: &str) -> String {
    let panel: String = panel.chars().filter(char::is_ascii_hexdigit).collect();
    of_round(round, |round| format!("{}#p-{panel}", round.session()))
}

/// 登记到会
#[server(endpoint = "set_presence")]
pub async fn set_presence(
    round: String,
    expert: String,
    presence: String,
    #[server(default)] panel: String,
) -> Result<(), ServerFnError> {
    let back = back_to(&round, &panel);
    answer(&back, async {
        let ctx = context()?;
        let presence: Presence = coded(&presence, "到会情况").beside("presence")?;
        service::session::set_presence(&ctx, id(&round)?, &[id(&expert)?], presence).await?;
        done(&back, format!("已登记：{presence}"))
    })
    .await
}

/// 全组签到
#[server(endpoint = "mark_expected_present")]
pub async fn mark_expected_present(round: String, panel: String) -> Result<(), ServerFnError> {
    let back = back_to(&round, &panel);
    answer(&back, async {
        let ctx = context()?;
        let count = service::session::mark_expected_present(&ctx, id(&round)?, id(&panel)?).await?;
        done(&back, format!("已登记 {count} 名专家签到"))
    })
    .await
}
