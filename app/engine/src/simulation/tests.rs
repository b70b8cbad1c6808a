//! Simulated rounds say what theory says.

use super::{Effort, Outcome, Plan, PlanError, Spread, simulate};
use crate::calibration::Method;

fn plan(name: &str) -> Plan {
    Plan {
        name: name.to_owned(),
        applications: 60,
        experts: 14,
        panels: 1,
        reviews: 7,
        recusal: 0.1,
        bridging: 0.0,
        places: 15,
        spread: Spread::default(),
    }
}

fn effort(rounds: usize) -> Effort {
    Effort { rounds, draws: 500, seed: [5; 32] }
}

fn tau(outcome: &Outcome, method: Method) -> f64 {
    outcome.methods.iter().find(|own| own.method == method).and_then(|own| own.tau).unwrap()
}

#[test]
fn ninety_percent_intervals_hold_ninety_percent() {
    let panels = Plan { panels: 4, experts: 28, bridging: 0.2, ..plan("four bridged panels") };
    let few = Plan { reviews: 4, experts: 20, ..plan("four sheets each") };
    let small = Plan { applications: 24, experts: 9, places: 6, ..plan("a small round") };
    let large = Plan { applications: 200, experts: 60, panels: 4, bridging: 0.1, places: 40, ..plan("a large round") };
    for plan in [plan("one panel"), panels, few, small, large] {
        let outcome = simulate(&plan, effort(120)).unwrap();
        eprintln!("{outcome:?}");
        for coverage in [outcome.rank_coverage, outcome.score_coverage] {
            assert!((0.88..=0.92).contains(&coverage.unwrap()), "{}: {coverage:?}", plan.name);
        }
    }
}

#[test]
fn the_mixed_model_recovers_more_than_plain_means_where_severity_differs() {
    let plan = Plan { reviews: 5, spread: Spread { severity: 8.0, ..Spread::default() }, ..plan("strict and lenient") };
    let outcome = simulate(&plan, effort(60)).unwrap();
    assert!(tau(&outcome, Method::Mixed) > tau(&outcome, Method::Raw) + 0.05, "{outcome:?}");
    assert_eq!(outcome.methods.len(), 7);
}

#[test]
fn bridging_reviews_recover_what_disjoint_panels_lose() {
    let spread = Spread { severity: 5.0, panel: 4.0, ..Spread::default() };
    let apart = Plan { panels: 6, experts: 42, recusal: 0.0, spread, ..plan("apart") };
    let bridged = Plan { bridging: 0.2, ..apart.clone() };
    let (apart, bridged) = (simulate(&apart, effort(60)).unwrap(), simulate(&bridged, effort(60)).unwrap());
    assert!(apart.connected.abs() < 1e-12 && (bridged.connected - 1.0).abs() < 1e-12);
    assert!(tau(&bridged, Method::Mixed) > tau(&apart, Method::Mixed) + 0.03);
    // Across parts the additive model gives no order.
    assert_eq!(apart.methods[5].rounds, 0);
}

#[test]
fn without_noise_the_truth_comes_back() {
    let spread = Spread { severity: 4.0, residual: 0.01, ..Spread::default() };
    let outcome = simulate(&Plan { spread, ..plan("exact") }, effort(5)).unwrap();
    assert!(tau(&outcome, Method::Additive) > 0.99);
}

#[test]
fn the_same_seed_gives_the_same_outcome() {
    let run = |seed: u8| simulate(&plan("again"), Effort { seed: [seed; 32], ..effort(3) }).unwrap();
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn plans_without_sense_are_refused() {
    let refused = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan("x");
        change(&mut plan);
        simulate(&plan, effort(1)).unwrap_err()
    };
    assert!(matches!(refused(&|plan| plan.applications = 1), PlanError::TooSmall(_)));
    assert!(matches!(refused(&|plan| plan.panels = 100), PlanError::Panels(_)));
    assert!(matches!(refused(&|plan| plan.reviews = 15), PlanError::Reviews(_, 15, 14)));
    assert!(matches!(refused(&|plan| plan.recusal = 1.0), PlanError::Share(_)));
    assert!(matches!(refused(&|plan| plan.bridging = 0.1), PlanError::Share(_)));
    assert!(matches!(refused(&|plan| plan.spread.merit = 0.0), PlanError::Spread(_)));
    assert!(matches!(refused(&|plan| plan.spread.residual = f64::NAN), PlanError::Spread(_)));
    assert!(matches!(refused(&|plan| plan.places = 61), PlanError::Places(_)));
    assert!(matches!(refused(&|plan| plan.applications = 100_000_000), PlanError::TooLarge(_)));
    assert!(matches!(refused(&|plan| plan.reviews = usize::MAX), PlanError::TooLarge(_)));
}
