//! Lists as they stand: applications, recusals, experts, invitations.

use super::{Document, hand_out};
use crate::dossier::Dossier;
use crate::import::Whole;
use crate::integrity::intact;
use crate::{Context, Result, conflict, expert};
use domain::access::Permission;
use domain::ids::{ImportId, RoundId};
use domain::invitation::NobodyToInvite;
use export::Cell;
use export::applications::{self, Applications};
use export::conflicts::{self, Conflicts};
use export::invitations::{self, Invited};
use export::table::{self, Table};

/// 邀请链接: issued for the seated experts of a round who have no account, and told only here.
///
/// # Errors
/// `Denied` without `ManageAccounts`.
pub async fn invitations(ctx: &Context, round: RoundId) -> Result<Document> {
    let invited = crate::account::invite(ctx, round).await?;
    if invited.is_empty() {
        return Err(NobodyToInvite.into());
    }
    let until = invited.first().map(|one| one.until);
    let row = |one: crate::account::Invited| {
        let link = format!("{}/invitation?key={}", ctx.app.address, one.link.as_str());
        Invited { name: one.name, login: one.login, link }
    };
    let rows: Vec<_> = invited.into_iter().map(row).collect();
    hand_out(ctx, Some(round), "专家邀请链接.xlsx".to_owned(), invitations::to_xlsx(&rows, until)?).await
}

/// What was found wrong in a file, for whoever mends it.
///
/// # Errors
/// `Denied` without `ImportData`, `NotFound`.
pub async fn import_problems(ctx: &Context, id: ImportId, whole: Whole) -> Result<Document> {
    let run = crate::import::dry_run(ctx, id, whole).await?;
    let row = |grade: &str, problem: &import::Problem| {
        let place = [&problem.sheet, &problem.cell, &problem.column, &problem.value, &problem.reason];
        std::iter::once(Cell::text(grade)).chain(place.map(|text| Cell::text(text.clone()))).collect()
    };
    let problems = run.problems.iter().map(|problem| row("须改正", problem));
    let notes = run.notes.iter().map(|note| row("仅提示", note));
    let changes = run.changes.iter().map(|changed| {
        let reason = format!("{} {}：改为“{}”", changed.code, changed.name, changed.change.to);
        let place =
            [&changed.sheet, &format!("第{}行", changed.row), &changed.change.column, &changed.change.from, &reason];
        std::iter::once(Cell::text("将更改")).chain(place.map(|text| Cell::text(text.clone()))).collect()
    });
    let table = Table {
        title: "导入核对问题".to_owned(),
        lines: vec![
            format!("文件：{}", run.name),
            format!("须改正{}处，仅提示{}处，将更改{}处", run.problems.len(), run.notes.len(), run.changes.len()),
        ],
        headers: ["级别", "工作表", "位置", "列", "内容", "原因"].map(str::to_owned).to_vec(),
        rows: problems.chain(notes).chain(changes).collect(),
    };
    hand_out(ctx, None, "导入核对问题.xlsx".to_owned(), table::to_xlsx(&table)?).await
}

/// 申报汇总.
///
/// # Errors
/// `Denied` without `Export`, `NotFound`.
pub async fn applications(ctx: &Context, round: RoundId) -> Result<Document> {
    let ctx = &intact(ctx, Permission::Export, round).await?;
    let dossier = Dossier::load(ctx, round).await?;
    let title = &dossier.round.title;
    let row = |application| applications::Row {
        application,
        task: dossier.task(application).map_or("", |task| task.title.as_str()),
        panel: dossier.panel_of(application.id).and_then(|id| dossier.panel(id)).map_or("", |p| p.name.as_str()),
    };
    let content = applications::to_xlsx(&Applications {
        round: title,
        basis: &dossier.batch.basis,
        generated: ctx.now(),
        rows: dossier.applications.iter().map(row).collect(),
    })?;
    hand_out(ctx, Some(round), format!("{title}-申报汇总.xlsx"), content).await
}

/// 回避登记表.
///
/// # Errors
/// `Denied` without `Export` and `ReadConflicts`, `NotFound`.
pub async fn conflicts(ctx: &Context, round: RoundId) -> Result<Document> {
    ctx.require(Permission::ReadConflicts)?;
    let ctx = &intact(ctx, Permission::Export, round).await?;
    let picture = conflict::load(ctx, round).await?;
    let own = &picture.dossier.round;
    let row = |conflict| conflicts::Row {
        conflict,
        expert: picture.experts.get(&conflict.expert),
        application: picture.dossier.application(conflict.application).map_or("", |a| a.code.as_str()),
    };
    let content = conflicts::to_xlsx(&Conflicts {
        round: &own.title,
        reference_day: own.reference_day,
        generated: ctx.now(),
        rows: picture.conflicts.iter().map(row).collect(),
    })?;
    hand_out(ctx, Some(round), format!("{}-回避登记表.xlsx", own.title), content).await
}

/// 专家名单, narrowed as on the page.
///
/// # Errors
/// `Denied` without `ReadExperts` and `Export`.
pub async fn experts(ctx: &Context, filter: &expert::Filter) -> Result<Document> {
    ctx.require(Permission::Export)?;
    let experts = expert::narrowed(ctx, filter).await?;
    hand_out(ctx, None, "专家名单.xlsx".to_owned(), export::experts::to_xlsx(&experts, ctx.now())?).await
}
