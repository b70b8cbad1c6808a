//! REML on crossed scores: how the time grows over three doublings up to 73,000 scores.

use divan::{Bencher, black_box};
use engine::calibration::{Options, Score, fit};
use engine::decimal::Decimal;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn main() {
    divan::main();
}

/// `scores` sheets by experts and applications in the proportion of 1,100 × 3,000 to 73,000.
fn crossed(scores: usize) -> Vec<Score> {
    let (experts, applications) = (scores * 1_100 / 73_000, scores * 3_000 / 73_000);
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut normal = |sd: f64| (0..12).map(|_| random.random::<f64>()).sum::<f64>().mul_add(sd, -6.0 * sd);
    let severity: Vec<f64> = (0..experts).map(|_| normal(3.0)).collect();
    let merit: Vec<f64> = (0..applications).map(|_| normal(6.0)).collect();
    (0..scores)
        .map(|i| {
            // Coprime strides meet every pair at most once.
            let (a, e) = (i % applications, (i / applications * 37 + i * 11) % experts);
            let points = 75.0 + merit[a] + severity[e] + normal(3.0);
            #[expect(clippy::cast_possible_truncation, reason = "scores are small")]
            let hundredths = (points * 100.0).round() as i64;
            Score {
                application: format!("A{a:05}"),
                expert: format!("E{e:05}"),
                score: Decimal::from_hundredths(hundredths).unwrap_or_default(),
                panel: None,
            }
        })
        .collect()
}

#[divan::bench(args = [9_125, 18_250, 36_500, 73_000], sample_count = 3, sample_size = 1)]
fn reml(bencher: Bencher, scores: usize) {
    let mut sheets = crossed(scores);
    sheets.sort_by(|a, b| (&a.application, &a.expert).cmp(&(&b.application, &b.expert)));
    sheets.dedup_by(|a, b| a.application == b.application && a.expert == b.expert);
    bencher.bench(|| fit(black_box(&sheets), &Options::default()));
}
