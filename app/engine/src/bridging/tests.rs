//! Against closed forms, against kriging written out in full, and against enumeration.

mod exhaustive;
mod reference;

use super::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub const TYPICAL: Variances = Variances { application: 36.0, expert: 16.0, panel: 4.0, residual: 25.0 };

/// Panels of `experts` experts who all score all `applications` of their panel.
pub fn separate(panels: usize, experts: usize, applications: usize, variances: Variances) -> Design {
    let expert_panel: Vec<usize> = (0..panels * experts).map(|e| e / experts).collect();
    let application_panel: Vec<usize> = (0..panels * applications).map(|a| a / applications).collect();
    let reviews = (0..expert_panel.len())
        .flat_map(|expert| (0..application_panel.len()).map(move |application| Review { expert, application }))
        .filter(|r| expert_panel[r.expert] == application_panel[r.application])
        .collect();
    Design { panels, expert_panel, application_panel, reviews, variances }
}

/// Every review across panels, all equally liked.
pub fn across(design: &Design) -> Vec<Candidate> {
    let reviews = (0..design.expert_panel.len())
        .flat_map(|expert| (0..design.application_panel.len()).map(move |application| Review { expert, application }));
    reviews
        .filter(|r| design.expert_panel[r.expert] != design.application_panel[r.application])
        .map(|review| Candidate { review, preference: 0.0 })
        .collect()
}

pub fn random(seed: u64) -> (Design, ChaCha8Rng) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut below = |n: u32| (rng.next_u32() % n) as usize;
    let panels = 2 + below(3);
    let mut variance = |zero_too: bool| if zero_too && below(4) == 0 { 0.0 } else { 0.5 + below(400) as f64 / 10.0 };
    let variances = Variances {
        application: variance(true),
        expert: variance(true),
        panel: variance(true),
        residual: variance(false),
    };
    let mut design = separate(panels, 1 + below(3), 1 + below(3), variances);
    // Some recusals, but nobody without any review.
    let whole = design.reviews.clone();
    design.reviews.retain(|_| below(5) > 0);
    if design.reviews.is_empty() {
        design.reviews = whole;
    }
    (design, rng)
}

#[test]
fn without_common_reviews_only_equal_merit_compares_two_panels() {
    let (n, k) = (6.0, 7.0);
    let before = precision(&separate(2, 7, 6, TYPICAL)).unwrap();
    let merit = TYPICAL.application / n + TYPICAL.residual / (n * k);
    let severity = TYPICAL.panel + TYPICAL.expert / k;
    let expected = 2.0 * severity * merit / (severity + merit);
    assert!((before.mean_variance - expected).abs() < 1e-9, "{} {expected}", before.mean_variance);
    assert!((before.standard_errors[0][1] - expected.sqrt()).abs() < 1e-9);
}

#[test]
fn bridges_go_only_where_they_may_and_gain_what_is_promised() {
    let design = separate(4, 3, 5, TYPICAL);
    let mut candidates = across(&design);
    candidates.retain(|c| c.review.expert % 3 != 0);
    let limits = Limits { per_expert: 1, per_application: 2 };
    let plan = bridges(&design, &candidates, 6, limits).unwrap();
    assert_eq!(plan.reviews.len(), 6);
    for review in &plan.reviews {
        assert!(candidates.iter().any(|c| c.review == *review));
        assert_eq!(plan.reviews.iter().filter(|r| r.expert == review.expert).count(), 1);
        assert!(plan.reviews.iter().filter(|r| r.application == review.application).count() <= 2);
    }
    let mut with = design.clone();
    with.reviews.extend(&plan.reviews);
    let again = precision(&with).unwrap();
    assert!((again.mean_variance - plan.after.mean_variance).abs() < 1e-9);
    assert!(plan.after.mean_variance < 0.8 * plan.before.mean_variance);
    for (after, again) in plan.after.standard_errors.iter().flatten().zip(again.standard_errors.iter().flatten()) {
        assert!((after - again).abs() < 1e-9);
    }
    // Six experts could still go twice; asked once, they run out.
    assert_eq!(bridges(&design, &candidates, 100, limits).unwrap().reviews.len(), 8);
}

#[test]
fn among_equally_telling_reviews_the_best_expert_is_asked() {
    let design = separate(2, 3, 4, TYPICAL);
    let mut candidates = across(&design);
    for candidate in &mut candidates {
        candidate.preference = if candidate.review == (Review { expert: 4, application: 2 }) { 0.9 } else { 0.1 };
    }
    let plan = bridges(&design, &candidates, 1, Limits { per_expert: 1, per_application: 1 }).unwrap();
    assert_eq!(plan.reviews, [Review { expert: 4, application: 2 }]);
}

#[test]
fn an_anchor_is_scored_by_experts_of_every_other_panel_and_the_work_is_spread() {
    let design = separate(4, 3, 5, TYPICAL);
    let plan = anchors(&design, &across(&design), 2, 2).unwrap();
    let mut applications: Vec<_> = plan.reviews.iter().map(|r| r.application).collect();
    applications.dedup();
    applications.sort_unstable();
    applications.dedup();
    assert_eq!(applications.len(), 2);
    assert_eq!(plan.reviews.len(), 2 * 3 * 2);
    for application in applications {
        for panel in (0..4).filter(|p| *p != design.application_panel[application]) {
            let sent = plan.reviews.iter().filter(|r| r.application == application);
            assert_eq!(sent.filter(|r| design.expert_panel[r.expert] == panel).count(), 2);
        }
    }
    let most = (0..12).map(|e| plan.reviews.iter().filter(|r| r.expert == e).count()).max();
    assert!(most <= Some(2));
    assert!(plan.after.mean_variance < plan.before.mean_variance);
    // Four experts of three cannot be sent.
    assert!(anchors(&design, &across(&design), 2, 4).unwrap().reviews.is_empty());
}

#[test]
fn what_cannot_be_compared_is_refused() {
    assert_eq!(precision(&separate(1, 3, 3, TYPICAL)), Err(BridgingError::OnePanel));
    let mut empty = separate(2, 2, 2, TYPICAL);
    empty.panels = 3;
    assert_eq!(precision(&empty), Err(BridgingError::EmptyPanel));
    for residual in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let design = separate(2, 2, 2, Variances { residual, ..TYPICAL });
        assert_eq!(precision(&design), Err(BridgingError::Variance));
    }
    let design = separate(2, 2, 2, Variances { expert: -1.0, ..TYPICAL });
    assert_eq!(precision(&design), Err(BridgingError::Variance));
}
