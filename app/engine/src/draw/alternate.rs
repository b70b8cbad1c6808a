//! 备选: the next in lot order who could take a seat as it stands, for each panel and role.

use super::pool::{Candidate, Pool};
use crate::assignment::{Assigned, SeatRole};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};

/// The panel or application of a seat, and its role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    pub application: String,
    pub role: SeatRole,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alternate {
    pub expert: String,
    /// The positions for which the expert is an alternate.
    pub places: Vec<Position>,
}

/// Fewer alternates than asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    pub place: Position,
    pub wanted: u32,
    pub found: u32,
}

/// The seated experts by position.
pub struct Seating<'a> {
    pool: &'a Pool,
    places: BTreeMap<Position, Vec<&'a str>>,
    seated: HashSet<&'a str>,
}

impl<'a> Seating<'a> {
    pub fn new(pool: &'a Pool, assigned: &'a [Assigned]) -> Self {
        let mut places: BTreeMap<Position, Vec<&str>> = BTreeMap::new();
        for one in assigned {
            let place = Position { application: one.application.clone(), role: one.role };
            places.entry(place).or_default().push(&one.expert);
        }
        Self { pool, places, seated: assigned.iter().map(|a| a.expert.as_str()).collect() }
    }

    pub fn is_seated(&self, expert: &str) -> bool {
        self.seated.contains(expert)
    }

    /// Whether the candidate may take the seat that `leaver` gives up, everybody else staying.
    pub fn fits(&self, candidate: &Candidate, place: &Position, leaver: &str) -> bool {
        let right_role =
            place.role.role().is_none_or(|role| candidate.roles.is_empty() || candidate.roles.contains(&role));
        right_role
            && candidate.max_load > 0
            && candidate.min_load <= 1
            && candidate.affinity.contains_key(&place.application)
            && !candidate.is_recused(&place.application)
            && self.colleagues(candidate, &place.application, leaver) < self.pool.employer_cap
    }

    /// Seats on the application held by the candidate's employer, without the leaver's.
    fn colleagues(&self, candidate: &Candidate, application: &str, leaver: &str) -> u32 {
        let Some(employer) = &candidate.employer else { return 0 };
        let seated = self.places.iter().filter(|(place, _)| place.application == application).flat_map(|(_, e)| e);
        let own = seated.filter(|expert| **expert != leaver && **expert != candidate.id).filter(|expert| {
            let at = self.pool.position(expert);
            at.is_some_and(|at| self.pool.candidates[at].employer.as_ref() == Some(employer))
        });
        u32::try_from(own.count()).unwrap_or(u32::MAX)
    }
}

/// Up to `wanted` alternates for every position, and the positions for which the pool has fewer.
pub fn alternates<'a>(
    seating: &Seating<'_>,
    order: impl Iterator<Item = &'a Candidate>,
    wanted: u32,
) -> (Vec<Alternate>, Vec<Shortage>) {
    let mut open: BTreeMap<&Position, u32> = seating.places.keys().map(|place| (place, 0)).collect();
    let mut found = Vec::new();
    for candidate in order.filter(|c| !seating.is_seated(&c.id)) {
        if open.values().all(|count| *count >= wanted) {
            break;
        }
        let mut places = Vec::new();
        for (place, count) in open.iter_mut().filter(|(_, count)| **count < wanted) {
            if seating.places[*place].iter().any(|leaver| seating.fits(candidate, place, leaver)) {
                *count += 1;
                places.push((*place).clone());
            }
        }
        if !places.is_empty() {
            found.push(Alternate { expert: candidate.id.clone(), places });
        }
    }
    let lacking = open.into_iter().filter(|(_, count)| *count < wanted);
    let shortages = lacking.map(|(place, found)| Shortage { place: place.clone(), wanted, found }).collect();
    (found, shortages)
}
