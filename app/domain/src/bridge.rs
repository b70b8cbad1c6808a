//! 连接评审: reviews across panels, by which calibration compares the panels.

use crate::ids::{ApplicationId, PanelId};
use crate::round::Method;

/// 连接评审: an application that the holder of a seat reviews beyond those of the own panel. It belongs to the seat: whoever takes over the
/// seat takes over the review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Bridge {
    pub panel: PanelId,
    pub number: i32,
    pub application: ApplicationId,
}

/// Why bridges cannot be planned so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BridgeError {
    #[error("没有可以安排的连接评审：其他评审组中没有专业相符且不须回避的专家")]
    NoCandidates,
    #[error("连接评审应为1至2000份、每名专家1至20份；锚定项目应为1至50项，每组1至3名专家评审")]
    Number,
    #[error("标准差应为0至50分，其中剩余标准差不小于0.01分")]
    Deviation,
    #[error("标准差应为0至50分，其中剩余标准差大于0")]
    Variance,
}

/// Why no bridges can be planned now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unbridgeable {
    #[error("本轮次的校准方法是{0}，不能利用连接评审；加性校正和混合效应校准可以，请先修改评审办法")]
    Method(Method),
    #[error("评审组尚无专家，抽取之后才能安排连接评审")]
    Unseated,
    #[error("只有一个评审组，不需要连接评审")]
    OnePanel,
    #[error("有的评审组没有专家，抽取之后才能安排连接评审")]
    EmptyPanel,
}
