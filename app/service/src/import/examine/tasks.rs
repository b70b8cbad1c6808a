//! 榜单任务: tasks of a batch. What is published is not changed.

use super::{Checked, Counts, Ready, SAMPLE, problem};
use crate::{Context, Result};
use domain::access::Permission;
use domain::application::Task;
use domain::identity::codes::FreeCodes;
use domain::ids::{BatchId, IndicatorId, TaskId};
use domain::text::name_key;
use import::Parsed;
use import::tasks::TaskRow;
use store::Repositories;

pub(in crate::import) async fn tasks(ctx: &Context, batch: BatchId, parsed: Parsed<TaskRow>) -> Result<Checked> {
    ctx.require(Permission::ManageProgramme)?;
    let filed = ctx.store().programme().tasks(batch).await?;
    let codes = filed.iter().map(|task| task.code.as_str());
    let mut free = FreeCodes::new("RW", 2, codes.chain(parsed.rows.iter().filter_map(|row| row.value.code.as_deref())));
    let mut problems = parsed.problems;
    let mut notes = parsed.notes;
    let (mut new, mut sample, mut same) = (Vec::new(), Vec::new(), 0);
    for row in &parsed.rows {
        let value = &row.value;
        let known = filed.iter().find(|task| match &value.code {
            Some(code) => name_key(&task.code) == name_key(code),
            None => name_key(&task.title) == name_key(&value.title),
        });
        if let Some(task) = known {
            if says_the_same(value, task) {
                same += 1;
            } else {
                let reason =
                    format!("本批次已登记{}（{}），内容不同；已登记的任务不能以导入更改", task.code, task.title);
                let (column, text) = match &value.code {
                    Some(code) => ("任务编号", code),
                    None => ("任务名称", &value.title),
                };
                problems.push(problem(row, column, text, reason));
            }
            continue;
        }
        let code = value.code.clone().unwrap_or_else(|| free.take());
        let others = filed.iter().chain(&new);
        if let Some(other) = others.into_iter().find(|task: &&Task| name_key(&task.title) == name_key(&value.title)) {
            let reason = format!("与{}同名；汇总表中只写任务名称的申报将无法对应，须写编号", other.code);
            notes.push(problem(row, "任务名称", &value.title, reason));
        }
        if sample.len() < SAMPLE {
            sample.push(vec![
                format!("{} 第{}行", row.sheet, row.row),
                code.clone(),
                value.title.clone(),
                value.category.label().to_owned(),
                value.sector.label().to_owned(),
                domain::beijing::written(value.deadline),
                format!("{}项", value.indicators.len()),
            ]);
        }
        new.push(task(ctx, batch, value, code));
    }
    Ok(Checked {
        counts: Counts { new: new.len(), updated: 0, same },
        ready: Ready::Tasks { batch, new },
        round: None,
        problems,
        notes,
        seen: parsed.seen,
        sample,
        changes: Vec::new(),
    })
}

fn says_the_same(row: &TaskRow, task: &Task) -> bool {
    let TaskRow { code: _, title, category, sector, content, deadline, indicators } = row;
    let plain = (title, category, sector, content, deadline);
    plain == (&task.title, &task.category, &task.sector, &task.content, &task.deadline)
        && indicators.len() == task.indicators.len()
        && indicators.iter().zip(&task.indicators).all(|(draft, filed)| draft.is(filed))
}

fn task(ctx: &Context, batch: BatchId, row: &TaskRow, code: String) -> Task {
    Task {
        id: TaskId(ctx.id()),
        batch,
        code,
        title: row.title.clone(),
        category: row.category,
        sector: row.sector,
        content: row.content.clone(),
        deadline: row.deadline,
        indicators: row.indicators.iter().map(|draft| draft.clone().with_id(IndicatorId(ctx.id()))).collect(),
    }
}
