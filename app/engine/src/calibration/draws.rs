//! Posterior draws of the ranking: expected rank, rank interval, chance of a place, chance of beating the next.

use nalgebra::DMatrix;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use rand_distr::{Distribution, StandardNormal};

use super::places::Places;
use super::posterior::Posterior;
use super::ranked_draw::RankedDraw;
use super::tally::Tally;
use super::threads::on_all_cores;
use super::uncertainty::RankUncertainty;

/// Draws per batch; a batch has its own ChaCha stream, so the result does not depend on the number of threads.
const BATCH: usize = 250;

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
    let mut ranked = RankedDraw::new(size, Some(places));
    let mut distances = DMatrix::zeros(set.len(), draws);
    let mut scores = DMatrix::zeros(set.len(), draws);
    for batch in 0..draws.div_ceil(BATCH) {
        let count = BATCH.min(draws - batch * BATCH);
        let normals = standard_normals(seed, batch as u64, posterior.normals(), count);
        for (place, draw) in posterior.scores_from(&normals).as_slice().chunks_exact(size).enumerate() {
            ranked.take(draw, Some(places));
            let column = batch * BATCH + place;
            for (row, application) in set.iter().enumerate() {
                let score = draw[*application];
                distances[(row, column)] = ranked.distance(*application, score, places);
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
