//! 疑似同一人: entries of the pool that may be one person.

use super::unit::Unit;
use crate::expert::{Expert, PoolState};
use crate::ids::ExpertId;
use crate::text::name_key;
use std::collections::{BTreeMap, BTreeSet};

/// Two entries that may be one person, and what speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Double {
    pub first: ExpertId,
    pub second: ExpertId,
    pub why: Resemblance,
}

/// What two entries share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resemblance {
    /// 身份证号
    IdNumber,
    /// The codes differ in width, case or blanks only.
    Code,
    /// Name and unit.
    NameAndUnit,
}

impl Resemblance {
    pub const fn words(self) -> &'static str {
        match self {
            Self::IdNumber => "身份证号相同",
            Self::Code => "编号只差大小写或全半角",
            Self::NameAndUnit => "姓名和单位相同",
        }
    }
}

/// Every pair that may be one person, except those whose ID numbers differ: `same_id` groups entries by their number, which only its holder reads.
pub fn find(experts: &[Expert], id_group: impl Fn(ExpertId) -> Option<usize>) -> Vec<Double> {
    let live: Vec<&Expert> = experts.iter().filter(|expert| expert.standing != PoolState::Removed).collect();
    let mut found: BTreeMap<(ExpertId, ExpertId), Resemblance> = BTreeMap::new();
    let mut note = |a: &Expert, b: &Expert, why: Resemblance| {
        let pair = if a.id < b.id { (a.id, b.id) } else { (b.id, a.id) };
        let kept = found.entry(pair).or_insert(why);
        *kept = why.min(*kept);
    };
    let mut by_id: BTreeMap<usize, Vec<&Expert>> = BTreeMap::new();
    let mut by_code: BTreeMap<String, Vec<&Expert>> = BTreeMap::new();
    let mut by_name: BTreeMap<String, Vec<&Expert>> = BTreeMap::new();
    for expert in &live {
        if let Some(group) = id_group(expert.id) {
            by_id.entry(group).or_default().push(expert);
        }
        by_code.entry(name_key(&expert.code)).or_default().push(expert);
        by_name.entry(name_key(&expert.name)).or_default().push(expert);
    }
    for (why, groups) in [
        (Resemblance::IdNumber, by_id.into_values().collect::<Vec<_>>()),
        (Resemblance::Code, by_code.into_values().collect()),
    ] {
        for group in groups {
            pairs(&group, |a, b| note(a, b, why));
        }
    }
    for group in by_name.into_values().filter(|group| group.len() > 1) {
        let units: Vec<Vec<Unit>> = group.iter().map(|expert| units(expert)).collect();
        for (i, a) in group.iter().enumerate() {
            for (j, b) in group.iter().enumerate().skip(i + 1) {
                let numbers = (id_group(a.id), id_group(b.id));
                let apart = matches!(numbers, (Some(a), Some(b)) if a != b);
                let shared = || units[i].iter().any(|own| units[j].iter().any(|other| own.likeness(other).is_some()));
                let codes = || a.employer_uscc.is_some() && a.employer_uscc == b.employer_uscc;
                if !apart && (codes() || shared()) {
                    note(a, b, Resemblance::NameAndUnit);
                }
            }
        }
    }
    found.into_iter().map(|((first, second), why)| Double { first, second, why }).collect()
}

/// Where somebody works, and worked.
fn units(expert: &Expert) -> Vec<Unit> {
    let names: BTreeSet<&str> =
        std::iter::once(expert.employer.as_str()).chain(expert.ties.iter().map(|tie| tie.unit.as_str())).collect();
    names.into_iter().map(Unit::new).collect()
}

fn pairs<'a>(group: &[&'a Expert], mut each: impl FnMut(&'a Expert, &'a Expert)) {
    for (i, a) in group.iter().enumerate() {
        for b in &group[i + 1..] {
            each(a, b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conflict::samples::expert;

    fn named(n: u128, code: &str, name: &str, unit: &str) -> Expert {
        let plain = expert(n, 1);
        Expert { code: code.to_owned(), name: name.to_owned(), employer: unit.to_owned(), employer_uscc: None, ..plain }
    }

    #[test]
    fn one_person_entered_twice_is_found_and_namesakes_are_not() {
        let pool = [
            named(1, "ZJ-1", "艾尔肯·示例", "示例大学"),
            named(2, "ZJ-2", "艾尔肯‧示例", "示例大学材料学院"),
            named(3, "zj-3", "王一", "甲公司"),
            named(4, "ＺＪ-3", "王二", "乙公司"),
            named(5, "ZJ-5", "李四", "丙研究院"),
            named(6, "ZJ-6", "李四", "丁研究院"),
            named(7, "ZJ-7", "赵六", "戊研究院"),
            named(8, "ZJ-8", "赵六", "戊研究院"),
            named(9, "ZJ-9", "钱七", "己大学"),
            named(10, "ZJ-10", "钱柒", "庚大学"),
        ];
        // The two named 赵六 have different numbers; 钱七 and 钱柒 the same.
        let numbers = |id: ExpertId| match id.0.as_u128() {
            7 => Some(1),
            8 => Some(2),
            9 | 10 => Some(3),
            _ => None,
        };
        let found: Vec<_> =
            find(&pool, numbers).into_iter().map(|d| (d.first.0.as_u128(), d.second.0.as_u128(), d.why)).collect();
        assert_eq!(
            found,
            [(1, 2, Resemblance::NameAndUnit), (3, 4, Resemblance::Code), (9, 10, Resemblance::IdNumber)]
        );
    }
}
