//! The server function of the recusal page.

use leptos::prelude::*;

/// 申明回避
#[server(endpoint = "declare_recusal")]
pub async fn declare_recusal(
    round: String,
    application: String,
    sheet: String,
    #[server(default)] rule: String,
    #[server(default)] statement: String,
    #[server(default)] confirmed: String,
) -> Result<(), ServerFnError> {
    use crate::answer::{Beside, answer, done};
    use crate::request::{FormError, coded, context, id};
    use crate::routes;
    let back = routes::at(&sheet, routes::recusal);
    answer(&back, async {
        let ctx = context()?;
        let rule = coded(&rule, "回避情形").beside("rule")?;
        if confirmed.is_empty() {
            return Err(FormError("请先确认了解申明的后果".to_owned())).beside("confirmed");
        }
        let declared = service::conflict::declare(&ctx, id(&round)?, id(&application)?, rule, &statement);
        declared.await.beside("statement")?;
        done(routes::DESKS, "已申明回避，本项目不再向您显示")
    })
    .await
}
