//! The information of a set of reviews about panels: the prediction covariance of all effects, updated with each review.

use super::{BridgingError, Design, Precision, Review};
use crate::calibration::linalg::dense::{Cholesky, gram};
use nalgebra::{DMatrix, DVector};

/// Below this share of the residual variance a removal would divide by nothing.
const SMALLEST_REMAINDER: f64 = 1e-9;

/// The prediction covariance of (μ, α, β, γ), each effect in units of its own standard deviation, and of the centred severities with them.
#[derive(Clone)]
pub struct Information<'a> {
    design: &'a Design,
    covariance: DMatrix<f64>,
    /// Centred severity of each panel, as a row of weights over all effects.
    weights: DMatrix<f64>,
    /// `weights · covariance`.
    cross: DMatrix<f64>,
}

impl<'a> Information<'a> {
    /// O(n³) for n effects.
    pub fn new(design: &'a Design) -> Result<Self, BridgingError> {
        let variances = design.variances;
        let all = [variances.application, variances.expert, variances.panel];
        if all.iter().any(|v| !v.is_finite() || *v < 0.0)
            || !variances.residual.is_finite()
            || variances.residual <= 0.0
        {
            return Err(BridgingError::Variance);
        }
        if design.panels < 2 {
            return Err(BridgingError::OnePanel);
        }
        let mut information =
            Self { design, covariance: DMatrix::zeros(0, 0), weights: weights(design)?, cross: DMatrix::zeros(0, 0) };
        let size = information.size();
        let mut precision = DMatrix::identity(size, size);
        precision[(0, 0)] = 0.0;
        for review in &design.reviews {
            let terms = information.terms(*review);
            for (i, a) in terms {
                for (j, b) in terms {
                    precision[(i, j)] += a * b / variances.residual;
                }
            }
        }
        // The mean is known from any review at all; without one, nothing is.
        let factor = Cholesky::new(precision).ok_or(BridgingError::EmptyPanel)?;
        information.covariance = gram(&factor.inverse_factor());
        information.cross = &information.weights * &information.covariance;
        Ok(information)
    }

    fn size(&self) -> usize {
        1 + self.design.application_panel.len() + self.design.expert_panel.len() + self.design.panels
    }

    /// The effects in one score, with their standard deviations.
    fn terms(&self, review: Review) -> [(usize, f64); 4] {
        let design = self.design;
        let experts = 1 + design.application_panel.len();
        let panels = experts + design.expert_panel.len();
        [
            (0, 1.0),
            (1 + review.application, design.variances.application.sqrt()),
            (experts + review.expert, design.variances.expert.sqrt()),
            (panels + design.expert_panel[review.expert], design.variances.panel.sqrt()),
        ]
    }

    /// `xᵀ·C·z` for two reviews.
    pub fn between(&self, x: Review, z: Review) -> f64 {
        let z = self.terms(z);
        self.terms(x).iter().map(|(i, a)| z.iter().map(|(j, b)| a * b * self.covariance[(*i, *j)]).sum::<f64>()).sum()
    }

    /// Covariance of each centred severity with the expectation of one score.
    pub fn across(&self, review: Review) -> DVector<f64> {
        let mut sum = DVector::zeros(self.design.panels);
        for (i, a) in self.terms(review) {
            sum.axpy(a, &self.cross.column(i), 1.0);
        }
        sum
    }

    /// By how much the mean variance of the contrasts falls with one more review.
    pub fn gain(&self, review: Review) -> f64 {
        let spread = self.design.variances.residual + self.between(review, review);
        self.across(review).norm_squared() / spread * self.per_pair()
    }

    /// From the summed variances of centred severities to the mean over pairs.
    pub fn per_pair(&self) -> f64 {
        2.0 / (self.design.panels - 1) as f64
    }

    pub fn add(&mut self, review: Review) {
        let spread = self.design.variances.residual + self.between(review, review);
        self.update(review, -1.0 / spread);
    }

    /// Takes back a review; `false` and nothing done if that cannot be done precisely.
    pub fn remove(&mut self, review: Review) -> bool {
        let residual = self.design.variances.residual;
        let rest = residual - self.between(review, review);
        if rest <= SMALLEST_REMAINDER * residual {
            return false;
        }
        self.update(review, 1.0 / rest);
        true
    }

    fn update(&mut self, review: Review, factor: f64) {
        let mut column = DVector::zeros(self.size());
        for (i, a) in self.terms(review) {
            column.axpy(a, &self.covariance.column(i), 1.0);
        }
        let across = self.across(review);
        self.covariance.ger(factor, &column, &column, 1.0);
        self.cross.ger(factor, &across, &column, 1.0);
    }

    pub fn mean_variance(&self) -> f64 {
        let centred: f64 = self.cross.component_mul(&self.weights).sum();
        centred * self.per_pair()
    }

    pub fn precision(&self) -> Precision {
        let panels = self.design.panels;
        let covariance = &self.cross * self.weights.transpose();
        let error = |p: usize, q: usize| {
            if p == q {
                return 0.0;
            }
            (covariance[(p, p)] + covariance[(q, q)] - covariance[(p, q)] - covariance[(q, p)]).max(0.0).sqrt()
        };
        let standard_errors = (0..panels).map(|p| (0..panels).map(|q| error(p, q)).collect()).collect();
        Precision { standard_errors, mean_variance: self.mean_variance() }
    }
}

/// `δ_p` minus the mean of all δ, as weights over effects in units of their standard deviation.
fn weights(design: &Design) -> Result<DMatrix<f64>, BridgingError> {
    let experts = 1 + design.application_panel.len();
    let panels = experts + design.expert_panel.len();
    let mut weights = DMatrix::zeros(design.panels, panels + design.panels);
    let mut sizes = vec![0.0; design.panels];
    for panel in &design.expert_panel {
        sizes[*panel] += 1.0;
    }
    if sizes.contains(&0.0) {
        return Err(BridgingError::EmptyPanel);
    }
    for (expert, panel) in design.expert_panel.iter().enumerate() {
        weights[(*panel, experts + expert)] = design.variances.expert.sqrt() / sizes[*panel];
    }
    for panel in 0..design.panels {
        weights[(panel, panels + panel)] = design.variances.panel.sqrt();
    }
    let mean = weights.row_mean();
    for mut row in weights.row_iter_mut() {
        row -= &mean;
    }
    Ok(weights)
}
