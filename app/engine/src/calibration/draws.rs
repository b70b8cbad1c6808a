//! Posterior draws of the ranking: expected rank, rank interval, chance of a place, chance of beating the next.

use std::collections::BTreeMap;

use nalgebra::DMatrix;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::posterior::Posterior;

/// Draws per batch; a batch has its own ChaCha stream, so the result does not depend on the number of threads.
const BATCH: usize = 250;
/// 90 % of the draws lie within the interval.
const TAIL: f64 = 0.05;

/// Places on the shortlist (入围名额) by group.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// Per application, in the order of the calibration, the index of its group.
    group: Vec<usize>,
    /// Per group, its places.
    quota: Vec<usize>,
    /// 合格线: a lower score takes no place.
    least: f64,
}

impl Places {
    /// The best `top` of all.
    #[must_use]
    pub fn overall(applications: usize, top: usize) -> Self {
        Self { group: vec![0; applications], quota: vec![top], least: f64::NEG_INFINITY }
    }

    /// Places per task or sector: `group_of[i]` for each application; a group not in `places` has none.
    #[must_use]
    pub fn grouped(group_of: &[String], places: &BTreeMap<String, usize>) -> Self {
        let index: BTreeMap<&str, usize> = group_of.iter().map(|group| (group.as_str(), 0)).collect::<BTreeMap<_, _>>();
        let names: Vec<&str> = index.keys().copied().collect();
        let place = |name: &str| names.binary_search(&name).unwrap_or(0);
        Self {
            group: group_of.iter().map(|group| place(group)).collect(),
            quota: names.iter().map(|name| places.get(*name).copied().unwrap_or(0)).collect(),
            least: f64::NEG_INFINITY,
        }
    }

    /// Scores below `least` points take no place.
    #[must_use]
    pub fn from_points(self, least: f64) -> Self {
        Self { least, ..self }
    }
}

/// What the draws say about one application. Ranks count from 1, within the group whose places are competed for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankUncertainty {
    pub expected_rank: f64,
    /// 5 % quantile of the rank.
    pub rank_low: usize,
    /// 95 % quantile of the rank.
    pub rank_high: usize,
    /// P(入围); `None` without a quota.
    pub p_top: Option<f64>,
    /// P(its merit exceeds that of the next in the published order); `None` for the last.
    pub p_beats_next: Option<f64>,
}

impl RankUncertainty {
    /// 边界区: the sheets do not settle whether it is in or out.
    #[must_use]
    pub fn is_borderline(&self) -> bool {
        self.p_top.is_some_and(|chance| chance > 0.1 && chance < 0.9)
    }
}

/// Counts over `draws` ≥ 1 seeded draws. `order`: the published order, best first.
///
/// O(draws·(a·m + a·log a)) time; memory O(a²) for the histogram of ranks. Monte Carlo error of a probability ≤ 0.5/√draws.
pub fn rank_uncertainty(
    posterior: &Posterior,
    order: &[usize],
    places: Option<&Places>,
    seed: [u8; 32],
    draws: usize,
) -> Vec<RankUncertainty> {
    let size = posterior.scores.len();
    if posterior.is_flat() || draws == 0 {
        return (0..size).map(|row| indifferent(row, size, order, places)).collect();
    }
    let batches: Vec<(u64, usize)> =
        (0..draws.div_ceil(BATCH)).map(|batch| (batch as u64, BATCH.min(draws - batch * BATCH))).collect();
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(batches.len());
    let tally = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..workers)
            .map(|worker| {
                let own: Vec<(u64, usize)> = batches.iter().skip(worker).step_by(workers).copied().collect();
                scope.spawn(move || {
                    let mut tally = Tally::new(size);
                    for (stream, count) in own {
                        let normals = standard_normals(seed, stream, posterior.normals(), count);
                        tally.add(&posterior.scores_from(&normals), order, places);
                    }
                    tally
                })
            })
            .collect();
        let mut total = Tally::new(size);
        for handle in handles {
            match handle.join() {
                Ok(tally) => total.merge(&tally),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        total
    });
    (0..size).map(|row| tally.summary(row, draws, order, places)).collect()
}

/// Box–Muller on a ChaCha20 stream.
fn standard_normals(seed: [u8; 32], stream: u64, rows: usize, columns: usize) -> DMatrix<f64> {
    let mut rng = ChaCha20Rng::from_seed(seed);
    rng.set_stream(stream);
    let mut spare = None;
    DMatrix::from_fn(rows, columns, |_, _| {
        spare.take().unwrap_or_else(|| {
            let uniform = |bits: u64| ((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
            let radius = (-2.0 * uniform(rng.next_u64()).ln()).sqrt();
            let (sine, cosine) = (std::f64::consts::TAU * uniform(rng.next_u64())).sin_cos();
            spare = Some(radius * sine);
            radius * cosine
        })
    })
}

/// Bits that sort as unsigned numbers from the largest score to the smallest. The lowest bits of a key give way to the
/// row it belongs to: scores closer than 2⁻⁵²·(number of rows), relatively, count as equal.
fn descending(score: f64) -> u64 {
    let bits = score.to_bits();
    if score.is_sign_negative() { bits } else { !bits & (u64::MAX >> 1) }
}

struct Tally {
    size: usize,
    /// Draws in which an application had a rank, size × size, row = application.
    ranks: Vec<u32>,
    placed: Vec<u32>,
    /// By position in the published order.
    beats_next: Vec<u32>,
}

impl Tally {
    fn new(size: usize) -> Self {
        Self { size, ranks: vec![0; size * size], placed: vec![0; size], beats_next: vec![0; size] }
    }

    fn add(&mut self, scores: &DMatrix<f64>, order: &[usize], places: Option<&Places>) {
        let rows = (self.size.next_power_of_two() as u64).saturating_sub(1);
        let mut sorted: Vec<u64> = Vec::with_capacity(self.size);
        let mut left: Vec<usize> = Vec::new();
        // Applications met so far, by group.
        let mut met: Vec<usize> = vec![0; places.map_or(1, |places| places.quota.len())];
        for draw in scores.column_iter() {
            sorted.clear();
            sorted.extend(draw.iter().zip(0_u64..).map(|(score, row)| (descending(*score) & !rows) | row));
            sorted.sort_unstable();
            if let Some(places) = places {
                left.clone_from(&places.quota);
            }
            met.fill(0);
            for key in &sorted {
                // The row came from an index into `scores`.
                let row = &usize::try_from(key & rows).unwrap_or(0);
                let group = places.map_or(0, |places| places.group[*row]);
                self.ranks[row * self.size + met[group]] += 1;
                met[group] += 1;
                if let Some(places) = places {
                    let left = &mut left[group];
                    if *left > 0 && draw[*row] >= places.least {
                        *left -= 1;
                        self.placed[*row] += 1;
                    }
                }
            }
            for (position, pair) in order.windows(2).enumerate() {
                self.beats_next[position] += u32::from(draw[pair[0]] > draw[pair[1]]);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        let add = |into: &mut [u32], from: &[u32]| {
            for (sum, value) in into.iter_mut().zip(from) {
                *sum += value;
            }
        };
        add(&mut self.ranks, &other.ranks);
        add(&mut self.placed, &other.placed);
        add(&mut self.beats_next, &other.beats_next);
    }

    fn summary(&self, row: usize, draws: usize, order: &[usize], places: Option<&Places>) -> RankUncertainty {
        let counts = &self.ranks[row * self.size..(row + 1) * self.size];
        let total = draws as f64;
        let mean: f64 = counts.iter().zip(1_u32..).map(|(count, rank)| f64::from(*count) * f64::from(rank)).sum();
        let quantile = |share: f64| {
            let mut sum = 0.0;
            counts
                .iter()
                .position(|count| {
                    sum += f64::from(*count);
                    sum >= share * total
                })
                .map_or(self.size, |index| index + 1)
        };
        let position = order.iter().position(|candidate| *candidate == row);
        RankUncertainty {
            expected_rank: mean / total,
            rank_low: quantile(TAIL),
            rank_high: quantile(1.0 - TAIL),
            p_top: places.map(|_| f64::from(self.placed[row]) / total),
            p_beats_next: position
                .filter(|position| position + 1 < order.len())
                .map(|position| f64::from(self.beats_next[position]) / total),
        }
    }
}

/// Without any difference in merit every order is as likely as another.
fn indifferent(row: usize, size: usize, order: &[usize], places: Option<&Places>) -> RankUncertainty {
    let members =
        places.map_or(size, |places| places.group.iter().filter(|other| **other == places.group[row]).count());
    let chance = |places: &Places| places.quota[places.group[row]].min(members) as f64 / members as f64;
    RankUncertainty {
        expected_rank: f64::midpoint(members as f64, 1.0),
        rank_low: 1,
        rank_high: members,
        p_top: places.map(chance),
        p_beats_next: (order.last() != Some(&row)).then_some(0.5),
    }
}
