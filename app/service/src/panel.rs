//! 分组: panels by sector, the applications of one task together.

mod bridging;

pub use bridging::{
    Ask, Assumed, BridgePlan, Comparison, Line, PanelComparison, Placement, assumed, bridges, clear_bridges,
    preview_bridges, set_bridges,
};

use crate::audit::Event;
use crate::audit::kinds::PanelSize;
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::{Context, Error, Result};
use domain::access::Permission;
use domain::draw::DrawError;
use domain::ids::{PanelId, RoundId, TaskId};
use domain::panel::Panel;
use domain::reason::{Reason, Unreasoned};
use domain::round::{Method, Round, Step, TermsError, Work};
use domain::sector::Sector;
use std::collections::BTreeMap;
use store::{Repositories, if_any};

/// Plans panels over the eligible applications and replaces what was planned before; seats go with the old panels.
///
/// # Errors
/// `Denied`; `Rule` outside 分组, or if the number of panels cannot be made.
pub async fn plan(ctx: &Context, round: RoundId, count: usize) -> Result<usize> {
    let ctx = &intact(ctx, Permission::AssignExperts, round).await?;
    let dossier = Dossier::load(ctx, round).await?;
    dossier.round.permits(Work::Group)?;
    if count > 1 && dossier.round.terms.method == Method::Additive {
        return Err(TermsError::OnePanelOnly.into());
    }
    let mut sizes: BTreeMap<TaskId, u32> = BTreeMap::new();
    for application in dossier.eligible() {
        *sizes.entry(application.task).or_default() += 1;
    }
    let mut tasks: Vec<_> = sizes.iter().filter_map(|(id, size)| Some((dossier.tasks.get(id)?, *size))).collect();
    tasks.sort_by(|(a, _), (b, _)| a.code.cmp(&b.code));
    let blocks: Vec<_> = tasks
        .iter()
        .map(|(task, size)| engine::panels::Block { id: task.id, group: task.sector, size: *size })
        .collect();
    let planned = engine::panels::plan(&blocks, count)?;
    let mut per_sector: BTreeMap<Sector, usize> = BTreeMap::new();
    for panel in &planned {
        *per_sector.entry(panel.groups[0]).or_default() += 1;
    }
    let mut made: BTreeMap<Sector, usize> = BTreeMap::new();
    let mut panels = Vec::new();
    for (seq, plan) in (1..).zip(&planned) {
        let sector = plan.groups[0];
        let number = made.entry(sector).or_default();
        *number += 1;
        let labels: Vec<_> = plan.groups.iter().map(|g| g.label()).collect();
        let name = if per_sector[&sector] > 1 {
            format!("{}{}组", labels.join("、"), chinese_number(*number))
        } else {
            format!("{}组", labels.join("、"))
        };
        let applications: Vec<_> = dossier.eligible().filter(|a| plan.blocks.contains(&a.task)).map(|a| a.id).collect();
        panels.push((Panel { id: PanelId(ctx.id()), round, seq, name, sector }, applications));
    }
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::Group)?;
            let rows: Vec<_> = panels.iter().map(|(panel, _)| panel.clone()).collect();
            tx.panels().replace(round, &rows).await?;
            for (panel, applications) in &panels {
                tx.rounds().set_panel(round, applications, Some(panel.id)).await?;
            }
            let sizes = panels.iter().map(|(p, own)| PanelSize { name: p.name.clone(), applications: own.len() });
            ctx.record(tx, Event::PanelsPlanned(sizes.collect()).of_round(round)).await
        })
        .await?;
    Ok(panels.len())
}

/// Moves a whole task to another panel.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` outside 分组.
pub async fn move_task(ctx: &Context, round: RoundId, task: TaskId, panel: PanelId) -> Result<()> {
    let ctx = &intact(ctx, Permission::AssignExperts, round).await?;
    let dossier = Dossier::load(ctx, round).await?;
    dossier.round.permits(Work::Group)?;
    let target = dossier.panel(panel).ok_or(Error::NotFound)?.name.clone();
    let applications: Vec<_> = dossier.eligible().filter(|a| a.task == task).map(|a| a.id).collect();
    if applications.is_empty() {
        return Err(Error::NotFound);
    }
    ctx.store()
        .write(async |tx| {
            tx.rounds().set_panel(round, &applications, Some(panel)).await?;
            let event = Event::TaskMoved { task, panel: target.clone(), applications: applications.len() };
            ctx.record(tx, event.of_round(round)).await
        })
        .await
}

/// Takes the round back from 抽取 to 分组, while no draw stands. Seats that were assigned without one are given up.
///
/// # Errors
/// `Denied`; `Rule` without a reason, outside 抽取, or where a draw stands.
pub async fn regroup(ctx: &Context, round: RoundId, reason: &str) -> Result<()> {
    let ctx = &intact(ctx, Permission::AssignExperts, round).await?;
    let reason = Reason::of(reason, Unreasoned::Regrouping)?;
    ctx.store()
        .write(async |tx| {
            let own = tx.rounds().get(round).await?;
            own.permits(Work::Regroup)?;
            if if_any(tx.draws().current(round).await)?.is_some() {
                return Err(DrawError::Standing.into());
            }
            let seats = tx.panels().seats(round).await?.len();
            tx.panels().replace_seats(round, Vec::new()).await?;
            tx.rounds().save(&Round { step: Step::Grouping, ..own }).await?;
            ctx.record(tx, Event::Regrouped { seats, reason: reason.clone().into() }.of_round(round)).await
        })
        .await
}

fn chinese_number(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match n {
        1..=9 => DIGITS[n].to_owned(),
        10..=19 => format!("十{}", DIGITS[n - 10]),
        20..=99 => format!("{}十{}", DIGITS[n / 10], DIGITS[n % 10]),
        _ => n.to_string(),
    }
}
