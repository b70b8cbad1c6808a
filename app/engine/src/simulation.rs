//! 模拟: before a round, how well a design will recover the truth under stated variances.
//!
//! Merit, severity, panel effects and residuals are drawn at random, the sheets are calibrated as those of a real round,
//! and the results are compared with the merit that was drawn.

mod compare;
mod layout;
mod setup;
#[cfg(test)]
mod tests;

use domain::round::Method;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::Serialize;
use statrs::statistics::Statistics;

use crate::calibration::{Options, Places, RankUncertainty, fit};
use crate::decimal::Decimal;
use compare::{hits, kendall};
use layout::Truth;
pub use setup::{Setup, SetupError, Spread};

/// Version of the rules by which rounds are simulated.
pub const ALGORITHM: &str = "simulate/1";

/// How many rounds are simulated, and with how many posterior draws each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    pub rounds: usize,
    pub draws: usize,
    pub seed: [u8; 32],
}

/// The results of the simulated rounds of a setup.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    pub name: String,
    pub rounds: usize,
    pub methods: Vec<MethodSummary>,
    /// Share of true ranks inside the 90 % rank interval of the mixed model; `null` if no round had intervals.
    pub rank_coverage: Option<f64>,
    /// Share of true merits inside the 90 % interval of the calibrated score.
    pub score_coverage: Option<f64>,
    /// Mean width of the rank interval, as a share of the applications.
    pub rank_width: Option<f64>,
    /// Mean number of applications in the 边界区.
    pub borderline: Option<f64>,
    /// Share of rounds in which sheets link all applications.
    pub connected: f64,
}

/// One method over the rounds in which it gave every application a score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MethodSummary {
    pub method: Method,
    /// Rounds in which it did.
    pub rounds: usize,
    /// Mean Kendall τ-b between its scores and merit.
    pub tau: Option<f64>,
    /// Standard error of that mean.
    pub tau_se: Option<f64>,
    /// Mean share of the truly best that it places.
    pub hit_rate: Option<f64>,
}

/// Simulates the rounds of one setup. The result depends on the setup and the seed only.
///
/// # Errors
/// A setup that makes no sense.
pub fn simulate(setup: &Setup, effort: Effort) -> Result<Summary, SetupError> {
    setup.check()?;
    if effort.rounds == 0 {
        return Err(SetupError::TooSmall(setup.name.clone()));
    }
    let rounds: Vec<Round> = (0..effort.rounds).map(|round| Round::new(setup, effort, round as u64)).collect();
    Ok(summary(setup, &rounds))
}

/// The results of one simulated round.
struct Round {
    /// τ and hit rate by method; `None` where an application has no score.
    methods: Vec<Option<(f64, f64)>>,
    intervals: Option<Intervals>,
    connected: bool,
}

struct Intervals {
    ranks: usize,
    scores: usize,
    width: f64,
    borderline: usize,
}

impl Round {
    fn new(setup: &Setup, effort: Effort, number: u64) -> Self {
        let mut random = ChaCha20Rng::from_seed(effort.seed);
        random.set_stream(number);
        let truth = Truth::draw(setup, &mut random);
        // Scores of a setup that was checked are neither empty nor duplicated.
        let Ok(calibration) = fit(&truth.scores, &Options::default()) else {
            return Self { methods: vec![None; Method::ALL.len()], intervals: None, connected: false };
        };
        let index = |id: &String| id[1..].parse::<usize>().unwrap_or(0);
        let merit: Vec<f64> = calibration.design.applications.iter().map(|id| truth.merit[index(id)]).collect();
        let methods = Method::ALL.iter().map(|&method| {
            let order = calibration.order(method);
            let scores: Option<Vec<f64>> =
                (0..merit.len()).map(|a| calibration.final_score(a, method).map(Decimal::to_f64)).collect();
            Some((kendall(&scores?, &merit), hits(&order.best_first, &merit, setup.places)))
        });
        let order = calibration.order(Method::Mixed);
        let places = Places::overall(merit.len(), setup.places);
        let seed = truth.draw_seed;
        let drawn = calibration.draw(&order, Some(&places), seed, effort.draws);
        let intervals = drawn.map(|drawn| {
            let inside = |(a, drawn): (usize, &RankUncertainty)| {
                let rank = 1 + merit.iter().filter(|other| **other > merit[a]).count();
                (drawn.rank_low..=drawn.rank_high).contains(&rank)
            };
            let width = |drawn: &RankUncertainty| (drawn.rank_high - drawn.rank_low + 1) as f64;
            Intervals {
                ranks: drawn.iter().enumerate().filter(|pair| inside(*pair)).count(),
                scores: compare::covered(&calibration, &merit),
                width: drawn.iter().map(width).sum::<f64>() / drawn.len() as f64 / merit.len() as f64,
                borderline: drawn.iter().filter(|drawn| drawn.is_borderline()).count(),
            }
        });
        Self { methods: methods.collect(), intervals, connected: calibration.components.count == 1 }
    }
}

fn summary(setup: &Setup, rounds: &[Round]) -> Summary {
    let with: Vec<&Intervals> = rounds.iter().filter_map(|round| round.intervals.as_ref()).collect();
    let mean = |value: &dyn Fn(&Intervals) -> f64| (!with.is_empty()).then(|| with.iter().map(|own| value(own)).mean());
    let share = setup.applications as f64;
    Summary {
        name: setup.name.clone(),
        rounds: rounds.len(),
        methods: Method::ALL.iter().enumerate().map(|(place, method)| of_method(*method, place, rounds)).collect(),
        rank_coverage: mean(&|own| own.ranks as f64 / share),
        score_coverage: mean(&|own| own.scores as f64 / share),
        rank_width: mean(&|own| own.width),
        borderline: mean(&|own| own.borderline as f64),
        connected: rounds.iter().filter(|round| round.connected).count() as f64 / rounds.len() as f64,
    }
}

fn of_method(method: Method, place: usize, rounds: &[Round]) -> MethodSummary {
    let values: Vec<(f64, f64)> = rounds.iter().filter_map(|round| round.methods[place]).collect();
    let (taus, hits): (Vec<f64>, Vec<f64>) = values.iter().copied().unzip();
    let mean = |values: &[f64]| (!values.is_empty()).then(|| values.mean());
    let tau_se = (taus.len() > 1).then(|| taus.iter().std_dev() / (taus.len() as f64).sqrt());
    MethodSummary { method, rounds: values.len(), tau: mean(&taus), tau_se, hit_rate: mean(&hits) }
}
