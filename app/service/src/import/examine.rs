//! Checks rows against the present database. Files and rows from elsewhere are checked in the same way.

use super::Checked;
use crate::personal::{keyed_hash, prepare};
use crate::{Context, Result};
use domain::application::{Application, ApplicationState, MemberRole, Task, structure_defects};
use domain::expert::{Expert, PoolState};
use domain::identity::doubles::{self, Resemblance};
use domain::ids::{ApplicationId, BatchId, ExpertId};
use domain::people::Number;
use domain::text::name_key;
use import::applications::ApplicationRow;
use import::experts::ExpertRow;
use import::{Located, Problem};
use std::collections::{HashMap, HashSet};
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
    let pool = ctx.store().experts().all().await?;
    let taken: HashSet<String> = pool.iter().map(|expert| name_key(&expert.code)).collect();
    let hashes = ctx.store().personal().hashes().await?;
    let mut free = FreeCodes::new(&pool, &parsed.rows);
    let mut problems = parsed.problems;
    let mut sample = Vec::new();
    let mut ready: Vec<Expert> = Vec::new();
    let mut data = Vec::new();
    let mut numbered: HashMap<ExpertId, String> = HashMap::new();
    for row in &parsed.rows {
        let value = &row.value;
        let code = value.code.clone().unwrap_or_else(|| free.next());
        if value.code.is_some() && taken.contains(&name_key(&code)) {
            problems.push(problem(row, "专家编号", &code, "专家库中已有此编号".to_owned()));
        }
        let id_hash = value.id_number.as_deref().map(|id| keyed_hash(ctx, id)).transpose()?;
        if let Some(code) = id_hash.as_ref().and_then(|hash| hashes.get(hash)) {
            problems.push(problem(row, "身份证号", "********", format!("与专家库中的{code}为同一人")));
        }
        if sample.len() < SAMPLE {
            let sectors: Vec<_> = value.sectors.iter().map(|s| s.label()).collect();
            sample.push(vec![
                format!("{} 第{}行", row.sheet, row.row),
                code.clone(),
                value.name.clone(),
                value.role.label().to_owned(),
                sectors.join("、"),
                value.employer.clone(),
                format!("{}段经历", value.ties.len()),
            ]);
        }
        let expert = filed_expert(ctx, value, code);
        data.extend(prepare(ctx, expert.id, &numbers(value))?);
        numbered.extend(id_hash.map(|hash| (expert.id, hash)));
        ready.push(expert);
    }
    let mut notes = parsed.notes;
    notes.extend(resembling(pool, &ready, &parsed.rows, &hashes, numbered));
    Ok(Checked {
        rows: ready.len(),
        ready: Ready::Experts(ready, data),
        round: None,
        problems,
        notes,
        seen: parsed.seen,
        sample,
    })
}

/// What rows have in common with each other and with the pool that makes them likely one person. Whoever confirms the import has seen it.
fn resembling(
    pool: Vec<Expert>,
    ready: &[Expert],
    rows: &[Located<ExpertRow>],
    hashes: &HashMap<String, String>,
    mut numbered: HashMap<ExpertId, String>,
) -> Vec<Problem> {
    let of_code: HashMap<&str, ExpertId> = pool.iter().map(|expert| (expert.code.as_str(), expert.id)).collect();
    let known = hashes.iter().filter_map(|(hash, code)| Some((*of_code.get(code.as_str())?, hash.clone())));
    numbered.extend(known.collect::<Vec<_>>());
    let mut groups: HashMap<&str, usize> = HashMap::new();
    let of: HashMap<ExpertId, usize> = numbered
        .iter()
        .map(|(id, hash)| {
            let next = groups.len();
            (*id, *groups.entry(hash).or_insert(next))
        })
        .collect();
    let places: HashMap<ExpertId, usize> = ready.iter().map(|expert| expert.id).zip(0..).collect();
    let all: Vec<Expert> = pool.into_iter().chain(ready.iter().cloned()).collect();
    let code: HashMap<ExpertId, &str> = all.iter().map(|expert| (expert.id, expert.code.as_str())).collect();
    let mut found = Vec::new();
    // Equal ID numbers are problems of their own.
    for double in doubles::find(&all, |id| of.get(&id).copied()).iter().filter(|d| d.why != Resemblance::IdNumber) {
        // The later row is told of the earlier one, or of the entry in the pool.
        let pair = [double.first, double.second].map(|id| (places.get(&id).copied(), id));
        let [(other, id), (Some(at), _)] = (if pair[0].0 > pair[1].0 { [pair[1], pair[0]] } else { pair }) else {
            continue;
        };
        let whom = other.map_or_else(
            || format!("专家库中的{}", code.get(&id).copied().unwrap_or_default()),
            |place| format!("第{}行", rows[place].row),
        );
        let reason =
            format!("与{whom}{}，可能是同一人；是同一人的请删去一行，确为两人的请填写双方身份证号", double.why.words());
        found.push((at, problem(&rows[at], "姓名", &rows[at].value.name, reason)));
    }
    // In the file's order, whatever the new ids are: the list is confirmed by its digest.
    found.sort_by(|(a, one), (b, other)| (a, &one.reason).cmp(&(b, &other.reason)));
    found.into_iter().map(|(_, note)| note).collect()
}

/// Codes for experts whose list has none: counting on from the highest number in use.
struct FreeCodes(u64);

impl FreeCodes {
    const PREFIX: &str = "ZJ";

    fn new(pool: &[Expert], rows: &[Located<ExpertRow>]) -> Self {
        let codes = pool.iter().map(|expert| expert.code.as_str());
        let codes = codes.chain(rows.iter().filter_map(|row| row.value.code.as_deref()));
        let number = |code: &str| {
            let key = name_key(code);
            let digits: String = key.strip_prefix(Self::PREFIX)?.chars().filter(char::is_ascii_digit).collect();
            digits.parse::<u64>().ok().filter(|number| *number < 1_000_000)
        };
        Self(codes.filter_map(number).max().unwrap_or(0))
    }

    fn next(&mut self) -> String {
        self.0 += 1;
        format!("{}{:04}", Self::PREFIX, self.0)
    }
}

fn filed_expert(ctx: &Context, row: &ExpertRow, code: String) -> Expert {
    Expert {
        id: ExpertId(ctx.id()),
        code,
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
