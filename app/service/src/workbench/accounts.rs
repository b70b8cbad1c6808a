//! What waits for the two who look after accounts.

use super::{Subject, Waiting};
use crate::{Context, Result, account, renewal};
use domain::access::{Permission, Role};
use domain::renewal::RenewalState;
use store::Repositories;

/// Accounts without a role; experts without an account; and, at the very beginning, that there is nobody to work yet.
pub(super) async fn waiting(ctx: &Context) -> Result<Vec<Waiting>> {
    let mut items = Vec::new();
    if ctx.may(Permission::GrantRoles) {
        let open = account::count_to_grant(ctx).await?;
        if open > 0 {
            items.push(Waiting {
                of: None,
                what: format!("{open} 个账号待授权"),
                why: "未授权的账号登录后什么都看不到".to_owned(),
                subject: Subject::Roles,
            });
        }
    }
    let (mut to_agree, mut to_do) = (0, 0);
    if ctx.may(Permission::ManageAccounts) || ctx.may(Permission::ReviewRenewals) {
        for own in renewal::open(ctx).await?.into_iter().filter(|own| own.awaits_caller) {
            if own.renewal.state == RenewalState::Asked { to_agree += 1 } else { to_do += 1 }
        }
    }
    if to_agree > 0 {
        items.push(Waiting {
            of: None,
            what: format!("{to_agree} 项凭据重置待复核"),
            why: "系统管理员提请；另行向本人核实后同意或退回".to_owned(),
            subject: Subject::Renewals,
        });
    }
    if to_do > 0 {
        items.push(Waiting {
            of: None,
            what: format!("{to_do} 项凭据重置已复核"),
            why: "由您办理，并把新的初始密码交给本人".to_owned(),
            subject: Subject::Accounts,
        });
    }
    if ctx.may(Permission::ManageAccounts) {
        let administrators = Role::ALL.iter().filter(|role| role.is_administrator()).count() as u64;
        if ctx.store().accounts().count().await? <= administrators {
            items.push(Waiting {
                of: None,
                what: "开通业务账号".to_owned(),
                why: "三厅协调员、组织者、监督员、推荐单位还没有账号；开通后由安全管理员授权".to_owned(),
                subject: Subject::Accounts,
            });
        }
        for (_, title, without) in account::rounds_to_invite(ctx).await? {
            items.push(Waiting {
                of: Some(title),
                what: format!("{without} 名已有席位的专家尚未开通账号"),
                why: "生成邀请链接，发给专家本人".to_owned(),
                subject: Subject::Accounts,
            });
        }
    }
    Ok(items)
}
