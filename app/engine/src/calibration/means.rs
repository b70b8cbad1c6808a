//! Mean and trimmed mean of one application's sheets, as exact rationals.

use super::design::Design;
use super::{Aggregate, Options, Trimming};
use crate::decimal::Exact;
use crate::total::{self, Total};

/// Mean and trimmed mean of one application's sheets, unrounded.
pub fn means(design: &Design, application: usize, options: &Options) -> (Exact, Exact) {
    means_of(design, &design.of_application[application], options)
}

/// `sheets`: indices of sheets of one application.
pub fn means_of(design: &Design, sheets: &[usize], options: &Options) -> (Exact, Exact) {
    let totals: Vec<Total> = sheets.iter().map(|index| design.sheets[*index].score).collect();
    let of_all = mean(&totals);
    if sheets.len() < options.trim_from.max(3) {
        return (of_all.clone(), of_all);
    }
    let trimmed = match options.trimming {
        Trimming::Totals => trimmed(totals),
        Trimming::Items => {
            let items = sheets.first().map_or(0, |first| design.items[*first].len());
            let of_item = |item: usize| sheets.iter().map(|index| design.items[*index][item]).collect();
            (0..items).map(|item| trimmed(of_item(item))).sum()
        }
    };
    (of_all, trimmed)
}

/// The mean without one highest and one lowest of at least three.
fn trimmed(mut totals: Vec<Total>) -> Exact {
    totals.sort_unstable();
    mean(&totals[1..totals.len() - 1])
}

fn mean(totals: &[Total]) -> Exact {
    total::sum(totals.iter().copied()) / Exact::from_integer(totals.len().max(1).into())
}

/// The application's score inside its panel, from which the panel methods start: 连接评审 by experts of other panels do not enter.
pub fn aggregate(design: &Design, application: usize, options: &Options) -> Exact {
    aggregate_of(design, &design.of_application[application], design.panel_of[application], options)
}

/// The same of some of an application's sheets, and the panel where most of them were written.
pub fn aggregate_of(design: &Design, sheets: &[usize], home: Option<usize>, options: &Options) -> Exact {
    let own = |index: &&usize| home.is_none() || design.sheets[**index].panel == home;
    let sheets: Vec<usize> = sheets.iter().filter(own).copied().collect();
    let (mean, trimmed) = means_of(design, &sheets, options);
    match options.aggregate {
        Aggregate::Mean => mean,
        Aggregate::Trimmed => trimmed,
    }
}
