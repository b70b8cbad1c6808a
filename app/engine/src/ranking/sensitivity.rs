//! 敏感性: what would have to be different for the shortlist to differ.

use std::collections::BTreeSet;

use super::shortlist::Placing;
use domain::result::Outcome;

/// How a shortlist differs from another. Ids in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<Id> {
    /// 入围 now, not before: it was out, or tied across the line.
    pub enter: Vec<Id>,
    /// 入围 or tied across the line before, neither now.
    pub leave: Vec<Id>,
    /// Tied across the line now: people would have to decide. Named where anything changes.
    pub tied: Vec<Id>,
}

impl<Id> Change<Id> {
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.enter.is_empty() && self.leave.is_empty() && self.tied.is_empty()
    }
}

/// The change from one shortlist to the other.
pub fn change<Id: Ord + Clone>(before: &[Placing<Id>], after: &[Placing<Id>]) -> Change<Id> {
    let with = |placings: &[Placing<Id>], outcome: Outcome| -> BTreeSet<Id> {
        placings.iter().filter(|placing| placing.outcome == outcome).map(|placing| placing.id.clone()).collect()
    };
    let (was_in, is_in) = (with(before, Outcome::Shortlisted), with(after, Outcome::Shortlisted));
    let (was_tied, is_tied) = (with(before, Outcome::LineTie), with(after, Outcome::LineTie));
    if was_in == is_in && was_tied == is_tied {
        return Change { enter: Vec::new(), leave: Vec::new(), tied: Vec::new() };
    }
    Change {
        enter: is_in.difference(&was_in).cloned().collect(),
        leave: was_in.union(&was_tied).filter(|id| !is_in.contains(*id) && !is_tied.contains(*id)).cloned().collect(),
        tied: is_tied.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ranking::{Candidate, Entry, Quota, shortlist};

    fn placed(scores: &[(&'static str, i64)], places: usize) -> Vec<Placing<&'static str>> {
        let entries: Vec<Entry<&'static str>> = scores
            .iter()
            .map(|(id, score)| Entry {
                candidate: Candidate { id: *id, score: *score, tie_keys: vec![] },
                group: String::new(),
                exclusion: None,
            })
            .collect();
        shortlist(&entries, &Quota::Overall { places, reserves: 0 }, None)
    }

    #[test]
    fn who_enters_leaves_and_ties_is_named() {
        let before = placed(&[("a", 90), ("b", 80), ("c", 70)], 2);
        assert!(change(&before, &before).is_none());
        let swapped = change(&before, &placed(&[("a", 90), ("b", 60), ("c", 70)], 2));
        assert_eq!((swapped.enter, swapped.leave, swapped.tied), (vec!["c"], vec!["b"], vec![]));
        let tied = change(&before, &placed(&[("a", 90), ("b", 70), ("c", 70)], 2));
        assert_eq!((tied.enter, tied.leave, tied.tied), (vec![], vec![], vec!["b", "c"]));
    }

    #[test]
    fn a_tie_that_is_resolved_or_stays_is_told() {
        let tied = placed(&[("a", 90), ("b", 70), ("c", 70), ("d", 60)], 2);
        assert!(change(&tied, &placed(&[("a", 91), ("b", 71), ("c", 71), ("d", 60)], 2)).is_none());
        let resolved = change(&tied, &placed(&[("a", 90), ("b", 71), ("c", 70), ("d", 60)], 2));
        assert_eq!((resolved.enter, resolved.leave, resolved.tied), (vec!["b"], vec!["c"], vec![]));
        let passed = change(&tied, &placed(&[("a", 90), ("b", 70), ("c", 70), ("d", 80)], 2));
        assert_eq!((passed.enter, passed.leave, passed.tied), (vec!["d"], vec!["b", "c"], vec![]));
        let swapped = change(&tied, &placed(&[("a", 60), ("b", 70), ("c", 70), ("d", 90)], 2));
        assert_eq!((swapped.enter, swapped.leave, swapped.tied), (vec!["d"], vec!["a"], vec!["b", "c"]));
    }
}
