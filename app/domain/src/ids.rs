//! Identifiers: UUID v7 made by the caller's id source, one type per thing so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// 账号
    AccountId;
    /// 年度批次
    BatchId;
    /// 榜单任务
    TaskId;
    /// 任务考核指标
    IndicatorId;
    /// 申报
    ApplicationId;
    /// 专家
    ExpertId;
    /// 轮次
    RoundId;
    /// 评审组
    PanelId;
    /// 回避记录
    ConflictId;
    /// 抽取
    DrawId;
    /// 评分表
    SheetId;
    /// 一次保存
    SaveId;
    /// 复核
    ConsentId;
    /// 凭据重置
    RenewalId;
    /// 安全密钥
    KeyId;
    /// 导入
    ImportId;
    /// 计算记录（指派、校准、排序）
    RunId;
}
