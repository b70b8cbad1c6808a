//! The seats of chosen experts: each sits in a required role where possible.

use super::model::{Model, index};
use super::problem::role_bit;
use super::seat_role::SeatRole;
use super::solution::Assigned;
use domain::rubric::ExpertRole;

const ALL_ROLES: u8 = 0b111;

/// Chosen pairs with their seats, by application and expert.
pub fn assigned(model: &Model, chosen: &[u32]) -> Vec<Assigned> {
    let mut out = Vec::with_capacity(chosen.len());
    for group in chosen.chunk_by(|a, b| model.application_of(*a) == model.application_of(*b)) {
        let i = model.application_of(group[0]);
        let roles: Vec<u8> = group.iter().map(|&at| model.experts[index(model.columns[index(at)])].roles).collect();
        let roles = fill(model.applications[index(i)].minima, &roles);
        for (&at, role) in group.iter().zip(roles) {
            let (application, expert) = model.ids(i, model.columns[index(at)]);
            out.push(Assigned {
                application: application.to_owned(),
                expert: expert.to_owned(),
                role,
                affinity: model.affinity(at),
            });
        }
    }
    out
}

/// Seats for experts with the given role bits: as many required seats as possible are filled (augmenting paths, first expert
/// first); whoever is left sits in their first role, or anywhere if all roles are open to them.
pub fn fill(minima: [u32; 3], experts: &[u8]) -> Vec<SeatRole> {
    let required: Vec<ExpertRole> = ExpertRole::ALL
        .iter()
        .zip(minima)
        .flat_map(|(role, least)| std::iter::repeat_n(*role, index(least)))
        .take(experts.len() * 3)
        .collect();
    let mut holder: Vec<Option<usize>> = vec![None; required.len()];
    for e in 0..experts.len() {
        let mut tried = vec![false; required.len()];
        augment(e, experts, &required, &mut holder, &mut tried);
    }
    let mut seats: Vec<SeatRole> = experts.iter().map(|&roles| own(roles)).collect();
    for (role, e) in required.iter().zip(&holder) {
        if let Some(e) = *e {
            seats[e] = SeatRole::from(*role);
        }
    }
    seats
}

fn own(roles: u8) -> SeatRole {
    let first = ExpertRole::ALL.iter().copied().find(|role| roles & role_bit(*role) != 0);
    first.filter(|_| roles != ALL_ROLES).map_or(SeatRole::Any, SeatRole::from)
}

fn augment(
    e: usize,
    experts: &[u8],
    required: &[ExpertRole],
    holder: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    for (s, role) in required.iter().enumerate() {
        if tried[s] || experts[e] & role_bit(*role) == 0 {
            continue;
        }
        tried[s] = true;
        let free = match holder[s] {
            None => true,
            Some(other) => augment(other, experts, required, holder, tried),
        };
        if free {
            holder[s] = Some(e);
            return true;
        }
    }
    false
}
