//! 主管部门: 三厅, 14 市州工信局 and 兰州新区经发局 are known without anyone entering them, by every form of their names; others are registered.

use super::unit::{Likeness, Region, Unit};
use crate::uscc::Uscc;
use std::collections::BTreeSet;

/// What a unit is to the authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Office {
    /// The authority itself or one of its offices.
    Itself,
    /// A unit that bears its name, such as a centre or an association.
    Affiliated,
}

/// Names of the three departments without their province.
const DEPARTMENTS: [&str; 9] = [
    "工业和信息化厅",
    "工信厅",
    "工业和信息化委员会",
    "工信委",
    "经济和信息化委员会",
    "经信委",
    "教育厅",
    "科学技术厅",
    "科技厅",
];
/// Names of the prefectures' bureaus without their prefecture.
const BUREAUS: [&str; 6] = ["工业和信息化局", "工信局", "工业和信息化委员会", "工信委", "经济和信息化局", "经信局"];
const NEW_AREA: [&str; 4] = ["经济发展局", "经发局", "经济发展局统计局", "经济发展和统计局"];

/// Words with which the name of an authority's own office ends.
const OFFICES: [&str; 13] =
    ["处", "科", "室", "办公室", "机关", "党委", "党组", "纪检组", "股", "厅机关", "局机关", "委机关", "工会"];

/// Registered authorities beside the known ones.
#[derive(Debug, Clone, Default)]
pub struct Authorities {
    codes: BTreeSet<Uscc>,
    named: Vec<Unit>,
}

impl Authorities {
    /// Registered names, with the codes of those that have one.
    pub fn new<'a>(registered: impl IntoIterator<Item = (Option<Uscc>, &'a str)>) -> Self {
        let mut authorities = Self::default();
        for (code, name) in registered {
            authorities.codes.extend(code);
            authorities.named.push(Unit::new(name));
        }
        authorities
    }

    /// Whether a unit is an authority, or bears the name of one.
    pub fn office(&self, unit: &Unit, code: Option<&Uscc>) -> Option<Office> {
        if code.is_some_and(|code| self.codes.contains(code)) {
            return Some(Office::Itself);
        }
        let known = unit.readings().find_map(|(stem, regions, rest)| is_known(stem, regions).then(|| of_rest(rest)));
        let registered = self.named.iter().filter_map(|own| match unit.likeness(own)? {
            Likeness::Same => Some(Office::Itself),
            Likeness::Near(_) => {
                let part = unit.readings().find(|(stem, _, rest)| rest.is_some() && own.is_called(stem));
                Some(part.map_or(Office::Affiliated, |(_, _, rest)| of_rest(rest)))
            }
        });
        known.into_iter().chain(registered).min()
    }
}

fn of_rest(rest: Option<&str>) -> Office {
    match rest {
        None => Office::Itself,
        Some(rest) if OFFICES.iter().any(|word| rest.ends_with(word)) => Office::Itself,
        Some(_) => Office::Affiliated,
    }
}

/// Whether it is one of the built-in authorities. Without any region 工信厅 is the province's, and 工信局 one of its prefectures'.
fn is_known(stem: &str, regions: &BTreeSet<Region>) -> bool {
    let here = regions.iter().all(|region| *region == Region::Gansu || region.is_prefecture());
    let of_province = regions.iter().all(|region| *region == Region::Gansu);
    let new_area = regions.contains(&Region::LanzhouNewArea);
    (of_province && DEPARTMENTS.contains(&stem))
        || (here && BUREAUS.contains(&stem))
        || (new_area && NEW_AREA.contains(&stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office(name: &str) -> Option<Office> {
        Authorities::default().office(&Unit::new(name), None)
    }

    #[test]
    fn every_form_of_an_authority_and_its_offices_is_the_authority() {
        for name in [
            "甘肃省工业和信息化厅",
            "省工信厅",
            "甘肃省工信厅",
            "工信厅",
            "省工信厅科技处",
            "省工信厅（科技处）",
            "甘肃省工业和信息化厅办公室",
            "甘肃省教育厅高等教育处",
            "甘肅省科學技術廳",
            "省科技厅机关",
            "兰州市工信局",
            "甘肃省兰州市工业和信息化局",
            "兰州市工业和信息化局产业科",
            "临夏回族自治州工业和信息化局",
            "兰州新区经济发展局",
            "兰州新区经济发展局（统计局）",
            "甘肃省兰州新区经发局",
            "甘肃省工信委",
        ] {
            assert_eq!(office(name), Some(Office::Itself), "{name}");
        }
    }

    #[test]
    fn what_only_bears_its_name_is_left_to_people_and_others_are_not_meant() {
        for name in ["省工信厅信息中心", "甘肃省教育厅教学研究院", "甘肃省科学技术厅下属服务中心"]
        {
            assert_eq!(office(name), Some(Office::Affiliated), "{name}");
        }
        for name in
            ["陕西省工业和信息化厅", "兰州大学", "榆中县工信局", "西安市工信局", "兰州市教育局", "甘肃省水利厅", ""]
        {
            assert_eq!(office(name), None, "{name}");
        }
    }

    #[test]
    fn registered_authorities_are_known_by_code_and_by_near_names() {
        let code = Uscc::from_body("11620000000000001").unwrap();
        let own = Authorities::new([(Some(code.clone()), "示例市经信局"), (None, "示例开发区管委会")]);
        let office = |name: &str, code| own.office(&Unit::new(name), code);
        assert_eq!(office("别的名称", Some(&code)), Some(Office::Itself));
        assert_eq!(office("示例市经信局", None), Some(Office::Itself));
        assert_eq!(office("示例市经信局产业科", None), Some(Office::Itself));
        assert_eq!(office("示例市经信局服务中心", None), Some(Office::Affiliated));
        assert_eq!(office("示例市科技局", None), None);
    }
}
