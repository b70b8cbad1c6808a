//! 模拟: before a round, how well a design will recover the truth under stated variances.
//!
//! Merit, severity, panel effects and residuals are drawn at random, the sheets are calibrated as those of a real round,
//! and the results are compared with the merit that was drawn.

mod compare;
mod layout;
#[cfg(test)]
mod tests;

use domain::round::Method;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

use crate::calibration::{Options, Places, RankUncertainty, fit};
use crate::decimal::Decimal;
use compare::{hits, kendall};
use layout::Truth;

/// Version of the rules by which rounds are simulated.
pub const ALGORITHM: &str = "simulate/1";

/// A design of a round, with the variances it is tried under.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    pub name: String,
    pub applications: usize,
    /// Experts in all, divided evenly among the panels.
    pub experts: usize,
    /// 评审组; applications are divided evenly among them.
    #[serde(default = "one")]
    pub panels: usize,
    /// Sheets per application by experts of its own panel, before recusals.
    pub reviews: usize,
    /// Share of sheets that fall away through 回避 and are not replaced, 0–1.
    #[serde(default)]
    pub recusal: f64,
    /// 连接评审 by experts of other panels, as a share of the panels' own sheets.
    #[serde(default)]
    pub bridging: f64,
    /// 入围名额 in all.
    pub places: usize,
    #[serde(default)]
    pub spread: Spread,
}

const fn one() -> usize {
    1
}

/// Mean and standard deviations, in points.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Spread {
    pub mean: f64,
    /// Of the applications' merit.
    pub merit: f64,
    /// Of the experts' severity.
    pub severity: f64,
    /// Of what all experts of a panel share.
    pub panel: f64,
    /// Of a sheet about merit and severity.
    pub residual: f64,
}

impl Default for Spread {
    fn default() -> Self {
        Self { mean: 75.0, merit: 6.0, severity: 4.0, panel: 0.0, residual: 5.0 }
    }
}

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

/// Why a setup cannot be simulated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    #[error("方案“{0}”：至少 2 项申请、2 名专家、每项 1 份评审、1 轮模拟")]
    TooSmall(String),
    #[error("方案“{0}”：评审组数应在 1 与申请数、专家数之间")]
    Panels(String),
    #[error("方案“{0}”：每项申请 {1} 份评审，而最小的评审组只有 {2} 名专家")]
    Reviews(String, usize, usize),
    #[error("方案“{0}”：回避比例应不小于 0 且小于 1，连接评审比例应在 0 与 1 之间，只有一个评审组时为 0")]
    Share(String),
    #[error("方案“{0}”：标准差应为不小于 0 的有限数，申请水平的标准差应大于 0")]
    Spread(String),
    #[error("方案“{0}”：入围名额应在 1 与申请数之间")]
    Places(String),
    #[error(
        "方案“{0}”：规模过大，申请应不超过 {MOST_APPLICATIONS} 项，评审份数合计应不超过 {MOST_SHEETS} 份，专家应不超过 {MOST_EXPERTS} 名"
    )]
    TooLarge(String),
}

/// Largest round that is simulated: ten times a province's.
const MOST_APPLICATIONS: usize = 20_000;
const MOST_EXPERTS: usize = 5_000;
const MOST_SHEETS: usize = 200_000;

impl Setup {
    /// # Errors
    /// The first thing that keeps the setup from being simulated.
    pub fn check(&self) -> Result<(), SetupError> {
        let name = || self.name.clone();
        if self.applications < 2 || self.experts < 2 || self.reviews == 0 {
            return Err(SetupError::TooSmall(name()));
        }
        let sheets = self.applications.saturating_mul(self.reviews);
        if self.applications > MOST_APPLICATIONS || self.experts > MOST_EXPERTS || sheets > MOST_SHEETS {
            return Err(SetupError::TooLarge(name()));
        }
        if self.panels == 0 || self.panels > self.applications.min(self.experts) {
            return Err(SetupError::Panels(name()));
        }
        let smallest = self.experts / self.panels;
        if self.reviews > smallest {
            return Err(SetupError::Reviews(name(), self.reviews, smallest));
        }
        let bridges = if self.panels == 1 { self.bridging == 0.0 } else { (0.0..=1.0).contains(&self.bridging) };
        if !(0.0..1.0).contains(&self.recusal) || !bridges {
            return Err(SetupError::Share(name()));
        }
        let Spread { mean, merit, severity, panel, residual } = self.spread;
        let negative = |value: f64| !value.is_finite() || value < 0.0;
        if !mean.is_finite() || merit <= 0.0 || [merit, severity, panel, residual].into_iter().any(negative) {
            return Err(SetupError::Spread(name()));
        }
        if self.places == 0 || self.places > self.applications {
            return Err(SetupError::Places(name()));
        }
        Ok(())
    }
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
    let mean = |value: &dyn Fn(&Intervals) -> f64| {
        (!with.is_empty()).then(|| with.iter().map(|own| value(own)).sum::<f64>() / with.len() as f64)
    };
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
    let count = values.len() as f64;
    let mean =
        |value: fn(&(f64, f64)) -> f64| (!values.is_empty()).then(|| values.iter().map(value).sum::<f64>() / count);
    let tau = mean(|value| value.0);
    let tau_se = tau.filter(|_| values.len() > 1).map(|tau| {
        let squares: f64 = values.iter().map(|value| (value.0 - tau).powi(2)).sum();
        (squares / (count - 1.0) / count).sqrt()
    });
    MethodSummary { method, rounds: values.len(), tau, tau_se, hit_rate: mean(|value| value.1) }
}
