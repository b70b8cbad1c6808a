//! Who sits where on one panel.

use super::problem::Role;
use serde::{Deserialize, Serialize};

/// The role in which an expert sits on a panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    Technical,
    Finance,
    Management,
    /// 不限: a seat without a required role, taken by an expert who may take any.
    Any,
}

impl From<Role> for Seat {
    fn from(role: Role) -> Self {
        match role {
            Role::Technical => Self::Technical,
            Role::Finance => Self::Finance,
            Role::Management => Self::Management,
        }
    }
}

impl Seat {
    pub fn role(self) -> Option<Role> {
        match self {
            Self::Technical => Some(Role::Technical),
            Self::Finance => Some(Role::Finance),
            Self::Management => Some(Role::Management),
            Self::Any => None,
        }
    }

    /// The name officials read.
    pub fn label(self) -> &'static str {
        self.role().map_or("不限", Role::label)
    }
}

const ALL_ROLES: u8 = 0b111;

/// Seats for experts with the given role bits: as many required seats as possible are filled (augmenting paths, first expert
/// first); whoever is left sits in their first role, or anywhere if all roles are open to them.
pub fn seat(minima: [u32; 3], experts: &[u8]) -> Vec<Seat> {
    let required: Vec<Role> = Role::ALL
        .into_iter()
        .flat_map(|r| std::iter::repeat_n(r, minima[r.index()] as usize))
        .take(experts.len() * 3)
        .collect();
    let mut holder: Vec<Option<usize>> = vec![None; required.len()];
    for e in 0..experts.len() {
        let mut tried = vec![false; required.len()];
        augment(e, experts, &required, &mut holder, &mut tried);
    }
    let mut seats: Vec<Seat> = experts.iter().map(|&roles| own(roles)).collect();
    for (role, e) in required.iter().zip(&holder) {
        if let Some(e) = *e {
            seats[e] = Seat::from(*role);
        }
    }
    seats
}

fn own(roles: u8) -> Seat {
    let first = Role::ALL.into_iter().find(|r| roles & 1 << r.index() != 0);
    first.filter(|_| roles != ALL_ROLES).map_or(Seat::Any, Seat::from)
}

fn augment(e: usize, experts: &[u8], required: &[Role], holder: &mut [Option<usize>], tried: &mut [bool]) -> bool {
    for (s, role) in required.iter().enumerate() {
        if tried[s] || experts[e] & 1 << role.index() == 0 {
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
