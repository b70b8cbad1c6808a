//! 推荐单位: what a region sees of its own applications, and of no other.

use crate::{Context, Result, kept};
use domain::access::{Errand, Permission};
use domain::application::{Application, Batch, Task};
use domain::ids::{BatchId, TaskId};
use std::collections::HashMap;
use std::sync::Arc;
use store::Repositories;

/// The caller's applications of one batch, by code.
#[derive(Debug, Clone)]
pub struct Recommended {
    pub batch: Batch,
    pub tasks: Arc<HashMap<TaskId, Task>>,
    pub applications: Vec<Application>,
}

/// The applications that the caller's region recommended, the latest batch first; batches without any are left out.
///
/// # Errors
/// `Denied` for everyone but 推荐单位.
pub async fn recommended(ctx: &Context) -> Result<Vec<Recommended>> {
    ctx.require(Permission::ReadOwnRegion)?;
    let mut own: HashMap<BatchId, Vec<Application>> = HashMap::new();
    for application in ctx.store().applications().all().await? {
        own.entry(application.batch).or_default().push(application);
    }
    // Published rows are the same for everybody.
    let program = ctx.app.program(Errand::Rule);
    let published = program.current().await?;
    let mut all = Vec::new();
    for batch in ctx.store().programme().batches().await? {
        if let Some(applications) = own.remove(&batch.id) {
            let tasks = kept::tasks(&published, batch.id).await?;
            all.push(Recommended { batch, tasks, applications });
        }
    }
    all.sort_by_key(|recommended| std::cmp::Reverse((recommended.batch.year, recommended.batch.seq)));
    Ok(all)
}
