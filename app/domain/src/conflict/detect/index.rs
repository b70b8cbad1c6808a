//! Units and people of all applications, by what their names may share with another.

use crate::application::{Application, Member, Person};
use crate::identity::{Likeness, Unit, Why};
use crate::text::name_key;
use crate::uscc::Uscc;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A unit that occurs in applications, once for each code and name.
struct Occurring<'a> {
    unit: Unit,
    uscc: &'a Uscc,
    members: Vec<(usize, &'a Member)>,
}

/// A member that is, or may be, the unit that was asked for.
#[derive(Clone, Copy)]
pub struct Hit<'a> {
    pub application: usize,
    pub member: &'a Member,
    pub likeness: Likeness,
}

impl Hit<'_> {
    /// One member of one application.
    pub fn member_id(&self) -> (usize, *const Member) {
        (self.application, std::ptr::from_ref(self.member))
    }
}

pub struct Index<'a> {
    pub applications: &'a [Application],
    units: Vec<Occurring<'a>>,
    by_code: HashMap<&'a str, Vec<usize>>,
    by_key: HashMap<String, Vec<usize>>,
    people: HashMap<String, Vec<(usize, &'a Person)>>,
    affiliates: HashMap<&'a str, Vec<&'a Uscc>>,
}

impl<'a> Index<'a> {
    pub fn new(applications: &'a [Application], affiliates: &'a [(Uscc, Uscc)]) -> Self {
        let mut occurring: BTreeMap<(&Uscc, &str), Vec<(usize, &Member)>> = BTreeMap::new();
        let mut people: HashMap<String, Vec<_>> = HashMap::new();
        for (i, application) in applications.iter().enumerate() {
            for member in &application.members {
                occurring.entry((&member.uscc, &member.name)).or_default().push((i, member));
            }
            for person in application.people.iter().filter(|person| !person.is_anonymous()) {
                people.entry(name_key(&person.name)).or_default().push((i, person));
            }
        }
        let units: Vec<Occurring<'_>> = occurring
            .into_iter()
            .map(|((uscc, name), members)| Occurring { unit: Unit::new(name), uscc, members })
            .collect();
        let mut by_code: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, own) in units.iter().enumerate() {
            by_code.entry(own.uscc.as_str()).or_default().push(place);
            for key in own.unit.index_keys() {
                by_key.entry(key.to_owned()).or_default().push(place);
            }
        }
        let mut related: HashMap<&str, Vec<&Uscc>> = HashMap::new();
        for (a, b) in affiliates {
            related.entry(a.as_str()).or_default().push(b);
            related.entry(b.as_str()).or_default().push(a);
        }
        Self { applications, units, by_code, by_key, people, affiliates: related }
    }

    /// The members that are the unit, or may be: by its code, and by its name also where the codes differ.
    pub fn units(&self, unit: &Unit, uscc: Option<&Uscc>) -> Vec<Hit<'a>> {
        let mut seen = HashSet::new();
        let of_code = uscc.and_then(|code| self.by_code.get(code.as_str())).into_iter().flatten();
        let of_name = unit.index_keys().into_iter().filter_map(|key| self.by_key.get(key)).flatten();
        let mut hits = Vec::new();
        for place in of_code.chain(of_name) {
            if !seen.insert(*place) {
                continue;
            }
            let own = &self.units[*place];
            let likeness = match (uscc, unit.likeness(&own.unit)) {
                (Some(code), _) if code == own.uscc => Some(Likeness::Same),
                (Some(_), Some(Likeness::Same)) => Some(Likeness::Near(Why::Codes)),
                (_, likeness) => likeness,
            };
            let Some(likeness) = likeness else { continue };
            hits.extend(own.members.iter().map(|(application, member)| Hit {
                application: *application,
                member,
                likeness,
            }));
        }
        hits.sort_by_key(|hit| (hit.application, hit.likeness != Likeness::Same));
        hits
    }

    /// The members that are parents or subsidiaries of the unit.
    pub fn affiliated(&self, uscc: Option<&Uscc>) -> Vec<Hit<'a>> {
        let related = uscc.and_then(|code| self.affiliates.get(code.as_str())).into_iter().flatten();
        let places = related.filter_map(|other| self.by_code.get(other.as_str())).flatten();
        places
            .flat_map(|place| &self.units[*place].members)
            .map(|(application, member)| Hit { application: *application, member, likeness: Likeness::Same })
            .collect()
    }

    /// The listed people of that name, with the places of their applications.
    pub fn named(&self, name: &str) -> &[(usize, &'a Person)] {
        self.people.get(&name_key(name)).map_or(&[], Vec::as_slice)
    }
}
