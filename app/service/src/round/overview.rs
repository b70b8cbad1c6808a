//! 总览: where a round stands, for those who run it. Progress is filled or not filled, never values.

use crate::dossier::Dossier;
use crate::{Context, Result, kept};
use domain::access::Permission;
use domain::gate::Condition;
use domain::ids::{PanelId, RoundId};
use domain::panel::Panel;
use domain::round::Step;
use domain::seat::{Presence, Seat};
use std::sync::Arc;
use store::repo::scoring::Count;
use store::{Current, Repositories};

/// One panel's progress.
#[derive(Debug, Clone)]
pub struct PanelProgress {
    pub panel: PanelId,
    pub name: String,
    pub applications: usize,
    pub experts: usize,
    pub absent: usize,
    /// Pairs of seated experts and applications that are excluded.
    pub recused: usize,
    pub submitted: usize,
    pub sheets: usize,
}

/// A round at a glance.
#[derive(Debug, Clone)]
pub struct Overview {
    pub dossier: Dossier,
    pub experts_in_pool: u64,
    pub conflicts: usize,
    pub conflicts_open: usize,
    pub panels: Arc<Vec<PanelProgress>>,
    /// The next step and the conditions of its gate.
    pub next: Option<(Step, Arc<Vec<Condition>>)>,
}

/// # Errors
/// `Denied` without `ReadProgress`, `NotFound`.
pub async fn overview(ctx: &Context, id: RoundId) -> Result<Overview> {
    ctx.require(Permission::ReadProgress)?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, id).await?;
    let recusals = kept::recusals(&current, id).await?;
    Ok(Overview {
        panels: kept::resting_on_sheets(&current, &dossier.round, async || panels(&current, &dossier).await).await?,
        experts_in_pool: ctx.store().experts().count().await?,
        conflicts: recusals.conflicts.len(),
        conflicts_open: recusals.conflicts.iter().filter(|conflict| conflict.awaits_decision()).count(),
        next: super::next(&current, &dossier).await?,
        dossier,
    })
}

async fn panels(current: &Current<'_>, dossier: &Dossier) -> Result<Vec<PanelProgress>> {
    let round = dossier.round.id;
    let recusals = kept::recusals(current, round).await?;
    let seats = kept::seats(current, round).await?;
    let counted = current.store().sheets().counts(round).await?;
    let progress = |panel: &Panel| {
        let own: Vec<_> = seats.iter().filter(|s| s.panel == panel.id).collect();
        let within = || dossier.in_panel(panel.id).map(|application| application.id);
        let excluded = |seat: &Seat| within().filter(|id| recusals.excluded.contains(&(seat.expert, *id))).count();
        let count = |of: fn(&Count) -> usize| within().filter_map(|id| counted.get(&id)).map(of).sum();
        PanelProgress {
            panel: panel.id,
            name: panel.name.clone(),
            applications: within().count(),
            experts: own.len(),
            absent: own.iter().filter(|s| s.presence == Presence::Absent).count(),
            recused: own.iter().map(|seat| excluded(seat)).sum(),
            submitted: count(|count| count.submitted),
            sheets: count(|count| count.standing),
        }
    };
    Ok(dossier.panels.iter().map(progress).collect())
}
