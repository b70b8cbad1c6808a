//! 授权: the security administrator gives accounts their roles. 三员分立: nobody is two of the three administrators.

use super::{Account, Wanted};
use crate::audit::Event;
use crate::audit::kinds::Bound;
use crate::{Context, Result};
use domain::access::{Permission, Role, Standing};
use domain::ids::AccountId;
use store::Repositories;

/// All accounts, for whoever gives roles.
///
/// # Errors
/// `Denied` without `GrantRoles`.
pub async fn to_grant(ctx: &Context, wanted: &Wanted<'_>) -> Result<(Vec<Account>, u64)> {
    ctx.require(Permission::GrantRoles)?;
    super::listed(ctx, wanted).await
}

/// How many accounts wait for a role.
///
/// # Errors
/// `Denied` without `GrantRoles`.
pub async fn count_to_grant(ctx: &Context) -> Result<u64> {
    ctx.require(Permission::GrantRoles)?;
    Ok(ctx.store().accounts().count_of(Role::Unassigned).await?)
}

/// Gives an account a role with its scope, or takes it back with [`Standing::Unassigned`]. It is signed out everywhere.
///
/// # Errors
/// `Denied` without `GrantRoles`; `Rule` for one's own account, for experts, whose role comes with their seat, where one
/// administrator would become another without giving up the first, or where a person of the same name is one already.
pub async fn grant(ctx: &Context, id: AccountId, standing: Standing) -> Result<()> {
    ctx.require(Permission::GrantRoles)?;
    let accounts = ctx.store().accounts().all().await?;
    let account = accounts.iter().find(|a| a.id == id).ok_or(crate::Error::NotFound)?;
    account.may_become(standing, &accounts, ctx.actor.account)?;
    let (before, after) = (account.standing.role(), standing.role());
    let bound = match standing {
        Standing::Coordinator(department) => Some(Bound::Department(department)),
        Standing::Recommender(region) => Some(Bound::Region(region)),
        _ => None,
    };
    ctx.store()
        .write(async |tx| {
            tx.accounts().set_standing(id, standing).await?;
            tx.browser_sessions().close_all_of(id).await?;
            let event = Event::RoleGranted { login: account.login.clone(), from_role: before, role: after, bound };
            ctx.record(tx, event.of(id.0).changing(&account.standing, &standing)?).await
        })
        .await
}
