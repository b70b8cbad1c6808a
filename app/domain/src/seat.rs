//! 席位: a place in a panel and the expert who holds it.

use crate::ids::{ExpertId, PanelId, RoundId};
use crate::rubric::ExpertRole;

crate::coded! {
    /// 到会情况
    Presence {
        Expected = "expected", "待签到";
        Present = "present", "已签到";
        Absent = "absent", "缺席";
    }
}

/// 席位
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Seat {
    pub id: uuid::Uuid,
    pub round: RoundId,
    pub panel: PanelId,
    pub expert: ExpertId,
    pub number: i32,
    pub role: ExpertRole,
    pub presence: Presence,
}

/// An expert with a seat in a round that is not archived.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} 在尚未归档的轮次中有席位，归档后才能匿名化")]
pub struct StillSeated(pub String);
