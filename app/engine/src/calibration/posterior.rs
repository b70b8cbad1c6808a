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

use nalgebra::{DMatrix, DVector};

use super::crossed::Factor;
use super::linalg::transposed_times;
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
}

/// α − α̂ at known μ as a linear map of independent standard normals.
#[derive(Clone, Debug)]
enum Merit {
    /// Applications are among the factored columns: `α = A·z`, A = σθ·(L⁻¹)ᵀ restricted, a×m.
    Factored(DMatrix<f64>),
    /// Applications were eliminated: `αᵢ = ownᵢ·zᵢ + Σⱼ links[i][j]·wⱼ`, `w = (L⁻¹)ᵀ·z` for the m columns.
    Eliminated { own: Vec<f64>, links: Vec<Vec<(usize, f64)>>, inverse_factor: DMatrix<f64> },
    /// The variance of applications is zero.
    None,
}

impl Posterior {
    /// `inverse_factor`: L⁻¹ for the Cholesky factor of `M` at `point`. `scores`: μ̂ + α̂ per application.
    pub(super) fn new(point: &Point, inverse_factor: DMatrix<f64>, scores: Vec<f64>, part_of: &[usize]) -> Self {
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
        let level = responses.zip(part_of).map(|(r, part)| sigma / information[*part].sqrt() * (1.0 - r)).collect();
        let merit = match place.checked_sub(1) {
            _ if point.ratios[place] <= 0.0 => Merit::None,
            Some(block) => {
                let block = crossed.blocks[block].clone();
                let scale = sigma * point.ratios[place].sqrt();
                Merit::Factored(inverse_factor.columns(block.start, block.len()).transpose() * scale)
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
                Merit::Eliminated { own, links, inverse_factor }
            }
        };
        Self { scores, level, part_of: part_of.to_vec(), parts, merit }
    }

    /// No application differs from another in any draw.
    pub fn is_flat(&self) -> bool {
        matches!(self.merit, Merit::None)
    }

    /// Standard normals that one draw uses.
    pub fn normals(&self) -> usize {
        self.parts
            + match &self.merit {
                Merit::Factored(map) => map.ncols(),
                Merit::Eliminated { own, inverse_factor, .. } => own.len() + inverse_factor.ncols(),
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
            Merit::Factored(map) => scores += map * normals.rows(self.parts, map.ncols()),
            Merit::Eliminated { own, links, inverse_factor } => {
                let own_normals = normals.rows(self.parts + own.len(), inverse_factor.ncols()).into_owned();
                let small = transposed_times(inverse_factor, &own_normals);
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

    /// The diagonal of [`Self::covariance`], points². O(a·m).
    #[must_use]
    pub fn variances(&self) -> Vec<f64> {
        let mut variances: Vec<f64> = self.level.iter().map(|level| level * level).collect();
        match &self.merit {
            Merit::Factored(map) => {
                for (variance, row) in variances.iter_mut().zip(map.row_iter()) {
                    *variance += row.norm_squared();
                }
            }
            Merit::Eliminated { own, links, inverse_factor } => {
                for (variance, (own, links)) in variances.iter_mut().zip(own.iter().zip(links)) {
                    *variance += own * own + image(inverse_factor, links).norm_squared();
                }
            }
            Merit::None => {}
        }
        variances
    }

    /// The prediction-error covariance of all scores including μ, points², a×a. O(a²m).
    #[must_use]
    pub fn covariance(&self) -> DMatrix<f64> {
        let size = self.scores.len();
        let mut covariance = DMatrix::from_fn(size, size, |row, column| {
            let same = self.part_of[row] == self.part_of[column];
            if same { self.level[row] * self.level[column] } else { 0.0 }
        });
        match &self.merit {
            Merit::Factored(map) => covariance += map * map.transpose(),
            Merit::Eliminated { own, links, inverse_factor } => {
                let mut map = DMatrix::zeros(inverse_factor.nrows(), own.len());
                for (row, links) in links.iter().enumerate() {
                    map.set_column(row, &image(inverse_factor, links));
                    covariance[(row, row)] += own[row] * own[row];
                }
                covariance += map.transpose() * &map;
            }
            Merit::None => {}
        }
        covariance
    }
}

/// `L⁻¹c` for few columns; those of a lower triangular matrix start at their own row.
fn image(inverse_factor: &DMatrix<f64>, links: &[(usize, f64)]) -> DVector<f64> {
    let size = inverse_factor.nrows();
    let mut image = DVector::zeros(size);
    for (column, weight) in links {
        let values = inverse_factor.view((*column, *column), (size - column, 1));
        image.rows_mut(*column, size - column).axpy(*weight, &values.column(0), 1.0);
    }
    image
}
