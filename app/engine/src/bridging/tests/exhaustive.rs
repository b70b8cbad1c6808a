//! Against the best of all choices on small problems.

use super::*;

fn value(design: &Design, extra: &[Review]) -> f64 {
    let mut with = design.clone();
    with.reviews.extend(extra);
    precision(&with).unwrap().mean_variance
}

/// All choices of `count` candidates within the limits.
fn choices(candidates: &[Candidate], count: usize, limits: Limits) -> Vec<Vec<Review>> {
    fn extend(rest: &[Candidate], count: usize, limits: Limits, chosen: &mut Vec<Review>, all: &mut Vec<Vec<Review>>) {
        if count == 0 {
            all.push(chosen.clone());
            return;
        }
        for (at, candidate) in rest.iter().enumerate() {
            let used = |same: &dyn Fn(&Review) -> bool| chosen.iter().filter(|r| same(r)).count();
            if used(&|r| r.expert == candidate.review.expert) < limits.per_expert as usize
                && used(&|r| r.application == candidate.review.application) < limits.per_application as usize
            {
                chosen.push(candidate.review);
                extend(&rest[at + 1..], count - 1, limits, chosen, all);
                chosen.pop();
            }
        }
    }
    let mut all = Vec::new();
    extend(candidates, count, limits, &mut Vec::new(), &mut all);
    all
}

#[test]
fn plans_are_the_best_there_is_or_all_but() {
    let (mut best, mut all) = (0, 0);
    for seed in 0..300 {
        let (design, mut rng) = random(seed);
        let mut candidates = across(&design);
        while candidates.len() > 14 {
            candidates.swap_remove(rng.next_u32() as usize % candidates.len());
        }
        let count = 1 + rng.next_u32() as usize % 3;
        let limits = Limits { per_expert: 1 + rng.next_u32() % 2, per_application: 1 + rng.next_u32() % 2 };
        let possible = choices(&candidates, count, limits);
        if possible.is_empty() {
            continue;
        }
        let least = possible.iter().map(|extra| value(&design, extra)).fold(f64::INFINITY, f64::min);
        let plan = bridges(&design, &candidates, count, limits).unwrap();
        assert!(plan.reviews.len() <= count);
        let found = plan.after.mean_variance;
        assert!(found <= least * 1.05 + 1e-9, "seed {seed}: {found} against {least}");
        all += 1;
        best += usize::from(found <= least * (1.0 + 1e-7) + 1e-9);
    }
    assert!(all > 250 && best * 100 >= all * 99, "{best} of {all}");
}

#[test]
fn one_bridge_and_one_anchor_are_the_best_there_is() {
    for seed in 0..200 {
        let (design, _) = random(seed);
        let candidates = across(&design);
        let one = bridges(&design, &candidates, 1, Limits { per_expert: 1, per_application: 1 }).unwrap();
        let least = candidates.iter().map(|c| value(&design, &[c.review])).fold(f64::INFINITY, f64::min);
        assert!((one.after.mean_variance - least).abs() < 1e-8 * (1.0 + least), "seed {seed}");

        // With one expert a panel, the delegation is no choice.
        let design = separate(design.panels, 1, 3, design.variances);
        let candidates = across(&design);
        let anchor = anchors(&design, &candidates, 1, 1).unwrap();
        let delegation = |a: usize| -> Vec<Review> {
            candidates.iter().map(|c| c.review).filter(|review| review.application == a).collect()
        };
        let least = (0..design.application_panel.len()).map(|a| value(&design, &delegation(a)));
        let least = least.fold(f64::INFINITY, f64::min);
        assert!((anchor.after.mean_variance - least).abs() < 1e-8 * (1.0 + least), "seed {seed}");
    }
}
