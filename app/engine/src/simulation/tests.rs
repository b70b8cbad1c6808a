//! Simulated rounds say what theory says.

use super::{Effort, Setup, SetupError, Spread, Summary, simulate};
use domain::round::Method;

fn setup(name: &str) -> Setup {
    Setup {
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

fn tau(summary: &Summary, method: Method) -> f64 {
    summary.methods.iter().find(|own| own.method == method).and_then(|own| own.tau).unwrap()
}

#[test]
fn ninety_percent_intervals_hold_ninety_percent() {
    let panels = Setup { panels: 4, experts: 28, bridging: 0.2, ..setup("four bridged panels") };
    let few = Setup { reviews: 4, experts: 20, ..setup("four sheets each") };
    let small = Setup { applications: 24, experts: 9, places: 6, ..setup("a small round") };
    let large =
        Setup { applications: 200, experts: 60, panels: 4, bridging: 0.1, places: 40, ..setup("a large round") };
    for setup in [setup("one panel"), panels, few, small, large] {
        let summary = simulate(&setup, effort(120)).unwrap();
        eprintln!("{summary:?}");
        for coverage in [summary.rank_coverage, summary.score_coverage] {
            assert!((0.88..=0.92).contains(&coverage.unwrap()), "{}: {coverage:?}", setup.name);
        }
    }
}

#[test]
fn the_mixed_model_recovers_more_than_plain_means_where_severity_differs() {
    let setup =
        Setup { reviews: 5, spread: Spread { severity: 8.0, ..Spread::default() }, ..setup("strict and lenient") };
    let summary = simulate(&setup, effort(60)).unwrap();
    assert!(tau(&summary, Method::Mixed) > tau(&summary, Method::Raw) + 0.05, "{summary:?}");
    assert_eq!(summary.methods.len(), 7);
}

#[test]
fn bridging_reviews_recover_what_disjoint_panels_lose() {
    let spread = Spread { severity: 5.0, panel: 4.0, ..Spread::default() };
    let apart = Setup { panels: 6, experts: 42, recusal: 0.0, spread, ..setup("apart") };
    let bridged = Setup { bridging: 0.2, ..apart.clone() };
    let (apart, bridged) = (simulate(&apart, effort(60)).unwrap(), simulate(&bridged, effort(60)).unwrap());
    assert!(apart.connected.abs() < 1e-12 && (bridged.connected - 1.0).abs() < 1e-12);
    assert!(tau(&bridged, Method::Mixed) > tau(&apart, Method::Mixed) + 0.03);
    // Across parts the additive model gives no order.
    assert_eq!(apart.methods[5].rounds, 0);
}

#[test]
fn without_noise_the_truth_comes_back() {
    let spread = Spread { severity: 4.0, residual: 0.01, ..Spread::default() };
    let summary = simulate(&Setup { spread, ..setup("exact") }, effort(5)).unwrap();
    assert!(tau(&summary, Method::Additive) > 0.99);
}

#[test]
fn the_same_seed_gives_the_same_outcome() {
    let run = |seed: u8| simulate(&setup("again"), Effort { seed: [seed; 32], ..effort(3) }).unwrap();
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn setups_without_sense_are_refused() {
    let refused = |change: &dyn Fn(&mut Setup)| {
        let mut setup = setup("x");
        change(&mut setup);
        simulate(&setup, effort(1)).unwrap_err()
    };
    assert!(matches!(refused(&|setup| setup.applications = 1), SetupError::TooSmall(_)));
    assert!(matches!(refused(&|setup| setup.panels = 100), SetupError::Panels(_)));
    assert!(matches!(refused(&|setup| setup.reviews = 15), SetupError::Reviews(_, 15, 14)));
    assert!(matches!(refused(&|setup| setup.recusal = 1.0), SetupError::Share(_)));
    assert!(matches!(refused(&|setup| setup.bridging = 0.1), SetupError::Share(_)));
    assert!(matches!(refused(&|setup| setup.spread.merit = 0.0), SetupError::Spread(_)));
    assert!(matches!(refused(&|setup| setup.spread.residual = f64::NAN), SetupError::Spread(_)));
    assert!(matches!(refused(&|setup| setup.places = 61), SetupError::Places(_)));
    assert!(matches!(refused(&|setup| setup.applications = 100_000_000), SetupError::TooLarge(_)));
    assert!(matches!(refused(&|setup| setup.reviews = usize::MAX), SetupError::TooLarge(_)));
}
