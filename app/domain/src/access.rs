//! 角色与权限: who may do what, as data.

mod errand;
mod owner;
pub mod person;
mod restriction;
mod scope;

pub use errand::Errand;
pub use owner::Owner;
pub use restriction::Restriction;
pub use scope::{AccountReach, Reach, Scope};

use crate::ids::{AccountId, ExpertId};
use crate::region::Recommender as Region;
use serde::{Deserialize, Serialize};

crate::coded! {
    /// 三个部门
    Department {
        Industry = "gxt", "省工信厅";
        Education = "jyt", "省教育厅";
        Science = "kjt", "省科技厅";
    }
}

crate::coded! {
    /// 角色
    Role {
        Coordinator = "coordinator", "协调员";
        Organizer = "organizer", "组织者";
        Expert = "expert", "专家";
        Recommender = "recommender", "推荐单位";
        Supervisor = "supervisor", "监督员";
        SystemAdmin = "system_admin", "系统管理员";
        SecurityAdmin = "security_admin", "安全管理员";
        Auditor = "auditor", "审计员";
        /// An account that nobody has given a role yet.
        Unassigned = "unassigned", "待授权";
    }
}

crate::coded! {
    /// 权限: what a service asks before anything else.
    Permission {
        ReadRound = "read_round", "查看批次、任务、申报与轮次";
        ReadExperts = "read_experts", "查看专家库";
        ReadConflicts = "read_conflicts", "查看回避";
        ReadProgress = "read_progress", "查看评审进度";
        ReadScores = "read_scores", "查看评分汇总";
        ReadResults = "read_results", "查看校准与排序";
        ReadAudit = "read_audit", "查看审计记录";
        ManageProgramme = "manage_programme", "维护批次与任务";
        ImportData = "import_data", "导入专家库与汇总表";
        ReviewFormality = "review_formality", "形式审查";
        DecideConflicts = "decide_conflicts", "认定回避";
        AssignExperts = "assign_experts", "分组与指派";
        DrawExperts = "draw_experts", "抽取专家";
        FreezeTerms = "freeze_terms", "确定细则与评审办法";
        NotifyExperts = "notify_experts", "通知抽中的专家";
        RunSession = "run_session", "组织评审会";
        ScoreObjective = "score_objective", "登记客观分";
        Score = "score", "评分";
        Calibrate = "calibrate", "校准与排序";
        Countersign = "countersign", "三厅会签";
        Export = "export", "导出";
        ManageAccounts = "manage_accounts", "账号管理";
        GrantRoles = "grant_roles", "授予角色";
        ReviewRenewals = "review_renewals", "复核凭据重置";
        ReadApproaches = "read_approaches", "查看请托记录";
        ReadOwnRegion = "read_own_region", "查看本地区申报";
        UnmaskPersonal = "unmask_personal", "查看专家的完整身份证号、手机号、银行卡号";
    }
}

impl Role {
    /// Whether signing in takes a second factor wherever the program runs: whoever organizes, supervises or administers.
    pub const fn needs_second_factor(self) -> bool {
        self.is_administrator() || matches!(self, Self::Coordinator | Self::Organizer | Self::Supervisor)
    }

    /// 三员: administrators of accounts, of permissions and of records. No person is two of them.
    pub const fn is_administrator(self) -> bool {
        matches!(self, Self::SystemAdmin | Self::SecurityAdmin | Self::Auditor)
    }

    /// Whether the role has the permission. Nothing else grants anything.
    pub const fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Coordinator => !matches!(
                permission,
                P::Score
                    | P::ManageAccounts
                    | P::GrantRoles
                    | P::ReviewRenewals
                    | P::ReadAudit
                    | P::ReadApproaches
                    | P::NotifyExperts
                    | P::ReadOwnRegion
            ),
            Self::Organizer => matches!(
                permission,
                P::ReadRound
                    | P::ReadExperts
                    | P::ReadProgress
                    | P::ReadScores
                    | P::ReadResults
                    | P::RunSession
                    | P::NotifyExperts
                    | P::UnmaskPersonal
                    | P::Export
            ),
            Self::Expert => matches!(permission, P::Score),
            Self::Recommender => matches!(permission, P::ReadOwnRegion),
            Self::Supervisor => matches!(
                permission,
                P::ReadRound
                    | P::ReadExperts
                    | P::ReadConflicts
                    | P::ReadProgress
                    | P::ReadScores
                    | P::ReadResults
                    | P::ReadAudit
                    | P::ReadApproaches
            ),
            Self::SystemAdmin => matches!(permission, P::ManageAccounts),
            Self::SecurityAdmin => matches!(permission, P::GrantRoles | P::ReviewRenewals),
            Self::Auditor => matches!(permission, P::ReadAudit),
            Self::Unassigned => false,
        }
    }
}

/// The acting account with its role and what the role is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub account: AccountId,
    pub name: String,
    pub standing: Standing,
}

/// A role together with the scope it acts in, so that a coordinator without a department cannot exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    Coordinator(Department),
    Organizer,
    Expert(ExpertId),
    Recommender(Region),
    Supervisor,
    SystemAdmin,
    SecurityAdmin,
    Auditor,
    Unassigned,
}

/// The caller may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("没有“{0}”的权限")]
pub struct Denied(pub Permission);

impl Standing {
    pub const fn role(self) -> Role {
        match self {
            Self::Coordinator(_) => Role::Coordinator,
            Self::Organizer => Role::Organizer,
            Self::Expert(_) => Role::Expert,
            Self::Recommender(_) => Role::Recommender,
            Self::Supervisor => Role::Supervisor,
            Self::SystemAdmin => Role::SystemAdmin,
            Self::SecurityAdmin => Role::SecurityAdmin,
            Self::Auditor => Role::Auditor,
            Self::Unassigned => Role::Unassigned,
        }
    }
}

impl Actor {
    /// The rows that the actor's queries reach.
    pub const fn scope(&self) -> Scope {
        Scope::of(self.account, self.standing)
    }

    /// The 推荐单位 an account acts for.
    ///
    /// # Errors
    /// `Denied` for everyone else.
    pub const fn region(&self) -> Result<Region, Denied> {
        match self.standing {
            Standing::Recommender(region) => Ok(region),
            _ => Err(Denied(Permission::ReadOwnRegion)),
        }
    }

    /// # Errors
    /// `Denied` unless the actor's role holds the permission.
    pub const fn require(&self, permission: Permission) -> Result<(), Denied> {
        if self.standing.role().may(permission) { Ok(()) } else { Err(Denied(permission)) }
    }

    /// The department a coordinator acts for.
    ///
    /// # Errors
    /// `Denied` for everyone else.
    pub const fn department(&self) -> Result<Department, Denied> {
        match self.standing {
            Standing::Coordinator(department) => Ok(department),
            _ => Err(Denied(Permission::Countersign)),
        }
    }

    /// The expert an expert's account belongs to.
    ///
    /// # Errors
    /// `Denied` for everyone else.
    pub const fn as_expert(&self) -> Result<ExpertId, Denied> {
        match self.standing {
            Standing::Expert(expert) => Ok(expert),
            _ => Err(Denied(Permission::Score)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organizers_never_touch_a_score() {
        assert!(!Role::Organizer.may(Permission::Score));
        assert!(!Role::Organizer.may(Permission::ScoreObjective));
    }

    #[test]
    fn supervisors_only_read() {
        for permission in Permission::ALL.iter().filter(|p| !p.key().starts_with("read_")) {
            assert!(!Role::Supervisor.may(*permission), "{permission}");
        }
    }

    #[test]
    fn administrators_see_no_business_data() {
        let granted = |role: Role| Permission::ALL.iter().copied().filter(|p| role.may(*p)).collect::<Vec<_>>();
        assert_eq!(granted(Role::SystemAdmin), [Permission::ManageAccounts]);
        assert_eq!(granted(Role::SecurityAdmin), [Permission::GrantRoles, Permission::ReviewRenewals]);
        assert_eq!(granted(Role::Auditor), [Permission::ReadAudit]);
        assert_eq!(granted(Role::Unassigned), []);
    }

    #[test]
    fn experts_see_nothing_but_their_own_sheets() {
        let granted: Vec<_> = Permission::ALL.iter().filter(|p| Role::Expert.may(**p)).collect();
        assert_eq!(granted, [&Permission::Score]);
    }
}
