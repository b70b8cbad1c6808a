//! What waits before a round stands: batches, tasks, experts, applications.

use super::{Subject, Waiting};
use crate::{Context, Result};
use domain::access::Permission;
use store::Repositories;

/// The next thing of each batch that is not under way yet, and applications that are in no round.
pub(super) async fn waiting(ctx: &Context) -> Result<Vec<Waiting>> {
    let mut items = Vec::new();
    if ctx.may(Permission::ManageProgramme) {
        batches(ctx, &mut items).await?;
    }
    if ctx.may(Permission::ImportData) && ctx.store().experts().count().await? == 0 {
        items.push(Waiting {
            of: None,
            what: "导入专家名单".to_owned(),
            why: "专家库还是空的；回避比对、分组、抽取都从专家库取人".to_owned(),
            subject: Subject::Experts,
        });
    }
    if ctx.may(Permission::ImportData) && ctx.may(Permission::ReadExperts) {
        let open = crate::identity::count_open(ctx).await?;
        if open > 0 {
            items.push(Waiting {
                of: None,
                what: format!("{open} 对疑似同一人待认定"),
                why: "认定之前，每对只有一条参加抽取和指派".to_owned(),
                subject: Subject::Doubles,
            });
        }
    }
    Ok(items)
}

async fn batches(ctx: &Context, items: &mut Vec<Waiting>) -> Result<()> {
    let batches = ctx.store().programme().batches().await?;
    if batches.is_empty() {
        items.push(Waiting {
            of: None,
            what: "建立批次".to_owned(),
            why: "先建立年度批次，再登记榜单任务、导入申报汇总表、建立轮次".to_owned(),
            subject: Subject::Batches,
        });
    }
    let rounds = ctx.store().rounds().all().await?;
    let outside = ctx.store().applications().outside_rounds().await?;
    for batch in batches {
        let begun = rounds.iter().any(|round| round.batch == batch.id);
        let waits = outside.get(&batch.id).copied().unwrap_or(0);
        let (what, why) = match (begun, waits) {
            (false, 0) if ctx.store().programme().tasks(batch.id).await?.is_empty() => {
                ("登记榜单任务".to_owned(), "汇总表按任务编号对应导入".to_owned())
            }
            (false, 0) => ("导入申报汇总表".to_owned(), "榜单任务已登记，还没有申报".to_owned()),
            (false, waits) => (format!("建立轮次：{waits} 项申报等待评审"), "申报已导入，批次还没有轮次".to_owned()),
            (true, 0) => continue,
            (true, waits) => (format!("{waits} 项申报不在任何轮次"), "为它们建立新的轮次，评审才会开始".to_owned()),
        };
        items.push(Waiting { of: Some(batch.title), what, why, subject: Subject::Batch(batch.id) });
    }
    Ok(())
}
