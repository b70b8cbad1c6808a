//! Server functions of the page.

use crate::request::{coded, context, finish};
use crate::routes;
use leptos::prelude::*;
use service::Error;
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
    let result = async {
        let ctx = context()?;
        let date = day.trim().parse().map_err(|_| Error::Invalid("请填写发生日期".to_owned()))?;
        let channel: Channel = coded(&channel, "方式")?;
        approach::report(&ctx, date, channel, Report { who, about, what }).await?;
        Ok((routes::APPROACHES.to_owned(), "已登记并加密保存，只有监督员能查看".to_owned()))
    };
    finish(result.await, routes::APPROACHES)
}
