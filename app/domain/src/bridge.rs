//! 连接评审: reviews across panels, by which calibration compares the panels.

use crate::ids::{ApplicationId, PanelId};

/// 连接评审: an application that the holder of a seat reviews beyond those of the own panel. It belongs to the seat: whoever takes over the
/// seat takes over the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bridge {
    pub panel: PanelId,
    pub number: i32,
    pub application: ApplicationId,
}
