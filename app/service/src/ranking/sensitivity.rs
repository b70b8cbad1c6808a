//! 敏感性分析: what would have to be different for the list to differ. Computed with the ranking and kept in it.

use super::line::{Line, raw_thousandths};
use super::weights::{moved, weighted_scores};
use crate::Result;
use crate::calibration::{options, totals, valid_sheets};
use crate::dossier::Dossier;
use domain::ranking::{Changed, Sensitivity};
use domain::round::Method;
use engine::calibration::sensitivity::{Effect, Scenario};
use engine::calibration::{Options, Score, fit};
use engine::ranking::change;
use std::sync::Arc;
use store::Current;

/// By how many points each weight is moved, up and down.
pub const POINTS: i32 = 5;

/// The list as it is against every other method, every weight moved by [`POINTS`], and every expert left out.
pub(super) async fn compute(current: &Current<'_>, dossier: &Dossier, line: Arc<Line>) -> Result<Sensitivity> {
    let rubric = &dossier.round.rubric;
    let sheets = valid_sheets(current, dossier).await?;
    let scores = totals(dossier, &sheets)?;
    let mut weights = Vec::new();
    for (place, dimension) in rubric.dimensions.iter().enumerate() {
        for points in [-POINTS, POINTS] {
            // A weight cannot fall to nothing or take everything.
            if let Some(weights_now) = moved(rubric, place, points) {
                let scores = weighted_scores(dossier, &sheets, &weights_now)?;
                weights.push(Weighted { dimension: dimension.name.clone(), points, scores });
            }
        }
    }
    let work = Work { scores, weights, options: options(dossier), method: dossier.round.terms.method };
    crate::heavy::compute(move || work.run(&line)).await?
}

struct Work {
    scores: Vec<Score>,
    weights: Vec<Weighted>,
    options: Options,
    method: Method,
}

struct Weighted {
    dimension: String,
    points: i32,
    scores: Vec<Score>,
}

impl Work {
    fn run(&self, line: &Line) -> Result<Sensitivity> {
        let calibrate = |scores: &[Score]| fit(scores, &self.options);
        let calibration = calibrate(&self.scores)?;
        let base = line.under(&calibration, self.method);
        let mut sensitivity = Sensitivity { experts_tried: calibration.design.experts.len(), ..Sensitivity::default() };
        let raw = |index: usize| raw_thousandths(&calibration, index);
        let codes = &calibration.design.applications;
        for effect in calibration.sensitivity(self.method, line.bounds(), |given| line.draw_given(codes, given, raw)) {
            match changed(effect) {
                (Scenario::Method(_), changed) => sensitivity.methods.push(changed),
                (_, changed) if changed.is_none() => {}
                (_, changed) => sensitivity.experts.push(changed),
            }
        }
        for weighted in &self.weights {
            let then = line.under(&calibrate(&weighted.scores)?, self.method);
            let scenario = Scenario::Weight { dimension: weighted.dimension.clone(), points: weighted.points };
            sensitivity.weights.push(changed(Effect { scenario, change: change(&base, &then) }).1);
        }
        Ok(sensitivity)
    }
}

fn changed(effect: Effect) -> (Scenario, Changed) {
    let (what, points) = match &effect.scenario {
        Scenario::Method(method) => (method.label().to_owned(), 0),
        Scenario::WithoutExpert(expert) => (expert.clone(), 0),
        Scenario::Weight { dimension, points } => (dimension.clone(), *points),
    };
    let engine::ranking::Change { enter, leave, tied } = effect.change;
    (effect.scenario, Changed { what, points, enter, leave, tied })
}
