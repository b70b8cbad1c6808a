//! How the reduced system is factored, chosen by its estimated fill.
//!
//! Experts who see a few applications of one panel link few columns: the system falls into blocks, and a sparse factor in a
//! fill-reducing order costs next to nothing. Where everybody is linked with everybody, the factor fills, and dense arithmetic is
//! many times faster per multiplication.

use std::sync::Arc;

use super::linalg::sparse::Pattern;

/// Columns up to which dense arithmetic is not worth thinking about.
const FEW: usize = 200;
/// One entry of so many beyond which the factor fills.
const FULL: usize = 10;
/// Entries beyond which ordering them would take longer than it can save.
const MANY: usize = 2_000_000;
/// Multiplications that dense arithmetic does in the time of one sparse one.
const DENSE_GAIN: f64 = 12.0;

#[derive(Clone, Debug)]
pub enum Fill {
    Dense,
    Sparse(Arc<Structure>),
}

/// Per level of the large factor, its columns in ascending order with the sheets they share.
type Shared = [Vec<(usize, f64)>];

/// The pattern of the system, with the places to which the sheets contribute.
#[derive(Debug)]
pub struct Structure {
    pub pattern: Arc<Pattern>,
    /// `WᵀW`, entry by entry.
    gram: Vec<f64>,
    /// For each level of the large factor in turn, the entries of its pairs of columns.
    slots: Vec<usize>,
}

impl Fill {
    /// By the work that factoring costs either way. `columns`: of every sheet, ascending.
    pub fn of<'a>(size: usize, shared: &Shared, columns: impl Iterator<Item = &'a [usize]>) -> Self {
        if size <= FEW {
            return Self::Dense;
        }
        let most = MANY.min(size * size / 2 / FULL);
        let Some(structure) = Structure::within(most, size, shared, columns) else { return Self::Dense };
        let dense = (size as f64).powi(3) / 3.0;
        if structure.pattern.work() * DENSE_GAIN < dense { Self::Sparse(Arc::new(structure)) } else { Self::Dense }
    }
}

/// Per column the rows that some level of the large factor links with it, from the diagonal downwards; `None` beyond `most` entries.
fn rows(size: usize, shared: &Shared, most: usize) -> Option<Vec<Vec<usize>>> {
    let mut levels = vec![Vec::new(); size];
    for (level, shared) in shared.iter().enumerate() {
        for (place, (column, _)) in shared.iter().enumerate() {
            levels[*column].push((level, place));
        }
    }
    let mut seen = vec![usize::MAX; size];
    let mut entries = 0;
    let mut rows = Vec::with_capacity(size);
    for (column, levels) in levels.iter().enumerate() {
        seen[column] = column;
        let mut own = vec![column];
        for (level, place) in levels {
            for (row, _) in &shared[*level][place + 1..] {
                if seen[*row] != column {
                    seen[*row] = column;
                    own.push(*row);
                }
            }
        }
        own.sort_unstable();
        entries += own.len();
        if entries > most {
            return None;
        }
        rows.push(own);
    }
    Some(rows)
}

impl Structure {
    /// `None` beyond `most` entries.
    pub fn within<'a>(
        most: usize,
        size: usize,
        shared: &Shared,
        columns: impl Iterator<Item = &'a [usize]>,
    ) -> Option<Self> {
        let rows = rows(size, shared, most)?;
        let pattern = Pattern::new(&rows)?;
        let entry = |column: usize, row: usize| Some(pattern.diagonal(column) + rows[column].binary_search(&row).ok()?);
        let mut gram = vec![0.0; pattern.len()];
        for columns in columns {
            for (place, column) in columns.iter().enumerate() {
                for row in &columns[place..] {
                    gram[entry(*column, *row)?] += 1.0;
                }
            }
        }
        let mut slots = Vec::new();
        for shared in shared {
            for (place, (column, _)) in shared.iter().enumerate() {
                for (row, _) in &shared[place..] {
                    slots.push(entry(*column, *row)?);
                }
            }
        }
        Some(Self { pattern: Arc::new(pattern), gram, slots })
    }

    /// `WᵀW − Σᵢ weight(nᵢ)·cᵢcᵢᵀ`, entry by entry of the pattern. O(Σ|cᵢ|²).
    pub fn schur(&self, shared: &Shared, count: &[f64], weight: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut values = self.gram.clone();
        let mut slots = self.slots.iter();
        for (shared, count) in shared.iter().zip(count) {
            let weight = weight(*count);
            for (place, (_, left)) in shared.iter().enumerate() {
                for ((_, right), slot) in shared[place..].iter().zip(&mut slots) {
                    values[*slot] -= weight * left * right;
                }
            }
        }
        values
    }

    /// `cᵢᵀΘXΘcᵢ` per level of the large factor, for a symmetric X given on the pattern of the factor. O(Σ|cᵢ|²).
    pub fn forms(&self, shared: &Shared, theta: &[f64], entries: &[f64]) -> Vec<f64> {
        let mut slots = self.slots.iter();
        let mut form = |shared: &Vec<(usize, f64)>| {
            let mut form = 0.0;
            for (place, (column, left)) in shared.iter().enumerate() {
                let left = left * theta[*column];
                for ((row, right), slot) in shared[place..].iter().zip(&mut slots) {
                    let twice = if row == column { 1.0 } else { 2.0 };
                    form += twice * left * right * theta[*row] * entries[self.pattern.in_factor(*slot)];
                }
            }
            form
        };
        shared.iter().map(&mut form).collect()
    }
}
