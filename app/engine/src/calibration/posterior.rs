//! The joint normal distribution of the calibrated scores `μ + α` given the sheets.
//!
//! Variances are taken at their estimates; μ has a flat prior. With `s = μ + α`, r = the response of α̂ to μ,
//! `Cov(s) = σ²·Λ(Ω⁻¹)ΛT + (σ²/1ᵀH⁻¹1)·(1 − r)(1 − r)ᵀ`, the prediction-error covariance of `s − ŝ`.
//!
//! Where the sheets fall into parts that nothing links, each part has a flat level of its own: that the parts are of
//! equal average merit is not assumed, only that their experts come from one population. Intervals across parts are
//! wider for it by what the common level would have borrowed.
//!
//! Source: Henderson (1975), "Best linear unbiased estimation and prediction under a selection model",
//! Biometrics 31, 423–447.

use std::ops::Range;
use std::sync::Arc;

use nalgebra::DMatrix;

use super::crossed::Factor;
use super::effect::Effect;
use super::factored::Inverse;
use super::reml::Point;

/// The distribution of all calibrated scores, in a form from which one draw costs O(m²) or less.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// ŝ = μ̂ + α̂ per application, points.
    pub scores: Vec<f64>,
    /// (1 − r)·σ/√(1ᵀH⁻¹1) within the part: by how much a score moves per standard normal of its level.
    level: Vec<f64>,
    /// Per application, its part.
    part_of: Vec<usize>,
    parts: usize,
    merit: Merit,
    /// Of each score, points².
    variances: Vec<f64>,
}

/// α − α̂ at known μ as a linear map of independent standard normals.
#[derive(Clone, Debug)]
enum Merit {
    /// Applications are among the factored columns: `α = scale·((L⁻¹)ᵀz)` there, scale = σθ.
    Factored { columns: Range<usize>, scale: f64, inverse: Arc<Inverse> },
    /// Applications were eliminated: `αᵢ = ownᵢ·zᵢ + Σⱼ links[i][j]·wⱼ`, `w = (L⁻¹)ᵀ·z` for the m columns.
    Eliminated { own: Vec<f64>, links: Vec<Vec<(usize, f64)>>, inverse: Arc<Inverse> },
    /// The variance of applications is zero.
    None,
}

impl Posterior {
    /// `inverse`: that of `M` at `point`. `applications`: α̂ with its conditional standard error.
    pub(super) fn new(
        point: &Point,
        inverse: &Arc<Inverse>,
        scores: Vec<f64>,
        applications: &[Effect],
        part_of: &[usize],
    ) -> Self {
        let system = &point.system;
        let crossed = &system.crossed;
        let sigma = point.residual_variance.sqrt();
        let place = crossed.position(Factor::Application).unwrap_or(0);
        let response = system.effects(&point.modes_of_one);
        // 1ᵀH⁻¹1 by part: H is block diagonal over the parts.
        let parts = part_of.iter().max().map_or(0, |last| last + 1);
        let mut information = vec![0.0; parts];
        for (sum, part) in crossed.block(&crossed.sums(&point.whitened_one), place).iter().zip(part_of) {
            information[*part] += sum;
        }
        let responses = crossed.block(&response, place).iter();
        let level: Vec<f64> =
            responses.zip(part_of).map(|(r, part)| sigma / information[*part].sqrt() * (1.0 - r)).collect();
        let variances = level.iter().zip(applications).map(|(level, own)| level * level + own.se * own.se).collect();
        let merit = match place.checked_sub(1) {
            _ if point.ratios[place] <= 0.0 => Merit::None,
            Some(block) => {
                let scale = sigma * point.ratios[place].sqrt();
                Merit::Factored { columns: crossed.blocks[block].clone(), scale, inverse: Arc::clone(inverse) }
            }
            None => {
                let scale = system.theta_large();
                let own = system.diagonal.iter().map(|d| sigma * scale / d.sqrt()).collect();
                let link = |(shared, d): (&Vec<(usize, f64)>, &f64)| {
                    shared
                        .iter()
                        .map(|(column, count)| (*column, -sigma * scale * scale / d * count * system.theta[*column]))
                        .collect()
                };
                let links = crossed.shared.iter().zip(&system.diagonal).map(link).collect();
                Merit::Eliminated { own, links, inverse: Arc::clone(inverse) }
            }
        };
        Self { scores, level, part_of: part_of.to_vec(), parts, merit, variances }
    }

    /// No application differs from another in any draw.
    pub fn is_flat(&self) -> bool {
        matches!(self.merit, Merit::None)
    }

    /// Standard normals that one draw uses.
    pub fn normals(&self) -> usize {
        self.parts
            + match &self.merit {
                Merit::Factored { inverse, .. } => inverse.size(),
                Merit::Eliminated { own, inverse, .. } => own.len() + inverse.size(),
                Merit::None => 0,
            }
    }

    /// Scores for a batch of draws, applications × draws, from `normals` × draws standard normals.
    pub fn scores_from(&self, normals: &DMatrix<f64>) -> DMatrix<f64> {
        let draws = normals.ncols();
        let mut scores = DMatrix::from_fn(self.scores.len(), draws, |row, draw| {
            self.level[row] * normals[(self.part_of[row], draw)]
        });
        match &self.merit {
            Merit::Factored { columns, scale, inverse } => {
                let small = inverse.scatter(&normals.rows(self.parts, inverse.size()).into_owned());
                scores += small.rows(columns.start, columns.len()) * *scale;
            }
            Merit::Eliminated { own, links, inverse } => {
                let small = inverse.scatter(&normals.rows(self.parts + own.len(), inverse.size()).into_owned());
                for draw in 0..draws {
                    let effects = small.column(draw);
                    for (row, (own, links)) in own.iter().zip(links).enumerate() {
                        let linked: f64 = links.iter().map(|(column, weight)| weight * effects[*column]).sum();
                        scores[(row, draw)] += own * normals[(self.parts + row, draw)] + linked;
                    }
                }
            }
            Merit::None => {}
        }
        for mut draw in scores.column_iter_mut() {
            for (value, mean) in draw.iter_mut().zip(&self.scores) {
                *value += mean;
            }
        }
        scores
    }

    /// Prediction-error variance of each score including μ, points².
    #[must_use]
    pub fn variances(&self) -> &[f64] {
        &self.variances
    }

    /// The prediction-error covariance of all scores including μ, points², a×a: what the draws have.
    #[cfg(test)]
    pub fn covariance(&self) -> DMatrix<f64> {
        let size = self.normals();
        let mut map = self.scores_from(&DMatrix::identity(size, size));
        for mut column in map.column_iter_mut() {
            for (value, mean) in column.iter_mut().zip(&self.scores) {
                *value -= mean;
            }
        }
        &map * map.transpose()
    }
}
