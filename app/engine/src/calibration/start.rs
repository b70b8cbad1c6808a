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
const GRID: usize = 24;

/// Moment estimates of the ratios, for small rounds a few far points against local minima, and for very small ones every
/// minimum of a grid.
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
    let lows = if crossed.columns() <= GRID { lows(crossed, y) } else { Vec::new() };
    moment.into_iter().chain(far).chain(lows).collect()
}

/// The points of a grid over all ratios at which the criterion is no higher than at their neighbours.
fn lows(crossed: &Arc<Crossed>, y: &[f64]) -> Vec<Vec<f64>> {
    const RATIOS: [f64; 8] = [0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0];
    let side = RATIOS.len();
    let mut strides = Vec::new();
    let mut points = 1;
    for _ in &crossed.factors {
        strides.push(points);
        points *= side;
    }
    let ratios = |place: usize| strides.iter().map(|stride| RATIOS[place / stride % side]).collect::<Vec<_>>();
    let height = |place| evaluate(crossed, y, &ratios(place)).map_or(f64::INFINITY, |point| point.criterion());
    let heights: Vec<f64> = (0..points).map(height).collect();
    let is_low = |place: &usize| {
        heights[*place].is_finite()
            && strides.iter().all(|stride| {
                let along = place / stride % side;
                let below = along == 0 || heights[*place] <= heights[place - stride];
                below && (along + 1 == side || heights[*place] <= heights[place + stride])
            })
    };
    (0..heights.len()).filter(is_low).map(ratios).collect()
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// With n−1; zero for fewer than two values.
pub fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len().max(2) - 1) as f64
}
