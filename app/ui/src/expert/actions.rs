//! Server functions of the expert's page.

use crate::answer::{Beside, answer, done};
use crate::request::{FormError, coded, context, id};
use crate::routes;
use domain::identity::persons::Ruling;
use domain::ids::ExpertId;
use domain::people::Number;
use leptos::prelude::*;
use service::identity::{self, Asked};
use service::{Error, personal};
use std::collections::BTreeMap;

/// 查看一个完整号码
#[server(endpoint = "unmask_number")]
pub async fn unmask_number(expert: String, number: String, reason: String) -> Result<(), ServerFnError> {
    let back = routes::at(&expert, routes::expert);
    answer(&back, async {
        let ctx = context()?;
        let kind: Number = coded(&number, "号码种类").beside("number")?;
        personal::unmask(&ctx, id(&expert)?, kind, &reason).await.beside("reason")?;
        done(&back, format!("已显示{kind}，用途已记入审计"))
    })
    .await
}

/// 认定是否同一人: of every pair on the page `ruling.` what was chosen and `reason.` why. Only what was chosen is written.
#[server(endpoint = "judge_identities")]
pub async fn judge_identities(#[server(flatten)] rows: BTreeMap<String, String>) -> Result<(), ServerFnError> {
    answer(routes::DOUBLES, async {
        let ctx = context()?;
        let mut asked = Vec::new();
        for (name, chosen) in &rows {
            let Some(key) = name.strip_prefix("ruling.").filter(|_| !chosen.is_empty()) else { continue };
            let (first, second) = key.split_once('.').ok_or(Error::NotFound)?;
            let (first, second): (ExpertId, ExpertId) = (id(first)?, id(second)?);
            let ruling = match chosen.as_str() {
                "first" => Ruling::Same { kept: first },
                "second" => Ruling::Same { kept: second },
                "distinct" => Ruling::Distinct,
                _ => return Err(Error::NotFound.into()),
            };
            let field = format!("reason.{key}");
            let reason = rows.get(&field).cloned().unwrap_or_default();
            if reason.trim().is_empty() {
                return Err(FormError("请写明理由".to_owned())).beside(&field);
            }
            asked.push(Asked { first, second, ruling, reason });
        }
        let count = asked.len();
        identity::decide(&ctx, asked).await?;
        done(routes::DOUBLES, if count == 0 { "没有选择认定".to_owned() } else { format!("已认定{count}对") })
    })
    .await
}

/// 撤销“不是同一人”
#[server(endpoint = "reopen_identity")]
pub async fn reopen_identity(judgement: String, reason: String) -> Result<(), ServerFnError> {
    answer(routes::DOUBLES, async {
        let ctx = context()?;
        identity::reopen(&ctx, id(&judgement)?, &reason).await.beside("reason")?;
        done(routes::DOUBLES, "认定已撤销，该对重新列入待认定")
    })
    .await
}
