//! 排序: by final score, then by the declared tie keys; equal in all is 并列.

/// One application to be ranked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<Id> {
    pub id: Id,
    /// Final score in 1/100 point.
    pub score: i64,
    /// The declared tie keys in their order, larger is better; a missing key counts as lowest.
    pub tie_keys: Vec<i64>,
}

impl<Id> Candidate<Id> {
    fn key(&self) -> (i64, &[i64]) {
        (self.score, &self.tie_keys)
    }

    pub(super) fn ties_with(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

/// Candidates best first, with standard competition ranks (1, 2, 2, 4). Ties are listed in the order of their ids.
pub fn competition_ranks<Id: Ord + Clone>(candidates: &[Candidate<Id>]) -> Vec<(&Candidate<Id>, usize)> {
    let mut sorted: Vec<&Candidate<Id>> = candidates.iter().collect();
    sorted.sort_by(|a, b| b.key().cmp(&a.key()).then_with(|| a.id.cmp(&b.id)));
    let mut ranked: Vec<(&Candidate<Id>, usize)> = Vec::with_capacity(sorted.len());
    for (index, candidate) in sorted.into_iter().enumerate() {
        let rank = match ranked.last() {
            Some((before, rank)) if before.ties_with(candidate) => *rank,
            _ => index + 1,
        };
        ranked.push((candidate, rank));
    }
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranks(scores: &[(i64, Vec<i64>)]) -> Vec<(usize, usize)> {
        let candidates: Vec<Candidate<usize>> = scores
            .iter()
            .enumerate()
            .map(|(id, (score, tie_keys))| Candidate { id, score: *score, tie_keys: tie_keys.clone() })
            .collect();
        competition_ranks(&candidates).into_iter().map(|(candidate, rank)| (candidate.id, rank)).collect()
    }

    #[test]
    fn equal_scores_share_a_rank_and_the_next_rank_is_skipped() {
        let scores = [(8200, vec![]), (9000, vec![]), (8200, vec![]), (7000, vec![])];
        assert_eq!(ranks(&scores), [(1, 1), (0, 2), (2, 2), (3, 4)]);
    }

    #[test]
    fn tie_keys_decide_in_their_declared_order() {
        let scores = [(8200, vec![1, 9]), (8200, vec![2, 0]), (8200, vec![1, 9]), (8200, vec![1, 10])];
        assert_eq!(ranks(&scores), [(1, 1), (3, 2), (0, 3), (2, 3)]);
    }

    proptest! {
        #[test]
        fn a_rank_is_one_more_than_the_number_of_better_ones(scores in prop::collection::vec(0_i64..6, 0..20)) {
            let input: Vec<(i64, Vec<i64>)> = scores.iter().map(|score| (*score, vec![])).collect();
            for (id, rank) in ranks(&input) {
                prop_assert_eq!(rank, 1 + scores.iter().filter(|score| **score > scores[id]).count());
            }
        }
    }
}
