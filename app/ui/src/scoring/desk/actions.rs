//! Saving and submitting a sheet: by form without JavaScript, by call while one types.

#![expect(clippy::struct_field_names, reason = "the recusal fields share a form with the items of the sheet")]

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answer to a save while typing. Refusals are values: only a lost connection is an error of the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaveReply {
    /// Kept under this version since this time of day, but for these items, which are no scores and keep what they had.
    Saved { version: u32, time: String, wrong: Vec<(String, String)> },
    /// Saved elsewhere in the meantime; nothing was overwritten.
    Stale { latest: u32 },
    /// Why nothing is kept any more.
    Refused(String),
}

/// 保存草稿（边填边存）
#[server(endpoint = "keep_sheet")]
pub async fn keep_sheet(
    sheet: String,
    version: u32,
    entries: BTreeMap<String, String>,
) -> Result<SaveReply, ServerFnError> {
    use crate::request::FormError;
    use domain::sheet::SheetError;
    use service::{Error, RuleError};
    let typed = match server_side::typed(&entries) {
        Ok(typed) => typed,
        Err(FormError(text)) => return Ok(SaveReply::Refused(text)),
    };
    let result = async {
        let ctx = crate::request::context()?;
        service::scoring::save_what_is_right(&ctx, crate::request::id(&sheet)?, version, &typed).await
    };
    Ok(match result.await {
        Ok((saved, wrong)) => SaveReply::Saved {
            version: saved.version,
            time: server_side::clock(saved.saved_at),
            wrong: wrong.into_iter().map(|i| (i.code, i.problem)).collect(),
        },
        Err(Error::Rule(RuleError::Sheet(SheetError::Stale { latest, .. }))) => SaveReply::Stale { latest },
        Err(error) => {
            crate::request::log(&error);
            SaveReply::Refused(crate::request::error_text(&error))
        }
    })
}

/// 保存、提交评分表（表单）: `intent` is `save` or `submit`; the other fields are the items as typed.
#[server(endpoint = "post_sheet")]
pub async fn post_sheet(
    sheet: String,
    version: String,
    #[server(default)] intent: String,
    #[server(flatten)] entries: BTreeMap<String, String>,
) -> Result<(), ServerFnError> {
    let back = crate::routes::at(&sheet, crate::routes::desk);
    crate::answer::answer(&back, server_side::post(&sheet, &version, &intent, &entries)).await
}

#[cfg(feature = "ssr")]
pub mod server_side {
    use crate::answer::{Done, Refusal, done};
    use crate::components::format;
    use crate::request::{FormError, coded, context, id, number};
    use crate::routes;
    use domain::Timestamp;
    use domain::ids::SheetId;
    use domain::sheet::{SheetError, Typed};
    use service::{Error, scoring};
    use std::collections::BTreeMap;

    /// The time of day in Beijing.
    pub fn clock(at: Option<Timestamp>) -> String {
        at.map(|at| format::clock(crate::time::beijing(at))).unwrap_or_default()
    }

    /// `A1` is an item's score, `A1.reason` its reason.
    pub fn typed(entries: &BTreeMap<String, String>) -> Result<Typed, FormError> {
        let mut typed = Typed::default();
        for (key, value) in entries {
            if key == "vote" {
                typed.vote = if value.is_empty() { None } else { Some(coded(value, "推荐意见")?) };
            } else if key == "comment" {
                typed.comment.clone_from(value);
            } else if let Some(code) = key.strip_suffix(".reason") {
                typed.reasons.insert(code.to_owned(), value.clone());
            } else {
                typed.points.insert(key.clone(), value.clone());
            }
        }
        Ok(typed)
    }

    /// Saves, then submits if asked. An item that is wrong does not keep the others from being saved; it comes back as it was typed.
    pub async fn post(
        sheet: &str,
        version: &str,
        intent: &str,
        entries: &BTreeMap<String, String>,
    ) -> Result<Done, Refusal> {
        let ctx = context()?;
        let id: SheetId = id(sheet)?;
        let version: u32 = number(version, "版本号")?;
        let (saved, wrong) = scoring::save_what_is_right(&ctx, id, version, &typed(entries)?).await?;
        if !wrong.is_empty() {
            return Err(Error::from(SheetError::Invalid(wrong)).into());
        }
        if intent != "submit" {
            return done(routes::desk(id), format!("已保存 {}", clock(saved.saved_at)));
        }
        scoring::submit(&ctx, id, saved.version).await?;
        done(routes::DESKS, "评分表已提交，不能再修改")
    }
}

/// 申明回避
#[server(endpoint = "declare_recusal")]
pub async fn declare_recusal(
    recusal_round: String,
    recusal_application: String,
    #[server(default)] recusal_rule: String,
    #[server(default)] recusal_statement: String,
) -> Result<(), ServerFnError> {
    use crate::answer::{Beside, answer, done};
    use crate::request::{coded, context, id};
    use crate::routes;
    answer(routes::DESKS, async {
        let ctx = context()?;
        let rule = coded(&recusal_rule, "回避情形").beside("recusal_rule")?;
        service::conflict::declare(&ctx, id(&recusal_round)?, id(&recusal_application)?, rule, &recusal_statement)
            .await?;
        done(routes::DESKS, "已申明回避，本项目不再向您显示")
    })
    .await
}
