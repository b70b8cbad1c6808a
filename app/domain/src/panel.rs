//! 评审组: the applications that one group of experts reviews together.

use crate::ids::{PanelId, RoundId};
use crate::sector::Sector;

/// 评审组
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Panel {
    pub id: PanelId,
    pub round: RoundId,
    pub seq: i32,
    pub name: String,
    pub sector: Sector,
}
