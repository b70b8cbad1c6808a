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
    use domain::sheet::SheetError;
    use service::Error;
    let result = async {
        let ctx = crate::request::context()?;
        let typed = server_side::typed(&entries)?;
        service::scoring::save_what_is_right(&ctx, crate::request::id(&sheet)?, version, &typed).await
    };
    Ok(match result.await {
        Ok((saved, wrong)) => SaveReply::Saved {
            version: saved.version,
            time: server_side::clock(saved.saved_at),
            wrong: wrong.into_iter().map(|i| (i.code, i.problem)).collect(),
        },
        Err(Error::Sheet(SheetError::Stale { latest, .. })) => SaveReply::Stale { latest },
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
    crate::request::finish(server_side::post(&sheet, &version, &intent, &entries).await, &back)
}

#[cfg(feature = "ssr")]
pub mod server_side {
    use crate::components::format;
    use crate::request::{coded, context, id, number};
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
    pub fn typed(entries: &BTreeMap<String, String>) -> Result<Typed, Error> {
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

    /// Saves, then submits if asked. A form comes back empty-handed without JavaScript, so what is right is saved even if
    /// an item is wrong, the wrong ones keep what they had, and the message names them.
    pub async fn post(
        sheet: &str,
        version: &str,
        intent: &str,
        entries: &BTreeMap<String, String>,
    ) -> Result<(String, String), Error> {
        let ctx = context()?;
        let id: SheetId = id(sheet)?;
        let version: u32 = number(version, "版本号")?;
        let (saved, wrong) = scoring::save_what_is_right(&ctx, id, version, &typed(entries)?).await?;
        if !wrong.is_empty() {
            return Err(Error::Sheet(SheetError::Invalid(wrong)));
        }
        if intent != "submit" {
            return Ok((routes::desk(id), format!("已保存 {}", clock(saved.saved_at))));
        }
        scoring::submit(&ctx, id, saved.version).await?;
        Ok((routes::DESKS.to_owned(), "评分表已提交，不能再修改".to_owned()))
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
    use crate::request::{coded, context, finish, id};
    use crate::routes;
    let result = async {
        let ctx = context()?;
        let rule = coded(&recusal_rule, "回避情形")?;
        service::conflict::declare(&ctx, id(&recusal_round)?, id(&recusal_application)?, rule, &recusal_statement)
            .await?;
        Ok((routes::DESKS.to_owned(), "已申明回避，本项目不再向您显示".to_owned()))
    };
    finish(result.await, routes::DESKS)
}
