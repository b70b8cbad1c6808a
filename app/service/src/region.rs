//! 推荐单位: what a region sees of its own applications, and of no other.

use crate::{Context, Result};
use domain::access::Permission;
use domain::application::{Application, Batch, Task};
use domain::ids::TaskId;
use std::collections::HashMap;
use store::Repositories;

/// The caller's applications of one batch, by code.
#[derive(Debug, Clone)]
pub struct Recommended {
    pub batch: Batch,
    pub tasks: HashMap<TaskId, Task>,
    pub applications: Vec<Application>,
}

/// The applications that the caller's region recommended, the latest batch first; batches without any are left out.
///
/// # Errors
/// `Denied` for everyone but 推荐单位.
pub async fn recommended(ctx: &Context) -> Result<Vec<Recommended>> {
    ctx.require(Permission::ReadOwnRegion)?;
    let mut all = Vec::new();
    for batch in ctx.store().programme().batches().await? {
        let applications = ctx.store().applications().of_batch(batch.id).await?;
        if !applications.is_empty() {
            let tasks =
                ctx.store().programme().tasks(batch.id).await?.into_iter().map(|task| (task.id, task)).collect();
            all.push(Recommended { batch, tasks, applications });
        }
    }
    all.sort_by_key(|recommended| std::cmp::Reverse((recommended.batch.year, recommended.batch.seq)));
    Ok(all)
}
