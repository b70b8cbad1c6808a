//! The names of units, taken apart: region, stem, company form, bracketed notes, departments.

mod parts;
mod region;

pub use region::Region;

use crate::text::name_key;
use parts::{Brackets, Remainder, brackets, prefixes, without_form};
use region::without_regions;
use std::collections::BTreeSet;

/// How a name that is not the same is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The names are the same and the codes differ.
    Codes,
    /// 有限公司 and 有限责任公司, or a note in brackets.
    Form,
    /// A former name stands in brackets.
    Former,
    /// A department or another part of the unit.
    Part,
    /// With and without the region before the name.
    Region,
}

impl Why {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Codes => "名称相同而统一社会信用代码不同",
            Self::Form => "名称只差公司形式或括注",
            Self::Former => "与曾用名相同",
            Self::Part => "为其内设机构、所属单位或上级单位",
            Self::Region => "名称只差地区",
        }
    }
}

/// Whether two names mean one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    Same,
    Near(Why),
}

/// A name without its region and company form, and its regions. Two that have the same stem are one unit where the regions allow it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Entity {
    stem: String,
    regions: BTreeSet<Region>,
}

/// A stem of fewer characters says nothing without its region: 大学, 医院.
const TELLING: usize = 4;

impl Entity {
    fn of(key: &str) -> Self {
        let (regions, rest) = without_regions(key);
        Self { stem: without_form(rest).to_owned(), regions }
    }

    /// Equal stems, and regions of which one set holds the other.
    fn meets(&self, other: &Self) -> bool {
        self.stem == other.stem
            && (self.regions == other.regions
                || (self.stem.chars().count() >= TELLING
                    && (self.regions.is_subset(&other.regions) || other.regions.is_subset(&self.regions))))
    }
}

/// The name of a unit, ready for comparing.
#[derive(Debug, Clone)]
pub struct Unit {
    /// What is compared first: the whole name.
    key: String,
    /// The name without notes in brackets.
    plain: String,
    entity: Entity,
    former: Vec<String>,
    /// Units whose names begin this one, the shortest first, each with what is left of the name.
    within: Vec<Part>,
}

/// A unit whose name begins another.
#[derive(Debug, Clone)]
struct Part {
    entity: Entity,
    /// What is left of the name.
    rest: String,
    remainder: Remainder,
}

impl Unit {
    pub fn new(name: &str) -> Self {
        let key = name_key(name);
        let Brackets { plain, former } = brackets(&key);
        let entity = Entity::of(&plain);
        let part = |(prefix, rest, remainder): (&str, &str, Remainder)| Part {
            entity: Entity::of(prefix),
            rest: rest.to_owned(),
            remainder,
        };
        let within = prefixes(&plain).map(part).collect();
        Self { key, plain, entity, former, within }
    }

    /// Whether both names mean one unit; `None` where nothing speaks for it.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.plain.is_empty() || other.plain.is_empty() {
            return None;
        }
        if self.key == other.key {
            return Some(Likeness::Same);
        }
        let names = |own: &Self, former: &Self| {
            former.former.iter().any(|name| *name == own.plain || own.former.contains(name))
        };
        if names(self, other) || names(other, self) {
            return Some(Likeness::Near(Why::Former));
        }
        if self.entity.meets(&other.entity) {
            let why = if self.entity.regions == other.entity.regions { Why::Form } else { Why::Region };
            return Some(Likeness::Near(why));
        }
        let part_of = |part: &Self, whole: &Self| part.within.iter().any(|own| own.entity.meets(&whole.entity));
        let siblings = || self.root().zip(other.root()).is_some_and(|(own, theirs)| own.meets(theirs));
        (part_of(self, other) || part_of(other, self) || siblings()).then_some(Likeness::Near(Why::Part))
    }

    /// The legal person of which the name is a department.
    fn root(&self) -> Option<&Entity> {
        self.within.iter().find(|own| own.remainder == Remainder::Department).map(|own| &own.entity)
    }

    /// Texts of which two names that are alike share at least one.
    pub fn index_keys(&self) -> BTreeSet<&str> {
        let stems = self.within.iter().map(|own| own.entity.stem.as_str());
        let names = self.former.iter().map(String::as_str);
        stems.chain(names).chain([self.key.as_str(), self.plain.as_str(), self.entity.stem.as_str()]).collect()
    }

    /// One text for all names of an employer, departments included.
    pub fn employer(&self) -> String {
        let Entity { stem, regions } = self.root().unwrap_or(&self.entity);
        let regions: Vec<&str> = regions.iter().map(|region| region.label()).collect();
        format!("{}{stem}", regions.concat())
    }
}

impl Unit {
    pub(super) fn is_called(&self, stem: &str) -> bool {
        self.entity.stem == stem
    }

    /// Readings of the name as an authority with what is left behind it: the whole name first.
    pub(super) fn readings(&self) -> impl Iterator<Item = (&str, &BTreeSet<Region>, Option<&str>)> {
        let parts =
            self.within.iter().map(|part| (part.entity.stem.as_str(), &part.entity.regions, Some(part.rest.as_str())));
        std::iter::once((self.entity.stem.as_str(), &self.entity.regions, None)).chain(parts)
    }
}

#[cfg(test)]
mod tests;
