//! 同一单位 of the one-per-employer rule, over a pool at once: what is known of one expert's employer tells who works there as well.

use super::unit::Unit;
use crate::expert::Expert;
use crate::ids::ExpertId;
use crate::text::name_key;
use crate::uscc::Uscc;
use std::collections::{BTreeMap, HashMap};

/// The employer of every expert of a pool.
#[derive(Debug, Clone, Default)]
pub struct Employers {
    of: HashMap<ExpertId, String>,
}

impl Employers {
    /// Experts share an employer where they share a code. Who has none shares that of whoever names the same unit, in any form of its name or by a
    /// department; two codes stay two units.
    pub fn of(experts: &[Expert]) -> Self {
        let names: Vec<(String, String)> =
            experts.iter().map(|own| (Unit::new(&own.employer).employer(), name_key(&own.employer))).collect();
        let mut codes: BTreeMap<&str, &str> = BTreeMap::new();
        let mut written: BTreeMap<&str, &str> = BTreeMap::new();
        for (expert, (unit, name)) in experts.iter().zip(&names) {
            if let Some(code) = expert.employer_uscc.as_ref().map(Uscc::as_str) {
                keep_smallest(&mut codes, unit, code);
            }
            keep_smallest(&mut written, unit, name);
        }
        let key = |(expert, (unit, _)): (&Expert, &(String, String))| {
            let own = expert.employer_uscc.as_ref().map(Uscc::as_str);
            let known = own.or_else(|| codes.get(unit.as_str()).copied());
            // Who has no employer shares it with nobody.
            let alone = if unit.is_empty() { None } else { written.get(unit.as_str()).copied() };
            (expert.id, known.or(alone).unwrap_or(&expert.code).to_owned())
        };
        Self { of: experts.iter().zip(&names).map(key).collect() }
    }

    /// One text for all who share the employer: a code where any of them has one, else the name as one of them writes it.
    pub fn key(&self, expert: ExpertId) -> &str {
        self.of.get(&expert).map_or("", String::as_str)
    }
}

fn keep_smallest<'a>(texts: &mut BTreeMap<&'a str, &'a str>, unit: &'a str, text: &'a str) {
    texts.entry(unit).and_modify(|known| *known = text.min(*known)).or_insert(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conflict::samples::expert;

    fn at(n: u128, name: &str, code: Option<u32>) -> Expert {
        let code = code.map(|n| Uscc::from_body(&format!("9162000000000{n:04}")).unwrap());
        Expert { employer: name.to_owned(), employer_uscc: code, ..expert(n, 1) }
    }

    #[test]
    fn an_expert_without_a_code_does_not_escape() {
        let pool = [
            at(1, "示例大学", Some(7)),
            at(2, "示例大学", None),
            at(3, "示例大学材料学院", None),
            at(4, "示例大学第一医院", Some(8)),
            at(5, "示例大学附属第一医院", None),
            at(6, "", None),
            at(7, "", None),
            at(8, "改名以后的大学", Some(7)),
        ];
        let employers = Employers::of(&pool);
        let keys: Vec<&str> = pool.iter().map(|e| employers.key(e.id)).collect();
        let code = pool[0].employer_uscc.as_ref().unwrap().as_str();
        assert_eq!([keys[0], keys[1], keys[2], keys[7]], [code; 4]);
        assert_eq!(keys[3], pool[3].employer_uscc.as_ref().unwrap().as_str());
        assert!(keys[4] != code && keys[4] != keys[3] && keys[5] != keys[6]);
    }
}
