//! 逐一剔除专家: the scores of a method as they would be without one expert.

use super::exact::results;
use super::influence::Influence;
use super::kernel::Image;
use super::panels::panels;
use super::{Calibration, Decimal, Design, Method, Score, additive, connectivity, decide};
use crate::decimal::round_float;

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
}

impl<'a> Deletion<'a> {
    /// The mixed model is down-dated at the variances of all sheets; the others are recomputed, which costs no more.
    #[must_use]
    pub fn new(calibration: &'a Calibration, method: Method) -> Self {
        let at = calibration.mixed.as_ref().ok().and_then(|mixed| mixed.at.as_ref());
        let influence = at.filter(|_| method == Method::Mixed).and_then(Influence::new);
        Self { calibration, method, influence }
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

    fn recomputed(&self, expert: usize) -> Vec<Option<Decimal>> {
        let Calibration { design, options, .. } = self.calibration;
        let mut scores = vec![None; design.applications.len()];
        let left = design.sheets.iter().zip(&design.items).filter(|(sheet, _)| sheet.expert != expert).map(
            |(sheet, items)| Score {
                application: design.applications[sheet.application].clone(),
                expert: design.experts[sheet.expert].clone(),
                score: sheet.score,
                panel: sheet.panel.map(|panel| design.panels[panel].clone()),
                items: items.clone(),
            },
        );
        // Without a single sheet there is nothing to compute; the scores of a calibration are free of duplicates.
        let Ok(rest) = Design::new(&left.collect::<Vec<_>>()) else { return scores };
        let components = connectivity::components(&rest);
        let additive = (self.method == Method::Additive).then(|| additive::fit(&rest, &components)).flatten();
        let panels = panels(&rest, options);
        let results = results(&rest, options, &panels, additive.as_ref(), None);
        for (application, results) in rest.applications.iter().zip(&results) {
            if let Ok(index) = design.applications.binary_search(application) {
                scores[index] = decide(results, &components, self.method);
            }
        }
        scores
    }
}
