//! 批次与任务.

use crate::audit::Event;
use crate::{Context, Result};
use domain::access::Permission;
use domain::application::{Application, Batch, BatchError, Task};
use domain::ids::BatchId;
use domain::text::normalise;
use store::{Repositories, Tx};

/// All batches, newest first.
///
/// # Errors
/// `Denied` without `ReadRound`.
pub async fn batches(ctx: &Context) -> Result<Vec<Batch>> {
    ctx.require(Permission::ReadRound)?;
    Ok(ctx.store().programme().batches().await?)
}

/// One batch with its tasks.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn batch(ctx: &Context, id: BatchId) -> Result<(Batch, Vec<Task>)> {
    ctx.require(Permission::ReadRound)?;
    let batch = ctx.store().programme().batch(id).await?;
    Ok((batch, ctx.store().programme().tasks(id).await?))
}

/// The applications of a batch that wait for a round.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn outside_rounds(ctx: &Context, id: BatchId) -> Result<Vec<Application>> {
    ctx.require(Permission::ReadRound)?;
    ctx.store().programme().batch(id).await?;
    Ok(ctx.store().applications().outside_rounds_of(id).await?)
}

/// Creates a batch.
///
/// # Errors
/// `Denied`; `Rule` without title or basis, or if year and number are taken.
pub async fn create_batch(ctx: &Context, year: i32, seq: i32, title: &str, basis: &str) -> Result<BatchId> {
    ctx.require(Permission::ManageProgramme)?;
    let (title, basis) = (normalise(title), normalise(basis));
    let batch = Batch { id: BatchId(ctx.id()), year, seq, title, basis };
    batch.check()?;
    ctx.store()
        .write(async |tx| {
            let others = tx.programme().batches().await?;
            if let Some(Batch { title, .. }) = others.into_iter().find(|other| (other.year, other.seq) == (year, seq)) {
                return Err(BatchError::BatchTaken { year, seq, title }.into());
            }
            tx.programme().insert_batch(batch.clone()).await?;
            ctx.record(tx, Event::BatchCreated { title: batch.title.clone() }.of(batch.id.0)).await
        })
        .await?;
    Ok(batch.id)
}

/// Adds tasks to a batch. Published tasks are not changed.
///
/// # Errors
/// `Denied`; `Rule` without code, title or indicators, or if a code is taken.
pub async fn add_tasks(ctx: &Context, batch: BatchId, tasks: Vec<Task>) -> Result<()> {
    ctx.require(Permission::ManageProgramme)?;
    for task in &tasks {
        task.check(batch)?;
    }
    ctx.store().write(async |tx| write_tasks(ctx, tx, batch, &tasks).await).await
}

pub(crate) async fn write_tasks(ctx: &Context, tx: &Tx, batch: BatchId, tasks: &[Task]) -> Result<()> {
    let mut taken = tx.programme().tasks(batch).await?;
    for task in tasks {
        if let Some(Task { title, .. }) = taken.iter().find(|other| other.code == task.code) {
            return Err(BatchError::TaskTaken { code: task.code.clone(), title: title.clone() }.into());
        }
        taken.push(task.clone());
    }
    tx.programme().insert_tasks(tasks.to_vec()).await?;
    let codes = tasks.iter().map(|task| task.code.clone()).collect();
    ctx.record(tx, Event::TasksCreated { codes }.of(batch.0)).await
}
