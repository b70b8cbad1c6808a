//! Checks rows against the present database. Files and rows from elsewhere are checked in the same way.

use super::Checked;
use crate::personal::{keyed_hash, prepare};
use crate::{Context, Result};
use domain::application::{Application, ApplicationState, MemberRole, Task, structure_defects};
use domain::expert::{Expert, PoolState};
use domain::ids::{ApplicationId, BatchId, ExpertId};
use domain::people::Number;
use domain::text::name_key;
use import::applications::ApplicationRow;
use import::experts::ExpertRow;
use import::{Located, Problem};
use std::collections::HashSet;
use store::Repositories;
use store::repo::personal::Datum;

/// Checked data, ready to be written.
pub(super) enum Ready {
    Experts(Vec<Expert>, Vec<Datum>),
    Applications(BatchId, Vec<Application>),
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

pub(super) async fn experts(ctx: &Context, parsed: import::Parsed<ExpertRow>) -> Result<Checked> {
    let codes = ctx.store().experts().codes().await?;
    let hashes = ctx.store().personal().hashes().await?;
    let mut problems = parsed.problems;
    let mut sample = Vec::new();
    let mut ready = Vec::new();
    let mut data = Vec::new();
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
        let expert = filed_expert(ctx, value);
        data.extend(prepare(ctx, expert.id, &numbers(value))?);
        ready.push(expert);
    }
    Ok(Checked {
        rows: ready.len(),
        ready: Ready::Experts(ready, data),
        round: None,
        problems,
        notes: parsed.notes,
        seen: parsed.seen,
        sample,
    })
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
        disciplines: row.disciplines.clone(),
        title: row.title.clone(),
        employer: row.employer.clone(),
        employer_uscc: row.employer_uscc.clone(),
        region: row.region.clone(),
        standing: PoolState::Active,
        ties: row.ties.clone(),
    }
}

fn numbers(row: &ExpertRow) -> Vec<(Number, &str)> {
    let all = [(Number::IdNumber, &row.id_number), (Number::Phone, &row.phone), (Number::BankCard, &row.bank_card)];
    all.into_iter().filter_map(|(kind, number)| Some((kind, number.as_deref()?))).collect()
}

pub(super) async fn applications(
    ctx: &Context,
    batch: BatchId,
    parsed: import::Parsed<ApplicationRow>,
) -> Result<Checked> {
    let tasks = ctx.store().programme().tasks(batch).await?;
    let mut taken: HashSet<_> = ctx.store().applications().of_batch(batch).await?.into_iter().map(|a| a.code).collect();
    let mut problems = parsed.problems;
    let round = match super::receiving(ctx.store().rounds().all().await?, batch) {
        Ok(round) => round,
        Err(error) => {
            let blank = String::new;
            let (sheet, cell, column, value) = (blank(), blank(), blank(), blank());
            problems.insert(0, Problem { sheet, cell, column, value, reason: error.to_string() });
            None
        }
    };
    let mut sample = Vec::new();
    let mut ready = Vec::new();
    for row in &parsed.rows {
        let value = &row.value;
        if !taken.insert(value.code.clone()) {
            problems.push(problem(row, "项目编号", &value.code, "本批次已有此项目编号".to_owned()));
        }
        let Some(task) = find_task(&tasks, &value.task) else {
            problems.push(problem(row, "榜单任务编号", &value.task, "本批次没有此榜单任务".to_owned()));
            continue;
        };
        for defect in structure_defects(value.form, &value.members) {
            problems.push(problem(row, "申报形式", value.form.label(), defect.to_string()));
        }
        if sample.len() < SAMPLE {
            let lead = value.members.iter().find(|m| m.role == MemberRole::Lead);
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
    Ok(Checked {
        rows: ready.len(),
        ready: Ready::Applications(batch, ready),
        round,
        problems,
        notes: parsed.notes,
        seen: parsed.seen,
        sample,
    })
}

fn find_task<'a>(tasks: &'a [Task], text: &str) -> Option<&'a Task> {
    let key = name_key(text);
    tasks.iter().find(|t| name_key(&t.code) == key || name_key(&t.title) == key)
}
