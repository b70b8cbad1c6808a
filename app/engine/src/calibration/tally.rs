//! Counts of ranks and places over the draws, and the intervals that follow from them.

use std::collections::BTreeMap;

use nalgebra::DMatrix;

use super::places::Places;
use super::ranked_draw::RankedDraw;
use super::uncertainty::{Line, RankUncertainty};

/// Share of the draws that the rank interval holds: 9 of 10.
const WITHIN: (u64, u64) = (9, 10);

/// Counts over the draws of one thread.
pub struct Tally {
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
    pub fn new(size: usize, draws: usize) -> Self {
        Self {
            size,
            ranks: if size <= draws { Ranks::Counted(vec![0; size * size]) } else { Ranks::Listed(Vec::new()) },
            placed: vec![0; size],
            beats_next: vec![0; size],
            about_line: BTreeMap::new(),
        }
    }

    pub fn add(
        &mut self,
        batch: u64,
        scores: &DMatrix<f64>,
        expected: &[f64],
        order: &[usize],
        places: Option<&Places>,
    ) {
        let mut ranked = RankedDraw::new(self.size, places);
        let mut sums = vec![[0.0; 4]; if places.is_some() { self.size } else { 0 }];
        for draw in scores.as_slice().chunks_exact(self.size) {
            ranked.take(draw, places);
            let rank = &ranked.rank;
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
                    self.placed[row] += u32::from(ranked.is_placed(row, score, places));
                    let distance = ranked.distance(row, score, places);
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

    pub fn merge(&mut self, mut other: Self) {
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
    pub fn lines(&self, draws: usize, places: Option<&Places>) -> Vec<Option<Line>> {
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

    pub fn summary(&self, row: usize, draws: usize, order: &[usize], places: Option<&Places>) -> RankUncertainty {
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

/// Mean rank and interval as [`from_counts`], of ranks listed from 0.
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
