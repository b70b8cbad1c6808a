//! 组间比较: how well the panels of a round can be compared, with and without bridging reviews.

use super::BridgePlan;
use engine::bridging::Contrasts;
use serde::{Deserialize, Serialize};

/// How well panels can be compared: the standard error of each contrast of two panels' severities, in points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    pub before: Vec<Vec<f64>>,
    pub after: Vec<Vec<f64>>,
    /// Root of the mean variance over all pairs.
    pub mean_before: f64,
    pub mean_after: f64,
}

/// How well one panel compares with the others. Standard errors in points.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelComparison {
    pub panel: String,
    /// Reviews that its experts give to other panels.
    pub gives: usize,
    /// Reviews that its applications take from other panels.
    pub takes: usize,
    pub before: f64,
    pub after: f64,
    /// Against the panel that compares worst, after.
    pub worst: f64,
}

impl BridgePlan {
    /// One line per panel.
    pub fn by_panel(&self) -> Vec<PanelComparison> {
        let line = |(index, name): (usize, &String)| {
            let before = Contrasts::of(self.comparison.before.get(index)?, index);
            let after = Contrasts::of(self.comparison.after.get(index)?, index);
            Some(PanelComparison {
                panel: name.clone(),
                gives: self.lines.iter().filter(|line| line.panel == *name).count(),
                takes: self.lines.iter().filter(|line| line.home == *name).count(),
                before: before.typical,
                after: after.typical,
                worst: after.largest,
            })
        };
        self.panels.iter().enumerate().filter_map(line).collect()
    }
}
