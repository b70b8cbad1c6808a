//! Server functions of the expert's page.

use crate::request::{coded, context, finish, id};
use crate::routes;
use domain::people::Number;
use leptos::prelude::*;
use service::personal;

/// 查看一个完整号码
#[server(endpoint = "unmask_number")]
pub async fn unmask_number(expert: String, number: String, reason: String) -> Result<(), ServerFnError> {
    let back = routes::at(&expert, routes::expert);
    let result = async {
        let ctx = context()?;
        let kind: Number = coded(&number, "号码种类")?;
        personal::unmask(&ctx, id(&expert)?, kind, &reason).await?;
        Ok((back.clone(), format!("已显示{kind}，用途已记入审计")))
    };
    finish(result.await, &back)
}
