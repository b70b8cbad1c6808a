//! 冻结核对: nothing is computed, decided or handed out on content that no longer agrees with the digests in the audit.

use crate::account::CONSOLE;
use crate::audit::{self, Entry, Event};
use crate::context::Client;
use crate::crypto::ImprintKey;
use crate::dossier::Dossier;
use crate::{App, Context, Error, Result, imprint, kept};
use domain::access::{Errand, Permission, Scope};
use domain::digest::sha256;
use domain::ids::RoundId;
use domain::imprint::{Altered, Facet, Imprints, NotAsLeft};
use domain::reason::{Reason, Unreasoned};
use domain::round::{Round, Step};
use domain::run::RunKind;
use std::collections::HashMap;
use store::{Current, Repositories, Scoped, Store, if_any};
use uuid::Uuid;

/// Compares everything a round rests on with what the audit says of it.
///
/// # Errors
/// The database cannot be read.
async fn compare(current: &Current<'_>, key: &ImprintKey, dossier: &Dossier) -> Result<Vec<Altered>> {
    let mut altered = of_facets(current, key, dossier).await?;
    altered.extend(of_sheets(current, key, dossier).await?);
    let (store, round) = (current.store(), &dossier.round);
    for kind in RunKind::ALL.iter().copied() {
        let run = if_any(store.runs().latest(round.id, kind).await)?;
        if run.is_some_and(|run| sha256(run.output.as_bytes()) != run.digest) {
            altered.push(Altered::Run(kind));
        }
    }
    Ok(altered)
}

/// Compares what has one digest together with the last ones written down.
pub(crate) async fn of_facets(current: &Current<'_>, key: &ImprintKey, dossier: &Dossier) -> Result<Vec<Altered>> {
    let (store, round) = (current.store(), &dossier.round);
    let Some(row) = store.audit().last_imprinted(round.id).await? else {
        return Ok(vec![Altered::Record("冻结摘要".to_owned())]);
    };
    let mut altered = Vec::new();
    if !audit::is_as_written(&row) {
        altered.push(Altered::Record(format!("第 {} 条", row.link.seq)));
    }
    let imprints: Imprints = row.imprints.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    for facet in Facet::ALL.iter().copied().filter(|facet| is_settled(round, *facet)) {
        let content = imprint::content(store, round, facet).await?;
        let agrees = match imprints.get(facet) {
            Some(digest) => key.agrees(digest, &imprint::purpose(round.id, facet), &content),
            None => content == nothing(facet),
        };
        if !agrees {
            altered.push(Altered::Facet(facet));
        }
    }
    Ok(altered)
}

/// Compares every round.
///
/// # Errors
/// The database cannot be read.
async fn of_all_rounds(store: &Scoped, key: &ImprintKey) -> Result<Vec<(String, Altered)>> {
    let current = store.current().await?;
    let mut found = Vec::new();
    for round in store.rounds().all().await? {
        let altered = match Dossier::at(&current, round.id).await {
            Ok(dossier) => compare(&current, key, &dossier).await,
            Err(error) => Err(error),
        };
        match altered {
            Ok(altered) => found.extend(altered.into_iter().map(|altered| (round.title.clone(), altered))),
            // A row that cannot be read is not as it was left.
            Err(Error::Internal(text)) => found.push((round.title, Altered::Unreadable(text))),
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Whether a facet changes only by acts in the round. Until the formal check is over, applications are entered and corrected outside it.
fn is_settled(round: &Round, facet: Facet) -> bool {
    facet != Facet::Applications || round.step >= Step::Recusal
}

/// The content of a facet of which there is nothing yet.
const fn nothing(facet: Facet) -> &'static [u8] {
    match facet {
        Facet::Panels => b"[[],[],{}]",
        Facet::Indicators => b"[{},{}]",
        Facet::Objectives => b"{}",
        _ => b"[]",
    }
}

/// Every sheet against the digest of its last change. One that was handed out and never touched has none.
async fn of_sheets(current: &Current<'_>, key: &ImprintKey, dossier: &Dossier) -> Result<Vec<Altered>> {
    let sheets = kept::sheets(current, &dossier.round).await?;
    if sheets.is_empty() {
        return Ok(Vec::new());
    }
    let rows = current.store().audit().last_changes(dossier.round.id, audit::Object::Sheet.key()).await?;
    let mut altered = Vec::new();
    let unwritten = rows.iter().filter(|row| !audit::is_as_written(row));
    altered.extend(unwritten.map(|row| Altered::Record(format!("第 {} 条", row.link.seq))));
    let last: HashMap<Uuid, &str> =
        rows.iter().filter_map(|row| Some((row.object_id?, row.after.as_deref()?))).collect();
    let pool = kept::pool(current).await?;
    for sheet in sheets.iter() {
        let purpose = imprint::purpose_of_object(audit::Object::Sheet.key(), Some(sheet.id.0));
        let agrees = match last.get(&sheet.id.0) {
            Some(digest) => key.agrees(digest, &purpose, &serde_json::to_vec(sheet)?),
            None => sheet.is_blank(),
        };
        if !agrees {
            let application = dossier.application(sheet.application).map(|own| own.code.clone());
            let expert = pool.get(sheet.expert).map(|own| own.code.clone());
            altered.push(Altered::Sheet {
                application: application.unwrap_or_else(|| sheet.application.to_string()),
                expert: expert.unwrap_or_else(|| sheet.expert.to_string()),
            });
        }
    }
    Ok(altered)
}

/// The same caller, who goes on with a round of which nothing was changed past the program. Nothing read before counts: the returned
/// context reads the database anew, and keeps what was compared.
///
/// # Errors
/// `Denied` without the permission; `Rule` naming what was changed.
pub(crate) async fn intact(ctx: &Context, permission: Permission, round: RoundId) -> Result<Context> {
    ctx.require(permission)?;
    Box::pin(untouched(ctx, round)).await
}

/// The same for what follows by itself from acts that were permitted.
///
/// # Errors
/// `Rule` naming what was changed.
pub(crate) async fn untouched(ctx: &Context, round: RoundId) -> Result<Context> {
    let ctx = ctx.afresh();
    let review = ctx.store().beyond(Errand::Audit);
    let current = review.current().await?;
    let dossier = Dossier::at(&current, round).await?;
    let altered = compare(&current, &ctx.app.imprint_key, &dossier).await?;
    if altered.is_empty() { Ok(ctx.compared(round)) } else { Err(NotAsLeft(altered).into()) }
}

/// Takes the content of a round as it stands now for what it should be: after an authorised repair of the database, or for a round that an
/// earlier version of the program has left without digests. Whoever does so says why; it stays in the audit.
///
/// # Errors
/// `NotFound`; `Rule` without a reason.
pub async fn accept(app: &App, round: RoundId, reason: &str) -> Result<Vec<Altered>> {
    let reason = Reason::of(reason, Unreasoned::AcceptedContent)?;
    let review = app.store.afresh().of(Scope::program(Errand::Audit));
    let current = review.current().await?;
    let dossier = Dossier::at(&current, round).await?;
    let altered = compare(&current, &app.imprint_key, &dossier).await?;
    let sheets = kept::sheets(&current, &dossier.round).await?;
    review
        .write(async |tx| {
            let what = altered.iter().map(ToString::to_string).collect();
            let event = Event::ContentAccepted { what, reason: reason.as_str().to_owned() };
            let imprints = imprint::taken(tx, &app.imprint_key, round, Facet::ALL.iter().copied().collect()).await?;
            let entry = Entry { imprints: Some(imprints), ..event.of_round(round) };
            audit::record_unsigned(tx, app, &Client::default(), CONSOLE, entry).await?;
            for sheet in sheets.iter() {
                let event = Event::SheetAccepted { version: sheet.version };
                let entry = event.of(sheet.id.0).in_round(round).changing(sheet, sheet)?;
                audit::record_unsigned(tx, app, &Client::default(), CONSOLE, entry).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(altered)
}

/// What a verification of everything found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Examined {
    pub chain: audit::Verified,
    /// Rounds with what of them is not as the audit says it was left.
    pub altered: Vec<(String, Altered)>,
}

/// Verifies the chain, and compares what the rounds rest on with it.
///
/// # Errors
/// The database cannot be read.
pub async fn examine(store: &Store, key: &ImprintKey, kept: &[audit::DayDigest]) -> Result<Examined> {
    let review = store.afresh().of(Scope::program(Errand::Audit));
    let mut chain = audit::verify_chain(&review, kept).await?;
    let guards = store.unguarded().await?;
    if !guards.is_empty() {
        chain.faults.push(audit::Fault::Unguarded { guards });
    }
    Ok(Examined { chain, altered: of_all_rounds(&review, key).await? })
}

/// The same for the audit page.
///
/// # Errors
/// `Denied` without `ReadAudit`.
pub async fn verify(ctx: &Context) -> Result<Examined> {
    ctx.require(Permission::ReadAudit)?;
    examine(&ctx.app.store, &ctx.app.imprint_key, &[]).await
}
