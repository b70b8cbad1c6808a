//! 确认导入.

use crate::answer::{answer, done};
use crate::request::{context, id, own_address};
use crate::routes;
use leptos::prelude::*;
use service::import::{self, Assent};

/// 导入一个核对无误的文件
#[server(endpoint = "confirm_import")]
pub async fn confirm_import(
    import: String,
    #[server(default)] to: String,
    #[server(default)] seen: String,
    #[server(default)] late: String,
) -> Result<(), ServerFnError> {
    let back = routes::at(&import, routes::import);
    let to = own_address(&to).to_owned();
    answer(&back, async {
        let ctx = context()?;
        let assent = Assent { seen: Some(seen.as_str()), late: &late };
        let count = import::confirm(&ctx, id(&import)?, assent).await?;
        done(to, format!("已导入 {count} 条"))
    })
    .await
}
