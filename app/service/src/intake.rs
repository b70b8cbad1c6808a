//! 导入: a dry run that names every problem by sheet, cell and reason; then all or nothing.

use crate::audit::{Action, Event};
use crate::error::invalid;
use crate::{Context, Error, Result};
use domain::access::Permission;
use domain::application::{Application, ApplicationState, Task};
use domain::expert::{Expert, Standing};
use domain::ids::{ApplicationId, BatchId, ExpertId, ImportId};
use domain::people::mask_id_number;
use domain::text::name_key;
use hmac::{Hmac, KeyInit, Mac};
use import::applications::ApplicationRow;
use import::experts::ExpertRow;
use import::{Located, Problem, Seen};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use store::Repositories;
use store::repo::expert::Filed;
use store::repo::import::ImportFile;
pub use store::repo::import::{ImportKind, ImportState};

/// Largest file that is read at all.
pub const LARGEST_FILE: usize = 20 * 1024 * 1024;

/// What the dry run found.
#[derive(Debug, Clone)]
pub struct DryRun {
    pub id: ImportId,
    pub kind: ImportKind,
    pub batch: Option<BatchId>,
    pub name: String,
    pub state: ImportState,
    /// Rows that would be imported.
    pub rows: usize,
    pub problems: Vec<Problem>,
    pub seen: Vec<Seen>,
    /// The first rows as they would be imported: place, then fields.
    pub sample: Vec<Vec<String>>,
}

enum Ready {
    Experts(Vec<Filed>),
    Applications(Vec<Application>),
}

struct Checked {
    ready: Ready,
    rows: usize,
    problems: Vec<Problem>,
    seen: Vec<Seen>,
    sample: Vec<Vec<String>>,
}

/// An empty workbook to fill in.
///
/// # Errors
/// `Denied` without `ImportData`; `NotFound` for an unknown kind.
pub fn template(ctx: &Context, kind: &str) -> Result<crate::output::Document> {
    ctx.require(Permission::ImportData)?;
    let kind: ImportKind = kind.parse().map_err(|_| Error::NotFound)?;
    let content = match kind {
        ImportKind::Experts => import::experts::template(),
        ImportKind::Applications => import::applications::template(),
    };
    Ok(crate::output::Document { name: format!("{kind}模板.xlsx"), content })
}

/// Keeps the uploaded file and checks it. Nothing is imported.
///
/// # Errors
/// `Denied`; `Invalid` for an empty or too large file; `Unreadable` for what is no workbook.
pub async fn check(
    ctx: &Context,
    kind: ImportKind,
    batch: Option<BatchId>,
    name: &str,
    content: Vec<u8>,
) -> Result<ImportId> {
    ctx.require(Permission::ImportData)?;
    if content.len() > LARGEST_FILE {
        return Err(invalid(format!("文件超过{}MB，请拆分后上传", LARGEST_FILE / 1024 / 1024)));
    }
    if kind == ImportKind::Applications {
        ctx.store().programme().batch(batch.ok_or(Error::NotFound)?).await?;
    }
    let checked = examine(ctx, kind, batch, &content).await?;
    let file = ImportFile {
        id: ImportId(ctx.id()),
        kind,
        batch,
        name: name.chars().filter(|c| !c.is_control()).take(120).collect(),
        sha256: hex::encode(Sha256::digest(&content)),
        content,
        state: ImportState::Checked,
        account: ctx.actor.account,
        at: ctx.now(),
    };
    let detail = json!({ "kind": kind.key(), "name": file.name, "sha256": file.sha256,
        "rows": checked.rows, "problems": checked.problems.len() });
    ctx.store()
        .write(async |tx| {
            tx.imports().insert(file.clone()).await?;
            ctx.record(tx, Event::new(Action::FileChecked, "import", file.id.0, detail.clone())).await
        })
        .await?;
    Ok(file.id)
}

/// What a kept file would bring, checked again against the present database.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn dry_run(ctx: &Context, id: ImportId) -> Result<DryRun> {
    ctx.require(Permission::ImportData)?;
    let file = ctx.store().imports().get(id).await?;
    let base = |rows, problems, seen, sample| DryRun {
        id,
        kind: file.kind,
        batch: file.batch,
        name: file.name.clone(),
        state: file.state,
        rows,
        problems,
        seen,
        sample,
    };
    if file.state == ImportState::Done {
        return Ok(base(0, Vec::new(), Vec::new(), Vec::new()));
    }
    let checked = examine(ctx, file.kind, file.batch, &file.content).await?;
    Ok(base(checked.rows, checked.problems, checked.seen, checked.sample))
}

/// Imports a kept file whole, or not at all.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` while there are problems; `Stale` if it has been imported already.
pub async fn confirm(ctx: &Context, id: ImportId) -> Result<usize> {
    ctx.require(Permission::ImportData)?;
    let file = ctx.store().imports().get(id).await?;
    if file.state == ImportState::Done {
        return Err(Error::Stale);
    }
    let checked = examine(ctx, file.kind, file.batch, &file.content).await?;
    if !checked.problems.is_empty() {
        return Err(invalid(format!("文件有{}处问题，没有导入任何数据", checked.problems.len())));
    }
    if checked.rows == 0 {
        return Err(invalid("文件中没有数据行"));
    }
    let rows = checked.rows;
    let ready = std::sync::Mutex::new(Some(checked.ready));
    ctx.store()
        .write(async |tx| {
            tx.imports().finish(id).await?;
            let ready = ready.lock().map_err(|_| Error::Internal("import".to_owned()))?.take();
            match ready {
                Some(Ready::Experts(experts)) => tx.experts().insert(experts).await?,
                Some(Ready::Applications(applications)) => tx.applications().insert(applications).await?,
                None => return Err(Error::Stale),
            }
            let detail = json!({ "kind": file.kind.key(), "name": file.name, "sha256": file.sha256, "rows": rows });
            ctx.record(tx, Event::new(Action::Imported, "import", id.0, detail)).await
        })
        .await?;
    Ok(rows)
}

async fn examine(ctx: &Context, kind: ImportKind, batch: Option<BatchId>, content: &[u8]) -> Result<Checked> {
    let bytes = content.to_vec();
    match (kind, batch) {
        (ImportKind::Experts, _) => {
            let parsed = blocking(move || import::experts::read(&bytes)).await??;
            examine_experts(ctx, parsed).await
        }
        (ImportKind::Applications, Some(batch)) => {
            let parsed = blocking(move || import::applications::read(&bytes)).await??;
            examine_applications(ctx, batch, parsed).await
        }
        (ImportKind::Applications, None) => Err(Error::NotFound),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Internal(error.to_string()))
}

const SAMPLE: usize = 5;

fn problem<T>(row: &Located<T>, column: &str, value: &str, reason: String) -> Problem {
    Problem {
        sheet: row.sheet.clone(),
        cell: format!("第{}行", row.row),
        column: column.to_owned(),
        value: value.to_owned(),
        reason,
    }
}

async fn examine_experts(ctx: &Context, parsed: import::Parsed<ExpertRow>) -> Result<Checked> {
    let (codes, hashes) = ctx.store().experts().known().await?;
    let mut problems = parsed.problems;
    let mut sample = Vec::new();
    let mut ready = Vec::new();
    for row in &parsed.rows {
        let value = &row.value;
        if codes.contains_key(&value.code) {
            problems.push(problem(row, "专家编号", &value.code, "专家库中已有此编号".to_owned()));
        }
        let id_hash = value.id_number.as_deref().map(|id| keyed_hash(ctx, id)).transpose()?;
        if let Some(code) = id_hash.as_ref().and_then(|hash| hashes.get(hash)) {
            problems.push(problem(row, "身份证号", "********", format!("与专家库中的{code}为同一人")));
        }
        if sample.len() < SAMPLE {
            let sectors: Vec<_> = value.sectors.iter().map(|s| s.label()).collect();
            sample.push(vec![
                format!("{} 第{}行", row.sheet, row.row),
                value.code.clone(),
                value.name.clone(),
                value.role.label().to_owned(),
                sectors.join("、"),
                value.employer.clone(),
                format!("{}段经历", value.ties.len()),
            ]);
        }
        ready.push(Filed { id_hash, expert: filed_expert(ctx, value) });
    }
    Ok(Checked { rows: ready.len(), ready: Ready::Experts(ready), problems, seen: parsed.seen, sample })
}

fn filed_expert(ctx: &Context, row: &ExpertRow) -> Expert {
    Expert {
        id: ExpertId(ctx.id()),
        code: row.code.clone(),
        name: row.name.clone(),
        source: row.source,
        role: row.role,
        sectors: row.sectors.clone(),
        specialities: row.specialities.clone(),
        title: row.title.clone(),
        employer: row.employer.clone(),
        employer_uscc: row.employer_uscc.clone(),
        region: row.region.clone(),
        standing: Standing::Active,
        ties: row.ties.clone(),
        id_masked: row.id_number.as_deref().map(mask_id_number).unwrap_or_default(),
    }
}

/// HMAC-SHA-256 under the installation's key: recognises the same person without keeping the number.
fn keyed_hash(ctx: &Context, id: &str) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&ctx.app.hash_key)?;
    mac.update(id.as_bytes());
    Ok(hex::encode(mac.finalize().into_bytes()))
}

async fn examine_applications(
    ctx: &Context,
    batch: BatchId,
    parsed: import::Parsed<ApplicationRow>,
) -> Result<Checked> {
    let tasks = ctx.store().programme().tasks(batch).await?;
    let existing: HashMap<_, _> =
        ctx.store().applications().of_batch(batch).await?.into_iter().map(|a| (a.code, ())).collect();
    let mut problems = parsed.problems;
    let mut sample = Vec::new();
    let mut ready = Vec::new();
    for row in &parsed.rows {
        let value = &row.value;
        if existing.contains_key(&value.code) {
            problems.push(problem(row, "项目编号", &value.code, "本批次已有此项目编号".to_owned()));
        }
        let Some(task) = find_task(&tasks, &value.task) else {
            problems.push(problem(row, "榜单任务编号", &value.task, "本批次没有此榜单任务".to_owned()));
            continue;
        };
        if sample.len() < SAMPLE {
            let lead = value.members.iter().find(|m| m.role == domain::application::MemberRole::Lead);
            sample.push(vec![
                format!("{} 第{}行", row.sheet, row.row),
                value.code.clone(),
                value.title.clone(),
                task.code.clone(),
                lead.map_or_else(String::new, |l| l.name.clone()),
                format!("{}家", value.members.len()),
                format!("{}万元", value.investment.in_wan()),
            ]);
        }
        ready.push(Application {
            id: ApplicationId(ctx.id()),
            batch,
            task: task.id,
            code: value.code.clone(),
            title: value.title.clone(),
            form: value.form,
            recommender: value.recommender,
            investment: value.investment,
            committed_on: value.committed_on,
            state: ApplicationState::Filed,
            state_reason: String::new(),
            members: value.members.clone(),
            people: value.people.clone(),
            sections: value.sections.clone(),
        });
    }
    Ok(Checked { rows: ready.len(), ready: Ready::Applications(ready), problems, seen: parsed.seen, sample })
}

fn find_task<'a>(tasks: &'a [Task], text: &str) -> Option<&'a Task> {
    let key = name_key(text);
    tasks.iter().find(|t| name_key(&t.code) == key || name_key(&t.title) == key)
}
