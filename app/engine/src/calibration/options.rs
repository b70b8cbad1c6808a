//! 评审办法 as far as it decides the computation.

use domain::round::Trimming;
use serde::{Deserialize, Serialize};

/// Divisor of a standard deviation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deviation {
    /// n − 1
    #[default]
    Sample,
    /// n
    Population,
}

/// The mean from which the panel methods start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aggregate {
    #[default]
    Mean,
    Trimmed,
}

/// Rules frozen before the first sheet is submitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Valid sheets from which one highest and one lowest are dropped; never below 3.
    pub trim_from: usize,
    pub trimming: Trimming,
    pub deviation: Deviation,
    pub aggregate: Aggregate,
    /// 满分, in points: results of the standard score must not exceed it.
    pub full_mark: i64,
    /// A sheet further than this share (in percent) from its application's mean is named.
    pub outlier_percent: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            trim_from: 7,
            trimming: Trimming::Totals,
            deviation: Deviation::Sample,
            aggregate: Aggregate::Mean,
            full_mark: 100,
            outlier_percent: 30,
        }
    }
}
