//! 导出: the documents officials take away. Each export is recorded with the digest of what was handed out.

mod draw_record;
mod lists;
mod panels;
mod ranking;

pub use draw_record::draw_record;
pub use lists::{applications, conflicts, experts, import_problems, invitations};
pub use panels::panels;
pub use ranking::ranking;

use crate::audit::Event;
use crate::scoring::receipts;
use crate::{Context, Error, Result};
use domain::digest::sha256;
use domain::ids::RoundId;

/// A finished document.
#[derive(Debug, Clone)]
pub struct Document {
    pub name: String,
    pub content: Vec<u8>,
}

impl From<export::ExportError> for Error {
    fn from(error: export::ExportError) -> Self {
        Self::Internal(error.to_string())
    }
}

/// Records who took what.
async fn hand_out(ctx: &Context, round: Option<RoundId>, name: String, content: Vec<u8>) -> Result<Document> {
    let event = Event::Exported { name: name.clone(), sha256: sha256(&content) };
    let entry = match round {
        Some(round) => event.of_round(round),
        None => event.of(ctx.actor.account.0),
    };
    ctx.store().write(async |tx| ctx.record(tx, entry).await).await?;
    Ok(Document { name, content })
}

/// 评分数据: every valid sheet's total, for anyone to compute again.
///
/// # Errors
/// `Denied` without `Export`; `Rule` before 独立评分 is over.
pub async fn scores(ctx: &Context, round: RoundId) -> Result<Document> {
    let content = crate::calibration::scores_csv(ctx, round).await?;
    // Without the mark Excel and WPS take the file for GBK.
    hand_out(ctx, Some(round), "scores.csv".to_owned(), format!("\u{feff}{content}").into_bytes()).await
}

/// 提交凭证: every submission with the salt of its digest, for anyone to check against the audit.
///
/// # Errors
/// Those of [`receipts`].
pub async fn sheet_receipts(ctx: &Context, round: RoundId) -> Result<Document> {
    let receipts = receipts(ctx, round).await?;
    hand_out(ctx, Some(round), "sheets.json".to_owned(), serde_json::to_vec_pretty(&receipts)?).await
}

/// 抽取记录, byte for byte.
///
/// # Errors
/// `Denied` without `ReadProgress`; `NotFound` before the lots have fallen.
pub async fn draw(ctx: &Context, round: RoundId) -> Result<Document> {
    let content = crate::draw::record(ctx, round).await?;
    hand_out(ctx, Some(round), "draw.json".to_owned(), content.into_bytes()).await
}
