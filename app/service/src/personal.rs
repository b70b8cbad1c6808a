//! 个人敏感信息: ID numbers, phones and bank cards of experts. Sealed at rest, masked everywhere; whoever needs one in clear gives a
//! reason, which the audit keeps, and sees it for a few minutes.

use crate::audit::{Action, Event};
use crate::{App, Context, Error, Result, kept};
use chrono::Duration;
use domain::Timestamp;
use domain::access::{Errand, Permission};
use domain::audit::AuditRow;
use domain::expert::Expert;
use domain::ids::{ExpertId, RoundId};
use domain::people::{Number, check_purpose};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::{BTreeMap, HashMap, HashSet};
use store::Repositories;
use store::repo::personal::Datum;
use uuid::Uuid;

/// A number stays in clear on its page for so long after its reason was given.
const SHOWN_MINUTES: i64 = 5;
/// The phones of a whole round stay while its experts are called.
const CALLING_MINUTES: i64 = 60;

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

/// The phones of whoever has a seat in a round, as [`shown`] shows them: by expert, for whoever notifies them.
///
/// # Errors
/// `Denied` without `NotifyExperts`, `NotFound`; a number that cannot be opened.
pub async fn phones(ctx: &Context, round: RoundId) -> Result<HashMap<ExpertId, Shown>> {
    ctx.require(Permission::NotifyExperts)?;
    let open = phones_open_until(ctx, round).await?;
    let mut phones = HashMap::new();
    for (expert, datum) in seated_phones(ctx, round).await? {
        let shown = match (open.get(&expert.code), datum.sealed) {
            (Some(until), Some(sealed)) => Shown::Clear { number: unseal(&ctx.app, datum.id, &sealed)?, until: *until },
            (_, sealed) => {
                let kept = if sealed.is_some() { Sealing::Sealed } else { Sealing::MaskOnly };
                Shown::Masked { mask: datum.masked, kept }
            }
        };
        phones.insert(expert.id, shown);
    }
    Ok(phones)
}

async fn seated_phones(ctx: &Context, round: RoundId) -> Result<Vec<(Expert, Datum)>> {
    let current = ctx.store().current().await?;
    let (seats, pool) = (kept::seats(&current, round).await?, kept::pool(&current).await?);
    let seated: HashSet<ExpertId> = seats.iter().map(|seat| seat.expert).collect();
    let all = ctx.store().personal().all().await?;
    let own = all.into_iter().filter(|datum| datum.kind == Number::Phone && seated.contains(&datum.expert));
    Ok(own.filter_map(|datum| Some((pool.get(datum.expert)?.clone(), datum))).collect())
}

/// Until when the caller sees the phones of which experts of a round, by code.
async fn phones_open_until(ctx: &Context, round: RoundId) -> Result<HashMap<String, Timestamp>> {
    if !ctx.may(Permission::UnmaskPersonal) {
        return Ok(HashMap::new());
    }
    let shown = Duration::minutes(CALLING_MINUTES);
    let since = ctx.now() - shown;
    let rows = ctx.store().audit().recent(ctx.actor.account, Action::PersonalDataRead.key(), round.0, since).await?;
    let mut open = HashMap::new();
    for row in rows {
        if let Some(Event::PhonesRead { codes, .. }) = Event::read(&row.action, &row.object, &row.detail) {
            open.extend(codes.into_iter().map(|code| (code, row.at + shown)));
        }
    }
    Ok(open)
}

/// Unmasks the phones of whoever has a seat in a round for the caller, while they are called, and records whose and why.
///
/// # Errors
/// `Denied` without `NotifyExperts` and `UnmaskPersonal`; `Rule` without a reason; `NotFound` if nobody's is kept.
pub async fn unmask_phones(ctx: &Context, round: RoundId, reason: &str) -> Result<usize> {
    ctx.require(Permission::NotifyExperts)?;
    ctx.require(Permission::UnmaskPersonal)?;
    let reason = reason.trim();
    check_purpose(reason)?;
    ctx.store().rounds().get(round).await?;
    let phones = seated_phones(ctx, round).await?;
    let kept = phones.into_iter().filter(|(_, datum)| datum.sealed.is_some());
    let codes: Vec<String> = kept.map(|(expert, _)| expert.code).collect();
    if codes.is_empty() {
        return Err(Error::NotFound);
    }
    let count = codes.len();
    let entry = Event::PhonesRead { codes, reason: reason.to_owned() }.of_round(round);
    ctx.store().write(async |tx| ctx.record(tx, entry.clone()).await).await?;
    Ok(count)
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
