//! The influence of single sheets on the mixed fit: standardised residuals, and the scores without some of the sheets.
//!
//! Leaving sheets S out of a fit is the same as giving each an effect of its own (the mean-shift model): with
//! `P = H⁻¹ − H⁻¹11ᵀH⁻¹/1ᵀH⁻¹1`, the effects are `δ̂ = (P_SS)⁻¹(Py)_S`, and the fit without S is the fit to `y − δ̂` on S.
//! `P_SS` comes from `L⁻¹`, so that one fit serves all deletions. Variances stay at the estimates from all sheets.
//!
//! Sources: Cook and Weisberg (1982), *Residuals and Influence in Regression*, §2.2; Haslett and Hayes (1998), "Residuals
//! for the linear model with general covariance structure", J. R. Stat. Soc. B 60, 201–215.

use std::collections::BTreeMap;

use nalgebra::{Cholesky, DMatrix, DVector};

use super::crossed::Factor;
use super::mixed::At;

/// Below this share of the residual variance a sheet determines its own fit, and its residual says nothing.
const DETERMINED: f64 = 1e-9;

/// The fit, ready for deletions.
pub struct Influence<'a> {
    at: &'a At,
    inverse_factor: DMatrix<f64>,
}

impl<'a> Influence<'a> {
    /// O(m³).
    pub fn new(at: &'a At) -> Self {
        Self { at, inverse_factor: at.point.system.small.inverse_factor() }
    }

    /// Conditional residual over its standard error, per sheet; `None` where the sheet determines its own fit. O(n·m).
    pub fn standardised(&self) -> Vec<Option<f64>> {
        let point = &self.at.point;
        let mut last: Option<(usize, DVector<f64>)> = None;
        let mut residuals = Vec::with_capacity(point.errors.len());
        // Sheets come application by application, so the image of an eliminated application is computed once.
        for sheet in 0..point.errors.len() {
            let level = point.system.crossed.large_of(sheet);
            let common = match last.take() {
                Some((known, image)) if known == level => image,
                _ => self.image_of_level(level),
            };
            let left = self.image(sheet, &common).norm_squared();
            let variance = self.covariance((sheet, level), (sheet, level), left);
            residuals.push(
                (variance > DETERMINED).then(|| point.errors[sheet] / (point.residual_variance * variance).sqrt()),
            );
            last = Some((level, common));
        }
        residuals
    }

    /// `μ + α` of all applications without `sheets`, in points. O(k²·m + n + m²) for k sheets.
    ///
    /// An application that loses all its sheets falls back to the mean. `None` if the sheets determine their own fit.
    pub fn without(&self, sheets: &[usize]) -> Option<Vec<f64>> {
        let point = &self.at.point;
        let crossed = &point.system.crossed;
        let mut common: BTreeMap<usize, DVector<f64>> = BTreeMap::new();
        for sheet in sheets {
            let level = crossed.large_of(*sheet);
            common.entry(level).or_insert_with(|| self.image_of_level(level));
        }
        let size = self.inverse_factor.nrows();
        let mut images = DMatrix::zeros(size, sheets.len());
        for (place, sheet) in sheets.iter().enumerate() {
            images.set_column(place, &self.image(*sheet, &common[&crossed.large_of(*sheet)]));
        }
        let inner = images.transpose() * &images;
        let keyed: Vec<(usize, usize)> = sheets.iter().map(|sheet| (*sheet, crossed.large_of(*sheet))).collect();
        let projection =
            DMatrix::from_fn(sheets.len(), sheets.len(), |i, j| self.covariance(keyed[i], keyed[j], inner[(i, j)]));
        if projection.diagonal().iter().any(|variance| *variance <= DETERMINED) {
            return None;
        }
        let errors = DVector::from_iterator(sheets.len(), sheets.iter().map(|sheet| point.errors[*sheet]));
        let shifts = Cholesky::new(projection)?.solve(&errors);

        // The fit is linear in y: take from it the fit to the shifts.
        let mut shift = vec![0.0; point.errors.len()];
        for (sheet, value) in sheets.iter().zip(shifts.iter()) {
            shift[*sheet] = *value;
        }
        let (modes, whitened) = point.system.whiten(&shift);
        let mean = whitened.iter().sum::<f64>() / point.information;
        let place = crossed.position(Factor::Application)?;
        let effects = point.system.effects(&point.modes);
        let of_shift = point.system.effects(&modes);
        let of_one = point.system.effects(&point.modes_of_one);
        let effects = crossed.block(&effects, place).iter();
        let gone = crossed.block(&of_shift, place).iter().zip(crossed.block(&of_one, place));
        let intercept = self.at.shift + point.intercept - mean;
        Some(effects.zip(gone).map(|(effect, (shift, one))| intercept + effect - shift + mean * one).collect())
    }

    /// `P_st`, given the inner product of the images.
    fn covariance(&self, (sheet, level): (usize, usize), (other, other_level): (usize, usize), inner: f64) -> f64 {
        let point = &self.at.point;
        let own = if level == other_level { point.system.ratio_large / point.system.diagonal[level] } else { 0.0 };
        let mean = point.whitened_one[sheet] * point.whitened_one[other] / point.information;
        f64::from(sheet == other) - own - inner - mean
    }

    /// `(γ₀/dᵢ)·L⁻¹Θcᵢ`.
    fn image_of_level(&self, level: usize) -> DVector<f64> {
        let system = &self.at.point.system;
        let mut image = DVector::zeros(self.inverse_factor.nrows());
        let weight = system.ratio_large / system.diagonal[level];
        for (column, count) in &system.crossed.shared[level] {
            self.add(&mut image, *column, weight * count);
        }
        image
    }

    /// `L⁻¹Θwₛ − (γ₀/dᵢ)·L⁻¹Θcᵢ`.
    fn image(&self, sheet: usize, common: &DVector<f64>) -> DVector<f64> {
        let mut image = -common;
        for column in self.at.point.system.crossed.columns_of(sheet) {
            self.add(&mut image, *column, 1.0);
        }
        image
    }

    /// Adds `weight·L⁻¹Θe`; columns of a lower triangular matrix start at their own row.
    fn add(&self, image: &mut DVector<f64>, column: usize, weight: f64) {
        let size = image.len();
        let values = self.inverse_factor.view((column, column), (size - column, 1));
        let scale = weight * self.at.point.system.theta[column];
        image.rows_mut(column, size - column).axpy(scale, &values.column(0), 1.0);
    }
}
