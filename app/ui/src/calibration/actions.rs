//! What the calibration page does.

use crate::request::{context, finish, id};
use domain::ids::RoundId;
use leptos::prelude::*;

/// 计算校准
#[server(endpoint = "calibrate")]
pub async fn calibrate(round: String) -> Result<(), ServerFnError> {
    let back = match round.parse::<RoundId>() {
        Ok(round) => format!("/rounds/{round}/calibration"),
        Err(_) => "/batches".to_owned(),
    };
    let result = async {
        let ctx = context()?;
        let record = service::calibration::compute(&ctx, id(&round)?).await?;
        let (applications, experts) = (record.applications.len(), record.experts.len());
        Ok((back.clone(), format!("校准已计算：{applications}个项目、{experts}名专家，七种方法的结果均已保存")))
    };
    finish(result.await, &back)
}
