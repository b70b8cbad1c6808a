//! 客观分与指标: what staff establish once, against evidence, for all experts of a panel.

use crate::audit::Event;
use crate::dossier::Dossier;
use crate::integrity::intact;
pub use crate::kept::Findings;
use crate::{Context, Error, Result, kept};
use domain::acceptance::{Knockout, Results, indicator_points};
use domain::access::Permission;
use domain::ids::{ApplicationId, RoundId};
use domain::objective::{Objective, ObjectiveError, Objectives};
use domain::points::Points;
use domain::reason::{Reason, Unreasoned};
use domain::round::{RoundKind, Work};
use domain::rubric::Scoring;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;
use store::Repositories;

/// The criterion that follows from the indicator table in an acceptance round.
pub const INDICATOR_CRITERION: &str = "D2";

/// Everything staff have established in a round.
#[derive(Debug, Clone)]
pub struct Established {
    pub dossier: Dossier,
    findings: Arc<Findings>,
}

impl Deref for Established {
    type Target = Findings;

    fn deref(&self) -> &Findings {
        &self.findings
    }
}

/// # Errors
/// `Denied` without `ReadScores`, `NotFound`.
pub async fn established(ctx: &Context, round: RoundId) -> Result<Established> {
    ctx.require(Permission::ReadScores)?;
    let current = ctx.store().current().await?;
    Ok(Established { dossier: Dossier::at(&current, round).await?, findings: kept::findings(&current, round).await? })
}

/// Sets objective points, replacing those of the same applications. In an acceptance round D2 stays as the indicator table
/// gives it.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` once results are computed, or naming criterion and range, missing evidence, or a D2
/// that differs from the table's.
pub async fn set_objectives(ctx: &Context, round: RoundId, mut objectives: Objectives) -> Result<()> {
    let ctx = &intact(ctx, Permission::ScoreObjective, round).await?;
    let dossier = Dossier::load(ctx, round).await?;
    dossier.round.require_frozen()?;
    dossier.round.permits(Work::EstablishObjectives)?;
    if dossier.round.kind == RoundKind::Acceptance {
        let stored = ctx.store().findings().objectives(round).await?;
        keep_indicator_points(&stored, &mut objectives)?;
    }
    for (id, scores) in &objectives {
        let application = dossier.application(*id).ok_or(Error::NotFound)?;
        for (code, objective) in scores {
            let criterion = dossier.round.rubric.criterion(code).filter(|c| c.scoring == Scoring::Objective);
            let criterion = criterion.ok_or_else(|| ObjectiveError::NotObjective(code.clone()))?;
            objective.check(&application.code, criterion, dossier.facts(application))?;
        }
    }
    let points: BTreeMap<_, BTreeMap<_, _>> = objectives
        .iter()
        .map(|(id, scores)| (*id, scores.iter().map(|(code, own)| (code.clone(), own.points)).collect()))
        .collect();
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::EstablishObjectives)?;
            let mut objectives = objectives.clone();
            if dossier.round.kind == RoundKind::Acceptance {
                // The table may have been recorded anew since it was read above.
                let stored = tx.findings().objectives(round).await?;
                for scores in objectives.values_mut() {
                    scores.remove(INDICATOR_CRITERION);
                }
                keep_indicator_points(&stored, &mut objectives)?;
            }
            let before = tx.findings().objectives(round).await?;
            tx.findings().set_objectives(round, objectives).await?;
            let after = tx.findings().objectives(round).await?;
            let entry = Event::ObjectiveScored(points.clone()).of_round(round);
            ctx.record(tx, entry.changing(&sorted(&before), &sorted(&after))?).await
        })
        .await
}

/// In an order of their own, so that equal findings have one digest.
fn sorted(objectives: &Objectives) -> BTreeMap<ApplicationId, BTreeMap<String, (Points, String)>> {
    let own = |(code, own): (&String, &Objective)| (code.clone(), (own.points, own.evidence.clone()));
    objectives.iter().map(|(id, scores)| (*id, scores.iter().map(own).collect())).collect()
}

/// Sets the objective points of one application: what is not given becomes missing again, except what follows from the
/// indicator table.
///
/// # Errors
/// As [`set_objectives`].
pub async fn score(ctx: &Context, round: RoundId, id: ApplicationId, given: BTreeMap<String, Objective>) -> Result<()> {
    set_objectives(ctx, round, Objectives::from([(id, given)])).await
}

/// Points that follow from the indicator table are not typed in: they are kept as computed.
fn keep_indicator_points(stored: &Objectives, objectives: &mut Objectives) -> Result<()> {
    for (id, scores) in objectives {
        let by_table = stored.get(id).and_then(|own| own.get(INDICATOR_CRITERION));
        let given = scores.remove(INDICATOR_CRITERION);
        if given.is_some_and(|given| by_table.is_none_or(|own| own.points != given.points)) {
            return Err(ObjectiveError::ByTable(INDICATOR_CRITERION).into());
        }
        if let Some(own) = by_table {
            scores.insert(INDICATOR_CRITERION.to_owned(), own.clone());
        }
    }
    Ok(())
}

/// Records what a finished project reached, and its knock-outs. D2 follows from the table.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` in a 遴选 round, for a foreign indicator, or a knock-out without reason.
pub async fn record_indicators(
    ctx: &Context,
    round: RoundId,
    id: ApplicationId,
    results: Results,
    knockouts: BTreeMap<Knockout, String>,
) -> Result<()> {
    let ctx = &intact(ctx, Permission::ScoreObjective, round).await?;
    let dossier = Dossier::load(ctx, round).await?;
    dossier.round.require_frozen()?;
    dossier.round.permits(Work::EstablishObjectives)?;
    if dossier.round.kind != RoundKind::Acceptance {
        return Err(ObjectiveError::NotAcceptance.into());
    }
    let application = dossier.application(id).ok_or(Error::NotFound)?;
    let task = dossier.task(application).ok_or(Error::NotFound)?;
    if results.keys().any(|i| !task.indicators.iter().any(|own| own.id == *i)) {
        return Err(Error::NotFound);
    }
    for reason in knockouts.values() {
        Reason::of(reason, Unreasoned::Knockout)?;
    }
    let by_table = dossier.round.rubric.criterion(INDICATOR_CRITERION).and_then(|criterion| {
        let points = indicator_points(&task.indicators, &results, criterion.full)?;
        Some(Objective { points, evidence: "按指标完成情况表计算".to_owned() })
    });
    let event = Event::IndicatorsRecorded {
        code: application.code.clone(),
        results: results.clone(),
        knockouts: knockouts.clone(),
    };
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::EstablishObjectives)?;
            tx.findings().set_indicator_results(round, id, &results).await?;
            tx.findings().set_knockouts(round, id, &knockouts).await?;
            let mut objectives = tx.findings().objectives(round).await?.remove(&id).unwrap_or_default();
            // Points of an earlier table do not outlive it: an incomplete table has none.
            objectives.remove(INDICATOR_CRITERION);
            objectives.extend(by_table.clone().map(|own| (INDICATOR_CRITERION.to_owned(), own)));
            tx.findings().set_objectives(round, Objectives::from([(id, objectives)])).await?;
            ctx.record(tx, event.clone().of(id.0).in_round(round)).await
        })
        .await
}
