//! Server functions of the calibration page.

use crate::answer::{answer, done};
use crate::request::{context, id};
use crate::routes::{Round, of_round};
use leptos::prelude::*;

/// 计算校准
#[server(endpoint = "calibrate")]
pub async fn calibrate(round: String) -> Result<(), ServerFnError> {
    let back = of_round(&round, Round::calibration);
    answer(&back, async {
        let ctx = context()?;
        let record = service::calibration::compute(&ctx, id(&round)?).await?;
        let (applications, experts) = (record.applications.len(), record.experts.len());
        done(&back, format!("校准已计算：{applications}个项目、{experts}名专家，七种方法的结果均已保存"))
    })
    .await
}
