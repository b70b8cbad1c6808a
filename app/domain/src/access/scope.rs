//! 数据范围: which rows a caller's queries reach, and whose rows a caller's writes may touch.

use super::{Errand, Owner, Standing};
use crate::ids::{AccountId, ExpertId};
use crate::region::Recommender as Region;

/// The bound of all of a caller's queries and writes. The store gives no repository without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope(Caller);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    Program(Errand),
    Account(AccountId, Standing),
}

/// How much of a review a scope reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The whole review: the three departments run it together.
    All,
    /// The applications of one 推荐单位.
    Region(Region),
    /// One expert's seats, sheets and recusals, and the applications of the sheets that stand.
    Expert(ExpertId),
    /// Nothing of a review.
    Nothing,
}

/// Which accounts a scope reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountReach {
    All,
    Own(AccountId),
}

impl Scope {
    /// The scope of one of the program's own errands.
    pub const fn program(errand: Errand) -> Self {
        Self(Caller::Program(errand))
    }

    pub(super) const fn of(account: AccountId, standing: Standing) -> Self {
        Self(Caller::Account(account, standing))
    }

    pub const fn is_program(self) -> bool {
        matches!(self.0, Caller::Program(_))
    }

    /// The part of a review that is reached.
    pub const fn reach(self) -> Reach {
        match self.0 {
            Caller::Program(_)
            | Caller::Account(_, Standing::Coordinator(_) | Standing::Organizer | Standing::Supervisor) => Reach::All,
            Caller::Account(_, Standing::Expert(expert)) => Reach::Expert(expert),
            Caller::Account(_, Standing::Recommender(region)) => Reach::Region(region),
            Caller::Account(
                _,
                Standing::SystemAdmin | Standing::SecurityAdmin | Standing::Auditor | Standing::Unassigned,
            ) => Reach::Nothing,
        }
    }

    /// The accounts that are reached.
    pub const fn accounts(self) -> AccountReach {
        match self.0 {
            Caller::Program(_) | Caller::Account(_, Standing::SystemAdmin | Standing::SecurityAdmin) => {
                AccountReach::All
            }
            Caller::Account(own, _) => AccountReach::Own(own),
        }
    }

    /// The account that acts; none for the program.
    pub const fn account(self) -> Option<AccountId> {
        match self.0 {
            Caller::Program(_) => None,
            Caller::Account(own, _) => Some(own),
        }
    }

    /// Whether the audit is reached.
    pub const fn reads_audit(self) -> bool {
        match self.0 {
            Caller::Program(errand) => errand.reads_audit(),
            Caller::Account(_, standing) => matches!(standing, Standing::Auditor | Standing::Supervisor),
        }
    }

    /// Whether reported approaches (请托) are reached.
    pub const fn reads_approaches(self) -> bool {
        match self.0 {
            Caller::Program(errand) => errand.reads_approaches(),
            Caller::Account(_, standing) => matches!(standing, Standing::Supervisor),
        }
    }

    /// Whether what belongs to `owner` may be written.
    pub fn may_write(self, owner: Owner) -> bool {
        let (account, standing) = match self.0 {
            Caller::Program(errand) => return errand.may_write(owner),
            Caller::Account(account, standing) => (account, standing),
        };
        match owner {
            Owner::Review => runs_the_review(standing),
            Owner::Department(department) => standing == Standing::Coordinator(department),
            Owner::Expert(expert) => standing == Standing::Expert(expert),
            Owner::Concerning(expert) => runs_the_review(standing) || standing == Standing::Expert(expert),
            Owner::Account(own) | Owner::Credentials(own) => own == account,
            Owner::BrowserSessions(own) => {
                own == account || matches!(standing, Standing::SystemAdmin | Standing::SecurityAdmin)
            }
            Owner::Renewals => matches!(standing, Standing::SystemAdmin | Standing::SecurityAdmin),
            Owner::Accounts | Owner::Invitations => standing == Standing::SystemAdmin,
            Owner::Roles => standing == Standing::SecurityAdmin,
            Owner::Program => false,
        }
    }
}

/// A supervisor watches all of it, and changes nothing.
const fn runs_the_review(standing: Standing) -> bool {
    matches!(standing, Standing::Coordinator(_) | Standing::Organizer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Department;
    use uuid::Uuid;

    const OWN: AccountId = AccountId(Uuid::from_u128(1));
    const OTHER: AccountId = AccountId(Uuid::from_u128(2));
    const EXPERT: ExpertId = ExpertId(Uuid::from_u128(3));
    const COLLEAGUE: ExpertId = ExpertId(Uuid::from_u128(4));

    const EVERYONE: [Standing; 10] = [
        Standing::Coordinator(Department::Industry),
        Standing::Coordinator(Department::Science),
        Standing::Organizer,
        Standing::Expert(EXPERT),
        Standing::Recommender(Region::Baiyin),
        Standing::Supervisor,
        Standing::SystemAdmin,
        Standing::SecurityAdmin,
        Standing::Auditor,
        Standing::Unassigned,
    ];

    fn scope(standing: Standing) -> Scope {
        Scope::of(OWN, standing)
    }

    /// Those of everyone, in that order, who may write it.
    fn writers(owner: Owner) -> Vec<Standing> {
        EVERYONE.into_iter().filter(|standing| scope(*standing).may_write(owner)).collect()
    }

    #[test]
    fn only_those_who_run_or_watch_the_review_reach_all_of_it() {
        let reach = |standing| scope(standing).reach();
        assert_eq!(reach(Standing::Coordinator(Department::Science)), Reach::All);
        assert_eq!(reach(Standing::Organizer), Reach::All);
        assert_eq!(reach(Standing::Supervisor), Reach::All);
        assert_eq!(reach(Standing::Expert(EXPERT)), Reach::Expert(EXPERT));
        assert_eq!(reach(Standing::Recommender(Region::Baiyin)), Reach::Region(Region::Baiyin));
        for administrator in [Standing::SystemAdmin, Standing::SecurityAdmin, Standing::Auditor, Standing::Unassigned] {
            assert_eq!(reach(administrator), Reach::Nothing);
        }
    }

    #[test]
    fn a_department_is_bound_by_its_own_coordinator_and_nobody_else() {
        let industry = Standing::Coordinator(Department::Industry);
        assert_eq!(writers(Owner::Department(Department::Industry)), [industry]);
        assert_eq!(writers(Owner::Department(Department::Education)), []);
        assert!(!Scope::program(Errand::Demonstration).may_write(Owner::Department(Department::Industry)));
    }

    #[test]
    fn a_score_is_written_by_its_expert_and_nobody_else() {
        assert_eq!(writers(Owner::Expert(EXPERT)), [Standing::Expert(EXPERT)]);
        assert_eq!(writers(Owner::Expert(COLLEAGUE)), []);
        assert!(!Scope::program(Errand::Demonstration).may_write(Owner::Expert(EXPERT)));
    }

    #[test]
    fn supervisors_and_administrators_write_nothing_of_a_review() {
        let run = [
            Standing::Coordinator(Department::Industry),
            Standing::Coordinator(Department::Science),
            Standing::Organizer,
        ];
        assert_eq!(writers(Owner::Review), run);
        assert_eq!(writers(Owner::Concerning(COLLEAGUE)), run);
        assert_eq!(writers(Owner::Concerning(EXPERT)).len(), run.len() + 1);
    }

    #[test]
    fn accounts_are_kept_by_one_administrator_and_roles_by_another() {
        assert_eq!(writers(Owner::Accounts), [Standing::SystemAdmin]);
        assert_eq!(writers(Owner::Roles), [Standing::SecurityAdmin]);
        assert_eq!(writers(Owner::Credentials(OTHER)), []);
        assert_eq!(writers(Owner::Renewals), [Standing::SystemAdmin, Standing::SecurityAdmin]);
        assert_eq!(writers(Owner::BrowserSessions(OTHER)), [Standing::SystemAdmin, Standing::SecurityAdmin]);
        assert_eq!(writers(Owner::Account(OTHER)), []);
        assert_eq!(writers(Owner::Credentials(OWN)).len(), EVERYONE.len());
        assert_eq!(writers(Owner::Program), []);
    }

    #[test]
    fn only_administrators_reach_accounts_other_than_their_own() {
        let all: Vec<_> = EVERYONE.into_iter().filter(|s| scope(*s).accounts() == AccountReach::All).collect();
        assert_eq!(all, [Standing::SystemAdmin, Standing::SecurityAdmin]);
        assert_eq!(scope(Standing::Auditor).accounts(), AccountReach::Own(OWN));
    }

    #[test]
    fn an_errand_writes_its_own_things_only() {
        let errand = |errand, owner| Scope::program(errand).may_write(owner);
        for owner in [Owner::Review, Owner::Accounts, Owner::Roles, Owner::Account(OWN), Owner::Program] {
            assert!(!errand(Errand::Rule, owner), "a rule only reads");
            assert_eq!(errand(Errand::Draw, owner), owner == Owner::Review);
            assert_eq!(errand(Errand::Audit, owner), owner == Owner::Program);
        }
        for (own, foreign, who) in [
            (Owner::Account(OWN), Owner::Credentials(OWN), Errand::SignIn),
            (Owner::Accounts, Owner::Review, Errand::SetUp),
            (Owner::Credentials(OWN), Owner::Accounts, Errand::Recovery),
            (Owner::Credentials(OWN), Owner::Renewals, Errand::Renewal),
            (Owner::Accounts, Owner::Roles, Errand::Invitation),
            (Owner::Account(OWN), Owner::Credentials(OWN), Errand::Keys),
            (Owner::Review, Owner::Credentials(OWN), Errand::Retention),
        ] {
            assert!(errand(who, own) && !errand(who, foreign), "{who:?}");
        }
        assert!(Scope::program(Errand::Keys).reads_approaches() && !Scope::program(Errand::Keys).reads_audit());
        assert!(Scope::program(Errand::Audit).reads_audit() && !Scope::program(Errand::Audit).reads_approaches());
        assert!(!Scope::program(Errand::SignIn).reads_audit() && !Scope::program(Errand::Rule).reads_approaches());
    }
}
