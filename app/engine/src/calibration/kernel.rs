//! `K = ΘM⁻¹Θ`, applied to few columns at a time: the effects of the columns that a change of some sheets makes.

use std::collections::BTreeMap;
use std::ops::Range;

use nalgebra::DMatrix;

use super::factored::Inverse;
use super::linalg::dense::gram;
use super::linalg::sparse;
use super::reduced::Reduced;

/// Entries up to which the images of all levels are kept.
const KEPT: usize = 1 << 26;

/// `Σ weight·e` over columns, and `Σ weight·cᵢ` over levels of the large factor.
#[derive(Default)]
pub struct Mix {
    pub columns: Vec<(usize, f64)>,
    pub levels: Vec<(usize, f64)>,
}

/// An image of `K` in a buffer that is used again and again; zero outside the parts that it touched.
pub struct Image {
    /// By column.
    pub values: Vec<f64>,
    /// Parts, with their places in the sparse order.
    touched: Vec<(usize, Range<usize>)>,
    /// By place of the sparse order.
    work: Vec<f64>,
}

pub struct Kernel<'a> {
    system: &'a Reduced,
    inverse: Held<'a>,
    /// Applications by the part of the system they belong to; all in part 0 of a dense one.
    applications: Vec<Vec<usize>>,
    /// Per column, its part.
    part_of: Vec<usize>,
    /// The column of application 0, if applications are among the columns.
    first: Option<usize>,
}

enum Held<'a> {
    Dense { kernel: DMatrix<f64>, levels: Option<DMatrix<f64>> },
    Sparse(&'a sparse::Cholesky),
}

impl<'a> Kernel<'a> {
    /// `place`: of the applications among the factors. Dense O(m³), and O(n·m) for the images of the levels.
    pub fn new(system: &'a Reduced, inverse: &'a Inverse, place: usize) -> Self {
        let crossed = &system.crossed;
        let held = match inverse {
            Inverse::Dense(inverse_factor) => {
                let mut kernel = gram(inverse_factor);
                for (mut column, scale) in kernel.column_iter_mut().zip(&system.theta) {
                    for (value, other) in column.iter_mut().zip(&system.theta) {
                        *value *= scale * other;
                    }
                }
                // Levels of several sheets by several experts are needed over and over.
                let again = place == 0 && crossed.columns() * crossed.count.len() <= KEPT;
                let levels = again.then(|| images(&kernel, &crossed.shared));
                Held::Dense { kernel, levels }
            }
            Inverse::Sparse(_, selected) => Held::Sparse(&selected.factor),
        };
        let part_of = match &held {
            Held::Dense { .. } => vec![0; crossed.columns()],
            Held::Sparse(factor) => parts(factor),
        };
        let first = place.checked_sub(1).map(|block| crossed.blocks[block].start);
        let count = place.checked_sub(1).map_or(crossed.count.len(), |block| crossed.blocks[block].len());
        let mut applications = vec![Vec::new(); part_of.iter().max().map_or(1, |last| last + 1)];
        for application in 0..count {
            let column = match first {
                Some(first) => Some(first + application),
                None => crossed.shared[application].first().map(|(column, _)| *column),
            };
            applications[column.map_or(0, |column| part_of[column])].push(application);
        }
        Self { system, inverse: held, applications, part_of, first }
    }

    pub fn image(&self) -> Image {
        let size = self.system.crossed.columns();
        let work = if matches!(self.inverse, Held::Sparse(_)) { size } else { 0 };
        Image { values: vec![0.0; size], touched: Vec::new(), work: vec![0.0; work] }
    }

    /// γ₀/dᵢ.
    pub fn share(&self, level: usize) -> f64 {
        self.system.ratio_large / self.system.diagonal[level]
    }

    /// `cᵢᵀ` times the image.
    pub fn of_level(&self, level: usize, image: &Image) -> f64 {
        self.system.crossed.shared[level].iter().map(|(column, count)| count * image.values[*column]).sum()
    }

    /// Replaces the image by `K` times the mix. Dense O(m) per column and level; sparse O(fill of the parts).
    pub fn apply(&self, mix: &Mix, image: &mut Image) {
        let shared = &self.system.crossed.shared;
        match &self.inverse {
            Held::Dense { kernel, levels } => {
                image.values.fill(0.0);
                for (column, weight) in &mix.columns {
                    add(&mut image.values, *weight, kernel.column(*column).as_slice());
                }
                for (level, weight) in &mix.levels {
                    if let Some(levels) = levels {
                        add(&mut image.values, *weight, levels.column(*level).as_slice());
                    } else {
                        for (column, count) in &shared[*level] {
                            add(&mut image.values, weight * count, kernel.column(*column).as_slice());
                        }
                    }
                }
                image.touched = vec![(0, 0..0)];
            }
            Held::Sparse(factor) => {
                for (_, places) in image.touched.drain(..) {
                    image.work[places.clone()].fill(0.0);
                    for column in factor.pattern().columns(places) {
                        image.values[*column] = 0.0;
                    }
                }
                let theta = &self.system.theta;
                let of_levels = mix.levels.iter().flat_map(|(level, weight)| {
                    shared[*level].iter().map(move |(column, count)| (*column, weight * count))
                });
                let mut parts = BTreeMap::new();
                for (column, weight) in mix.columns.iter().copied().chain(of_levels) {
                    image.work[factor.place(column)] += weight * theta[column];
                    parts.insert(self.part_of[column], column);
                }
                for (part, column) in parts {
                    let places = factor.pattern().part(column);
                    factor.solve_part(&mut image.work, places.clone());
                    for (place, column) in places.clone().zip(factor.pattern().columns(places.clone())) {
                        image.values[*column] = theta[*column] * image.work[place];
                    }
                    image.touched.push((part, places));
                }
            }
        }
    }

    fn touched<'i>(&'i self, image: &'i Image) -> impl Iterator<Item = &'i usize> {
        image.touched.iter().flat_map(|(part, _)| &self.applications[*part])
    }

    /// The effects of the applications that an image gives, with what the sheets of each level of the large factor sum up to; only where it
    /// touched anything.
    pub fn applications(
        &self,
        sums: impl Iterator<Item = (usize, f64)>,
        image: &Image,
        mut each: impl FnMut(usize, f64),
    ) {
        if let Some(first) = self.first {
            for application in self.touched(image) {
                each(*application, image.values[first + application]);
            }
            return;
        }
        for (level, sum) in sums {
            each(level, self.share(level) * sum);
        }
        for application in self.touched(image) {
            each(*application, -self.share(*application) * self.of_level(*application, image));
        }
    }
}

/// `Kcᵢ` for every level, m×levels.
fn images(kernel: &DMatrix<f64>, shared: &[Vec<(usize, f64)>]) -> DMatrix<f64> {
    let mut images = DMatrix::zeros(kernel.nrows(), shared.len());
    for (mut image, shared) in images.column_iter_mut().zip(shared) {
        for (column, count) in shared {
            add(image.as_mut_slice(), *count, kernel.column(*column).as_slice());
        }
    }
    images
}

fn add(to: &mut [f64], weight: f64, values: &[f64]) {
    for (to, value) in to.iter_mut().zip(values) {
        *to += weight * value;
    }
}

/// Per column, its part, numbered by first appearance.
fn parts(factor: &sparse::Cholesky) -> Vec<usize> {
    let mut numbers = BTreeMap::new();
    let number = |column: usize| {
        let next = numbers.len();
        *numbers.entry(factor.pattern().part(column).end).or_insert(next)
    };
    (0..factor.size()).map(number).collect()
}
