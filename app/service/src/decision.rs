//! 三厅会签: each department signs the digest of exactly what it saw; a changed content needs new signatures.

use crate::account::{Signed, Statement, check_proof, sign_offer, signed as signed_by};
use crate::audit::Event;
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::{Context, Error, Result};
use domain::access::{Department, Permission};
use domain::account::EnrolmentError;
use domain::countersign::{Countersign, Countersigns};
use domain::ids::{AccountId, RoundId};
use domain::round::{Freeze, Gate, Round, Work};
use store::{Current, Repositories, Topic};

/// The digest a signature under this gate stands for now; `None` while there is nothing to sign.
async fn current_digest(review: &Current<'_>, dossier: &Dossier, gate: Gate) -> Result<Option<String>> {
    match gate {
        Gate::Terms => Ok(Some(crate::round::terms_digest(&dossier.round)?)),
        Gate::Shortlist => {
            let kept = crate::ranking::last(review, dossier.round.id).await?;
            Ok(kept.map(|kept| kept.digest.clone()))
        }
    }
}

/// The signatures that stand under the present content; `None` while there is nothing to sign.
pub(crate) async fn signed(review: &Current<'_>, dossier: &Dossier, gate: Gate) -> Result<Option<Countersigns>> {
    let Some(digest) = current_digest(review, dossier, gate).await? else { return Ok(None) };
    let round = dossier.round.id;
    let load = async || Ok::<_, Error>(review.store().rounds().countersigns(round).await?);
    let all = review.kept(round.0, &[Topic::Rounds], load).await?;
    Ok(Some(Countersigns::under(gate, digest, (*all).clone())))
}

/// The content to sign, and the departments that have signed it.
#[derive(Debug, Clone)]
pub struct Signing {
    pub gate: Gate,
    pub digest: Option<String>,
    pub signed: Vec<Signature>,
}

/// A signature as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub department: Department,
    pub name: String,
    pub at: domain::Timestamp,
    pub by: SignedBy,
}

/// What stands behind a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedBy {
    /// The signer's session.
    Session,
    /// A security key, whose signature under the content was checked again just now.
    Key,
    /// What is kept as a key's signature is none under this content.
    Nothing,
}

/// # Errors
/// `Denied` without `ReadRound`, `NotFound`.
pub async fn signing(ctx: &Context, round: RoundId, gate: Gate) -> Result<Signing> {
    ctx.require(Permission::ReadRound)?;
    let review = ctx.store().current().await?;
    let dossier = Dossier::at(&review, round).await?;
    let Some(signs) = signed(&review, &dossier, gate).await? else {
        return Ok(Signing { gate, digest: None, signed: Vec::new() });
    };
    let signers: Vec<_> = signs.signed().iter().map(|sign| sign.account).collect();
    let names = ctx.store().accounts().names_of(&signers).await?;
    let name = |sign: &Countersign| names.get(&sign.account).cloned().unwrap_or_default();
    let signature = |sign: &Countersign| {
        let Countersign { department, at, .. } = *sign;
        Signature { department, name: name(sign), at, by: signed_with(sign) }
    };
    let signed = signs.signed().iter().map(signature).collect();
    Ok(Signing { gate, digest: Some(signs.digest().to_owned()), signed })
}

fn signed_with(sign: &Countersign) -> SignedBy {
    let Some(proof) = &sign.proof else { return SignedBy::Session };
    let Countersign { round, gate, department, .. } = *sign;
    let statement = Statement { round, gate, department, digest: sign.digest.clone() };
    if check_proof(&statement, proof) { SignedBy::Key } else { SignedBy::Nothing }
}

/// What the caller's security keys are asked to sign, as JSON for the browser. `None` without keys, or while there is nothing to sign.
///
/// # Errors
/// `Denied` for anyone but a coordinator; `NotFound`.
pub async fn question(ctx: &Context, round: RoundId, gate: Gate, digest: &str) -> Result<Option<String>> {
    ctx.require(Permission::Countersign)?;
    let department = ctx.actor.department()?;
    let keys = ctx.store().security_keys().of(ctx.actor.account).await?;
    sign_offer(ctx, &keys, &Statement { round, gate, department, digest: digest.to_owned() })
}

/// Signs for the caller's department. The third signature under the terms freezes them.
///
/// # Errors
/// As [`countersign_by_key`]; `Rule` for whoever has a security key and has to use it.
pub async fn countersign(ctx: &Context, round: RoundId, gate: Gate, digest: &str) -> Result<()> {
    Box::pin(countersign_by_key(ctx, round, gate, digest, "")).await
}

/// The same with the answer of a security key to [`question`], which whoever has one gives.
///
/// # Errors
/// `Denied` for anyone but a coordinator; `Rule` for an answer that is no signature under exactly this content; `Stale` if the content is no longer what the caller saw; `Rule` if the
/// department has signed, or the same person for another department; `Rule` outside the gate's step.
pub async fn countersign_by_key(ctx: &Context, round: RoundId, gate: Gate, digest: &str, answer: &str) -> Result<()> {
    let ctx = &intact(ctx, Permission::Countersign, round).await?;
    let department = ctx.actor.department()?;
    let dossier = Dossier::load(ctx, round).await?;
    match gate {
        Gate::Terms => {
            dossier.round.require_open()?;
            dossier.round.terms.check()?;
            dossier.round.rubric.check(dossier.round.kind.mandatory_dimensions())?;
        }
        Gate::Shortlist => dossier.round.permits(Work::Sign)?,
    }
    if current_digest(&ctx.store().current().await?, &dossier, gate).await?.as_deref() != Some(digest) {
        return Err(Error::Stale);
    }
    let by_key = by_key(ctx, &Statement { round, gate, department, digest: digest.to_owned() }, answer).await?;
    let sign = Countersign {
        id: ctx.id(),
        round,
        gate,
        department,
        account: ctx.actor.account,
        digest: digest.to_owned(),
        at: ctx.now(),
        proof: by_key.as_ref().map(|own| own.proof.clone()),
    };
    ctx.store()
        .write(async |tx| {
            let names = tx.accounts().names().await?;
            let mut signs = Countersigns::under(gate, digest.to_owned(), tx.rounds().countersigns(round).await?);
            let stored = |account: AccountId| names.get(&account).map(|(name, _)| name.as_str());
            let name_of = |account: AccountId| {
                if account == sign.account { Some(ctx.actor.name.as_str()) } else { stored(account) }
            };
            signs.sign(sign.clone(), name_of)?;
            tx.rounds().countersign(&sign).await?;
            if let Some(own) = &by_key {
                tx.security_keys().save(&own.key).await?;
            }
            let event = Event::Countersigned { gate, department, digest: digest.to_owned() };
            ctx.record(tx, event.of_round(round)).await?;
            if signs.is_complete() {
                complete(ctx, tx, round, gate, digest).await?;
            }
            Ok(())
        })
        .await
}

/// The signature of the caller's key; `None` for whoever has none.
async fn by_key(ctx: &Context, statement: &Statement, answer: &str) -> Result<Option<Signed>> {
    let keys = ctx.store().security_keys().of(ctx.actor.account).await?;
    if keys.is_empty() {
        return Ok(None);
    }
    if answer.is_empty() {
        return Err(EnrolmentError::SignByKey.into());
    }
    signed_by(ctx, &keys, statement, answer).map(Some)
}

async fn complete(ctx: &Context, tx: &store::Tx, id: RoundId, gate: Gate, digest: &str) -> Result<()> {
    let digest = digest.to_owned();
    let event = match gate {
        Gate::Terms => {
            let round = tx.rounds().get(id).await?;
            round.require_open()?;
            if crate::round::terms_digest(&round)? != digest {
                return Err(Error::Stale);
            }
            let frozen = Freeze::Frozen { at: ctx.now(), digest: digest.clone() };
            tx.rounds().save(&Round { frozen, ..round }).await?;
            Event::Frozen { digest }
        }
        Gate::Shortlist => Event::ShortlistConfirmed { digest },
    };
    ctx.record(tx, event.of_round(id)).await
}
