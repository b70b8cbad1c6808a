//! Server functions of the page.

use crate::answer::{Beside, answer, done};
use crate::request::{FormError, coded, context};
use crate::routes;
use leptos::prelude::*;
use service::approach::{self, Channel, Report};

/// 登记请托
#[server(endpoint = "report_approach")]
pub async fn report_approach(
    who: String,
    #[server(default)] about: String,
    day: String,
    channel: String,
    what: String,
) -> Result<(), ServerFnError> {
    answer(routes::APPROACHES, async {
        let ctx = context()?;
        let date = day.trim().parse().map_err(|_| FormError("请填写发生日期".to_owned())).beside("day")?;
        let channel: Channel = coded(&channel, "方式").beside("channel")?;
        approach::report(&ctx, date, channel, Report { who, about, what }).await?;
        done(routes::APPROACHES, "已登记并加密保存，只有监督员能查看")
    })
    .await
}
