//! The influence of single sheets on the mixed fit: standardised residuals, and the scores without some of the sheets.
//!
//! Leaving sheets S out of a fit is the same as giving each an effect of its own (the mean-shift model): with
//! `P = H⁻¹ − H⁻¹11ᵀH⁻¹/1ᵀH⁻¹1`, the effects are `δ̂ = (P_SS)⁻¹(Py)_S`, and the fit without S is the fit to `y − δ̂` on S.
//! With `K = ΘM⁻¹Θ` and `aₛ = wₛ − (γ₀/dᵢ)cᵢ` for sheet s at level i of the large factor,
//! `H⁻¹ₛₜ = [s = t] − [i = j]·γ₀/dᵢ − aₛᵀKaₜ`, so that one factor serves all deletions, and what sheets of one part do to
//! another part is a change of μ alone. Variances stay at the estimates from all sheets.
//!
//! Sources: Cook and Weisberg (1982), *Residuals and Influence in Regression*, §2.2; Haslett and Hayes (1998), "Residuals
//! for the linear model with general covariance structure", J. R. Stat. Soc. B 60, 201–215.

use nalgebra::{Cholesky, DMatrix, DVector};

use super::crossed::Factor;
use super::kernel::{Image, Kernel, Mix};
use super::mixed::At;

/// Below this share of the residual variance a sheet determines its own fit, and its residual says nothing.
const DETERMINED: f64 = 1e-9;

/// The fit, ready for deletions.
pub struct Influence<'a> {
    at: &'a At,
    kernel: Kernel<'a>,
    /// `μ̂ + α̂` per application, points, and by how much it moves with μ.
    scores: Vec<f64>,
    response: Vec<f64>,
}

impl<'a> Influence<'a> {
    /// Dense O(m³), sparse O(n). `None` where applications are not in the model.
    pub fn new(at: &'a At) -> Option<Self> {
        let point = &at.point;
        let crossed = &point.system.crossed;
        let place = crossed.position(Factor::Application)?;
        let effects = point.system.effects(&point.modes);
        let of_one = point.system.effects(&point.modes_of_one);
        let intercept = at.shift + point.intercept;
        let scores = crossed.block(&effects, place).iter().map(|effect| intercept + effect).collect();
        let response = crossed.block(&of_one, place).iter().map(|one| 1.0 - one).collect();
        Some(Self { at, kernel: Kernel::new(&point.system, &at.inverse, place), scores, response })
    }

    /// Conditional residual over its standard error, per sheet; `None` where the sheet determines its own fit.
    pub fn standardised(&self) -> Vec<Option<f64>> {
        let point = &self.at.point;
        let mut image = self.kernel.image();
        let residual = |sheet: usize| {
            self.kernel.apply(&self.direction(&[sheet], &[1.0]), &mut image);
            let variance = self.covariance(sheet, sheet, self.product(sheet, &image));
            (variance > DETERMINED).then(|| point.errors[sheet] / (point.residual_variance * variance).sqrt())
        };
        (0..point.errors.len()).map(residual).collect()
    }

    /// `μ + α` of all applications without `sheets`, in points.
    ///
    /// O(k·m) images for k sheets and O(k²·|c| + k³) for their equations; the applications of other parts move with μ alone. An
    /// application that loses all its sheets falls back to the mean. `None` if the sheets determine their own fit.
    pub fn without(&self, sheets: &[usize], image: &mut Image) -> Option<Vec<f64>> {
        let point = &self.at.point;
        let size = sheets.len();
        let mut projection = DMatrix::zeros(size, size);
        for (column, sheet) in sheets.iter().enumerate() {
            self.kernel.apply(&self.direction(&[*sheet], &[1.0]), image);
            let mut level = None;
            for (row, other) in sheets.iter().enumerate().skip(column) {
                // An expert's sheets are all of one level, or each of another.
                let own = point.system.crossed.large_of(*other);
                let of_level = match level {
                    Some((known, product)) if known == own => product,
                    _ => self.product_of_level(own, image),
                };
                level = Some((own, of_level));
                let value = self.covariance(*sheet, *other, self.product_of_columns(*other, image) - of_level);
                projection[(row, column)] = value;
                projection[(column, row)] = value;
            }
        }
        if projection.diagonal().iter().any(|variance| *variance <= DETERMINED) {
            return None;
        }
        let errors = DVector::from_iterator(size, sheets.iter().map(|sheet| point.errors[*sheet]));
        let shifts = Cholesky::new(projection)?.solve(&errors);

        // The fit is linear in y: take from it the fit to the shifts.
        let pairs = sheets.iter().zip(shifts.iter());
        let mean = pairs.map(|(sheet, shift)| point.whitened_one[*sheet] * shift).sum::<f64>() / point.information;
        let moved = |(score, response): (&f64, &f64)| score - mean * response;
        let mut scores: Vec<f64> = self.scores.iter().zip(&self.response).map(moved).collect();
        self.kernel.apply(&self.direction(sheets, shifts.as_slice()), image);
        let sums =
            sheets.iter().zip(shifts.iter()).map(|(sheet, shift)| (point.system.crossed.large_of(*sheet), *shift));
        self.kernel.applications(sums, image, |application, effect| scores[application] -= effect);
        Some(scores)
    }

    /// Room for an image, to be used again and again.
    pub fn image(&self) -> Image {
        self.kernel.image()
    }

    /// `Σ weightₛ·aₛ`.
    fn direction(&self, sheets: &[usize], weights: &[f64]) -> Mix {
        let system = &self.at.point.system;
        let mut mix = Mix::default();
        for (sheet, weight) in sheets.iter().zip(weights) {
            let level = system.crossed.large_of(*sheet);
            mix.columns.extend(system.crossed.columns_of(*sheet).iter().map(|column| (*column, *weight)));
            mix.levels.push((level, -weight * self.kernel.share(level)));
        }
        mix
    }

    /// `aₛᵀ` times the image.
    fn product(&self, sheet: usize, image: &Image) -> f64 {
        let level = self.at.point.system.crossed.large_of(sheet);
        self.product_of_columns(sheet, image) - self.product_of_level(level, image)
    }

    fn product_of_columns(&self, sheet: usize, image: &Image) -> f64 {
        self.at.point.system.crossed.columns_of(sheet).iter().map(|column| image.values[*column]).sum()
    }

    fn product_of_level(&self, level: usize, image: &Image) -> f64 {
        self.kernel.share(level) * self.kernel.of_level(level, image)
    }

    /// `P_st`, given the inner product `aₛᵀKaₜ`.
    fn covariance(&self, sheet: usize, other: usize, inner: f64) -> f64 {
        let point = &self.at.point;
        let crossed = &point.system.crossed;
        let level = crossed.large_of(sheet);
        let own = if level == crossed.large_of(other) { self.kernel.share(level) } else { 0.0 };
        let mean = point.whitened_one[sheet] * point.whitened_one[other] / point.information;
        f64::from(sheet == other) - own - inner - mean
    }
}
