//! 权重试算: the list as it would be with other weights for the dimensions. Nothing is kept; the frozen weights decide.

use super::keys::Means;
use super::line::Line;
use crate::calibration::{Valid, options, scores_by, valid_sheets};
use crate::dossier::Dossier;
use crate::{Context, Error, Result, kept};
use domain::access::Permission;
use domain::ids::RoundId;
use domain::points::Points;
use domain::ranking::RankingError;
use domain::result::Outcome;
use domain::round::{RoundKind, Work};
use domain::rubric::Rubric;
use engine::calibration::{Score, fit};
use engine::ranking::Placing;
use std::collections::HashMap;
use store::Current;

/// The list under the frozen weights and under others.
#[derive(Debug, Clone)]
pub struct Weighing {
    pub dossier: Dossier,
    /// The frozen weights, and those tried, per dimension; both add up to the full points of the rubric.
    pub frozen: Vec<Points>,
    pub tried: Vec<Points>,
    /// In the order of the tried weights.
    pub rows: Vec<Weighed>,
}

/// One application under both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    pub code: String,
    pub title: String,
    pub group: String,
    pub score: Option<Points>,
    pub rank: Option<usize>,
    pub outcome: Outcome,
    pub frozen_score: Option<Points>,
    pub frozen_rank: Option<usize>,
    pub frozen_outcome: Outcome,
}

/// Calibrates and ranks with `weights` in place of the frozen ones; only their proportions matter. Empty: the frozen ones.
///
/// # Errors
/// `Denied` without `ReadResults`; `NotFound` in a round of 验收, which has no places; `Rule` before 校准, or for another number of weights, negative ones or none
/// above zero, or without sheets.
pub async fn weigh(ctx: &Context, round: RoundId, weights: &[i64]) -> Result<Weighing> {
    ctx.require(Permission::ReadResults)?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    if dossier.round.kind == RoundKind::Acceptance {
        return Err(Error::NotFound);
    }
    dossier.round.permits(Work::Weigh)?;
    let rubric = &dossier.round.rubric;
    let frozen: Vec<Points> = rubric.dimensions.iter().map(domain::rubric::Dimension::full).collect();
    let own: Vec<i64> = frozen.iter().map(|full| full.0).collect();
    let weights = if weights.is_empty() { own.clone() } else { weights.to_vec() };
    let sensible = weights.len() == own.len() && weights.iter().all(|w| (0..=1_000_000).contains(w));
    if !sensible || weights.iter().all(|w| *w == 0) {
        return Err(RankingError::Weights.into());
    }
    let load = async || Ok(Frozen(placed(&current, &dossier, &own).await?));
    let before = kept::resting_on_sheets(&current, &dossier.round, load).await?;
    let after = if weights == own { None } else { Some(placed(&current, &dossier, &weights).await?) };
    let rows = rows(&dossier, &before.0, after.as_ref().unwrap_or(&before.0));
    let tried = shares(&weights, rubric.full());
    Ok(Weighing { dossier, frozen, tried, rows })
}

type Placed = (Vec<Placing<String>>, HashMap<String, Points>);

/// The list under the frozen weights.
struct Frozen(Placed);

/// The list under these weights, with the final scores.
async fn placed(current: &Current<'_>, dossier: &Dossier, weights: &[i64]) -> Result<Placed> {
    let sheets = valid_sheets(current, dossier).await?;
    let means = Means::kept(current, dossier).await?;
    let findings = kept::findings(current, dossier.round.id).await?;
    let line = Line::new(dossier, &means, &findings.knockouts);
    let scores = weighted_scores(dossier, &sheets, weights)?;
    let (options, method) = (options(dossier), dossier.round.terms.method);
    let fitted = move || {
        let calibration = fit(&scores, &options)?;
        let given = calibration.given(method);
        let score = |(code, score): (&String, &Option<engine::decimal::Decimal>)| {
            score.map(|score| (code.clone(), Points(score.hundredths())))
        };
        let scores: HashMap<String, Points> =
            calibration.design.applications.iter().zip(&given.scores).filter_map(score).collect();
        Ok((line.under(&calibration, method), scores))
    };
    crate::heavy::glance(fitted).await?
}

fn rows(dossier: &Dossier, (before, old): &Placed, (after, new): &Placed) -> Vec<Weighed> {
    let was: HashMap<&str, &Placing<String>> = before.iter().map(|p| (p.id.as_str(), p)).collect();
    let titles: HashMap<&str, &str> =
        dossier.applications.iter().map(|a| (a.code.as_str(), a.title.as_str())).collect();
    after
        .iter()
        .filter_map(|placing| {
            let then = was.get(placing.id.as_str())?;
            Some(Weighed {
                code: placing.id.clone(),
                title: titles.get(placing.id.as_str()).copied().unwrap_or_default().to_owned(),
                group: placing.group.clone(),
                score: new.get(&placing.id).copied(),
                rank: placing.rank,
                outcome: placing.outcome,
                frozen_score: old.get(&placing.id).copied(),
                frozen_rank: then.rank,
                frozen_outcome: then.outcome,
            })
        })
        .collect()
}

/// Weights in 1/100 point that add up to `full`, by the largest remainder.
fn shares(weights: &[i64], full: Points) -> Vec<Points> {
    let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    let exact = |weight: &i64| i128::from(*weight) * i128::from(full.0);
    let mut shares: Vec<i64> = weights.iter().map(|weight| i64::try_from(exact(weight) / sum).unwrap_or(0)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(exact(&weights[*place]) % sum));
    let missing = full.0 - shares.iter().sum::<i64>();
    for place in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        shares[place] += 1;
    }
    shares.into_iter().map(Points).collect()
}

/// The totals under other weights.
pub(super) fn weighted_scores(dossier: &Dossier, sheets: &[Valid], weights: &[i64]) -> Result<Vec<Score>> {
    let rubric = &dossier.round.rubric;
    scores_by(dossier, sheets, |facts, points| rubric.weighted(facts, points, weights, rubric.full()))
}

/// One weight moved by whole points, the others in proportion. `None` if nothing would be left of it or of them.
pub(super) fn moved(rubric: &Rubric, place: usize, points: i32) -> Option<Vec<i64>> {
    let full = rubric.full().0;
    let own = rubric.dimensions.get(place)?.full().0;
    let then = own + i64::from(points) * 100;
    let rest = full - own;
    // Only proportions matter: the others times (full − then), this one times (full − own).
    (then > 0 && then < full && rest > 0).then(|| {
        let weight = |(other, dimension): (usize, &domain::rubric::Dimension)| {
            if other == place { then * rest } else { dimension.full().0 * (full - then) }
        };
        rubric.dimensions.iter().enumerate().map(weight).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::rubric_default::selection;

    #[test]
    fn a_moved_weight_leaves_the_others_in_proportion() {
        let rubric = selection();
        let shares = |weights: Vec<i64>| super::shares(&weights, rubric.full());
        assert_eq!(shares(moved(&rubric, 1, 5).unwrap()), [Points(2750), Points(4500), Points(2750)]);
        assert_eq!(shares(moved(&rubric, 0, -5).unwrap()), [Points(2500), Points(4286), Points(3214)]);
        assert_eq!(moved(&rubric, 0, -30), None);
        assert_eq!(moved(&rubric, 0, 70), None);
    }

    #[test]
    fn shares_add_up() {
        for weights in [[1, 1, 1], [0, 7, 13], [30, 40, 30]] {
            assert_eq!(shares(&weights, Points::whole(100)).iter().map(|p| p.0).sum::<i64>(), 10_000);
        }
    }
}
