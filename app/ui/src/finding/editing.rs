//! Whether objective points may be changed here and now, and if not, why.

use domain::access::Permission;
use domain::round::{Freeze, Round, Work};
use service::Context;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Editing {
    Open,
    ReadOnly,
    NotFrozen,
    Over,
}

impl Editing {
    pub fn of(ctx: &Context, round: &Round) -> Self {
        if !ctx.may(Permission::ScoreObjective) {
            Self::ReadOnly
        } else if round.permits(Work::EstablishObjectives).is_err() {
            Self::Over
        } else if matches!(round.frozen, Freeze::Open) {
            Self::NotFrozen
        } else {
            Self::Open
        }
    }

    pub const fn notice(self) -> Option<&'static str> {
        match self {
            Self::Open => None,
            Self::ReadOnly => Some("由协调员登记；您可以查看。"),
            Self::NotFrozen => Some("评审办法尚未冻结，还不能登记。请先在“细则与办法”由三厅会签冻结。"),
            Self::Over => Some("核对已结束，不再变更。"),
        }
    }
}
