//! Sparse Cholesky factors with a fill-reducing order, by `faer`, and the part of their inverse that lies on the pattern.
//!
//! Source of the inverse: Takahashi, Fagan and Chen (1973), "Formation of a sparse bus impedance matrix and its application
//! to short circuit study", 8th PICA Conference; Erisman and Tinney (1975), "On computing certain elements of the inverse
//! of a sparse matrix", Commun. ACM 18(3).

use std::ops::Range;
use std::sync::Arc;

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::LltRegularization;
use faer::sparse::linalg::SupernodalThreshold;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, SymbolicCholesky, SymbolicCholeskyRaw, SymmetricOrdering, factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMat};
use faer::{Par, Side, Spec};
use nalgebra::{DMatrix, DVector};

use super::Solve;

/// The lower triangle of a symmetric pattern, with its fill-reducing order and the pattern of its factor.
#[derive(Debug)]
pub struct Pattern {
    matrix: SymbolicSparseColMat<usize>,
    symbolic: SymbolicCholesky<usize>,
    /// Column of the matrix at each place of the order.
    order: Vec<usize>,
    place: Vec<usize>,
    /// For each entry of the matrix, the entry of the factor at its place.
    in_factor: Vec<usize>,
    /// For each place, the last place of its part: no entry links parts, and a part's places follow each other.
    last: Vec<usize>,
    first: Vec<usize>,
}

impl Pattern {
    /// `rows`: per column the rows from the diagonal downwards, ascending, the diagonal first.
    ///
    /// `None` if the analysis fails.
    pub fn new(rows: &[Vec<usize>]) -> Option<Self> {
        let size = rows.len();
        let mut starts = Vec::with_capacity(size + 1);
        starts.push(0);
        for rows in rows {
            starts.push(starts.last()? + rows.len());
        }
        let matrix = SymbolicSparseColMat::new_checked(size, size, starts, None, rows.concat());
        let simplicial = CholeskySymbolicParams {
            supernodal_flop_ratio_threshold: SupernodalThreshold::FORCE_SIMPLICIAL,
            ..CholeskySymbolicParams::default()
        };
        let symbolic =
            factorize_symbolic_cholesky(matrix.as_ref(), Side::Lower, SymmetricOrdering::Amd, simplicial).ok()?;
        let (order, place) = symbolic.perm()?.arrays();
        let (order, place) = (order.to_vec(), place.to_vec());
        let mut pattern = Self {
            matrix,
            symbolic,
            order,
            place,
            in_factor: Vec::new(),
            last: vec![0; size],
            first: (0..size).collect(),
        };
        pattern.in_factor = pattern.entries_in_factor(rows)?;
        pattern.find_parts();
        Some(pattern)
    }

    fn entries_in_factor(&self, rows: &[Vec<usize>]) -> Option<Vec<usize>> {
        let (starts, factor_rows) = self.factor()?;
        let find = |column: usize, row: usize| {
            let (one, other) = (self.place[column], self.place[row]);
            let (column, row) = (one.min(other), one.max(other));
            let range = starts[column]..starts[column + 1];
            factor_rows[range.clone()].binary_search(&row).ok().map(|at| range.start + at)
        };
        let all = rows.iter().enumerate().flat_map(|(column, rows)| rows.iter().map(move |row| (column, *row)));
        all.map(|(column, row)| find(column, row)).collect()
    }

    /// A place's parent in the elimination tree is the first row below its diagonal; roots end parts.
    fn find_parts(&mut self) {
        let size = self.order.len();
        let (last, first) = {
            let (starts, rows) = self.lower();
            let mut last: Vec<usize> = (0..size).collect();
            for place in (0..size).rev() {
                if starts[place + 1] > starts[place] + 1 {
                    last[place] = last[rows[starts[place] + 1]];
                }
            }
            let mut first: Vec<usize> = (0..size).collect();
            for place in (0..size).rev() {
                first[last[place]] = place;
            }
            (last.clone(), last.iter().map(|root| first[*root]).collect())
        };
        (self.last, self.first) = (last, first);
    }

    fn factor(&self) -> Option<(&[usize], &[usize])> {
        match self.symbolic.raw() {
            SymbolicCholeskyRaw::Simplicial(simplicial) => Some((simplicial.col_ptr(), simplicial.row_idx())),
            SymbolicCholeskyRaw::Supernodal(_) => None,
        }
    }

    /// Starts of the factor's columns and their rows, ascending, the diagonal first.
    fn lower(&self) -> (&[usize], &[usize]) {
        self.factor().unwrap_or_default()
    }

    /// Entries of the lower triangle.
    pub fn len(&self) -> usize {
        self.in_factor.len()
    }

    /// The entry of the factor that stands for an entry of the matrix.
    pub fn in_factor(&self, entry: usize) -> usize {
        self.in_factor[entry]
    }

    /// Entry of each column's diagonal.
    pub fn diagonal(&self, column: usize) -> usize {
        self.matrix.col_ptr()[column]
    }

    /// Rows and entries of a column, from the diagonal downwards.
    pub fn column(&self, column: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let range = self.matrix.col_ptr()[column]..self.matrix.col_ptr()[column + 1];
        range.clone().map(move |entry| (self.matrix.row_idx()[entry], entry))
    }

    /// Multiplications that factoring costs.
    pub fn work(&self) -> f64 {
        self.lower().0.windows(2).map(|pair| ((pair[1] - pair[0]) as f64).powi(2)).sum()
    }

    /// The places of the part that a column belongs to.
    pub fn part(&self, column: usize) -> Range<usize> {
        let place = self.place[column];
        self.first[place]..self.last[place] + 1
    }

    /// The columns at such places.
    pub fn columns(&self, places: Range<usize>) -> &[usize] {
        &self.order[places]
    }
}

/// The lower factor `L` of a sparse symmetric positive definite matrix in its fill-reducing order.
#[derive(Clone, Debug)]
pub struct Cholesky {
    pattern: Arc<Pattern>,
    values: Vec<f64>,
}

impl Cholesky {
    /// `values`: the entries of the pattern. `None` if a pivot is not positive.
    pub fn new(pattern: &Arc<Pattern>, values: &[f64]) -> Option<Self> {
        let symbolic = &pattern.symbolic;
        let mut factor = vec![0.0; symbolic.len_val()];
        let mut memory = MemBuffer::new(symbolic.factorize_numeric_llt_scratch::<f64>(Par::Seq, Spec::default()));
        let stack = MemStack::new(&mut memory);
        let matrix = SparseColMatRef::new(pattern.matrix.as_ref(), values);
        let plain = LltRegularization::default();
        symbolic
            .factorize_numeric_llt(&mut factor, matrix, Side::Lower, plain, Par::Seq, stack, Spec::default())
            .ok()?;
        factor.iter().all(|value| value.is_finite()).then(|| Self { pattern: Arc::clone(pattern), values: factor })
    }

    pub fn size(&self) -> usize {
        self.pattern.order.len()
    }

    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// ln of the determinant of the factored matrix.
    pub fn log_determinant(&self) -> f64 {
        let (starts, _) = self.pattern.lower();
        2.0 * starts[..self.size()].iter().map(|start| self.values[*start].ln()).sum::<f64>()
    }

    /// `L⁻¹b` on the places of one or more whole parts.
    fn forward(&self, right: &mut [f64], places: Range<usize>) {
        let (starts, rows) = self.pattern.lower();
        for place in places {
            let value = right[place] / self.values[starts[place]];
            right[place] = value;
            if value != 0.0 {
                for entry in starts[place] + 1..starts[place + 1] {
                    right[rows[entry]] -= self.values[entry] * value;
                }
            }
        }
    }

    /// `(L⁻¹)ᵀb` on the places of one or more whole parts.
    fn backward(&self, right: &mut [f64], places: Range<usize>) {
        let (starts, rows) = self.pattern.lower();
        for place in places.rev() {
            let below = starts[place] + 1..starts[place + 1];
            let sum: f64 = below.map(|entry| self.values[entry] * right[rows[entry]]).sum();
            right[place] = (right[place] - sum) / self.values[starts[place]];
        }
    }

    /// Solves for a right-hand side that lives in one part, given and answered at the places of the order.
    pub fn solve_part(&self, right: &mut [f64], part: Range<usize>) {
        self.forward(right, part.clone());
        self.backward(right, part);
    }

    pub fn place(&self, column: usize) -> usize {
        self.pattern.place[column]
    }

    /// `(L⁻¹)ᵀz` for every column of `normals`.
    pub fn scatter(&self, normals: &DMatrix<f64>) -> DMatrix<f64> {
        let mut scattered = DMatrix::zeros(normals.nrows(), normals.ncols());
        let mut work = vec![0.0; self.size()];
        for (from, mut to) in normals.column_iter().zip(scattered.column_iter_mut()) {
            work.copy_from_slice(from.as_slice());
            self.backward(&mut work, 0..self.size());
            for (value, column) in work.iter().zip(&self.pattern.order) {
                to[*column] = *value;
            }
        }
        scattered
    }

    /// The inverse on the pattern of the factor, last column first.
    pub fn selected_inverse(self) -> Selected {
        let (starts, rows) = self.pattern.lower();
        let size = self.size();
        let mut entries = vec![0.0; self.values.len()];
        let mut at = vec![usize::MAX; size];
        let mut sums: Vec<f64> = Vec::new();
        for place in (0..size).rev() {
            let below = starts[place] + 1..starts[place + 1];
            for entry in below.clone() {
                at[rows[entry]] = entry;
            }
            sums.clear();
            sums.resize(below.len(), 0.0);
            for entry in below.clone() {
                let (row, value) = (rows[entry], self.values[entry]);
                let own = entry - below.start;
                sums[own] += value * entries[starts[row]];
                for known in starts[row] + 1..starts[row + 1] {
                    let other = at[rows[known]];
                    if other != usize::MAX {
                        sums[other - below.start] += value * entries[known];
                        sums[own] += self.values[other] * entries[known];
                    }
                }
            }
            let pivot = self.values[starts[place]];
            let mut diagonal = 1.0 / pivot;
            for (entry, sum) in below.clone().zip(&sums) {
                entries[entry] = -sum / pivot;
                diagonal -= self.values[entry] * entries[entry];
                at[rows[entry]] = usize::MAX;
            }
            entries[starts[place]] = diagonal / pivot;
        }
        Selected { factor: self, entries }
    }
}

impl Solve for Cholesky {
    /// O(entries of the factor).
    fn solve(&self, right: &mut DVector<f64>) {
        let mut work: Vec<f64> = self.pattern.order.iter().map(|column| right[*column]).collect();
        self.solve_part(&mut work, 0..self.size());
        for (value, column) in work.iter().zip(&self.pattern.order) {
            right[*column] = *value;
        }
    }
}

/// The entries of an inverse on the pattern of its factor.
#[derive(Clone, Debug)]
pub struct Selected {
    pub factor: Cholesky,
    /// Entry by entry of the factor.
    pub entries: Vec<f64>,
}

impl Selected {
    pub fn diagonal(&self) -> Vec<f64> {
        let (starts, _) = self.factor.pattern.lower();
        self.factor.pattern.place.iter().map(|place| self.entries[starts[*place]]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{RngExt, SeedableRng};

    /// A random symmetric pattern, in two parts for even seeds, and a diagonally dominant matrix on it.
    fn random(size: usize, seed: u64, density: f64) -> (Vec<Vec<usize>>, Vec<f64>, DMatrix<f64>) {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        let mut dense = DMatrix::zeros(size, size);
        let (mut rows, mut values) = (vec![Vec::new(); size], Vec::new());
        for column in 0..size {
            for row in column..size {
                let apart = seed.is_multiple_of(2) && (row + column) % 2 == 1;
                if row == column || (!apart && rng.random_bool(density)) {
                    let value = if row == column { 2.0 * size as f64 } else { rng.random_range(-1.0..1.0) };
                    rows[column].push(row);
                    values.push(value);
                    dense[(row, column)] = value;
                    dense[(column, row)] = value;
                }
            }
        }
        (rows, values, dense)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn everything_agrees_with_the_dense_inverse(size in 1_usize..40, seed: u64, density in 0.0..0.4_f64) {
            let (rows, values, dense) = random(size, seed, density);
            let pattern = Arc::new(Pattern::new(&rows).unwrap());
            prop_assert_eq!(pattern.len(), values.len());
            let factor = Cholesky::new(&pattern, &values).unwrap();
            let inverse = dense.clone().try_inverse().unwrap();
            let determinant = dense.clone().cholesky().unwrap().determinant().ln();
            prop_assert!((factor.log_determinant() - determinant).abs() < 1e-9 * (1.0 + determinant.abs()));
            let mut right = DVector::from_fn(size, |row, _| (row as f64).sin());
            let expected = &inverse * &right;
            factor.solve(&mut right);
            prop_assert!((right - expected).amax() < 1e-10);
            let map = factor.scatter(&DMatrix::identity(size, size));
            prop_assert!((&map * map.transpose() - &inverse).amax() < 1e-10);
            let selected = factor.selected_inverse();
            for column in 0..size {
                prop_assert!((selected.diagonal()[column] - inverse[(column, column)]).abs() < 1e-12);
                for (row, entry) in pattern.column(column) {
                    let value = selected.entries[pattern.in_factor(entry)];
                    prop_assert!((value - inverse[(row, column)]).abs() < 1e-12, "{row} {column}");
                }
                let part = pattern.part(column);
                for other in 0..size {
                    let linked = pattern.columns(part.clone()).contains(&other);
                    prop_assert!(linked || inverse[(column, other)].abs() < 1e-14);
                }
            }
        }
    }

    #[test]
    fn an_indefinite_matrix_is_refused() {
        let pattern = Arc::new(Pattern::new(&[vec![0, 1], vec![1]]).unwrap());
        assert!(Cholesky::new(&pattern, &[1.0, 2.0, 1.0]).is_none());
    }
}
