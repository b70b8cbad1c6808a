//! 入围: which of the ranked applications come within the quota, and where the line needs a decision by people.

use std::collections::BTreeMap;

use domain::result::Outcome;

use super::order::{Candidate, competition_ranks};

/// Why an application takes no part in the ranking, whatever its score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// 一票否决
    KnockedOut,
    /// 有效评分不足
    TooFewSheets,
    /// 无法得出成绩: the method gives it none
    NoScore,
}

/// An application as it comes to the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<Id> {
    pub candidate: Candidate<Id>,
    /// Task or sector whose quota applies; the same for all if the quota is over all.
    pub group: String,
    pub exclusion: Option<Exclusion>,
}

/// 名额: how many places, in all or per group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quota {
    Overall {
        places: usize,
        reserves: usize,
    },
    /// A group that is not listed has no place. `reserves` are per group.
    PerGroup {
        places: BTreeMap<String, usize>,
        reserves: usize,
    },
}

/// The result of one application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placing<Id> {
    pub id: Id,
    pub group: String,
    /// Rank within the quota's group; `None` if it takes no part in the ranking.
    pub rank: Option<usize>,
    /// Another application of the group has the same rank.
    pub tied: bool,
    pub outcome: Outcome,
    /// 需会商: the tie crosses the quota line; never cut by the program.
    pub needs_consultation: bool,
}

/// Ranks within each quota group and draws the line.
///
/// `pass`: 合格线 in 1/100 point, below which an application cannot be shortlisted; it keeps its rank. Those that tie
/// across the line all become `LineTie`. A tie across the end of the
/// reserves makes all of them reserves. Result: group by group, best first, excluded ones last.
pub fn shortlist<Id: Ord + Clone>(entries: &[Entry<Id>], quota: &Quota, pass: Option<i64>) -> Vec<Placing<Id>> {
    let mut groups: BTreeMap<&str, Vec<&Entry<Id>>> = BTreeMap::new();
    for entry in entries {
        let group = match quota {
            Quota::Overall { .. } => "",
            Quota::PerGroup { .. } => entry.group.as_str(),
        };
        groups.entry(group).or_default().push(entry);
    }
    let mut placings = Vec::with_capacity(entries.len());
    for (group, members) in groups {
        let (places, reserves) = match quota {
            Quota::Overall { places, reserves } => (*places, *reserves),
            Quota::PerGroup { places, reserves } => (places.get(group).copied().unwrap_or(0), *reserves),
        };
        placings.extend(place_group(&members, places, reserves, pass));
    }
    placings
}

fn place_group<Id: Ord + Clone>(
    members: &[&Entry<Id>],
    places: usize,
    reserves: usize,
    pass: Option<i64>,
) -> Vec<Placing<Id>> {
    let group_of: BTreeMap<&Id, &str> =
        members.iter().map(|entry| (&entry.candidate.id, entry.group.as_str())).collect();
    let ranking: Vec<Candidate<Id>> =
        members.iter().filter(|entry| entry.exclusion.is_none()).map(|entry| entry.candidate.clone()).collect();
    let ranked = competition_ranks(&ranking);
    let mut size: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, rank) in &ranked {
        *size.entry(*rank).or_default() += 1;
    }
    let mut placings: Vec<Placing<Id>> = ranked
        .iter()
        .map(|(candidate, rank)| {
            let alike = size.get(rank).copied().unwrap_or(1);
            let last = rank + alike - 1;
            let outcome = if pass.is_some_and(|pass| candidate.score < pass) {
                Outcome::BelowPass
            } else if last <= places {
                Outcome::Shortlisted
            } else if *rank <= places {
                Outcome::LineTie
            } else if *rank <= places + reserves {
                Outcome::Reserve
            } else {
                Outcome::NotShortlisted
            };
            Placing {
                id: candidate.id.clone(),
                group: group_of.get(&candidate.id).copied().unwrap_or_default().to_owned(),
                rank: Some(*rank),
                tied: alike > 1,
                outcome,
                needs_consultation: outcome == Outcome::LineTie,
            }
        })
        .collect();
    let mut excluded: Vec<(&Entry<Id>, Exclusion)> =
        members.iter().filter_map(|entry| entry.exclusion.map(|exclusion| (*entry, exclusion))).collect();
    excluded.sort_by(|a, b| a.0.candidate.id.cmp(&b.0.candidate.id));
    placings.extend(excluded.into_iter().map(|(entry, exclusion)| Placing {
        id: entry.candidate.id.clone(),
        group: entry.group.clone(),
        rank: None,
        tied: false,
        outcome: match exclusion {
            Exclusion::KnockedOut => Outcome::KnockedOut,
            Exclusion::TooFewSheets => Outcome::TooFewSheets,
            Exclusion::NoScore => Outcome::NoScore,
        },
        needs_consultation: false,
    }));
    placings
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(id: &'static str, score: i64, group: &str) -> Entry<&'static str> {
        let candidate = Candidate { id, score, tie_keys: vec![] };
        Entry { candidate, group: group.to_owned(), exclusion: None }
    }

    fn outcomes(placings: &[Placing<&'static str>]) -> Vec<(&'static str, Outcome)> {
        placings.iter().map(|placing| (placing.id, placing.outcome)).collect()
    }

    #[test]
    fn a_tie_across_the_line_is_never_cut_silently() {
        let entries = [entry("甲", 9000, ""), entry("乙", 8500, ""), entry("丙", 8500, ""), entry("丁", 8000, "")];
        let placings = shortlist(&entries, &Quota::Overall { places: 2, reserves: 1 }, None);
        assert_eq!(placings[0].outcome, Outcome::Shortlisted);
        assert!(placings[1..3].iter().all(|tie| tie.outcome == Outcome::LineTie && tie.needs_consultation && tie.tied));
        assert_eq!((placings[3].rank, placings[3].outcome), (Some(4), Outcome::NotShortlisted));
    }

    #[test]
    fn a_tie_that_fits_within_the_quota_is_shortlisted() {
        let entries = [entry("甲", 8500, ""), entry("乙", 8500, ""), entry("丙", 8000, "")];
        let placings = shortlist(&entries, &Quota::Overall { places: 2, reserves: 1 }, None);
        let expected = [("乙", Outcome::Shortlisted), ("甲", Outcome::Shortlisted), ("丙", Outcome::Reserve)];
        assert_eq!(outcomes(&placings), expected);
        assert!(placings.iter().all(|placing| !placing.needs_consultation));
    }

    #[test]
    fn each_group_has_its_own_line_and_an_unlisted_group_no_place() {
        let entries = [entry("a", 70, "T1"), entry("b", 60, "T1"), entry("c", 90, "T2"), entry("d", 99, "T3")];
        let quota = Quota::PerGroup { places: BTreeMap::from([("T1".into(), 1), ("T2".into(), 1)]), reserves: 0 };
        let expected = [
            ("a", Outcome::Shortlisted),
            ("b", Outcome::NotShortlisted),
            ("c", Outcome::Shortlisted),
            ("d", Outcome::NotShortlisted),
        ];
        assert_eq!(outcomes(&shortlist(&entries, &quota, None)), expected);
    }

    #[test]
    fn the_pass_mark_holds_even_where_places_are_left() {
        let entries = [entry("a", 6000, ""), entry("b", 5999, "")];
        let placings = shortlist(&entries, &Quota::Overall { places: 5, reserves: 0 }, Some(6000));
        assert_eq!(outcomes(&placings), [("a", Outcome::Shortlisted), ("b", Outcome::BelowPass)]);
    }

    #[test]
    fn knocked_out_applications_have_no_rank_and_take_no_place() {
        let mut entries = [entry("a", 9900, ""), entry("b", 8000, ""), entry("c", 9999, "")];
        entries[0].exclusion = Some(Exclusion::KnockedOut);
        entries[2].exclusion = Some(Exclusion::TooFewSheets);
        let placings = shortlist(&entries, &Quota::Overall { places: 1, reserves: 0 }, None);
        let expected = [("b", Outcome::Shortlisted), ("a", Outcome::KnockedOut), ("c", Outcome::TooFewSheets)];
        assert_eq!(outcomes(&placings), expected);
        assert_eq!(placings[1].rank, None);
    }

    proptest! {
        #[test]
        fn the_shortlist_never_exceeds_the_quota(scores in prop::collection::vec(0_i64..8, 0..30), places in 0_usize..10) {
            let entries: Vec<Entry<usize>> = scores
                .iter()
                .enumerate()
                .map(|(id, score)| Entry {
                    candidate: Candidate { id, score: *score, tie_keys: vec![] },
                    group: String::new(),
                    exclusion: None,
                })
                .collect();
            let placings = shortlist(&entries, &Quota::Overall { places, reserves: 0 }, None);
            let shortlisted = placings.iter().filter(|placing| placing.outcome == Outcome::Shortlisted).count();
            let at_line = placings.iter().filter(|placing| placing.outcome == Outcome::LineTie).count();
            prop_assert!(shortlisted <= places);
            prop_assert!(at_line == 0 || shortlisted + at_line > places);
            prop_assert!(at_line > 0 || shortlisted == places.min(scores.len()));
        }
    }
}
