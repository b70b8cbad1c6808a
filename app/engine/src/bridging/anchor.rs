//! 锚定项目: applications that every panel scores.

use super::information::Information;
use super::{BridgingError, Candidate, Design, Proposal, Review};
use nalgebra::{DMatrix, DVector};
use std::collections::{BTreeMap, HashMap};

/// Chooses up to `count` applications, each to be scored by `reviewers` experts of every other panel, where that tells most. An application that some
/// panel cannot send enough experts to is never chosen. No expert is asked for a second anchor before the colleagues who could go have one.
///
/// # Errors
/// `OnePanel`, `EmptyPanel`, `Variance`.
pub fn anchors(
    design: &Design,
    candidates: &[Candidate],
    count: usize,
    reviewers: usize,
) -> Result<Proposal, BridgingError> {
    let mut information = Information::new(design)?;
    let before = information.precision();
    let mut open: BTreeMap<usize, Vec<&Candidate>> = BTreeMap::new();
    for candidate in candidates {
        open.entry(candidate.review.application).or_default().push(candidate);
    }
    let mut burden: HashMap<usize, u32> = HashMap::new();
    let mut reviews: Vec<Review> = Vec::new();
    for _ in 0..count {
        let groups = open.iter().filter_map(|(a, own)| Some((*a, delegation(design, own, reviewers, &burden)?)));
        let best = groups
            .map(|(application, group)| (gain(&information, design, &group), application, group))
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        let Some((_, application, group)) = best else { break };
        for review in &group {
            information.add(*review);
            *burden.entry(review.expert).or_insert(0) += 1;
        }
        reviews.extend(group);
        open.remove(&application);
    }
    reviews.sort_unstable();
    Ok(Proposal { reviews, before, after: information.precision() })
}

/// From every panel but the application's own its least burdened, most suitable experts; `None` if a panel has too few.
fn delegation(
    design: &Design,
    candidates: &[&Candidate],
    reviewers: usize,
    burden: &HashMap<usize, u32>,
) -> Option<Vec<Review>> {
    let home = design.application_panel[candidates.first()?.review.application];
    let mut group = Vec::new();
    for panel in (0..design.panels).filter(|panel| *panel != home) {
        let mut own: Vec<&&Candidate> =
            candidates.iter().filter(|c| design.expert_panel[c.review.expert] == panel).collect();
        let used = |c: &Candidate| burden.get(&c.review.expert).copied().unwrap_or(0);
        own.sort_by(|a, b| {
            used(a).cmp(&used(b)).then(b.preference.total_cmp(&a.preference)).then(a.review.cmp(&b.review))
        });
        if own.len() < reviewers {
            return None;
        }
        group.extend(own.iter().take(reviewers).map(|c| c.review));
    }
    Some(group)
}

/// By how much the mean variance of the contrasts falls with all of `group` together: tr(A·(σ²I + XCXᵀ)⁻¹·Aᵀ), A the covariances with severities.
fn gain(information: &Information<'_>, design: &Design, group: &[Review]) -> f64 {
    let size = group.len();
    let spread = DMatrix::from_fn(size, size, |i, j| {
        let own = if i == j { design.variances.residual } else { 0.0 };
        own + information.between(group[i], group[j])
    });
    let across: Vec<DVector<f64>> = group.iter().map(|review| information.across(*review)).collect();
    let across = DMatrix::from_columns(&across);
    let Some(factor) = spread.cholesky() else { return 0.0 };
    let half = factor.l().solve_lower_triangular(&across.transpose());
    half.map_or(0.0, |half| half.norm_squared() * information.per_pair())
}
