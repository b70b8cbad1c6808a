//! Places on the shortlist (入围名额) that the applications of a group compete for.

use std::collections::BTreeMap;

/// Places on the shortlist (入围名额) by group.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// Per application, in the order of the calibration, the index of its group.
    pub(super) group: Vec<usize>,
    /// Per group, its places.
    pub(super) quota: Vec<usize>,
    /// 合格线: a lower score takes no place.
    pub(super) least: f64,
}

impl Places {
    /// The best `top` of all.
    #[must_use]
    pub fn overall(applications: usize, top: usize) -> Self {
        Self { group: vec![0; applications], quota: vec![top], least: f64::NEG_INFINITY }
    }

    /// Places per task or sector: `group_of[i]` for each application; a group not in `places` has none.
    #[must_use]
    pub fn grouped(group_of: &[String], places: &BTreeMap<String, usize>) -> Self {
        let index: BTreeMap<&str, usize> = group_of.iter().map(|group| (group.as_str(), 0)).collect::<BTreeMap<_, _>>();
        let names: Vec<&str> = index.keys().copied().collect();
        let place = |name: &str| names.binary_search(&name).unwrap_or(0);
        Self {
            group: group_of.iter().map(|group| place(group)).collect(),
            quota: names.iter().map(|name| places.get(*name).copied().unwrap_or(0)).collect(),
            least: f64::NEG_INFINITY,
        }
    }

    /// Scores below `least` points take no place.
    #[must_use]
    pub fn from_points(self, least: f64) -> Self {
        Self { least, ..self }
    }
}
