//! 总览: where a round stands, for those who run it. Progress is filled or not filled, never values.

use crate::dossier::Dossier;
use crate::{Context, Result};
use domain::access::Permission;
use domain::gate::Condition;
use domain::ids::{PanelId, RoundId};
use domain::round::Step;
use domain::seat::Presence;
use std::collections::HashMap;
use store::Repositories;

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
    pub panels: Vec<PanelProgress>,
    /// The next step and the conditions of its gate.
    pub next: Option<(Step, Vec<Condition>)>,
}

/// # Errors
/// `Denied` without `ReadProgress`, `NotFound`.
pub async fn overview(ctx: &Context, id: RoundId) -> Result<Overview> {
    ctx.require(Permission::ReadProgress)?;
    let dossier = Dossier::load(ctx, id).await?;
    let store = ctx.store();
    let conflicts = store.conflicts().of_round(id).await?;
    let seats = store.panels().seats(id).await?;
    let sheets = store.sheets().of_round(id).await?;
    let next = match dossier.round.step.next() {
        Some(step) => Some((step, super::conditions(ctx, &dossier, step).await?)),
        None => None,
    };
    let panel_of_expert: HashMap<_, _> = seats.iter().map(|s| (s.expert, s.panel)).collect();
    let mut recused: HashMap<_, std::collections::BTreeSet<_>> = HashMap::new();
    for conflict in conflicts.iter().filter(|c| c.excludes()) {
        if let Some(panel) = panel_of_expert.get(&conflict.expert)
            && dossier.panel_of(conflict.application) == Some(*panel)
        {
            recused.entry(*panel).or_default().insert((conflict.expert, conflict.application));
        }
    }
    let progress = |panel: &domain::panel::Panel| {
        let own: Vec<_> = seats.iter().filter(|s| s.panel == panel.id).collect();
        let of_panel: Vec<_> =
            sheets.iter().filter(|s| !s.is_voided() && dossier.panel_of(s.application) == Some(panel.id)).collect();
        PanelProgress {
            panel: panel.id,
            name: panel.name.clone(),
            applications: dossier.in_panel(panel.id).count(),
            experts: own.len(),
            absent: own.iter().filter(|s| s.presence == Presence::Absent).count(),
            recused: recused.get(&panel.id).map_or(0, std::collections::BTreeSet::len),
            submitted: of_panel.iter().filter(|s| s.is_submitted()).count(),
            sheets: of_panel.len(),
        }
    };
    Ok(Overview {
        panels: dossier.panels.iter().map(progress).collect(),
        experts_in_pool: store.experts().count().await?,
        conflicts: conflicts.len(),
        conflicts_open: conflicts.iter().filter(|c| c.awaits_decision()).count(),
        next,
        dossier,
    })
}
