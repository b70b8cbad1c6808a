//! 导入: a dry run that names every problem by sheet, cell and reason; then all or nothing.

mod examine;

use crate::audit::{Entry, Event};
use crate::integrity::untouched;
use crate::{App, Case, Context, Error, Result, heavy};
use domain::access::{Errand, Permission};
use domain::application::Application;
use domain::changes::Change;
use domain::digest::sha256;
use domain::ids::{ApplicationId, BatchId, ImportId};
use domain::import::{AlreadyImported, ImportError, ImportKind, ImportState};
use domain::reason::{Reason, Unreasoned};
use domain::round::{Intake, Round, receiving};
pub use examine::{Changed, Counts};
use examine::{Checked, Ready, Update};
use import::applications::ApplicationRow;
use import::experts::ExpertRow;
use import::{Located, Parsed};
pub use import::{Problem, Seen, Whole};
use store::repo::import::ImportFile;
use store::{Repositories, Tx};

/// Largest file that is read at all.
pub const LARGEST_FILE: usize = 20 * 1024 * 1024;

/// The result of a dry run.
#[derive(Debug, Clone)]
pub struct DryRun {
    pub id: ImportId,
    pub kind: ImportKind,
    pub batch: Option<BatchId>,
    pub name: String,
    pub state: ImportState,
    pub counts: Counts,
    /// The cells of filed entries that would be changed.
    pub changes: Vec<Changed>,
    pub problems: Vec<Problem>,
    /// What rows are imported without.
    pub notes: Vec<Problem>,
    pub seen: Vec<Seen>,
    /// The first rows as they would be imported: place, then fields.
    pub sample: Vec<Vec<String>>,
    /// The digest of what a person must have seen who confirms the import: rows, sheets and data that are left out, filed entries that change.
    /// `None` where there is nothing of the kind.
    pub to_see: Option<String>,
    /// The round that the applications would enter, if there is one.
    pub round: Option<Round>,
    pub whole: Whole,
}

/// An empty workbook to fill in.
///
/// # Errors
/// `Denied` without `ImportData`; `NotFound` for an unknown kind.
pub fn template(ctx: &Context, kind: &str) -> Result<crate::export::Document> {
    ctx.require(Permission::ImportData)?;
    let kind: ImportKind = kind.parse().map_err(|_| Error::NotFound)?;
    let content = match kind {
        ImportKind::Experts => import::experts::template(),
        ImportKind::Applications => import::applications::template(),
        ImportKind::Tasks => import::tasks::template(),
    };
    Ok(crate::export::Document { name: format!("{kind}模板.xlsx"), content })
}

/// Keeps the uploaded file and checks it. Nothing is imported. A file that is turned away is not kept; that it came is recorded.
///
/// # Errors
/// `Denied`; `Rule` for a too large or misnamed file and for what is no workbook.
pub async fn check(
    ctx: &Context,
    kind: ImportKind,
    batch: Option<BatchId>,
    name: &str,
    content: Vec<u8>,
) -> Result<ImportId> {
    ctx.require(Permission::ImportData)?;
    if content.len() > LARGEST_FILE {
        return Err(too_large(ctx, kind, name).await?);
    }
    if kind != ImportKind::Experts {
        ctx.store().programme().batch(batch.ok_or(Error::NotFound)?).await?;
    }
    let name = recorded(name);
    let sha256 = sha256(&content);
    let checked = match examine(ctx, kind, batch, &content, Whole::default()).await {
        Ok(_) if !name.to_ascii_lowercase().ends_with(".xlsx") => Err(ImportError::Name.into()),
        checked => checked,
    };
    let checked = match checked {
        Err(error) if error.case() == Some(Case::Input) => {
            turned_away(ctx, Event::FileRefused { kind, name, sha256: Some(sha256), why: error.to_string() }).await?;
            return Err(error);
        }
        checked => checked?,
    };
    let id = ImportId(ctx.id());
    let file = ImportFile {
        id,
        kind,
        batch,
        name,
        sha256,
        content: ctx.app.keys.seal(&purpose(id), &content)?,
        state: ImportState::Checked,
        account: ctx.actor.account,
        at: ctx.now(),
    };
    let event = Event::FileChecked {
        kind,
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        rows: checked.counts.rows(),
        problems: checked.problems.len(),
    };
    ctx.store()
        .write(async |tx| {
            tx.imports().insert(file.clone()).await?;
            ctx.record(tx, event.clone().of(file.id.0)).await
        })
        .await?;
    Ok(file.id)
}

/// A file's own name as it is kept: some length, and nothing that moves the cursor.
fn recorded(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(120).collect()
}

/// Records a file that is larger than [`LARGEST_FILE`], which nobody has read. Returns what to tell.
///
/// # Errors
/// `Denied`; the row cannot be written.
pub async fn too_large(ctx: &Context, kind: ImportKind, name: &str) -> Result<Error> {
    ctx.require(Permission::ImportData)?;
    let error = Error::from(ImportError::TooLarge { megabytes: LARGEST_FILE / 1024 / 1024 });
    turned_away(ctx, Event::FileRefused { kind, name: recorded(name), sha256: None, why: error.to_string() }).await?;
    Ok(error)
}

async fn turned_away(ctx: &Context, event: Event) -> Result<()> {
    let entry = Entry::from(event).refused();
    ctx.store().write(async |tx| ctx.record(tx, entry).await).await
}

/// Workbooks are sealed until they are imported: they hold ID numbers, phones and bank cards.
fn purpose(id: ImportId) -> String {
    format!("import:{id}")
}

fn opened(app: &App, file: &ImportFile) -> Result<Vec<u8>> {
    Ok(app.keys.open(&purpose(file.id), &file.content)?)
}

/// Seals kept workbooks again, with the newest key, that were sealed with another. Returns how many.
///
/// # Errors
/// A workbook cannot be opened; nothing is changed then.
pub async fn reseal(app: &App) -> Result<usize> {
    app.program(Errand::Keys)
        .write(async |tx| {
            let mut renewed = 0;
            for file in tx.imports().waiting().await? {
                if !app.keys.is_current(&file.content) {
                    tx.imports().reseal(file.id, app.keys.seal(&purpose(file.id), &opened(app, &file)?)?).await?;
                    renewed += 1;
                }
            }
            Ok(renewed)
        })
        .await
}

/// The rows that a kept file would import, checked again against the present database. `whole` is what is said of columns the file does not have.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn dry_run(ctx: &Context, id: ImportId, whole: Whole) -> Result<DryRun> {
    ctx.require(Permission::ImportData)?;
    let file = ctx.store().imports().get(id).await?;
    let mut run = DryRun {
        id,
        kind: file.kind,
        batch: file.batch,
        name: file.name.clone(),
        state: file.state,
        counts: Counts::default(),
        changes: Vec::new(),
        problems: Vec::new(),
        notes: Vec::new(),
        seen: Vec::new(),
        sample: Vec::new(),
        to_see: None,
        round: None,
        whole,
    };
    if file.state == ImportState::Done {
        return Ok(run);
    }
    let checked = examine(ctx, file.kind, file.batch, &opened(&ctx.app, &file)?, whole).await?;
    run.to_see = checked.to_see()?;
    run.round = checked.round;
    run.counts = checked.counts;
    run.changes = checked.changes;
    run.problems = checked.problems;
    run.notes = checked.notes;
    run.seen = checked.seen;
    run.sample = checked.sample;
    Ok(run)
}

/// What the person who confirms an import says with it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Assent<'a> {
    /// The digest of what was to be seen.
    pub seen: Option<&'a str>,
    /// Why the applications enter a round whose formal check has begun.
    pub late: &'a str,
    /// What is said of columns that the file does not have.
    pub whole: Whole,
}

/// Imports a kept file whole, or not at all.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` while there are problems, where something is left out that was not seen, without a reason for applications that
/// come late, or if it has been imported already.
pub async fn confirm(ctx: &Context, id: ImportId, assent: Assent<'_>) -> Result<Counts> {
    ctx.require(Permission::ImportData)?;
    let file = ctx.store().imports().get(id).await?;
    if file.state == ImportState::Done {
        return Err(AlreadyImported.into());
    }
    let checked = examine(ctx, file.kind, file.batch, &opened(&ctx.app, &file)?, assent.whole).await?;
    let counts = checked.importable()?;
    if checked.to_see()?.is_some_and(|digest| assent.seen != Some(&digest)) {
        return Err(ImportError::Unseen.into());
    }
    let ctx = &before_entering(ctx, &checked.ready).await?;
    ctx.store()
        .write(async |tx| {
            tx.imports().finish(id).await?;
            write(ctx, tx, checked.ready, assent.late).await?;
            let (name, sha256) = (file.name.clone(), file.sha256.clone());
            let whole = Some(assent.whole.words()).filter(|words| !words.is_empty());
            let event = Event::Imported {
                kind: file.kind,
                name,
                sha256,
                rows: counts.new,
                updated: Some(counts.updated),
                whole,
            };
            ctx.record(tx, event.of(id.0)).await
        })
        .await?;
    Ok(counts)
}

/// Rows that come from no file: from another system, or made up for a demonstration.
#[derive(Debug, Clone)]
pub enum Rows {
    Experts(Vec<ExpertRow>),
    Applications(BatchId, Vec<ApplicationRow>),
}

/// Imports rows whole, or not at all, under the same examination as a file. `name` says in the audit where they come from.
///
/// # Errors
/// `Denied`; `NotFound` for an unknown batch; `Rule` naming the first problem.
pub async fn import_rows(ctx: &Context, name: &str, rows: Rows) -> Result<usize> {
    ctx.require(Permission::ImportData)?;
    let (kind, digest, checked) = match rows {
        Rows::Experts(rows) => {
            let digest = digest(&rows)?;
            (ImportKind::Experts, digest, Box::pin(examine::experts(ctx, parsed(name, rows))).await?)
        }
        Rows::Applications(batch, rows) => {
            ctx.store().programme().batch(batch).await?;
            let digest = digest(&rows)?;
            (ImportKind::Applications, digest, Box::pin(examine::applications(ctx, batch, parsed(name, rows))).await?)
        }
    };
    let counts = checked.importable()?;
    let id = ImportId(ctx.id());
    let ctx = &before_entering(ctx, &checked.ready).await?;
    ctx.store()
        .write(async |tx| {
            write(ctx, tx, checked.ready, "").await?;
            let (name, sha256) = (name.to_owned(), digest.clone());
            let updated = Some(counts.updated);
            let event = Event::Imported { kind, name, sha256, rows: counts.new, updated, whole: None };
            ctx.record(tx, event.of(id.0)).await
        })
        .await?;
    Ok(counts.rows())
}

fn digest<T: serde::Serialize>(rows: &[T]) -> Result<String> {
    Ok(sha256(&serde_json::to_vec(rows)?))
}

fn parsed<T>(sheet: &str, rows: Vec<T>) -> Parsed<T> {
    let rows = (1..).zip(rows).map(|(row, value)| Located { sheet: sheet.to_owned(), row, value }).collect();
    Parsed { rows, problems: Vec::new(), notes: Vec::new(), seen: Vec::new() }
}

impl Checked {
    fn to_see(&self) -> Result<Option<String>> {
        let rows: Vec<_> = self.seen.iter().filter(|seen| !seen.aside.is_empty() || seen.is_unread()).collect();
        if rows.is_empty() && self.notes.is_empty() && self.changes.is_empty() {
            return Ok(None);
        }
        Ok(Some(sha256(&serde_json::to_vec(&(rows, &self.notes, &self.changes))?)))
    }

    /// # Errors
    /// `Rule` while there are problems, or without rows.
    fn importable(&self) -> Result<Counts, ImportError> {
        if let Some(first) = self.problems.first() {
            let place = format!("{} {} {}“{}”", first.sheet, first.cell, first.column, first.value);
            let count = self.problems.len();
            return Err(ImportError::Problems { count, first: format!("{place}{}", first.reason) });
        }
        match self.counts {
            Counts { new: 0, updated: 0, same: 0 } => Err(ImportError::NoRows),
            Counts { new: 0, updated: 0, .. } => Err(ImportError::Unchanged),
            counts => Ok(counts),
        }
    }
}

/// Writes what was examined. Applications also enter the round of their batch that takes them.
async fn write(ctx: &Context, tx: &Tx, ready: Ready, late: &str) -> Result<()> {
    match ready {
        Ready::Experts { new, numbers, updates } => {
            tx.experts().insert(new).await?;
            tx.personal().insert(numbers).await?;
            for Update { before, after, changes, numbers } in updates {
                if tx.experts().get(before.id).await? != before {
                    return Err(Error::Stale);
                }
                tx.experts().replace(&after).await?;
                for datum in numbers {
                    tx.personal().put(datum).await?;
                }
                let event = Event::ExpertUpdated { code: before.code, changes: in_words(&changes) };
                ctx.record(tx, event.of(before.id.0)).await?;
            }
            Ok(())
        }
        Ready::Applications { batch, new, updates } => {
            for Update { before, after, changes, .. } in updates {
                if tx.applications().get(before.id).await? != before {
                    return Err(Error::Stale);
                }
                tx.applications().replace(&after).await?;
                let event = Event::ApplicationUpdated { code: before.code, changes: in_words(&changes) };
                ctx.record(tx, event.of(before.id.0)).await?;
            }
            enter(ctx, tx, batch, new, late).await
        }
        Ready::Tasks { batch, new } => crate::programme::write_tasks(ctx, tx, batch, &new).await,
    }
}

/// As the audit keeps them.
fn in_words(changes: &[Change]) -> Vec<String> {
    let blank = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
    let words = |change: &Change| format!("{}：{} → {}", change.column, blank(&change.from), blank(&change.to));
    changes.iter().map(words).collect()
}

/// The round that would take the applications is as the audit says it was left.
async fn before_entering(ctx: &Context, ready: &Ready) -> Result<Context> {
    let Ready::Applications { batch, .. } = ready else { return Ok(ctx.clone()) };
    match receiving(ctx.store().rounds().all().await?, *batch)? {
        Some(round) => untouched(ctx, round.id).await,
        None => Ok(ctx.clone()),
    }
}

async fn enter(ctx: &Context, tx: &Tx, batch: BatchId, new: Vec<Application>, late: &str) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let entries: Vec<ApplicationId> = new.iter().map(|a| a.id).collect();
    let codes: Vec<String> = new.iter().map(|a| a.code.clone()).collect();
    tx.applications().insert(new).await?;
    // Looked for again: the round may have gone on since the file was examined.
    let Some(round) = receiving(tx.rounds().all().await?, batch)? else { return Ok(()) };
    tx.rounds().add_entries(round.id, &entries).await?;
    if round.intake() == Intake::Late {
        let reason = Reason::of(late, Unreasoned::LateAdmission)?.into();
        ctx.record(tx, Event::AdmittedLate { step: round.step, codes, reason }.of_round(round.id)).await?;
    }
    Ok(())
}

async fn examine(
    ctx: &Context,
    kind: ImportKind,
    batch: Option<BatchId>,
    content: &[u8],
    whole: Whole,
) -> Result<Checked> {
    let bytes = content.to_vec();
    match (kind, batch) {
        (ImportKind::Experts, _) => {
            let parsed = heavy::glance(move || import::experts::read(&bytes, whole)).await??;
            Box::pin(examine::experts(ctx, parsed)).await
        }
        (ImportKind::Applications, Some(batch)) => {
            let parsed = heavy::glance(move || import::applications::read(&bytes, whole)).await??;
            Box::pin(examine::applications(ctx, batch, parsed)).await
        }
        (ImportKind::Tasks, Some(batch)) => {
            let parsed = heavy::glance(move || import::tasks::read(&bytes)).await??;
            Box::pin(examine::tasks(ctx, batch, parsed)).await
        }
        (ImportKind::Applications | ImportKind::Tasks, None) => Err(Error::NotFound),
    }
}
