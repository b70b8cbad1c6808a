//! The sheets of a simulated round.

use rand::seq::{SliceRandom, index};
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use super::Setup;
use crate::calibration::Score;
use crate::decimal::Decimal;

/// A round as it was drawn.
pub struct Truth {
    /// By number of the application.
    pub merit: Vec<f64>,
    pub scores: Vec<Score>,
    /// For the posterior draws.
    pub draw_seed: [u8; 32],
}

impl Truth {
    pub fn draw(setup: &Setup, random: &mut impl Rng) -> Self {
        let spread = setup.spread;
        let merit = normals(random, setup.applications, spread.mean, spread.merit);
        let panel = normals(random, setup.panels, 0.0, spread.panel);
        let mut severity = normals(random, setup.experts, 0.0, spread.severity);
        for (expert, severity) in severity.iter_mut().enumerate() {
            *severity += panel[expert % setup.panels];
        }
        let mut scores = Vec::new();
        for (application, expert) in pairs(setup, random) {
            let noise: f64 = StandardNormal.sample(random);
            let points = merit[application] + severity[expert] + spread.residual * noise;
            scores.push(Score {
                application: format!("A{application:06}"),
                expert: format!("E{expert:06}"),
                score: hundredths(points).into(),
                panel: (setup.panels > 1).then(|| format!("G{:03}", expert % setup.panels)),
                items: Vec::new(),
            });
        }
        Self { merit, scores, draw_seed: random.random() }
    }
}

/// 百分制 in 1/100 point.
#[expect(clippy::cast_possible_truncation, reason = "between 0 and 10,000")]
fn hundredths(points: f64) -> Decimal {
    Decimal::from_hundredths((points.clamp(0.0, 100.0) * 100.0).round() as i64).unwrap_or_default()
}

fn normals(random: &mut impl Rng, count: usize, mean: f64, sd: f64) -> Vec<f64> {
    let mut one = || -> f64 { StandardNormal.sample(random) };
    (0..count).map(|_| one().mul_add(sd, mean)).collect()
}

/// Application and expert of every sheet. Application i and expert j belong to the panels i and j modulo their number;
/// loads within a panel differ by at most one before recusals. Every application keeps at least one sheet.
fn pairs(setup: &Setup, random: &mut impl Rng) -> Vec<(usize, usize)> {
    let mut kept = Vec::new();
    for panel in 0..setup.panels {
        let mut experts: Vec<usize> = (panel..setup.experts).step_by(setup.panels).collect();
        let mut next = 0;
        for application in (panel..setup.applications).step_by(setup.panels) {
            if next + setup.reviews > experts.len() {
                experts.rotate_left(next);
                let left = experts.len() - next;
                experts[left..].shuffle(random);
                next = 0;
            }
            let own = &experts[next..next + setup.reviews];
            next += setup.reviews;
            let always = own[random.random_range(0..own.len())];
            kept.extend(
                own.iter()
                    .filter(|expert| **expert == always || !random.random_bool(setup.recusal))
                    .map(|expert| (application, *expert)),
            );
        }
    }
    kept.extend(bridges(setup, random));
    kept
}

/// 连接评审: applications in turn, each by an expert of another panel.
fn bridges(setup: &Setup, random: &mut impl Rng) -> Vec<(usize, usize)> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a number of sheets")]
    let count = (setup.bridging * (setup.applications * setup.reviews) as f64).round() as usize;
    let mut bridges = Vec::with_capacity(count);
    for turn in 0..count.div_ceil(setup.applications) {
        let applications =
            index::sample(random, setup.applications, setup.applications.min(count - turn * setup.applications));
        for application in applications {
            let strangers = |expert: &usize| {
                expert % setup.panels != application % setup.panels && !bridges.contains(&(application, *expert))
            };
            let open: Vec<usize> = (0..setup.experts).filter(strangers).collect();
            if !open.is_empty() {
                bridges.push((application, open[random.random_range(0..open.len())]));
            }
        }
    }
    bridges
}
