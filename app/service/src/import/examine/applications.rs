//! 汇总表: new applications, and those on file that are said to be otherwise.

use super::{Changed, Checked, Counts, Given, Ready, SAMPLE, Update, changed, problem};
use crate::{Context, Result};
use domain::application::{Application, ApplicationState, Form, Member, MemberRole, Section, Task, structure_defects};
use domain::changes;
use domain::identity::codes::FreeCodes;
use domain::ids::{ApplicationId, BatchId};
use domain::round::{Intake, Round, receiving};
use domain::text::name_key;
use domain::uscc::Uscc;
use import::applications::ApplicationRow;
use import::{Located, Parsed, Problem};
use std::collections::{HashMap, HashSet};
use store::Repositories;

pub(in crate::import) async fn applications(
    ctx: &Context,
    batch: BatchId,
    parsed: Parsed<ApplicationRow>,
) -> Result<Checked> {
    let mut problems = parsed.problems.clone();
    let round = match receiving(ctx.store().rounds().all().await?, batch) {
        Ok(round) => round,
        Err(error) => {
            let blank = String::new;
            let (sheet, cell, column, value) = (blank(), blank(), blank(), blank());
            problems.insert(0, Problem { sheet, cell, column, value, reason: error.to_string() });
            None
        }
    };
    let mut desk = Desk::open(ctx, batch, round, &parsed).await?;
    for row in &parsed.rows {
        desk.take(row, Given::of(row, &parsed));
    }
    problems.append(&mut desk.problems);
    Ok(Checked {
        counts: Counts { new: desk.new.len(), updated: desk.updates.len(), same: desk.same },
        ready: Ready::Applications { batch, new: desk.new, updates: desk.updates },
        round: desk.round,
        problems,
        notes: parsed.notes,
        seen: parsed.seen,
        sample: desk.sample,
        changes: desk.changes,
    })
}

/// The batch beside the file, and what comes of the rows.
struct Desk<'a> {
    ctx: &'a Context,
    batch: BatchId,
    tasks: Vec<Task>,
    filed: Vec<Application>,
    by_code: HashMap<String, usize>,
    /// By title and lead.
    by_title: HashMap<(String, Option<Uscc>), usize>,
    round: Option<Round>,
    free: FreeCodes,
    spoken_of: HashMap<ApplicationId, u32>,
    codes: HashSet<String>,
    new: Vec<Application>,
    updates: Vec<Update<Application>>,
    changes: Vec<Changed>,
    same: usize,
    problems: Vec<Problem>,
    sample: Vec<Vec<String>>,
}

impl<'a> Desk<'a> {
    async fn open(
        ctx: &'a Context,
        batch: BatchId,
        round: Option<Round>,
        parsed: &Parsed<ApplicationRow>,
    ) -> Result<Self> {
        let filed = ctx.store().applications().of_batch(batch).await?;
        let codes = filed.iter().map(|application| application.code.as_str());
        let free = FreeCodes::new("SB", 3, codes.chain(parsed.rows.iter().filter_map(|row| row.value.code.as_deref())));
        let titled = |own: &Application| (name_key(&own.title), lead_of(&own.members));
        // From the last on, so that of several the first is found.
        let by_code = (0..filed.len()).rev().map(|at| (name_key(&filed[at].code), at)).collect();
        let by_title = (0..filed.len()).rev().map(|at| (titled(&filed[at]), at)).collect();
        Ok(Self {
            ctx,
            by_code,
            by_title,
            batch,
            tasks: ctx.store().programme().tasks(batch).await?,
            free,
            filed,
            round,
            spoken_of: HashMap::new(),
            codes: HashSet::new(),
            new: Vec::new(),
            updates: Vec::new(),
            changes: Vec::new(),
            same: 0,
            problems: Vec::new(),
            sample: Vec::new(),
        })
    }

    fn take(&mut self, row: &Located<ApplicationRow>, given: Given<'_>) {
        let value = &row.value;
        let at = self.about(value);
        let task = match self.task(&value.task, at.map(|at| &self.filed[at])) {
            Ok(task) => task.clone(),
            Err(reason) => {
                self.problems.push(problem(row, "榜单任务编号", &value.task, reason));
                return;
            }
        };
        let code = if let Some(at) = at {
            self.update(row, at, &task, given);
            self.filed[at].code.clone()
        } else {
            let code = value.code.clone().unwrap_or_else(|| self.free.take());
            let id = ApplicationId(self.ctx.id());
            self.add(row, application(id, self.batch, &task, value, code.clone()));
            code
        };
        if self.sample.len() < SAMPLE {
            let lead = value.members.iter().find(|m| m.role == MemberRole::Lead);
            self.sample.push(vec![
                format!("{} 第{}行", row.sheet, row.row),
                code,
                value.title.clone(),
                task.code.clone(),
                lead.map_or_else(String::new, |l| l.name.clone()),
                format!("{}家", value.members.len()),
                format!("{}万元", value.investment.in_wan()),
            ]);
        }
    }

    /// The application on file that a row is about: by its code, or, where the list has none, by title and lead.
    fn about(&self, value: &ApplicationRow) -> Option<usize> {
        match &value.code {
            Some(code) => self.by_code.get(&name_key(code)).copied(),
            None => self.by_title.get(&(name_key(&value.title), lead_of(&value.members))).copied(),
        }
    }

    /// The task that a row names, which of an application on file may be the one it has.
    fn task(&self, text: &str, filed: Option<&Application>) -> Result<&Task, String> {
        let key = name_key(text);
        let by_code = self.tasks.iter().find(|task| name_key(&task.code) == key);
        if let Some(task) = by_code {
            return Ok(task);
        }
        let of_title: Vec<&Task> = self.tasks.iter().filter(|task| name_key(&task.title) == key).collect();
        let own = filed.and_then(|filed| of_title.iter().find(|task| task.id == filed.task));
        match (own, &of_title[..]) {
            (Some(task), _) | (None, [task]) => Ok(task),
            (None, []) => Err("本批次没有此榜单任务".to_owned()),
            (None, several) => {
                let codes: Vec<_> = several.iter().map(|task| task.code.as_str()).collect();
                Err(format!("本批次有{}个榜单任务同名，请写任务编号（{}）", several.len(), codes.join("、")))
            }
        }
    }

    fn add(&mut self, row: &Located<ApplicationRow>, application: Application) {
        if !self.codes.insert(name_key(&application.code)) {
            self.problems.push(problem(row, "项目编号", &application.code, "项目编号重复".to_owned()));
        }
        self.check_structure(row, &application);
        self.new.push(application);
    }

    fn update(&mut self, row: &Located<ApplicationRow>, at: usize, task: &Task, given: Given<'_>) {
        let before = self.filed[at].clone();
        if let Some(first) = self.spoken_of.insert(before.id, row.row) {
            let reason = format!("与第{first}行都是本批次的{}", before.code);
            self.problems.push(problem(row, "项目编号", &before.code, reason));
            return;
        }
        let after = merged(&before, &row.value, task, given);
        let other_lead = before.lead().map(|lead| &lead.uscc) != after.lead().map(|lead| &lead.uscc);
        if other_lead && name_key(&before.title) != name_key(&after.title) {
            let (title, lead) = (&before.title, before.lead().map_or("", |lead| lead.name.as_str()));
            let reason = format!("本批次这个编号是“{title}”（{lead}），与本行不是同一项目；新项目请另编编号");
            self.problems.push(problem(row, "项目编号", &before.code, reason));
            return;
        }
        let changes = changes::of_application(&before, &after, &self.tasks);
        if changes.is_empty() {
            self.same += 1;
            return;
        }
        let closed = self.round.as_ref().is_some_and(|round| round.intake() == Intake::Closed);
        if before.state != ApplicationState::Filed || closed {
            let columns: Vec<_> = changes.iter().map(|change| change.column.as_str()).collect();
            let reason = format!(
                "{}的{}与已有内容不同；{}，内容以审查时为准，不能再以导入更改",
                before.code,
                columns.join("、"),
                before.state,
            );
            self.problems.push(problem(row, "项目编号", &before.code, reason));
            return;
        }
        self.check_structure(row, &after);
        self.changes.extend(changed(row, &before.code, &before.title, &changes));
        self.updates.push(Update { before, after, changes, numbers: Vec::new() });
    }

    fn check_structure(&mut self, row: &Located<ApplicationRow>, application: &Application) {
        for defect in structure_defects(application.form, &application.members) {
            self.problems.push(problem(row, "申报形式", application.form.label(), defect.to_string()));
        }
    }
}

fn lead_of(members: &[Member]) -> Option<Uscc> {
    members.iter().find(|member| member.role == MemberRole::Lead).map(|member| member.uscc.clone())
}

fn application(id: ApplicationId, batch: BatchId, task: &Task, row: &ApplicationRow, code: String) -> Application {
    Application {
        id,
        batch,
        task: task.id,
        code,
        title: row.title.clone(),
        form: row.form,
        recommender: row.recommender,
        investment: row.investment,
        committed_on: row.committed_on,
        state: ApplicationState::Filed,
        state_reason: String::new(),
        members: row.members.clone(),
        people: row.people.clone(),
        sections: row.sections.clone(),
    }
}

/// An application as a row has it. What the row's sheet has no column for stays as it is, and so do members and people of whom the file says nothing.
fn merged(before: &Application, row: &ApplicationRow, task: &Task, given: Given<'_>) -> Application {
    let said = application(before.id, before.batch, task, row, before.code.clone());
    let filed = before.clone();
    let members = if given.has("参与单位") || said.members.len() > 1 {
        said.members
    } else {
        let others = filed.members.into_iter().filter(|member| member.role != MemberRole::Lead);
        said.members.into_iter().chain(others).collect()
    };
    let derived = if members.len() > 1 { Form::Consortium } else { Form::Solo };
    let headings = [("研发基础", "研发基础"), ("攻关方案", "攻关方案"), ("资金筹措", "资金筹措")];
    let section = |(column, heading): (&str, &str)| {
        let of = |sections: &[Section]| sections.iter().find(|section| section.heading == heading).cloned();
        if given.has(column) { of(&said.sections) } else { of(&filed.sections) }
    };
    Application {
        form: given.or("申报形式", said.form, derived),
        recommender: given.or("推荐单位", said.recommender, filed.recommender),
        committed_on: given.or("承诺书签署日期", said.committed_on, filed.committed_on),
        state: filed.state,
        state_reason: filed.state_reason,
        people: if said.people.is_empty() { filed.people } else { said.people },
        sections: headings.into_iter().filter_map(section).collect(),
        members,
        ..said
    }
}
