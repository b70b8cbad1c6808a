//! The model with fixed effects in place of random ones, from which the search for the variance ratios starts.

use super::additive::Additive;
use super::crossed::{Crossed, Factor};
use super::design::Design;
use super::reml::evaluate;
use std::sync::Arc;

/// The model with its factors as fixed effects: its residual, and the start of the search.
pub struct Saturated {
    pub applications: Vec<f64>,
    pub experts: Vec<f64>,
    pub residual: f64,
    pub freedom: usize,
}

impl From<&Additive> for Saturated {
    fn from(additive: &Additive) -> Self {
        Self {
            applications: additive.applications.clone(),
            experts: additive.experts.clone(),
            residual: additive.residual,
            freedom: additive.freedom,
        }
    }
}

impl Saturated {
    pub fn one_way(design: &Design) -> Self {
        let mut residual = 0.0;
        let applications = design
            .of_application
            .iter()
            .map(|indices| {
                let scores: Vec<f64> = indices.iter().map(|index| design.sheets[*index].score.to_f64()).collect();
                let mean = mean(&scores);
                residual += scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>();
                mean
            })
            .collect();
        let freedom = design.sheets.len() - design.applications.len();
        Self { applications, experts: Vec::new(), residual, freedom }
    }
}

/// Columns up to which the criterion is looked at on a grid. The fewer the levels, the more minima it has, and the less a look
/// costs.
const GRID: usize = 40;

/// Moment estimates of the ratios, for small rounds a few far points against local minima, and for very small ones the lowest
/// point of a grid.
pub fn starts(crossed: &Arc<Crossed>, y: &[f64], saturated: Option<&Saturated>, design: &Design) -> Vec<Vec<f64>> {
    let moment = saturated.map(|saturated| {
        let residual = saturated.residual / saturated.freedom as f64;
        let ratio = |effects: &[f64], sheets: &[Vec<usize>]| {
            let noise = mean(&sheets.iter().map(|own| 1.0 / own.len() as f64).collect::<Vec<_>>());
            (variance(effects) / residual - noise).clamp(0.01, 1e6)
        };
        let start = |factor: &Factor| match factor {
            Factor::Application => ratio(&saturated.applications, &design.of_application),
            Factor::Expert => ratio(&saturated.experts, &design.of_expert),
            Factor::Panel => 0.1,
        };
        crossed.factors.iter().map(start).collect::<Vec<f64>>()
    });
    let small = crossed.columns() <= 150 && crossed.sheets() <= 20_000;
    let count = crossed.factors.len();
    let far = [1.0, 0.01, 100.0].map(|ratio| vec![ratio; count]);
    let far = far.into_iter().take(if small { 3 } else { usize::from(moment.is_none()) });
    let lowest = if crossed.columns() <= GRID { lowest(crossed, y) } else { None };
    moment.into_iter().chain(far).chain(lowest).collect()
}

/// The point of a grid over all ratios at which the criterion is lowest.
fn lowest(crossed: &Arc<Crossed>, y: &[f64]) -> Option<Vec<f64>> {
    let points = crossed.factors.iter().fold(vec![Vec::new()], |points: Vec<Vec<f64>>, _| {
        let longer =
            |point: &Vec<f64>| [0.01, 0.1, 1.0, 10.0, 100.0].map(|ratio| [point.as_slice(), &[ratio]].concat());
        points.iter().flat_map(longer).collect()
    });
    let seen = points.into_iter().filter_map(|ratios| Some((evaluate(crossed, y, &ratios)?.criterion(), ratios)));
    seen.min_by(|(left, _), (right, _)| left.total_cmp(right)).map(|(_, ratios)| ratios)
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// With n−1; zero for fewer than two values.
pub fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len().max(2) - 1) as f64
}
