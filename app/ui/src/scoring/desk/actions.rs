//! Saving and submitting sheets: by form without JavaScript, by call while one types.

use super::entries::Entries;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The answer to a save while typing. Refusals are values: only a lost connection is an error of the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaveReply {
    /// Kept under this version since this time of day, but for these items, which are no scores and keep what they had.
    Saved { version: u32, time: String, wrong: Vec<(String, String)> },
    /// Saved elsewhere in the meantime; nothing was overwritten. What is stored, and since when.
    Stale { latest: u32, time: String, stored: Entries },
    /// Nobody is signed in any more.
    SignedOut,
    /// Why nothing is kept any more.
    Refused(String),
}

/// 保存草稿（边填边存）: `save` is the save's own id, `unanswered` those of the saves from the same page whose answers are out; the other fields are
/// the items as typed.
#[server(endpoint = "keep_sheet")]
pub async fn keep_sheet(
    sheet: String,
    version: String,
    #[server(default)] save: String,
    #[server(default)] unanswered: String,
    #[server(flatten)] entries: BTreeMap<String, String>,
) -> Result<SaveReply, ServerFnError> {
    Ok(server_side::keep(&sheet, &version, &save, &unanswered, &entries).await)
}

/// 保存、提交评分表（表单）: `intent` is `save` or `submit`; the other fields are the items as typed.
#[server(endpoint = "post_sheet")]
pub async fn post_sheet(
    sheet: String,
    version: String,
    #[server(default)] intent: String,
    #[server(default)] unanswered: String,
    #[server(flatten)] entries: BTreeMap<String, String>,
) -> Result<(), ServerFnError> {
    let back = crate::routes::at(&sheet, crate::routes::desk);
    crate::answer::answer(&back, server_side::post(&sheet, &version, &intent, &unanswered, &entries)).await
}

/// 提交一份 from the list.
#[server(endpoint = "submit_sheet")]
pub async fn submit_sheet(sheet: String, version: String) -> Result<(), ServerFnError> {
    use crate::answer::{answer, done};
    use crate::request::{context, id, number};
    use crate::routes;
    answer(routes::DESKS, async {
        service::scoring::submit(&context()?, id(&sheet)?, number(&version, "版本号")?).await?;
        done(routes::DESKS, "评分表已提交；“核对”开始之前可以撤回")
    })
    .await
}

/// 提交全部已填完的评分表
#[server(endpoint = "submit_complete")]
pub async fn submit_complete(round: String) -> Result<(), ServerFnError> {
    use crate::answer::{answer, done};
    use crate::request::{context, id};
    use crate::routes;
    answer(routes::DESKS, async {
        let (submitted, incomplete) = service::scoring::submit_complete(&context()?, id(&round)?).await?;
        let rest = if incomplete == 0 { String::new() } else { format!("，另有 {incomplete} 份未填完") };
        done(routes::DESKS, format!("已提交 {submitted} 份{rest}；“核对”开始之前可以撤回"))
    })
    .await
}

/// 撤回提交
#[server(endpoint = "withdraw_sheet")]
pub async fn withdraw_sheet(sheet: String) -> Result<(), ServerFnError> {
    use crate::answer::{answer, done};
    use crate::request::{context, id};
    use crate::routes;
    let back = routes::at(&sheet, routes::desk);
    answer(&back, async {
        service::scoring::withdraw(&context()?, id(&sheet)?).await?;
        done(&back, "已撤回，评分表恢复为草稿；改好后请重新提交")
    })
    .await
}

#[cfg(feature = "ssr")]
pub mod server_side {
    use super::SaveReply;
    use crate::answer::{Done, Refusal, done};
    use crate::components::format;
    use crate::request::{FormError, coded, context, error_text, id, log, number, sign_in_address};
    use crate::routes;
    use crate::scoring::desk::entries::{COMMENT, Entries, REASON, VOTE, differences};
    use domain::Timestamp;
    use domain::ids::{SaveId, SheetId};
    use domain::points::Points;
    use domain::sheet::{Saving, Sheet, SheetError, Typed, Vote};
    use service::scoring::DeskLine;
    use service::{Context, Error, RuleError, scoring};

    /// The time of day in Beijing.
    pub fn clock(at: Option<Timestamp>) -> String {
        at.map(|at| format::clock(crate::time::beijing(at))).unwrap_or_default()
    }

    /// The stored sheet as its form shows it.
    pub fn stored(sheet: &Sheet) -> Entries {
        let mut all = Entries::new();
        for (code, entry) in &sheet.entries {
            all.insert(code.clone(), entry.points.map(Points::short).unwrap_or_default());
            all.insert(format!("{code}{REASON}"), entry.reason.clone());
        }
        all.insert(VOTE.to_owned(), sheet.vote.map(|vote| vote.key().to_owned()).unwrap_or_default());
        all.insert(COMMENT.to_owned(), sheet.comment.clone());
        all
    }

    pub fn typed(entries: &Entries) -> Result<Typed, FormError> {
        let mut typed = Typed::default();
        for (key, value) in entries {
            if key == VOTE {
                typed.vote = if value.is_empty() { None } else { Some(coded(value, "推荐意见")?) };
            } else if key == COMMENT {
                typed.comment.clone_from(value);
            } else if let Some(code) = key.strip_suffix(REASON) {
                typed.reasons.insert(code.to_owned(), value.clone());
            } else {
                typed.points.insert(key.clone(), value.clone());
            }
        }
        Ok(typed)
    }

    /// The version a save starts from, and the saves it knows of.
    fn saving(version: &str, save: &str, unanswered: &str) -> Result<Saving, FormError> {
        let read = |text: &str| text.trim().parse().ok().map(SaveId);
        Ok(Saving {
            version: number(version, "版本号")?,
            save: read(save),
            unanswered: unanswered.split(',').filter_map(read).collect(),
        })
    }

    pub async fn keep(sheet: &str, version: &str, save: &str, unanswered: &str, entries: &Entries) -> SaveReply {
        let work = async {
            let ctx = context()?;
            let saving = saving(version, save, unanswered)?;
            let id: SheetId = id(sheet)?;
            let saved = scoring::save_what_is_right(&ctx, id, saving, &typed(entries)?).await;
            let Err(Error::Rule(RuleError::Sheet(SheetError::Stale { .. }))) = saved else {
                let (saved, wrong) = saved?;
                let wrong = wrong.into_iter().map(|item| (item.code, item.problem)).collect();
                return Ok(SaveReply::Saved { version: saved.version, time: clock(saved.saved_at), wrong });
            };
            let latest = scoring::stored(&ctx, id).await?;
            let time = clock(latest.saved_at);
            Ok::<_, Refusal>(SaveReply::Stale { latest: latest.version, time, stored: stored(&latest) })
        };
        work.await.unwrap_or_else(|refusal| match refusal.error() {
            Some(Error::SignedOut | Error::Restricted(_)) => {
                leptos_axum::redirect(&sign_in_address(&routes::at(sheet, routes::desk)));
                SaveReply::SignedOut
            }
            Some(error) => {
                log(error);
                SaveReply::Refused(error_text(error))
            }
            None => SaveReply::Refused(refusal.text()),
        })
    }

    /// Saves, then submits if asked. An item that is wrong does not keep the others from being saved; it comes back as it was typed.
    pub async fn post(
        sheet: &str,
        version: &str,
        intent: &str,
        unanswered: &str,
        entries: &Entries,
    ) -> Result<Done, Refusal> {
        let ctx = context()?;
        let id: SheetId = id(sheet)?;
        let saved = scoring::save_what_is_right(&ctx, id, saving(version, "", unanswered)?, &typed(entries)?).await;
        if let Err(Error::Rule(RuleError::Sheet(SheetError::Stale { .. }))) = &saved {
            return Err(stale(&scoring::stored(&ctx, id).await?, entries));
        }
        let (saved, wrong) = saved?;
        if !wrong.is_empty() {
            return Err(Error::from(SheetError::Invalid(wrong)).into());
        }
        if intent != "submit" {
            return done(routes::desk(id), format!("已保存 {}", clock(saved.saved_at)));
        }
        scoring::submit(&ctx, id, saved.version).await?;
        after_submission(&ctx, id).await
    }

    /// What was typed comes back, and beside every field that differs stands what is stored: sending it again keeps what stands in the fields.
    fn stale(latest: &Sheet, entries: &Entries) -> Refusal {
        let said = |field: &str, text: &str| match field {
            _ if text.is_empty() => "空白".to_owned(),
            VOTE => text.parse().map_or_else(|_| text.to_owned(), |vote: Vote| vote.label().to_owned()),
            _ => format!("“{text}”"),
        };
        let beside = differences(entries, &stored(latest), &Entries::new())
            .into_iter()
            .map(|d| (d.field.clone(), format!("另一处保存的是{}", said(&d.field, &d.stored))))
            .collect();
        let time = clock(latest.saved_at);
        let words = format!(
            "评分表已于 {time} 在别处保存，这次没有覆盖。下面是您填写的，不同之处旁边注明了已保存的内容；逐项核对后再次保存，即以下面的为准"
        );
        Refusal::of_fields(words, beside)
    }

    /// On to the next sheet that is still open.
    async fn after_submission(ctx: &Context, id: SheetId) -> Result<Done, Refusal> {
        let desks = scoring::desks(ctx).await?;
        let lines = desks.iter().find(|desk| desk.lines.iter().any(|line| is_sheet(line, id)));
        let lines = lines.map(|desk| desk.lines.as_slice()).unwrap_or_default();
        let here = lines.iter().position(|line| is_sheet(line, id)).unwrap_or_default();
        let code = lines.get(here).and_then(|line| match line {
            DeskLine::Own { code, .. } => Some(code.as_str()),
            DeskLine::Recused => None,
        });
        let code = code.unwrap_or_default();
        let (before, after) = lines.split_at(here);
        let next = after.iter().chain(before).find_map(|line| match line {
            DeskLine::Own { sheet, .. } if sheet.is_draft() => Some(sheet.id),
            _ => None,
        });
        match next {
            Some(next) => done(routes::desk(next), format!("{code} 已提交，“核对”开始之前可在列表中撤回。请评下一项")),
            None => done(routes::DESKS, format!("{code} 已提交，您的评分表已全部提交；“核对”开始之前可以撤回")),
        }
    }

    fn is_sheet(line: &DeskLine, id: SheetId) -> bool {
        matches!(line, DeskLine::Own { sheet, .. } if sheet.id == id)
    }
}
