//! Server functions of the check page.

use crate::answer::{Beside, answer, done};
use crate::components::Query;
use crate::consent::waiting;
use crate::request::{context, id};
use crate::routes::{Round, of_round};
use domain::ids::{PanelId, SheetId};
use leptos::prelude::*;
use service::consent::Acted;

fn back_to(round: &str, panel: &str, sheet: &str) -> String {
    let mut query = Query::new(of_round(round, Round::board));
    if let Ok(panel) = id::<PanelId>(panel) {
        query = query.with("panel", panel.to_string());
    }
    if let Ok(sheet) = id::<SheetId>(sheet) {
        query = query.with("sheet", sheet.to_string());
    }
    query.href()
}

/// 作废评分表
#[server(endpoint = "void_sheet")]
pub async fn void_sheet(
    round: String,
    sheet: String,
    reason: String,
    #[server(default)] panel: String,
) -> Result<(), ServerFnError> {
    let back = back_to(&round, &panel, &sheet);
    answer(&back, async {
        let ctx = context()?;
        match service::scoring::void(&ctx, id(&round)?, id(&sheet)?, &reason).await.beside("reason")? {
            Acted::Done(()) => done(&back, "评分表已作废：退出全部计算，原表和理由留存"),
            Acted::Waiting(needs) => waiting(&round, needs),
        }
    })
    .await
}
