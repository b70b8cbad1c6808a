//! The uncertainty of one application's rank, and its distance to the line.

/// The ranks of one application over the draws. Ranks count from 1, within the group whose places are competed for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RankUncertainty {
    pub expected_rank: f64,
    /// The shortest interval of ranks that holds 90 % of the draws.
    pub rank_low: usize,
    pub rank_high: usize,
    /// P(入围); `None` without a quota.
    pub p_top: Option<f64>,
    /// P(its merit exceeds that of the next in the published order); `None` for the last.
    pub p_beats_next: Option<f64>,
    /// Its distance to the line; `None` if its group has no line.
    pub line: Option<Line>,
}

/// The distance `D` of a score `s` to the line the others of its group and 合格线 draw: in is `D > 0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// E D, points.
    pub distance: f64,
    /// var D, points².
    pub variance: f64,
    /// cov(D, s), points².
    pub covariance: f64,
    /// var s, points².
    pub own: f64,
}

impl RankUncertainty {
    /// 边界区: the sheets do not settle whether it is in or out.
    #[must_use]
    pub fn is_borderline(&self) -> bool {
        self.p_top.is_some_and(|chance| chance > 0.1 && chance < 0.9)
    }
}
