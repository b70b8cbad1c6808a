//! 授权: the security administrator gives accounts their roles. 三员分立: nobody is two of the three administrators.

use super::{Account, Wanted};
use crate::audit::Event;
use crate::audit::kinds::Bound;
use crate::{Context, Error, Result};
use domain::access::{Permission, Role, Standing};
use domain::account::NotGranted;
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

/// A role that is to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Granting {
    pub account: AccountId,
    /// What the giver saw.
    pub from: Standing,
    pub to: Standing,
}

/// Gives an account a role with its scope, or takes it back with [`Standing::Unassigned`]. It is signed out everywhere.
///
/// # Errors
/// As [`grant_all`].
pub async fn grant(ctx: &Context, id: AccountId, standing: Standing) -> Result<()> {
    ctx.require(Permission::GrantRoles)?;
    let from = ctx.store().accounts().get(id).await?.standing;
    grant_all(ctx, &[Granting { account: id, from, to: standing }]).await
}

/// Gives several accounts their roles, all or none, one after the other. Each is signed out everywhere.
///
/// # Errors
/// `Denied` without `GrantRoles`; `NotFound`; `Stale` where an account has another role than the giver saw; `Rule` naming the account: for one's own, for
/// experts, whose role comes with their seat, where one administrator would become another without giving up the first, or where a person of
/// the same name is one already.
pub async fn grant_all(ctx: &Context, grantings: &[Granting]) -> Result<()> {
    ctx.require(Permission::GrantRoles)?;
    let mut accounts = ctx.store().accounts().all().await?;
    let mut changes = Vec::new();
    for Granting { account, from, to } in grantings {
        let place = accounts.iter().position(|own| own.id == *account).ok_or(Error::NotFound)?;
        let Account { standing, login, .. } = accounts[place].clone();
        if standing != *from {
            return Err(Error::Stale);
        }
        accounts[place].may_become(*to, &accounts, ctx.actor.account).map_err(|why| NotGranted {
            account: *account,
            login: login.clone(),
            why,
        })?;
        accounts[place].standing = *to;
        changes.push((*account, login, *from, *to));
    }
    ctx.store()
        .write(async |tx| {
            for (id, login, from, to) in &changes {
                tx.accounts().set_standing(*id, *to).await?;
                tx.browser_sessions().close_all_of(*id).await?;
                let (before, after) = (from.role(), to.role());
                let login = login.clone();
                let event = Event::RoleGranted { login, from_role: before, role: after, bound: bound(*to) };
                ctx.record(tx, event.of(id.0).changing(from, to)?).await?;
            }
            Ok(())
        })
        .await
}

const fn bound(standing: Standing) -> Option<Bound> {
    match standing {
        Standing::Coordinator(department) => Some(Bound::Department(department)),
        Standing::Recommender(region) => Some(Bound::Region(region)),
        _ => None,
    }
}
