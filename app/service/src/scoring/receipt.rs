//! 提交凭证: by which anyone can check, once scoring is over, that the sheets that count are those that were submitted.
//!
//! While scores are sealed the audit shows only a keyed digest of every submission. Its key, the salt, is handed out with the content
//! afterwards: whoever has both computes HMAC again and compares it with what the audit has said since the submission.

use crate::audit::{Event, Object};
use crate::crypto::Salt;
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::{App, Context, Error, Result, kept};
use domain::access::{Errand, Permission};
use domain::ids::{RoundId, SheetId};
use domain::round::Work;
use domain::sheet::Sheet;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use store::{Repositories, Scoped};
use uuid::Uuid;

const VERSION: &str = "hengping-sheets/1";
const PURPOSE: &str = "sheet.salt";

pub(super) fn purpose(id: SheetId) -> String {
    format!("{PURPOSE}:{id}")
}

/// What is digested of a submission: what the expert entered, and for which application.
pub(super) fn content(sheet: &Sheet) -> String {
    let Sheet { id, expert, application, version, entries, vote, comment, .. } = sheet;
    let content = json!({
        "sheet": id, "expert": expert, "application": application, "version": version,
        "entries": entries, "vote": vote, "comment": comment,
    });
    content.to_string()
}

/// One submission with everything its digest is computed from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Receipt {
    pub sheet: SheetId,
    pub application: String,
    pub expert: String,
    /// Exactly the digested bytes, UTF-8.
    pub content: String,
    /// Algorithm and key of the HMAC, in hexadecimal.
    pub salt: String,
    pub digest: String,
}

/// The submissions of a round.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Receipts {
    pub version: String,
    pub round: String,
    pub sheets: Vec<Receipt>,
}

/// Makes known the salts of a round's submissions, with what they are of.
///
/// # Errors
/// `Denied` without `Export`; `Rule` while scoring is open, or if a sheet was changed past the program.
pub async fn receipts(ctx: &Context, round: RoundId) -> Result<Receipts> {
    let ctx = &intact(ctx, Permission::Export, round).await?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    dossier.round.permits(Work::ExportScores)?;
    let salts = ctx.store().sheets().salts(round).await?;
    let pool = kept::pool(&current).await?;
    let mut sheets = Vec::new();
    for sheet in kept::sheets(&current, &dossier.round).await?.iter() {
        let Some(sealed) = salts.get(&sheet.id) else { continue };
        let salt = opened(&ctx.app, sheet.id, sealed)?;
        let content = content(sheet);
        sheets.push(Receipt {
            sheet: sheet.id,
            application: dossier.application(sheet.application).map_or_else(String::new, |own| own.code.clone()),
            expert: pool.get(sheet.expert).map_or_else(String::new, |own| own.code.clone()),
            digest: salt.digest(content.as_bytes())?,
            salt: salt.to_text(),
            content,
        });
    }
    sheets.sort_by(|a, b| (&a.application, &a.expert, a.sheet).cmp(&(&b.application, &b.expert, b.sheet)));
    Ok(Receipts { version: VERSION.to_owned(), round: dossier.round.title.clone(), sheets })
}

fn opened(app: &App, id: SheetId, sealed: &str) -> Result<Salt> {
    let text = app.keys.open(&purpose(id), sealed)?;
    let salt = std::str::from_utf8(&text).ok().and_then(Salt::parse);
    salt.ok_or_else(|| Error::Internal("a salt cannot be read".to_owned()))
}

/// Seals every salt again that does not have the newest key. Returns how many.
///
/// # Errors
/// A salt cannot be opened, or the database cannot be written.
pub async fn reseal(app: &App) -> Result<usize> {
    app.program(Errand::Keys)
        .write(async |tx| {
            let mut renewed = 0;
            for (id, sealed) in tx.sheets().sealed().await? {
                if !app.keys.is_current(&sealed) {
                    let salt = opened(app, id, &sealed)?;
                    tx.sheets().reseal(id, &app.keys.seal(&purpose(id), salt.to_text().as_bytes())?).await?;
                    renewed += 1;
                }
            }
            Ok(renewed)
        })
        .await
}

/// The result of checking submissions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    pub sheets: usize,
    /// Application and expert where the content does not have its digest.
    pub wrong: Vec<String>,
    /// Where the audit knows no such submission.
    pub unknown: Vec<String>,
}

impl Receipts {
    /// # Errors
    /// The text is no such file; says where it ends to be one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_str(text).map_err(|error| format!("不是提交凭证：{error}"))?;
        if read.version == VERSION { Ok(read) } else { Err("不是本程序的提交凭证".to_owned()) }
    }

    /// Computes every digest again; needs nothing but the file.
    pub fn check(&self) -> Checked {
        let right = |own: &&Receipt| {
            let again = Salt::parse(&own.salt).and_then(|salt| salt.digest(own.content.as_bytes()).ok());
            again.is_some_and(|again| again == own.digest)
        };
        let wrong = self.sheets.iter().filter(|own| !right(own)).map(Receipt::name).collect();
        Checked { sheets: self.sheets.len(), wrong, unknown: Vec::new() }
    }

    /// Also compares with the submissions in the audit.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn check_against(&self, store: &Scoped) -> Result<Checked> {
        let mut recorded: HashMap<Uuid, HashSet<String>> = HashMap::new();
        crate::audit::verify_each(store, &[], |row| {
            if row.object != Object::Sheet.key() {
                return;
            }
            let event = Event::read(&row.action, &row.object, &row.detail);
            if let (Some(Event::SheetSubmitted { digest, .. }), Some(id)) = (event, row.object_id) {
                recorded.entry(id).or_default().insert(digest);
            }
        })
        .await?;
        let known = |own: &&Receipt| recorded.get(&own.sheet.0).is_some_and(|own_ones| own_ones.contains(&own.digest));
        let unknown = self.sheets.iter().filter(|own| !known(own)).map(Receipt::name).collect();
        Ok(Checked { unknown, ..self.check() })
    }
}

impl Receipt {
    fn name(&self) -> String {
        format!("项目 {}，专家 {}", self.application, self.expert)
    }
}
