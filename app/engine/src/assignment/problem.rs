//! The problem: applications, experts, how well they suit each other, and the rules.

use domain::rubric::ExpertRole;

/// The bit of a role in a set: bit r is role number r.
pub const fn role_bit(role: ExpertRole) -> u8 {
    1 << role as u8
}

/// A set of roles. For an expert the empty set means that any role may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct RoleSet(u8);

impl RoleSet {
    pub const EMPTY: Self = Self(0);

    #[must_use]
    pub const fn with(self, role: ExpertRole) -> Self {
        Self(self.0 | role_bit(role))
    }

    pub const fn contains(self, role: ExpertRole) -> bool {
        self.0 & role_bit(role) != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub const fn bits(self) -> u8 {
        self.0
    }

    pub fn iter(self) -> impl Iterator<Item = ExpertRole> {
        ExpertRole::ALL.iter().copied().filter(move |&r| self.contains(r))
    }
}

impl FromIterator<ExpertRole> for RoleSet {
    fn from_iter<I: IntoIterator<Item = ExpertRole>>(roles: I) -> Self {
        roles.into_iter().fold(Self::EMPTY, Self::with)
    }
}

/// How well an expert suits an application (匹配度), in millionths: an integer from −1,000,000 to 1,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Affinity(i32);

impl Affinity {
    pub const ONE: i32 = 1_000_000;

    /// Rounds to 10⁻⁶, halves away from zero; `None` for NaN and outside [−1, 1].
    pub fn from_f64(value: f64) -> Option<Self> {
        if !(-1.0..=1.0).contains(&value) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "the range was checked: at most a million either way")]
        Some(Self((value * f64::from(Self::ONE)).round() as i32))
    }

    /// `None` outside ±1,000,000.
    pub const fn from_micro(micro: i32) -> Option<Self> {
        if micro >= -Self::ONE && micro <= Self::ONE { Some(Self(micro)) } else { None }
    }

    pub const fn micro(self) -> i32 {
        self.0
    }

    pub fn to_f64(self) -> f64 {
        f64::from(self.0) / f64::from(Self::ONE)
    }
}

/// An application and the panel it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationDemand {
    pub id: String,
    /// Experts needed, exactly.
    pub demand: u32,
    /// Of these at least so many of each role, in the order of [`ExpertRole::ALL`].
    pub minima: [u32; 3],
}

/// An expert and what may be asked of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpertSupply {
    pub id: String,
    /// Applications to be reviewed: at least, at most.
    pub min_load: u32,
    pub max_load: u32,
    /// Empty: any.
    pub roles: RoleSet,
    /// Experts of one employer (工作单位) share the employer cap. `None`: no cap applies.
    pub employer: Option<String>,
    pub region: Option<String>,
}

/// An expert and an application, by position in [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    pub expert: u32,
    pub application: u32,
}

/// An eligible pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    pub expert: u32,
    pub application: u32,
    pub affinity: Affinity,
}

/// A conflict of interest (回避): the pair must never be assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub link: Link,
    pub reason: String,
}

/// The order of preference among the assignments that keep every rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Objective {
    /// The largest sum of affinities.
    #[default]
    Total,
    /// The largest sum for the worst-off application, then the largest total.
    Fair,
    /// The most links of an earlier assignment, then the largest total.
    Keep(Vec<Link>),
}

/// One assignment problem. The order of every list is immaterial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub applications: Vec<ApplicationDemand>,
    pub experts: Vec<ExpertSupply>,
    pub pairs: Vec<Pair>,
    pub conflicts: Vec<Conflict>,
    /// Links that must be in the result.
    pub locks: Vec<Link>,
    /// Experts of one employer on one application, at most.
    pub employer_cap: u32,
    pub objective: Objective,
}

impl Default for Problem {
    fn default() -> Self {
        Self {
            applications: Vec::new(),
            experts: Vec::new(),
            pairs: Vec::new(),
            conflicts: Vec::new(),
            locks: Vec::new(),
            employer_cap: 1,
            objective: Objective::Total,
        }
    }
}

/// A problem that means nothing; the file readers never make one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    #[error("application id {0:?} is empty or occurs twice")]
    ApplicationId(String),
    #[error("expert id {0:?} is empty or occurs twice")]
    ExpertId(String),
    #[error("expert {0:?}: the least load is above the greatest")]
    LoadBounds(String),
    #[error("a link names an application or expert that is not listed: {0:?}")]
    UnknownLink(Link),
    #[error("pair of expert {expert:?} and application {application:?} is listed twice")]
    DuplicatePair { expert: String, application: String },
    #[error("more than 2^30 seats, pairs or people")]
    TooLarge,
}
