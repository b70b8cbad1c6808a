//! 席位要求: how many experts of which role each panel takes, and under which limits.

use crate::rubric::ExpertRole;
use serde::{Deserialize, Serialize};

/// 席位要求
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// Seats per panel by role.
    pub technical: u32,
    pub finance: u32,
    pub management: u32,
    /// Experts of one employer in one panel, at most.
    pub employer_cap: u32,
    /// Applications of the panel from which a seated expert may be recused, at most.
    pub recusals: u32,
}

/// Why no panel can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DemandError {
    #[error("每组专家应为5、7或9人")]
    Seats,
    #[error("同一单位专家上限应不少于1人")]
    EmployerCap,
}

impl Default for Demand {
    fn default() -> Self {
        Self { technical: 5, finance: 1, management: 1, employer_cap: 1, recusals: 0 }
    }
}

impl Demand {
    pub const fn seats(&self) -> u32 {
        self.technical + self.finance + self.management
    }

    /// Seats of one role in each panel.
    pub const fn seats_of(&self, role: ExpertRole) -> u32 {
        match role {
            ExpertRole::Technical => self.technical,
            ExpertRole::Finance => self.finance,
            ExpertRole::Management => self.management,
        }
    }

    #[must_use]
    pub const fn with(mut self, role: ExpertRole, seats: u32) -> Self {
        match role {
            ExpertRole::Technical => self.technical = seats,
            ExpertRole::Finance => self.finance = seats,
            ExpertRole::Management => self.management = seats,
        }
        self
    }

    /// 评审组由5人以上单数组成.
    ///
    /// # Errors
    /// Another number of seats, or a cap that lets nobody in.
    pub const fn check(&self) -> Result<(), DemandError> {
        let seats = self.seats();
        if seats < 5 || seats > 9 || seats.is_multiple_of(2) {
            return Err(DemandError::Seats);
        }
        if self.employer_cap == 0 { Err(DemandError::EmployerCap) } else { Ok(()) }
    }
}

impl std::fmt::Display for Demand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (place, role) in ExpertRole::ALL.iter().enumerate() {
            let comma = if place == 0 { "" } else { "、" };
            write!(f, "{comma}{role}{}名", self.seats_of(*role))?;
        }
        write!(f, "，同一单位至多{}名，回避至多{}项", self.employer_cap, self.recusals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_is_five_seven_or_nine() {
        let of = |technical| Demand { technical, ..Demand::default() }.check();
        assert_eq!([3, 5, 7].map(of), [Ok(()); 3]);
        assert_eq!([1, 4, 9].map(of), [Err(DemandError::Seats); 3]);
        assert_eq!(Demand { employer_cap: 0, ..Demand::default() }.check(), Err(DemandError::EmployerCap));
    }
}
