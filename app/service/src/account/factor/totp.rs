//! Codes of a device (TOTP), and the recovery codes for when it is lost.

use super::Factor;
use crate::account::totp::{code_hash, opened, step_of};
use crate::audit::kinds::FactorUse;
use crate::{Context, Result};
use domain::account::Account;
use domain::second_factor::Pending;
use store::{Repositories, Tx};

/// A code of the account's device.
pub struct Totp;

impl Factor for Totp {
    /// The step that the code belongs to.
    type Used = i64;

    const USE: FactorUse = FactorUse::Code;

    async fn check(&self, ctx: &Context, account: &Account, answer: &str) -> Result<Option<i64>> {
        let device = ctx.store().second_factors().get(account.id).await?;
        let Some(device) = device.filter(|own| own.pending == Pending::No) else { return Ok(None) };
        let secret = opened(&ctx.app, account.id, &device.sealed)?;
        step_of(ctx, account, &secret, device.last_step, answer)
    }

    async fn spend(&self, _: &Context, tx: &Tx, account: &Account, step: &i64) -> Result<bool> {
        Ok(tx.second_factors().advance(account.id, *step).await?)
    }
}

/// One of the codes on paper.
pub struct Recovery;

impl Factor for Recovery {
    /// The keyed hash of the code.
    type Used = String;

    const USE: FactorUse = FactorUse::Recovery;

    async fn check(&self, ctx: &Context, account: &Account, answer: &str) -> Result<Option<String>> {
        code_hash(&ctx.app, account.id, answer).map(Some)
    }

    async fn spend(&self, ctx: &Context, tx: &Tx, account: &Account, hash: &String) -> Result<bool> {
        Ok(tx.second_factors().use_code(account.id, hash, ctx.now()).await?)
    }
}
