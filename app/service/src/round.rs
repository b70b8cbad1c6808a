//! 轮次: creating one, its rubric and terms, its gates.

mod gate;
mod overview;

pub(crate) use gate::{next, unmet};
pub use overview::{Overview, PanelProgress, overview};

use crate::audit::Event;
use crate::consent::{Acted, ask};
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::{Context, Result};
use domain::NaiveDate;
use domain::access::Permission;
use domain::application::{ApplicationState, BatchError, sensible, short};
use domain::consent::{Needs, Proposal, entering};
use domain::countersign::Countersigns;
use domain::digest::sha256;
use domain::gate::GateError;
use domain::ids::{ApplicationId, BatchId, RoundId, SheetId};
use domain::points::Points;
use domain::round::{Freeze, Gate, Round, RoundKind, Step, Terms};
use domain::rubric::{Rubric, RubricError};
use domain::rubric_default::{acceptance, selection};
use domain::sheet::Sheet;
use domain::text::LONGEST_TITLE;
use serde_json::json;
use std::collections::HashSet;
use store::{Repositories, Tx};

/// All rounds.
///
/// # Errors
/// `Denied` without `ReadRound`.
pub async fn all(ctx: &Context) -> Result<Vec<Round>> {
    ctx.require(Permission::ReadRound)?;
    Ok(ctx.store().rounds().all().await?)
}

/// One round.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn get(ctx: &Context, id: RoundId) -> Result<Round> {
    ctx.require(Permission::ReadRound)?;
    Ok(ctx.store().rounds().get(id).await?)
}

/// Creates a round over the given applications of a batch, with the default rubric; without any, a selection round takes all that no selection
/// round of the batch has, and an acceptance round all.
///
/// # Errors
/// `Denied`, `NotFound`, `Rule` without a title.
pub async fn create(
    ctx: &Context,
    batch: BatchId,
    kind: RoundKind,
    title: &str,
    reference_day: NaiveDate,
    only: Option<&[ApplicationId]>,
) -> Result<RoundId> {
    ctx.require(Permission::ManageProgramme)?;
    let title = domain::text::normalise(title);
    if title.is_empty() {
        return Err(BatchError::NoRoundTitle.into());
    }
    short("轮次名称", &title, LONGEST_TITLE)?;
    sensible("回避基准日", reference_day)?;
    ctx.store().programme().batch(batch).await?;
    let mut earlier = ctx.store().rounds().all().await?;
    earlier.retain(|round| round.batch == batch && round.kind == kind);
    let mut taken = HashSet::new();
    for round in earlier.iter().filter(|round| only.is_none() && round.kind == RoundKind::Selection) {
        taken.extend(ctx.store().rounds().entries(round.id).await?.into_keys());
    }
    let seq = earlier.len();
    let applications = ctx.store().applications().of_batch(batch).await?;
    let wanted = |id: &ApplicationId| only.map_or_else(|| !taken.contains(id), |only| only.contains(id));
    let entries: Vec<_> = applications.iter().map(|a| a.id).filter(wanted).collect();
    let round = Round {
        id: RoundId(ctx.id()),
        batch,
        kind,
        seq: i32::try_from(seq).unwrap_or(i32::MAX).saturating_add(1),
        title,
        step: Step::Preparation,
        rubric: match kind {
            RoundKind::Selection => selection(),
            RoundKind::Acceptance => acceptance(),
        },
        terms: Terms::default(),
        frozen: Freeze::Open,
        reference_day,
    };
    ctx.store()
        .write(async |tx| {
            tx.rounds().insert(&round).await?;
            tx.rounds().add_entries(round.id, &entries).await?;
            let event = Event::RoundCreated { title: round.title.clone(), kind, applications: entries.len() };
            ctx.record(tx, event.of_round(round.id)).await
        })
        .await?;
    Ok(round.id)
}

/// Replaces the terms while they are open, and counts the signatures that no longer stand under them.
///
/// # Errors
/// `Denied`; `Rule` once frozen, or naming the rule broken.
pub async fn set_terms(ctx: &Context, id: RoundId, terms: Terms) -> Result<usize> {
    let ctx = &intact(ctx, Permission::FreezeTerms, id).await?;
    terms.check()?;
    ctx.store()
        .write(async |tx| {
            let round = tx.rounds().get(id).await?;
            round.require_open()?;
            let panels = tx.panels().of_round(id).await?.len();
            let bridges = tx.panels().bridges(id).await?.len();
            terms.check_panels(panels, bridges)?;
            let before = round.terms.clone();
            let changed = Round { terms: terms.clone(), ..round.clone() };
            let fallen = fallen_signatures(tx, &round, &changed).await?;
            tx.rounds().save(&changed).await?;
            let entry = Event::TermsChanged(changed.terms.clone()).of_round(id);
            ctx.record(tx, entry.changing(&before, &changed.terms)?).await?;
            Ok(fallen)
        })
        .await
}

/// Changes the full points of criteria and the rubric's 依据 while they are open, and counts the signatures that no longer stand under them.
///
/// # Errors
/// `Denied`; `Rule` once frozen, or naming the rule broken, such as a sum other than 100.
pub async fn set_rubric(ctx: &Context, id: RoundId, basis: &str, full: &[(String, Points)]) -> Result<usize> {
    let ctx = &intact(ctx, Permission::FreezeTerms, id).await?;
    ctx.store()
        .write(async |tx| {
            let round = tx.rounds().get(id).await?;
            round.require_open()?;
            let before = round.rubric.clone();
            let rubric = weighed(before.clone(), basis, full)?;
            rubric.check(round.kind.mandatory_dimensions())?;
            let changed = Round { rubric, ..round.clone() };
            let fallen = fallen_signatures(tx, &round, &changed).await?;
            tx.rounds().save(&changed).await?;
            let entry = Event::RubricChanged(changed.rubric.clone()).of_round(id);
            ctx.record(tx, entry.changing(&before, &changed.rubric)?).await?;
            Ok(fallen)
        })
        .await
}

/// Signatures under what `before` has frozen that `after` takes away.
async fn fallen_signatures(tx: &Tx, before: &Round, after: &Round) -> Result<usize> {
    let (digest, changed) = (terms_digest(before)?, terms_digest(after)?);
    if digest == changed {
        return Ok(0);
    }
    let all = tx.rounds().countersigns(before.id).await?;
    Ok(Countersigns::under(Gate::Terms, digest, all).signed().len())
}

/// The rubric with another 依据 and other full points.
fn weighed(mut rubric: Rubric, basis: &str, full: &[(String, Points)]) -> Result<Rubric> {
    basis.trim().clone_into(&mut rubric.basis);
    for (code, points) in full {
        let criterion = rubric.dimensions.iter_mut().flat_map(|d| &mut d.criteria).find(|c| c.code == *code);
        criterion.ok_or_else(|| RubricError::Unknown(code.clone()))?.full = *points;
    }
    Ok(rubric)
}

/// Digest of everything that is frozen: rubric, terms, reference day.
///
/// # Errors
/// The content cannot be serialised.
pub fn terms_digest(round: &Round) -> Result<String> {
    let content = json!({ "rubric": round.rubric, "terms": round.terms, "reference_day": round.reference_day });
    Ok(sha256(content.to_string().as_bytes()))
}

/// Moves the round to its next step if every condition of that step's gate is met. After 会签 it takes two people.
///
/// # Errors
/// `Denied`; `Rule` naming the first unmet condition and who must act, or when someone advanced it meanwhile.
pub async fn advance(ctx: &Context, id: RoundId, from: Step) -> Result<Acted<Step>> {
    let ctx = &intact(ctx, Permission::RunSession, id).await?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, id).await?;
    dossier.round.require_step(from)?;
    let next = from.next().ok_or(domain::round::RoundError::LastStep)?;
    if let Some(unmet) = unmet(&current, &dossier, next).await?.first() {
        return Err(GateError { next, unmet: unmet.clone() }.into());
    }
    let entered = Box::pin(enter(ctx, &dossier, from, next));
    match entering(next).needs() {
        Needs::One => Ok(Acted::Done(entered.await?)),
        _ => ask(ctx, id, Proposal::Advance { from }, entered).await,
    }
}

async fn enter(ctx: &Context, dossier: &Dossier, from: Step, next: Step) -> Result<Step> {
    let id = dossier.round.id;
    let rejected: Vec<_> =
        dossier.applications.iter().filter(|a| a.state == ApplicationState::Rejected).map(|a| a.id).collect();
    ctx.store()
        .write(async |tx| {
            let round = tx.rounds().get(id).await?;
            round.require_step(from)?;
            tx.rounds().save(&Round { step: next, ..round }).await?;
            if next == Step::Recusal {
                for application in &rejected {
                    tx.rounds().remove_entry(id, *application).await?;
                }
            }
            // Recusals are read inside the transaction, so that nobody can declare a relation in between.
            let pairs =
                if next == Step::Scoring { crate::session::pairs_to_open(tx, dossier).await? } else { Vec::new() };
            let blank = |(expert, application)| Sheet::blank(SheetId(ctx.id()), id, expert, application);
            let sheets: Vec<_> = pairs.into_iter().map(blank).collect();
            tx.sheets().insert(&sheets).await?;
            ctx.record(tx, Event::Advanced { from, to: next, sheets: sheets.len() }.of_round(id)).await
        })
        .await?;
    Ok(next)
}
