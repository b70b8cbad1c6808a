//! 逐一剔除专家: the scores of a method as they would be without one expert.

use super::bases::Bases;
use super::influence::Influence;
use super::kernel::Image;
use super::means::means_of;
use super::two_way::TwoWay;
use super::{Calibration, Decimal, Design, Method, additive, connectivity};
use crate::decimal::{round, round_float};
use std::sync::OnceLock;

/// Scores and sheets per application, in the order of `design.applications`.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    pub scores: Vec<Option<Decimal>>,
    pub sheets: Vec<usize>,
}

/// Leaves out one expert after another.
pub struct Deletion<'a> {
    calibration: &'a Calibration,
    method: Method,
    influence: Option<Influence<'a>>,
    /// Of all sheets; only the panel methods need them.
    bases: OnceLock<Bases>,
    /// The same for least squares.
    two_way: OnceLock<Option<TwoWay<'a>>>,
}

impl<'a> Deletion<'a> {
    /// The mixed model is down-dated at the variances of all sheets; of the others what changes is computed again.
    #[must_use]
    pub fn new(calibration: &'a Calibration, method: Method) -> Self {
        let at = calibration.mixed.as_ref().ok().and_then(|mixed| mixed.at.as_ref());
        let influence = at.filter(|_| method == Method::Mixed).and_then(Influence::new);
        Self { calibration, method, influence, bases: OnceLock::new(), two_way: OnceLock::new() }
    }

    /// Scores and sheets without `expert`, an index into `design.experts`. An application without a sheet has no score.
    #[must_use]
    pub fn without(&self, expert: usize) -> Given {
        self.given(expert, self.downdated(expert, &mut self.image()))
    }

    /// Room for the down-dates of one expert after another.
    pub(super) fn image(&self) -> Option<Image> {
        self.influence.as_ref().map(Influence::image)
    }

    /// Unrounded scores of the mixed model without the expert; `None` where it has none, and for the other methods.
    pub(super) fn downdated(&self, expert: usize, image: &mut Option<Image>) -> Option<Vec<f64>> {
        self.influence.as_ref()?.without(&self.calibration.design.of_expert[expert], image.as_mut()?)
    }

    /// `downdated`: of the same expert.
    pub(super) fn given(&self, expert: usize, downdated: Option<Vec<f64>>) -> Given {
        let design = &self.calibration.design;
        let gone = &design.of_expert[expert];
        let mut sheets: Vec<usize> = design.of_application.iter().map(Vec::len).collect();
        for sheet in gone {
            sheets[design.sheets[*sheet].application] -= 1;
        }
        let scores = match self.method {
            Method::Mixed => self.rounded(downdated),
            _ => self.recomputed(expert),
        };
        let left = |(score, sheets): (Option<Decimal>, &usize)| score.filter(|_| *sheets > 0);
        Given { scores: scores.into_iter().zip(&sheets).map(left).collect(), sheets }
    }

    fn rounded(&self, scores: Option<Vec<f64>>) -> Vec<Option<Decimal>> {
        let none = || vec![None; self.calibration.design.applications.len()];
        scores.map_or_else(none, |scores| scores.into_iter().map(|score| round_float(score, 2)).collect())
    }

    /// What changes is computed again: of means the expert's own applications, of the panel methods the sums of their panels, of least squares all.
    fn recomputed(&self, expert: usize) -> Vec<Option<Decimal>> {
        let Calibration { design, options, .. } = self.calibration;
        match self.method {
            Method::Raw | Method::Trimmed => self.means(expert),
            Method::Additive => self.additive(expert),
            _ => {
                let scores = self.bases().scores_without(design, expert, self.method, options);
                scores.unwrap_or_else(|| self.as_one_panel(expert))
            }
        }
    }

    fn means(&self, expert: usize) -> Vec<Option<Decimal>> {
        let Calibration { design, options, .. } = self.calibration;
        let mut scores: Vec<_> = (0..design.applications.len())
            .map(|application| self.calibration.final_score(application, self.method))
            .collect();
        for gone in &design.of_expert[expert] {
            let application = design.sheets[*gone].application;
            let left: Vec<usize> =
                design.of_application[application].iter().filter(|sheet| *sheet != gone).copied().collect();
            let (mean, trimmed) = means_of(design, &left, options);
            scores[application] = round(if self.method == Method::Raw { &mean } else { &trimmed }, 2);
        }
        scores
    }

    fn bases(&self) -> &Bases {
        self.bases.get_or_init(|| Bases::of(&self.calibration.design, &self.calibration.options))
    }

    /// The expert wrote all sheets that name a panel.
    fn as_one_panel(&self, expert: usize) -> Vec<Option<Decimal>> {
        let Calibration { design, options, .. } = self.calibration;
        let (rest, kept) = design.without(expert);
        let items = design.sheets.iter().zip(&design.items).filter(|(sheet, _)| sheet.expert != expert);
        let rest = Design { panels: Vec::new(), items: items.map(|(_, items)| items.clone()).collect(), ..rest };
        let own = Bases::of(&rest, options).scores(self.method, options);
        spread(&kept, own, design.applications.len())
    }

    fn additive(&self, expert: usize) -> Vec<Option<Decimal>> {
        let Calibration { design, components, .. } = self.calibration;
        let all = design.applications.len();
        let last = |sheet: &usize| design.of_application[design.sheets[*sheet].application].len() == 1;
        if !design.of_expert[expert].iter().any(last) {
            let of_all = self.two_way.get_or_init(|| TwoWay::new(design, components));
            if let Some(scores) = of_all.as_ref().and_then(|of_all| of_all.without(expert)) {
                return scores.into_iter().map(|score| round_float(score, 2)).collect();
            }
        }
        let (rest, kept) = design.without(expert);
        let components = connectivity::components(&rest);
        if components.count != 1 {
            return vec![None; all];
        }
        let Some(fit) = additive::fit(&rest, &components) else { return vec![None; all] };
        let own = fit.applications.into_iter().map(|score| round_float(score, 2)).collect();
        spread(&kept, own, all)
    }
}

/// The scores of those that are kept, each at its place among all.
fn spread(kept: &[usize], own: Vec<Option<Decimal>>, all: usize) -> Vec<Option<Decimal>> {
    let mut scores = vec![None; all];
    for (place, score) in kept.iter().zip(own) {
        scores[*place] = score;
    }
    scores
}
