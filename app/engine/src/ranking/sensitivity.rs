//! 敏感性: what would have to be different for the shortlist to differ.

use std::collections::BTreeSet;

use super::shortlist::{Outcome, Placing};

/// How a shortlist differs from another. Ids in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<Id> {
    /// 入围 now, not before.
    pub enter: Vec<Id>,
    /// 入围 before, not now.
    pub leave: Vec<Id>,
    /// Tied across the line now, not before: people would have to decide.
    pub tied: Vec<Id>,
}

impl<Id> Change<Id> {
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.enter.is_empty() && self.leave.is_empty() && self.tied.is_empty()
    }
}

/// The change from one shortlist to the other. An application that ties across the line in either neither enters nor
/// leaves: it is among `tied` if it did not tie before.
pub fn change<Id: Ord + Clone>(before: &[Placing<Id>], after: &[Placing<Id>]) -> Change<Id> {
    let with = |placings: &[Placing<Id>], outcome: Outcome| -> BTreeSet<Id> {
        placings.iter().filter(|placing| placing.outcome == outcome).map(|placing| placing.id.clone()).collect()
    };
    let (was_in, is_in) = (with(before, Outcome::Shortlisted), with(after, Outcome::Shortlisted));
    let (was_tied, is_tied) = (with(before, Outcome::LineTie), with(after, Outcome::LineTie));
    let listed = |ids: BTreeSet<Id>| ids.into_iter().collect();
    Change {
        enter: is_in.iter().filter(|id| !was_in.contains(*id) && !was_tied.contains(*id)).cloned().collect(),
        leave: was_in.iter().filter(|id| !is_in.contains(*id) && !is_tied.contains(*id)).cloned().collect(),
        tied: listed(is_tied.difference(&was_tied).cloned().collect()),
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
}
