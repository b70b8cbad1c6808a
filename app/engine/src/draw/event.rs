//! 递补记录: one replacement after the draw, and the seats that changed hands by it.

use super::walk::PassedOver;
use crate::assignment::Assigned;
use serde::{Deserialize, Serialize};

/// A seat that somebody leaves, and the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vacancy {
    pub expert: String,
    /// `None`: the expert leaves altogether (declined, fallen ill); otherwise this panel or application only (recused).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    pub reason: String,
    /// Who of the pool cannot be called to a seat any more, by what became known since it was closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unavailable: Vec<Unavailable>,
}

/// Somebody of the pool who cannot take a seat any more, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unavailable {
    pub expert: String,
    /// `None`: no seat at all (suspended, found to be somebody else); otherwise not this panel or application (recused since).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    pub reason: String,
}

/// A seat that changed hands. Moves of others are listed as well; there are none if somebody fitted as things stood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub left: Vec<Assigned>,
    pub joined: Vec<Assigned>,
}

/// One replacement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub vacancy: Vacancy,
    pub successor: String,
    pub kind: Kind,
    /// Those before the successor in lot order who were named alternates for the place, and why they could not take it.
    pub passed_over: Vec<Skipped>,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    pub expert: String,
    pub reason: PassedOver,
}

/// The way in which the successor was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 备选递补
    Alternate,
    /// 补充抽取: the lot order was continued beyond the alternates.
    Supplementary,
}

impl Event {
    /// Whether the lot order was continued beyond the alternates (补充抽取).
    pub fn is_supplementary(&self) -> bool {
        self.kind == Kind::Supplementary
    }

    pub fn apply(&self, mut seating: Vec<Assigned>) -> Vec<Assigned> {
        let same = |a: &Assigned, b: &Assigned| a.application == b.application && a.expert == b.expert;
        seating.retain(|one| !self.change.left.iter().any(|left| same(one, left)));
        seating.extend(self.change.joined.iter().cloned());
        seating.sort_by(|a, b| (&a.application, &a.expert).cmp(&(&b.application, &b.expert)));
        seating
    }
}
