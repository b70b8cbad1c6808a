//! 同一人的认定: which entries of the pool count as one person, and who of them may be seated.

use super::doubles::Double;
use crate::expert::{Expert, PoolState, Tie, TieKind};
use crate::ids::ExpertId;
use crate::reason::Reason;
use std::collections::{BTreeMap, HashMap, HashSet};

/// 认定 of two entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// 不是同一人
    Distinct,
    /// 同一人: this entry is kept, the other given up.
    Same { kept: ExpertId },
}

/// What was decided of two entries that may be one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub first: ExpertId,
    pub second: ExpertId,
    pub ruling: Ruling,
    pub reason: Reason,
}

/// Why two entries cannot be decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    #[error("这两条记录不在“疑似同一人”之列，或已经认定")]
    NotOpen,
    #[error("{code}已在“{round}”的抽取名单或席位中，请保留这一条")]
    InUse { code: String, round: String },
}

/// The doubles that nobody has decided. Entries that were found to be two people are not asked about again.
pub fn open(doubles: Vec<Double>, judgements: &[Judgement]) -> Vec<Double> {
    let pair = |a: ExpertId, b: ExpertId| if a < b { (a, b) } else { (b, a) };
    let decided: HashSet<_> = judgements.iter().map(|judged| pair(judged.first, judged.second)).collect();
    doubles.into_iter().filter(|double| !decided.contains(&pair(double.first, double.second))).collect()
}

/// Whoever may be seated, each person once.
///
/// Of entries that may be one person the first stands for all, with the posts of all, so that what keeps any of them from an application keeps the
/// person from it. Where one of them is suspended, none is seated.
pub fn seatable(experts: &[Expert], open: &[Double]) -> Vec<Expert> {
    let mut people = People::default();
    for double in open {
        people.join(double.first, double.second);
    }
    let mut entries: BTreeMap<ExpertId, Vec<&Expert>> = BTreeMap::new();
    for expert in experts.iter().filter(|expert| expert.standing != PoolState::Removed) {
        entries.entry(people.of(expert.id)).or_default().push(expert);
    }
    let stands_for = |expert: &&Expert| {
        let own = entries.get(&people.of(expert.id)).map_or(&[][..], Vec::as_slice);
        let first = own.first().is_some_and(|first| first.id == expert.id);
        (first && own.iter().all(|entry| entry.standing == PoolState::Active)).then(|| with_posts_of(expert, &own[1..]))
    };
    experts.iter().filter_map(|expert| stands_for(&expert)).collect()
}

/// An expert with the posts of other entries beside the own ones.
pub fn with_posts_of(expert: &Expert, others: &[&Expert]) -> Expert {
    let mut whole = expert.clone();
    for other in others {
        let present = Tie {
            kind: TieKind::Employment,
            uscc: other.employer_uscc.clone(),
            unit: other.employer.clone(),
            position: format!("{}所填现单位", other.code),
            since: None,
            until: None,
        };
        let elsewhere = other.employer != expert.employer
            || other.employer_uscc.is_some() && other.employer_uscc != expert.employer_uscc;
        for tie in other.ties.iter().chain(elsewhere.then_some(&present)) {
            if !whole.ties.iter().any(|own| says_as_much(own, tie)) {
                whole.ties.push(tie.clone());
            }
        }
    }
    whole
}

/// Whether a known post leaves nothing of another unsaid. The same unit under another code is a post of its own: the codes decide who must recuse.
fn says_as_much(known: &Tie, tie: &Tie) -> bool {
    (known.kind, &known.unit, known.since, known.until) == (tie.kind, &tie.unit, tie.since, tie.until)
        && (tie.uscc.is_none() || tie.uscc == known.uscc)
}

/// Disjoint sets of entries.
#[derive(Default)]
struct People(HashMap<ExpertId, ExpertId>);

impl People {
    fn of(&self, entry: ExpertId) -> ExpertId {
        let mut at = entry;
        while let Some(above) = self.0.get(&at) {
            at = *above;
        }
        at
    }

    fn join(&mut self, a: ExpertId, b: ExpertId) {
        let (a, b) = (self.of(a), self.of(b));
        if a != b {
            self.0.insert(a.max(b), a.min(b));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::doubles::Resemblance;
    use super::*;
    use crate::conflict::samples::{expert, uscc};

    fn entry(n: u128, employer: &str, standing: PoolState) -> Expert {
        Expert {
            code: format!("ZJ{n}"),
            employer: employer.to_owned(),
            employer_uscc: None,
            standing,
            ties: Vec::new(),
            ..expert(n, 1)
        }
    }

    fn double(first: &Expert, second: &Expert) -> Double {
        Double { first: first.id, second: second.id, why: Resemblance::NameAndUnit }
    }

    fn codes(experts: &[Expert]) -> Vec<&str> {
        experts.iter().map(|expert| expert.code.as_str()).collect()
    }

    #[test]
    fn a_person_is_seated_once_with_the_posts_of_every_entry() {
        let pool = [
            entry(1, "甲大学", PoolState::Active),
            entry(2, "乙公司", PoolState::Active),
            entry(3, "丙研究院", PoolState::Active),
            entry(4, "丁厂", PoolState::Active),
        ];
        // A chain: the third is the first, through the second.
        let open = [double(&pool[1], &pool[2]), double(&pool[0], &pool[1])];
        let seated = seatable(&pool, &open);
        assert_eq!(codes(&seated), ["ZJ1", "ZJ4"]);
        let posts: Vec<_> = seated[0].ties.iter().map(|tie| tie.unit.as_str()).collect();
        assert_eq!(posts, ["乙公司", "丙研究院"]);
    }

    #[test]
    fn the_same_unit_under_another_code_is_not_forgotten() {
        let under = |n, code| Expert { employer_uscc: Some(uscc(code)), ..entry(n, "甲大学", PoolState::Active) };
        let pool = [under(1, 1), under(2, 2), under(3, 1), entry(4, "甲大学", PoolState::Active)];
        let open = [double(&pool[0], &pool[1]), double(&pool[1], &pool[2]), double(&pool[2], &pool[3])];
        let seated = seatable(&pool, &open);
        let known: Vec<_> = seated[0].ties.iter().map(|tie| tie.uscc.clone()).collect();
        assert_eq!(known, [Some(uscc(2))]);
    }

    #[test]
    fn who_is_suspended_under_one_entry_is_not_seated_under_another() {
        let pool = [entry(1, "甲大学", PoolState::Active), entry(2, "甲大学", PoolState::Suspended)];
        assert_eq!(codes(&seatable(&pool, &[double(&pool[0], &pool[1])])), Vec::<&str>::new());
        assert_eq!(codes(&seatable(&pool, &[])), ["ZJ1"]);
    }

    #[test]
    fn an_entry_that_was_given_up_does_not_keep_the_other_out() {
        let pool = [entry(1, "甲大学", PoolState::Removed), entry(2, "甲大学", PoolState::Active)];
        assert_eq!(codes(&seatable(&pool, &[double(&pool[0], &pool[1])])), ["ZJ2"]);
    }

    #[test]
    fn what_was_decided_is_not_asked_again() {
        let pool =
            [entry(1, "甲", PoolState::Active), entry(2, "甲", PoolState::Active), entry(3, "甲", PoolState::Active)];
        let found = vec![double(&pool[0], &pool[1]), double(&pool[1], &pool[2])];
        let judged = Judgement {
            first: pool[1].id,
            second: pool[0].id,
            ruling: Ruling::Distinct,
            reason: Reason::new("电话核实为两人").unwrap(),
        };
        assert_eq!(open(found.clone(), &[judged]), found[1..]);
    }
}
