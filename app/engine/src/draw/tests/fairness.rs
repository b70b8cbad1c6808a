//! Whether lots decide, and nothing but the lots.

use super::definition::{by_definition, walked};
use super::scene;
use crate::assignment::Problem;
use crate::draw::decide::Version;
use crate::draw::{Drawn, Lot, lots};
use std::collections::HashMap;

/// Exact acceptance probability of each expert: every order is equally likely.
fn exact(problem: &Problem) -> Vec<f64> {
    let mut order: Vec<u32> = (0..).take(problem.experts.len()).collect();
    let mut counts = vec![0_u32; order.len()];
    let mut orders = 0_u32;
    permutations(&mut order, 0, &mut |order| {
        orders += 1;
        for expert in by_definition(problem, order).unwrap().0 {
            counts[expert as usize] += 1;
        }
    });
    counts.into_iter().map(|count| f64::from(count) / f64::from(orders)).collect()
}

fn permutations(order: &mut [u32], from: usize, visit: &mut impl FnMut(&[u32])) {
    if from == order.len() {
        visit(order);
    }
    for at in from..order.len() {
        order.swap(from, at);
        permutations(order, from + 1, visit);
        order.swap(from, at);
    }
}

/// One panel, five technical experts of whom two share an employer and one is recused, two finance experts.
fn pool() -> Problem {
    let mut problem = scene::problem(1, 5, 2, 7);
    problem.experts[1].employer = problem.experts[0].employer.clone();
    scene::bar(&mut problem, 2, 0, "同一法人");
    problem
}

#[test]
fn acceptance_over_ten_thousand_seeds_follows_the_exact_probabilities() {
    let problem = pool();
    let exact = exact(&problem);
    // Colleagues stand in each other's way, so their chances are below those of the two without colleagues.
    assert!(exact[0] < exact[3] && exact[2] == 0.0, "{exact:?}");
    let ids: Vec<&str> = problem.experts.iter().map(|e| e.id.as_str()).collect();
    let draws = 10_000_u32;
    let mut counts = vec![0_u32; ids.len()];
    for n in 0..draws {
        let mut seed = [0; 32];
        seed[..4].copy_from_slice(&n.to_be_bytes());
        let lots = lots(seed, ids.iter().copied());
        let mut order: Vec<u32> = (0..).take(ids.len()).collect();
        order.sort_unstable_by_key(|&j| lots[j as usize]);
        for expert in walked(&problem, &order, Version::Two).unwrap().accepted {
            counts[expert as usize] += 1;
        }
    }
    // Each count is binomial; the normalised squares of six free counts stay under the 99.99 % point of χ² with as many degrees.
    let chi: f64 = counts
        .iter()
        .zip(&exact)
        .filter(|(_, p)| **p > 0.0)
        .map(|(&count, &p)| (f64::from(count) - f64::from(draws) * p).powi(2) / (f64::from(draws) * p * (1.0 - p)))
        .sum();
    assert!(chi < 27.86, "χ² = {chi}: {counts:?} against {exact:?}");
    assert_eq!(counts[2], 0);
}

#[test]
fn lots_are_those_of_the_standard_tools() {
    // openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f
    let seed: [u8; 32] = std::array::from_fn(|i| u8::try_from(i).unwrap());
    let expected = Lot::from_hex("5e84bcb6f2798b95134e048d9dc5510b80ad74418eda7804b52f62c6868732b7").unwrap();
    assert_eq!(lots(seed, ["E001"]), [expected]);
    // Nobody else's presence changes a lot.
    assert_eq!(lots(seed, ["X", "E001", "Y"])[1], expected);
}

#[test]
fn the_first_acceptable_lots_are_drawn() {
    let record = scene::drawn(&scene::problem(2, 12, 6, 18), 5);
    let accepted: Vec<&str> =
        record.lots.iter().filter(|e| e.outcome == Drawn::Accepted).map(|e| e.expert.as_str()).collect();
    assert_eq!(accepted.len(), 6);
    assert!(record.lots.windows(2).all(|w| w[0].lot < w[1].lot));
    // Without recusals and colleagues, each role's seats go to its first lots.
    let mut seen: HashMap<bool, u32> = HashMap::new();
    for entry in &record.lots {
        let finance = record
            .pool
            .candidates
            .iter()
            .any(|c| c.id == entry.expert && c.roles == [domain::rubric::ExpertRole::Finance]);
        let rank = seen.entry(finance).or_default();
        *rank += 1;
        assert_eq!(entry.outcome == Drawn::Accepted, *rank <= if finance { 2 } else { 4 }, "{entry:?}");
    }
}
