//! Server functions of the expert's page.

use crate::answer::{Beside, answer, done};
use crate::request::{coded, context, id};
use crate::routes;
use domain::people::Number;
use leptos::prelude::*;
use service::personal;

/// 查看一个完整号码
#[server(endpoint = "unmask_number")]
pub async fn unmask_number(expert: String, number: String, reason: String) -> Result<(), ServerFnError> {
    let back = routes::at(&expert, routes::expert);
    answer(&back, async {
        let ctx = context()?;
        let kind: Number = coded(&number, "号码种类").beside("number")?;
        personal::unmask(&ctx, id(&expert)?, kind, &reason).await.beside("reason")?;
        done(&back, format!("已显示{kind}，用途已记入审计"))
    })
    .await
}
