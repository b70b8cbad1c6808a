//! Two or three crossed factors in the form that lets the largest be eliminated.
//!
//! With `Z = [Z₀ W]`, `Z₀` the indicator matrix of the factor with most levels and `W` those of the others, `Z₀ᵀZ₀` is
//! diagonal. What remains after eliminating it is a matrix of the size of the other factors, sparse or dense: see [`super::fill`].

use std::ops::Range;
use std::sync::OnceLock;

use nalgebra::DMatrix;

use super::design::Design;
use super::fill::Fill;

/// A factor that may carry an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    Application,
    Expert,
    Panel,
}

/// One number per level of each factor: first those of the large factor, then those of the others, joined.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    pub large: Vec<f64>,
    pub small: Vec<f64>,
}

/// The sheets of a round as incidences of crossed factors.
#[derive(Clone, Debug)]
pub struct Crossed {
    /// The eliminated factor first.
    pub factors: Vec<Factor>,
    /// For the factors after the first, their columns of `W`.
    pub blocks: Vec<Range<usize>>,
    /// Sheets per level of the large factor.
    pub count: Vec<f64>,
    /// Per level of the large factor, columns of `W` in ascending order with the sheets they share.
    pub shared: Vec<Vec<(usize, f64)>>,
    /// Per sheet, the level of the large factor.
    large: Vec<usize>,
    /// Per sheet, its columns of `W`, one per block.
    small: Vec<usize>,
    columns: usize,
    fill: OnceLock<Fill>,
}

impl Crossed {
    /// `factors` names the factors that take part; sheets without a panel all share one further panel level.
    pub fn new(design: &Design, factors: &[Factor]) -> Self {
        let size = |factor: &Factor| match factor {
            Factor::Application => design.applications.len(),
            Factor::Expert => design.experts.len(),
            Factor::Panel => design.panels.len() + usize::from(design.sheets.iter().any(|sheet| sheet.panel.is_none())),
        };
        let mut factors = factors.to_vec();
        factors.sort_by_key(|factor| std::cmp::Reverse(size(factor)));
        let mut blocks = Vec::new();
        let mut columns = 0;
        for factor in factors.iter().skip(1) {
            blocks.push(columns..columns + size(factor));
            columns += size(factor);
        }
        let levels = factors.first().map_or(0, size);
        let mut crossed = Self {
            blocks,
            count: vec![0.0; levels],
            shared: vec![Vec::new(); levels],
            large: Vec::with_capacity(design.sheets.len()),
            small: Vec::with_capacity(design.sheets.len() * factors.len().saturating_sub(1)),
            columns,
            factors,
            fill: OnceLock::new(),
        };
        for sheet in &design.sheets {
            let level = |factor: Factor| match factor {
                Factor::Application => sheet.application,
                Factor::Expert => sheet.expert,
                Factor::Panel => sheet.panel.unwrap_or(design.panels.len()),
            };
            let row = crossed.factors.first().map_or(0, |factor| level(*factor));
            crossed.large.push(row);
            crossed.count[row] += 1.0;
            for (factor, block) in crossed.factors.iter().skip(1).zip(&crossed.blocks) {
                let column = block.start + level(*factor);
                crossed.small.push(column);
                crossed.shared[row].push((column, 1.0));
            }
        }
        for row in &mut crossed.shared {
            row.sort_unstable_by_key(|(column, _)| *column);
            row.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1 += next.1;
                }
                same
            });
        }
        crossed
    }

    pub fn sheets(&self) -> usize {
        self.large.len()
    }

    /// How systems of this pattern are factored; looked at once.
    pub fn fill(&self) -> &Fill {
        self.fill.get_or_init(|| Fill::of(self.columns, &self.shared, self.by_sheet()))
    }

    fn by_sheet(&self) -> impl Iterator<Item = &[usize]> {
        (0..self.sheets()).map(|sheet| self.columns_of(sheet))
    }

    /// The same sheets, with a decision of the caller's about the fill.
    #[cfg(test)]
    pub fn with_fill(&self, sparse: bool) -> Self {
        let structure = || super::fill::Structure::within(usize::MAX, self.columns, &self.shared, self.by_sheet());
        let fill = if sparse { structure().map(std::sync::Arc::new).map(Fill::Sparse) } else { Some(Fill::Dense) };
        Self { fill: fill.map(OnceLock::from).unwrap_or_default(), ..self.clone() }
    }

    pub fn large_of(&self, sheet: usize) -> usize {
        self.large[sheet]
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn columns_of(&self, sheet: usize) -> &[usize] {
        let width = self.blocks.len();
        &self.small[sheet * width..(sheet + 1) * width]
    }

    /// `Zᵀv`: sums of a vector of sheets over the levels.
    pub fn sums(&self, values: &[f64]) -> Levels {
        let mut sums = self.zeros();
        for (sheet, value) in values.iter().enumerate() {
            sums.large[self.large[sheet]] += value;
            for column in self.columns_of(sheet) {
                sums.small[*column] += value;
            }
        }
        sums
    }

    /// `Zb`: the sum of its levels' effects for every sheet.
    pub fn spread(&self, effects: &Levels) -> Vec<f64> {
        (0..self.sheets())
            .map(|sheet| {
                let small: f64 = self.columns_of(sheet).iter().map(|column| effects.small[*column]).sum();
                effects.large[self.large[sheet]] + small
            })
            .collect()
    }

    pub fn zeros(&self) -> Levels {
        Levels { large: vec![0.0; self.count.len()], small: vec![0.0; self.columns] }
    }

    /// The levels of the i-th factor.
    pub fn block<'a>(&self, levels: &'a Levels, factor: usize) -> &'a [f64] {
        match factor.checked_sub(1) {
            None => &levels.large,
            Some(index) => &levels.small[self.blocks[index].clone()],
        }
    }

    pub fn position(&self, factor: Factor) -> Option<usize> {
        self.factors.iter().position(|candidate| *candidate == factor)
    }

    /// `WᵀW − Σᵢ weight(nᵢ)·cᵢcᵢᵀ`, lower triangle, m×m; `cᵢ` are the sheets of level i by column.
    ///
    /// O(m² + Σ|cᵢ|²).
    pub fn schur(&self, weight: impl Fn(f64) -> f64) -> DMatrix<f64> {
        let mut matrix = DMatrix::zeros(self.columns, self.columns);
        for sheet in 0..self.sheets() {
            let columns = self.columns_of(sheet);
            for (place, column) in columns.iter().enumerate() {
                for row in &columns[place..] {
                    matrix[(*row, *column)] += 1.0;
                }
            }
        }
        for (shared, count) in self.shared.iter().zip(&self.count) {
            let weight = weight(*count);
            for (place, (column, left)) in shared.iter().enumerate() {
                let factor = weight * left;
                let mut target = matrix.column_mut(*column);
                for (row, right) in &shared[place..] {
                    target[*row] -= factor * right;
                }
            }
        }
        matrix
    }

    /// `Cᵀv` for `C = Z₀ᵀW`: from levels of the large factor to columns.
    pub fn to_columns(&self, large: &[f64]) -> Vec<f64> {
        let mut columns = vec![0.0; self.columns];
        for (shared, value) in self.shared.iter().zip(large) {
            for (column, count) in shared {
                columns[*column] += count * value;
            }
        }
        columns
    }

    /// `Cv`: from columns to levels of the large factor.
    pub fn to_large(&self, columns: &[f64]) -> Vec<f64> {
        self.shared.iter().map(|shared| shared.iter().map(|(column, count)| count * columns[*column]).sum()).collect()
    }
}
