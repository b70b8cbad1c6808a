//! 确认导入.

use crate::answer::{answer, done};
use crate::request::{context, id, own_address};
use crate::routes;
use leptos::prelude::*;
use service::import;

/// 导入一个核对无误的文件
#[server(endpoint = "confirm_import")]
pub async fn confirm_import(
    import: String,
    #[server(default)] to: String,
    #[server(default)] seen: String,
) -> Result<(), ServerFnError> {
    let back = routes::at(&import, routes::import);
    let to = own_address(&to).to_owned();
    answer(&back, async {
        let ctx = context()?;
        let count = import::confirm(&ctx, id(&import)?, Some(seen.as_str()).filter(|seen| !seen.is_empty())).await?;
        done(to, format!("已导入 {count} 条"))
    })
    .await
}
