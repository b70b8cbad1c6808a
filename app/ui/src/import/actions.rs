//! 确认导入.

use super::whole::whole as said;
use crate::answer::{answer, done};
use crate::components::Query;
use crate::request::{context, form_pairs, id, own_address};
use crate::routes;
use leptos::prelude::*;
use service::import::{self, Assent, Counts};

/// 导入一个核对无误的文件
#[server(endpoint = "confirm_import")]
pub async fn confirm_import(
    import: String,
    #[server(default)] to: String,
    #[server(default)] seen: String,
    #[server(default)] late: String,
    #[server(default)] whole: String,
) -> Result<(), ServerFnError> {
    let back = routes::at(&import, routes::import);
    let to = own_address(&to).to_owned();
    answer(&back, async {
        let ctx = context()?;
        let whole = said(&Query::from_pairs("/", form_pairs(whole.as_bytes())));
        let assent = Assent { seen: Some(seen.as_str()), late: &late, whole };
        let counts = import::confirm(&ctx, id(&import)?, assent).await?;
        let words = match counts {
            Counts { new, updated: 0, .. } => format!("已导入 {new} 条"),
            Counts { new: 0, updated, .. } => format!("已更新 {updated} 条"),
            Counts { new, updated, .. } => format!("已导入 {new} 条，更新 {updated} 条"),
        };
        done(to, words)
    })
    .await
}
