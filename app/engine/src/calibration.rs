//! Calibration: seven ways from the same sheets to one score per application.
//!
//! All seven are always computed and shown side by side; the one frozen before the first sheet decides. [`fit`] does
//! the arithmetic and the estimation, [`Calibration::draw`] the posterior draws, [`report::report`] puts both into the
//! published form; a caller with a clock can time each.

mod additive;
pub mod agreement;
mod bases;
pub mod checks;
mod conjugate;
mod connectivity;
mod crossed;
pub mod deletion;
mod design;
mod draws;
mod effect;
mod exact;
pub mod experts;
mod factored;
pub mod files;
mod fill;
mod finding;
pub mod further;
mod influence;
mod kernel;
pub(crate) mod linalg;
mod means;
mod mixed;
mod newton;
mod optimise;
mod options;
mod outliers;
pub mod panels;
mod places;
mod posterior;
mod ranked_draw;
mod reduced;
mod reml;
pub mod report;
mod residuals;
pub mod sensitivity;
mod spread;
mod start;
mod stochastic_reml;
mod tally;
#[cfg(test)]
mod tests;
mod threads;
mod two_way;
mod uncertainty;
mod wording;

pub use self::additive::Additive;
pub use self::connectivity::Components;
pub use self::deletion::{Deletion, Given};
pub use self::design::{Design, Sheet};
pub use self::effect::Effect;
pub use self::exact::Results;
pub use self::finding::{Coefficient, Finding};
pub use self::mixed::{Mixed, Origin, Unfit, Variances};
pub use self::options::{Aggregate, Deviation, Options};
pub use self::panels::Panel;
pub use self::places::Places;
pub use self::posterior::Posterior;
pub use self::residuals::REMARKABLE;
pub use self::spread::FiveNumbers;
pub use self::uncertainty::RankUncertainty;
use domain::round::{Method, Trimming};

use crate::decimal::{Decimal, Exact, round, round_float};
use crate::ranking::{Candidate, competition_ranks};
use crate::total::Total;

/// Version of the rules by which results are computed.
pub const ALGORITHM: &str = "calibrate/2";

/// The total of one valid sheet, in points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    pub application: String,
    pub expert: String,
    pub score: Total,
    pub panel: Option<String>,
    /// The points of each item, in the same order for all sheets of an application; their sum is the total. Needed for
    /// trimming by items only; otherwise it may be empty.
    pub items: Vec<Total>,
}

/// Why there is nothing to calibrate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalibrationError {
    #[error("没有评分")]
    Empty,
    #[error("专家 {expert} 对申报 {application} 有多份评分")]
    Duplicate { application: String, expert: String },
    #[error("按评分项去极值，但专家 {expert} 对申报 {application} 的评分没有各评分项的得分，或与其他专家的评分项不同")]
    NoItems { application: String, expert: String },
}

/// All seven methods on the same sheets.
#[derive(Clone, Debug)]
pub struct Calibration {
    pub design: Design,
    pub options: Options,
    pub components: Components,
    /// Per application, in the order of `design.applications`.
    pub results: Vec<Results>,
    /// 评审组; one without a name if the sheets name none.
    pub panels: Vec<Panel>,
    pub additive: Option<Additive>,
    pub mixed: Result<Mixed, Unfit>,
}

/// Mean and trimmed mean of every application, unrounded, in the order of the ids.
///
/// # Errors
/// Those of [`fit`].
pub fn means(scores: &[Score], options: &Options) -> Result<Vec<(String, Exact, Exact)>, CalibrationError> {
    let design = Design::for_options(scores, options)?;
    let of = |(index, id): (usize, &String)| {
        let (mean, trimmed) = means::means(&design, index, options);
        (id.clone(), mean, trimmed)
    };
    Ok(design.applications.iter().enumerate().map(of).collect())
}

/// Computes all methods.
///
/// # Errors
/// `Empty` without scores; `Duplicate` if an expert scored an application twice; `NoItems` if items are to be trimmed and
/// a sheet has none. A method that the sheets do not
/// support is no error: its values are `None`, and [`checks::checks`] says why.
pub fn fit(scores: &[Score], options: &Options) -> Result<Calibration, CalibrationError> {
    let design = Design::for_options(scores, options)?;
    let components = connectivity::components(&design);
    let additive = additive::fit(&design, &components);
    let mixed = mixed::fit(&design, &components, additive.as_ref());
    let panels = panels::panels(&design, options);
    let results = exact::results(&design, options, &panels, additive.as_ref(), mixed.as_ref().ok());
    Ok(Calibration { design, options: options.clone(), components, results, panels, additive, mixed })
}

/// See [`Calibration::final_score`].
fn decide(results: &Results, components: &Components, method: Method) -> Option<Decimal> {
    match method {
        Method::Raw => round(&results.exact_mean, 2),
        Method::Trimmed => round(&results.exact_trimmed, 2),
        Method::Coefficient => results.coefficient,
        Method::Grand => results.grand,
        Method::Standard => results.standard,
        Method::Additive => results.additive.filter(|_| components.count == 1).and_then(|x| round_float(x, 2)),
        Method::Mixed => results.mixed.and_then(|x| round_float(x, 2)),
    }
}

/// The order of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Applications, best first; those without a result come last, in the order of their ids.
    pub best_first: Vec<usize>,
    /// Per application, its rank (并列 share one); `None` without a result.
    pub ranks: Vec<Option<usize>>,
}

impl Calibration {
    /// The deciding score: rounded half-up once, to 1/100 point.
    ///
    /// `None` if the method cannot give one, or, for `additive`, if it cannot compare across components.
    #[must_use]
    pub fn final_score(&self, application: usize, method: Method) -> Option<Decimal> {
        decide(self.results.get(application)?, &self.components, method)
    }

    /// Orders by final score, then by the untrimmed mean to 1/1000 point.
    #[must_use]
    pub fn order(&self, method: Method) -> Order {
        let mut candidates = Vec::new();
        let mut without = Vec::new();
        for application in 0..self.design.applications.len() {
            match self.final_score(application, method) {
                Some(score) => candidates.push(Candidate {
                    id: application,
                    score: score.hundredths(),
                    tie_keys: vec![self.results[application].raw.map_or(0, Decimal::micros)],
                }),
                None => without.push(application),
            }
        }
        let mut ranks = vec![None; self.design.applications.len()];
        let mut best_first = Vec::with_capacity(ranks.len());
        for (candidate, rank) in competition_ranks(&candidates) {
            ranks[candidate.id] = Some(rank);
            best_first.push(candidate.id);
        }
        best_first.extend(without);
        Order { best_first, ranks }
    }

    /// Seeded posterior draws of the ranking under the mixed model; `None` where it has no posterior.
    ///
    /// `order`: the published order, for the chance of beating the next.
    #[must_use]
    pub fn draw(
        &self,
        order: &Order,
        places: Option<&Places>,
        seed: [u8; 32],
        draws: usize,
    ) -> Option<Vec<RankUncertainty>> {
        let posterior = self.mixed.as_ref().ok()?.posterior.as_ref()?;
        Some(draws::rank_uncertainty(posterior, &order.best_first, places, seed, draws))
    }
}
