//! 个人敏感信息: ID numbers, phones and bank cards of experts. Sealed at rest, masked everywhere; whoever needs one in clear gives a
//! reason, which the audit keeps, and sees it for a few minutes.

use crate::audit::{Action, Event};
use crate::{App, Context, Error, Result};
use chrono::Duration;
use domain::Timestamp;
use domain::access::{Errand, Permission};
use domain::audit::AuditRow;
use domain::ids::ExpertId;
use domain::people::{Number, check_purpose};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;
use store::Repositories;
use store::repo::personal::Datum;
use uuid::Uuid;

/// A number stays in clear on its page for so long after its reason was given.
const SHOWN_MINUTES: i64 = 5;
fn purpose(id: Uuid) -> String {
    format!("personal:{id}")
}

/// Seals numbers for filing. Only ID numbers are hashed: doubles are found by nothing else.
pub(crate) fn prepare(ctx: &Context, expert: ExpertId, numbers: &[(Number, &str)]) -> Result<Vec<Datum>> {
    let seal = |(kind, number): &(Number, &str)| {
        let id = ctx.id();
        Ok(Datum {
            id,
            expert,
            kind: *kind,
            masked: kind.mask(number),
            hash: (*kind == Number::IdNumber).then(|| keyed_hash(ctx, number)).transpose()?,
            sealed: Some(ctx.app.keys.seal(&purpose(id), number.as_bytes())?),
            filed_at: ctx.now(),
        })
    };
    numbers.iter().map(seal).collect()
}

/// HMAC-SHA-256 under the installation's key: recognises the same person without showing the number.
pub(crate) fn keyed_hash(ctx: &Context, number: &str) -> Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&ctx.app.hash_key)?;
    mac.update(number.as_bytes());
    Ok(hex::encode(mac.finalize().into_bytes()))
}

/// Whether a number is the one on file: by its keyed hash, or by what is sealed. What is forgotten is not.
pub(crate) fn is_same(ctx: &Context, filed: &Datum, number: &str) -> Result<bool> {
    if let Some(hash) = &filed.hash {
        return Ok(*hash == keyed_hash(ctx, number)?);
    }
    let kept = filed.sealed.as_deref().map(|sealed| unseal(&ctx.app, filed.id, sealed)).transpose()?;
    Ok(kept.is_some_and(|kept| kept == number))
}

/// A number as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    Masked { mask: String, kept: Sealing },
    Clear { number: String, until: Timestamp },
}

/// Whether a number can be unmasked at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealing {
    Sealed,
    /// Its retention has ended, or it was never kept.
    MaskOnly,
}

/// An expert's numbers: masked, and in clear where the caller gave a reason within the last minutes.
///
/// # Errors
/// `Denied` without `ReadExperts`; a number that cannot be opened.
pub async fn shown(ctx: &Context, expert: ExpertId) -> Result<BTreeMap<Number, Shown>> {
    ctx.require(Permission::ReadExperts)?;
    let open = open_until(ctx, expert).await?;
    let mut shown = BTreeMap::new();
    for datum in ctx.store().personal().of(expert).await? {
        let number = match (open.get(&datum.kind), &datum.sealed) {
            (Some(until), Some(sealed)) => Shown::Clear { number: unseal(&ctx.app, datum.id, sealed)?, until: *until },
            (_, sealed) => {
                let kept = if sealed.is_some() { Sealing::Sealed } else { Sealing::MaskOnly };
                Shown::Masked { mask: datum.masked, kept }
            }
        };
        shown.insert(datum.kind, number);
    }
    Ok(shown)
}

fn unseal(app: &App, id: Uuid, sealed: &str) -> Result<String> {
    String::from_utf8(app.keys.open(&purpose(id), sealed)?).map_err(|error| Error::Internal(error.to_string()))
}

/// The numbers that the caller unmasked within the last minutes. They are read from the audit; there is no other grant.
async fn open_until(ctx: &Context, expert: ExpertId) -> Result<BTreeMap<Number, Timestamp>> {
    if !ctx.may(Permission::UnmaskPersonal) {
        return Ok(BTreeMap::new());
    }
    let shown = Duration::minutes(SHOWN_MINUTES);
    let since = ctx.now() - shown;
    let rows = ctx.store().audit().recent(ctx.actor.account, Action::PersonalDataRead.key(), expert.0, since).await?;
    let grant = |row: AuditRow| match Event::read(&row.action, &row.object, &row.detail)? {
        Event::PersonalDataRead { number, .. } => Some((number, row.at + shown)),
        _ => None,
    };
    Ok(rows.into_iter().filter_map(grant).collect())
}

/// Unmasks one number for the caller, for a few minutes, and records why.
///
/// # Errors
/// `Denied` without `UnmaskPersonal`; `Rule` without a reason; `NotFound` for a number that is not kept.
pub async fn unmask(ctx: &Context, expert: ExpertId, kind: Number, reason: &str) -> Result<()> {
    ctx.require(Permission::UnmaskPersonal)?;
    let reason = reason.trim();
    check_purpose(reason)?;
    let kept = ctx.store().personal().of(expert).await?;
    if !kept.iter().any(|datum| datum.kind == kind && datum.sealed.is_some()) {
        return Err(Error::NotFound);
    }
    let code = ctx.store().experts().get(expert).await?.code;
    let entry = Event::PersonalDataRead { code, number: kind, reason: reason.to_owned() }.of(expert.0);
    ctx.store().write(async |tx| ctx.record(tx, entry).await).await
}

/// Seals again, with the newest key, what was sealed with another. Returns how many.
///
/// # Errors
/// A text cannot be opened; nothing is changed then.
pub async fn reseal(app: &App) -> Result<usize> {
    app.program(Errand::Keys)
        .write(async |tx| {
            let mut renewed = 0;
            for datum in tx.personal().sealed().await? {
                if let Some(sealed) = datum.sealed.filter(|sealed| !app.keys.is_current(sealed)) {
                    let number = app.keys.open(&purpose(datum.id), &sealed)?;
                    tx.personal().reseal(datum.id, app.keys.seal(&purpose(datum.id), &number)?).await?;
                    renewed += 1;
                }
            }
            Ok(renewed)
        })
        .await
}
