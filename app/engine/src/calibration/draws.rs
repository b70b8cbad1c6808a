//! Posterior draws of the ranking: expected rank, rank interval, chance of a place, chance of beating the next.

use std::collections::BTreeMap;

use nalgebra::DMatrix;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use rand_distr::{Distribution, StandardNormal};

use super::posterior::Posterior;
use super::standing::Standing;
use super::threads::on_all_cores;

/// Draws per batch; a batch has its own ChaCha stream, so the result does not depend on the number of threads.
const BATCH: usize = 250;
/// Share of the draws that the rank interval holds: 9 of 10.
const WITHIN: (u64, u64) = (9, 10);

/// Places on the shortlist (入围名额) by group.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// Per application, in the order of the calibration, the index of its group.
    pub(super) group: Vec<usize>,
    /// Per group, its places.
    pub(super) quota: Vec<usize>,
    /// 合格线: a lower score takes no place.
    pub(super) least: f64,
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
    /// The shortest interval of ranks that holds 90 % of the draws.
    pub rank_low: usize,
    pub rank_high: usize,
    /// P(入围); `None` without a quota.
    pub p_top: Option<f64>,
    /// P(its merit exceeds that of the next in the published order); `None` for the last.
    pub p_beats_next: Option<f64>,
    /// Where it stands to the line; `None` if its group has no line.
    pub line: Option<Line>,
}

/// The distance `D` of a score `s` to the line the others of its group and 合格线 draw: in is `D > 0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// E D, points.
    pub distance: f64,
    /// var D, points².
    pub variance: f64,
    /// cov(D, s), points².
    pub covariance: f64,
    /// var s, points².
    pub own: f64,
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
/// O(draws·(a·m + a·log a)) time; memory O(a·min(a, draws)) for the ranks. Monte Carlo error of a probability ≤ 0.5/√draws.
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
    let mut partial = on_all_cores(batches.len(), |worker, workers| {
        let mut tally = Tally::new(size, draws);
        for (stream, count) in batches.iter().skip(worker).step_by(workers) {
            let normals = standard_normals(seed, *stream, posterior.normals(), *count);
            tally.add(*stream, &posterior.scores_from(&normals), &posterior.scores, order, places);
        }
        tally
    });
    let mut tally = partial.remove(0);
    for other in partial {
        tally.merge(other);
    }
    let lines = tally.lines(draws, places);
    (0..size).map(|row| RankUncertainty { line: lines[row], ..tally.summary(row, draws, order, places) }).collect()
}

/// Second moments about the line of the applications in `set`, from draws of their own.
pub(super) struct Moments {
    /// cov(Dᵢ, sⱼ), points².
    pub distance: DMatrix<f64>,
    /// cov(sᵢ, sⱼ), points².
    pub score: DMatrix<f64>,
}

/// O(draws·(a·m + a·log a + k²)) for k applications in `set`.
pub(super) fn moments(posterior: &Posterior, places: &Places, set: &[usize], seed: [u8; 32], draws: usize) -> Moments {
    let size = posterior.scores.len();
    let mut standing = Standing::new(size, Some(places));
    let mut distances = DMatrix::zeros(set.len(), draws);
    let mut scores = DMatrix::zeros(set.len(), draws);
    for batch in 0..draws.div_ceil(BATCH) {
        let count = BATCH.min(draws - batch * BATCH);
        let normals = standard_normals(seed, batch as u64, posterior.normals(), count);
        for (place, draw) in posterior.scores_from(&normals).as_slice().chunks_exact(size).enumerate() {
            standing.take(draw, Some(places));
            let column = batch * BATCH + place;
            for (row, application) in set.iter().enumerate() {
                let score = draw[*application];
                distances[(row, column)] = standing.distance(*application, score, places);
                scores[(row, column)] = score;
            }
        }
    }
    for matrix in [&mut distances, &mut scores] {
        let means = matrix.column_mean();
        for mut column in matrix.column_iter_mut() {
            column -= &means;
        }
    }
    let of = |left: &DMatrix<f64>| left * scores.transpose() / draws as f64;
    Moments { distance: of(&distances), score: of(&scores) }
}

/// Standard normals on a ChaCha20 stream of their own.
fn standard_normals(seed: [u8; 32], stream: u64, rows: usize, columns: usize) -> DMatrix<f64> {
    let mut random = ChaCha20Rng::from_seed(seed);
    random.set_stream(stream);
    DMatrix::from_fn(rows, columns, |_, _| normal(&mut random))
}

/// One standard normal by the ziggurat of `rand_distr`.
pub(super) fn normal(random: &mut impl Rng) -> f64 {
    StandardNormal.sample(random)
}

struct Tally {
    size: usize,
    ranks: Ranks,
    placed: Vec<u32>,
    /// By position in the published order.
    beats_next: Vec<u32>,
    /// Sums about the line, by batch: added in the order of the batches they do not depend on the number of threads.
    about_line: BTreeMap<u64, Vec<[f64; 4]>>,
}

/// The ranks an application had over the draws.
enum Ranks {
    /// Draws in which it had a rank, size × size, row = application.
    Counted(Vec<u32>),
    /// Rank by rank, draw by draw: less memory where applications outnumber draws.
    Listed(Vec<u32>),
}

impl Tally {
    fn new(size: usize, draws: usize) -> Self {
        Self {
            size,
            ranks: if size <= draws { Ranks::Counted(vec![0; size * size]) } else { Ranks::Listed(Vec::new()) },
            placed: vec![0; size],
            beats_next: vec![0; size],
            about_line: BTreeMap::new(),
        }
    }

    fn add(&mut self, batch: u64, scores: &DMatrix<f64>, expected: &[f64], order: &[usize], places: Option<&Places>) {
        let mut standing = Standing::new(self.size, places);
        let mut sums = vec![[0.0; 4]; if places.is_some() { self.size } else { 0 }];
        for draw in scores.as_slice().chunks_exact(self.size) {
            standing.take(draw, places);
            let rank = &standing.rank;
            match &mut self.ranks {
                Ranks::Counted(counts) => {
                    for (row, rank) in rank.iter().enumerate() {
                        counts[row * self.size + rank] += 1;
                    }
                }
                Ranks::Listed(list) => list.extend(rank.iter().map(|rank| u32::try_from(*rank).unwrap_or(u32::MAX))),
            }
            if let Some(places) = places {
                for (row, sums) in sums.iter_mut().enumerate() {
                    let score = draw[row];
                    self.placed[row] += u32::from(standing.is_placed(row, score, places));
                    let distance = standing.distance(row, score, places);
                    let own = score - expected[row];
                    for (sum, value) in sums.iter_mut().zip([distance, distance * distance, distance * own, own * own])
                    {
                        *sum += value;
                    }
                }
            }
            for (position, pair) in order.windows(2).enumerate() {
                self.beats_next[position] += u32::from(draw[pair[0]] > draw[pair[1]]);
            }
        }
        self.about_line.insert(batch, sums);
    }

    fn merge(&mut self, mut other: Self) {
        let add = |into: &mut [u32], from: &[u32]| {
            for (sum, value) in into.iter_mut().zip(from) {
                *sum += value;
            }
        };
        match (&mut self.ranks, &mut other.ranks) {
            (Ranks::Counted(into), Ranks::Counted(from)) => add(into, from),
            (Ranks::Listed(into), Ranks::Listed(from)) => into.append(from),
            // Both were made for the same numbers of applications and draws.
            _ => {}
        }
        add(&mut self.placed, &other.placed);
        add(&mut self.beats_next, &other.beats_next);
        self.about_line.append(&mut other.about_line);
    }

    /// Moments of the distance to the line; `None` where the group has no place, or a place for everyone and no 合格线.
    fn lines(&self, draws: usize, places: Option<&Places>) -> Vec<Option<Line>> {
        let Some(places) = places else { return vec![None; self.size] };
        let mut sums = vec![[0.0; 4]; self.size];
        for batch in self.about_line.values() {
            for (sums, more) in sums.iter_mut().zip(batch) {
                for (sum, value) in sums.iter_mut().zip(more) {
                    *sum += value;
                }
            }
        }
        let line = |(row, sums): (usize, &[f64; 4])| {
            let [distance, square, product, own] = sums.map(|sum| sum / draws as f64);
            (places.quota[places.group[row]] > 0 && square.is_finite()).then(|| Line {
                distance,
                variance: (square - distance * distance).max(0.0),
                covariance: product,
                own,
            })
        };
        sums.iter().enumerate().map(line).collect()
    }

    fn summary(&self, row: usize, draws: usize, order: &[usize], places: Option<&Places>) -> RankUncertainty {
        let (mean, rank_low, rank_high) = match &self.ranks {
            Ranks::Counted(counts) => from_counts(&counts[row * self.size..(row + 1) * self.size], draws),
            Ranks::Listed(list) => from_list(list.iter().skip(row).step_by(self.size).copied().collect()),
        };
        let position = order.iter().position(|candidate| *candidate == row);
        RankUncertainty {
            expected_rank: mean,
            rank_low,
            rank_high,
            p_top: places.map(|_| f64::from(self.placed[row]) / draws as f64),
            p_beats_next: position
                .filter(|position| position + 1 < order.len())
                .map(|position| f64::from(self.beats_next[position]) / draws as f64),
            line: None,
        }
    }
}

/// Mean rank and the shortest interval of ranks that holds 90 % of the draws; of several the one with most draws, then
/// the best ranks. `counts[r]`: draws with rank r + 1.
fn from_counts(counts: &[u32], draws: usize) -> (f64, usize, usize) {
    let ranked = counts.iter().zip(1_u64..).filter(|(count, _)| **count > 0);
    from_runs(&ranked.map(|(count, rank)| (rank, u64::from(*count))).collect::<Vec<_>>(), draws)
}

/// The same of ranks listed from 0.
fn from_list(mut ranks: Vec<u32>) -> (f64, usize, usize) {
    ranks.sort_unstable();
    let draws = ranks.len();
    let runs = ranks.chunk_by(|a, b| a == b).map(|alike| (u64::from(alike[0]) + 1, alike.len() as u64));
    from_runs(&runs.collect::<Vec<_>>(), draws)
}

/// `runs`: ranks that occur, ascending, with their draws.
fn from_runs(runs: &[(u64, u64)], draws: usize) -> (f64, usize, usize) {
    let sum: u64 = runs.iter().map(|(rank, count)| rank * count).sum();
    let needed = draws as u64 * WITHIN.0;
    let mut best = (u64::MAX, 0_u64, 0_u64, 0_u64);
    let (mut held, mut end) = (0, 0);
    for (low, count) in runs {
        while held * WITHIN.1 < needed && end < runs.len() {
            held += runs[end].1;
            end += 1;
        }
        if held * WITHIN.1 < needed {
            break;
        }
        let high = runs[end - 1].0;
        // Shorter first, then more draws.
        if (high - low, u64::MAX - held) < (best.0, best.1) {
            best = (high - low, u64::MAX - held, *low, high);
        }
        held -= count;
    }
    let rank = |rank: u64| usize::try_from(rank).unwrap_or(usize::MAX);
    (sum as f64 / draws as f64, rank(best.2), rank(best.3))
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
        line: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_interval_is_the_shortest_that_holds_nine_of_ten(counts in prop::collection::vec(0_u32..30, 1..12)) {
            let draws: u32 = counts.iter().sum();
            prop_assume!(draws > 0);
            let (mean, low, high) = from_counts(&counts, draws as usize);
            let held = |low: usize, high: usize| counts[low - 1..high].iter().sum::<u32>();
            prop_assert!(held(low, high) * 10 >= draws * 9);
            for start in 1..=counts.len() {
                for end in start..=counts.len() {
                    prop_assert!(end - start >= high - low || held(start, end) * 10 < draws * 9);
                }
            }
            let ranks = counts.iter().zip(0_u32..).flat_map(|(count, rank)| vec![rank; *count as usize]);
            let mut list: Vec<u32> = ranks.collect();
            list.reverse();
            prop_assert_eq!(from_list(list), (mean, low, high));
        }
    }
}
