//! 复核与会办: an act that nobody does alone waits until those have agreed whom it takes.
//!
//! Asking twice is agreeing: whoever asks for exactly what somebody else has asked for agrees to it. The act is done by the one who
//! completes the agreement, on the review as it is then.

use crate::audit::{Event, kinds::Closing};
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::veil::Veil;
use crate::{Context, Result, kept};
use domain::access::{Department, Permission};
use domain::consent::{Assent, Consent, ConsentState, Needs, Proposal};
use domain::expert::Expert;
use domain::ids::{AccountId, ApplicationId, ConsentId, ExpertId, RoundId};
use domain::reason::{Reason, Unreasoned};
use std::collections::HashMap;
use std::pin::Pin;
use store::{Current, Repositories, Tx};

/// What became of an act that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted<T> {
    Done(T),
    /// Others have to agree first.
    Waiting(Needs),
}

impl<T> Acted<T> {
    /// The result, if it was done.
    pub fn done(self) -> Option<T> {
        match self {
            Self::Done(value) => Some(value),
            Self::Waiting(_) => None,
        }
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Acted<U> {
        match self {
            Self::Done(value) => Acted::Done(change(value)),
            Self::Waiting(needs) => Acted::Waiting(needs),
        }
    }
}

/// Agrees to an act, or proposes it; does it once the agreement is complete. The caller has checked that it could be done now.
pub(crate) async fn ask<T>(
    ctx: &Context,
    round: RoundId,
    proposal: Proposal,
    act: Pin<Box<dyn Future<Output = Result<T>> + Send + '_>>,
) -> Result<Acted<T>> {
    ctx.require(proposal.act().permission())?;
    let consent = Box::pin(ctx.store().write(async |tx| agreed(ctx, tx, round, &proposal).await)).await?;
    if consent.state != ConsentState::Carrying {
        return Ok(Acted::Waiting(consent.needs()));
    }
    let outcome = act.await;
    let closing = if outcome.is_ok() { Closing::Done } else { Closing::Reopened };
    Box::pin(ctx.store().write(async |tx| close(ctx, tx, consent.clone(), closing).await)).await?;
    Ok(Acted::Done(outcome?))
}

/// The proposal with the caller's agreement.
async fn agreed(ctx: &Context, tx: &Tx, round: RoundId, proposal: &Proposal) -> Result<Consent> {
    let open = tx.consents().of_round(round).await?;
    let same = |consent: &Consent| consent.state == ConsentState::Open && consent.proposal == *proposal;
    let mut consent = if let Some(open) = open.into_iter().find(same) {
        open
    } else {
        let consent = Consent {
            id: ConsentId(ctx.id()),
            round,
            proposal: proposal.clone(),
            assents: Vec::new(),
            state: ConsentState::Open,
            reason: String::new(),
            closed_at: None,
        };
        tx.consents().insert(&consent).await?;
        consent
    };
    let names = tx.accounts().names().await?;
    let own = (ctx.actor.account, ctx.actor.name.as_str());
    let name_of = |account: AccountId| {
        if account == own.0 { Some(own.1) } else { names.get(&account).map(|(name, _)| name.as_str()) }
    };
    let assent = Assent { account: ctx.actor.account, department: ctx.actor.department().ok(), at: ctx.now() };
    consent.agree(assent, name_of)?;
    if consent.is_complete() {
        consent.state = ConsentState::Carrying;
    }
    tx.consents().save(&consent).await?;
    let event = Event::ActAgreed { act: proposal.act(), what: proposal.clone(), agreed: consent.assents.len() };
    ctx.record(tx, event.of(consent.id.0).in_round(round)).await?;
    Ok(consent)
}

/// Ends an agreement: it was carried out, or could not be and waits for its last agreement again.
async fn close(ctx: &Context, tx: &Tx, consent: Consent, closing: Closing) -> Result<()> {
    let mut consent = tx.consents().get(consent.round, consent.id).await?;
    match closing {
        Closing::Done => {
            consent.state = ConsentState::Done;
            consent.closed_at = Some(ctx.now());
        }
        Closing::Reopened => {
            consent.state = ConsentState::Open;
            consent.assents.retain(|own| own.account != ctx.actor.account);
        }
    }
    tx.consents().save(&consent).await?;
    let event = Event::ActClosed { act: consent.proposal.act(), closing };
    ctx.record(tx, event.of(consent.id.0).in_round(consent.round)).await
}

/// An act with those who agreed, for people to look at.
#[derive(Debug, Clone)]
pub struct Shown {
    pub consent: Consent,
    /// Department or organizer, name, time.
    pub agreed: Vec<(Option<Department>, String, domain::Timestamp)>,
    /// Whether the caller's agreement would count.
    pub awaits_caller: bool,
    /// Whether the caller may send it back.
    pub may_decline: bool,
    pub concerns: Vec<Concern>,
}

/// Whom or what an act concerns. Experts are shown as on the session's pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    pub expert: Option<Expert>,
    /// Code and title.
    pub application: Option<(String, String)>,
}

/// The acts of a round that wait or waited for others, the last first.
///
/// # Errors
/// `Denied` without `ReadRound`.
pub async fn of_round(ctx: &Context, round: RoundId) -> Result<Vec<Shown>> {
    ctx.require(Permission::ReadRound)?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    let mut all = shown(ctx, ctx.store().consents().of_round(round).await?).await?;
    for own in &mut all {
        own.concerns = concerns(ctx, &current, &dossier, &own.consent).await?;
    }
    Ok(all)
}

/// The acts of all rounds that wait for the caller, without whom they concern.
///
/// # Errors
/// `Denied` without `ReadRound`.
pub async fn awaiting(ctx: &Context) -> Result<Vec<Shown>> {
    ctx.require(Permission::ReadRound)?;
    let open = ctx.store().consents().in_state(ConsentState::Open).await?;
    let mut own = shown(ctx, open).await?;
    own.retain(|shown| shown.awaits_caller);
    Ok(own)
}

async fn shown(ctx: &Context, consents: Vec<Consent>) -> Result<Vec<Shown>> {
    let accounts: Vec<_> = consents.iter().flat_map(|own| &own.assents).map(|assent| assent.account).collect();
    let names = ctx.store().accounts().names_of(&accounts).await?;
    Ok(consents.into_iter().map(|consent| show(ctx, consent, &names)).collect())
}

fn show(ctx: &Context, consent: Consent, names: &HashMap<AccountId, String>) -> Shown {
    let assent = Assent { account: ctx.actor.account, department: ctx.actor.department().ok(), at: ctx.now() };
    let name_of = |account: AccountId| {
        if account == ctx.actor.account {
            Some(ctx.actor.name.as_str())
        } else {
            names.get(&account).map(String::as_str)
        }
    };
    let awaits_caller = ctx.may(consent.proposal.act().permission()) && consent.clone().agree(assent, name_of).is_ok();
    let name = |own: &Assent| names.get(&own.account).cloned().unwrap_or_default();
    let agreed = consent.assents.iter().map(|own| (own.department, name(own), own.at)).collect();
    let may_decline = ctx.may(consent.proposal.act().permission());
    Shown { consent, agreed, awaits_caller, may_decline, concerns: Vec::new() }
}

async fn concerns(ctx: &Context, current: &Current<'_>, dossier: &Dossier, consent: &Consent) -> Result<Vec<Concern>> {
    let round = dossier.round.id;
    let pairs: Vec<(ExpertId, Option<ApplicationId>)> = match &consent.proposal {
        Proposal::VoidDraw { .. } | Proposal::Assign { .. } | Proposal::Advance { .. } => return Ok(Vec::new()),
        Proposal::Replace { leaving } => leaving.iter().map(|(expert, ..)| (*expert, None)).collect(),
        Proposal::Dismiss { conflict, .. } | Proposal::UndoDeclaration { conflict, .. } => {
            let all = &kept::recusals(current, round).await?.conflicts;
            let own = all.iter().filter(|own| own.id == *conflict);
            own.map(|own| (own.expert, Some(own.application))).collect()
        }
        Proposal::VoidSheet { sheet, .. } => {
            let outlines = ctx.store().sheets().outlines(round).await?;
            let own = outlines.into_iter().filter(|own| own.id == *sheet);
            own.map(|own| (own.expert, Some(own.application))).collect()
        }
    };
    let pool = kept::pool(current).await?;
    let veil = Veil::of(ctx, dossier);
    let concern = |(expert, application): (ExpertId, Option<ApplicationId>)| Concern {
        expert: pool.get(expert).cloned().map(|own| veil.show(own)),
        application: application
            .and_then(|id| dossier.application(id))
            .map(|own| (own.code.clone(), own.title.clone())),
    };
    Ok(pairs.into_iter().map(concern).collect())
}

/// Sends back what waits for others: it is not done. Who asked for it may take it back in the same way.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` without a reason, or where it was done or sent back.
pub async fn decline(ctx: &Context, round: RoundId, id: ConsentId, reason: &str) -> Result<()> {
    let ctx = &intact(ctx, Permission::RunSession, round).await?;
    let reason = Reason::of(reason, Unreasoned::Declined)?;
    ctx.store()
        .write(async |tx| {
            let mut consent = tx.consents().get(round, id).await?;
            ctx.require(consent.proposal.act().permission())?;
            // One that was being carried out when the program stopped may be sent back, too.
            if matches!(consent.state, ConsentState::Done | ConsentState::Declined) {
                return Err(domain::consent::ConsentError::Closed.into());
            }
            consent.state = ConsentState::Declined;
            reason.as_str().clone_into(&mut consent.reason);
            consent.closed_at = Some(ctx.now());
            tx.consents().save(&consent).await?;
            let event = Event::ActDeclined { act: consent.proposal.act(), reason: reason.as_str().to_owned() };
            ctx.record(tx, event.of(consent.id.0).in_round(round)).await
        })
        .await
}

/// The people who agreed to an act that was done.
pub(crate) async fn agreed_by(ctx: &Context, round: RoundId, of: impl Fn(&Proposal) -> bool) -> Result<Vec<String>> {
    let all = ctx.store().consents().of_round(round).await?;
    let Some(consent) = all.into_iter().find(|own| own.state != ConsentState::Declined && of(&own.proposal)) else {
        return Ok(Vec::new());
    };
    let accounts: Vec<_> = consent.assents.iter().map(|own| own.account).collect();
    let names = ctx.store().accounts().names_of(&accounts).await?;
    let words = |own: &Assent| {
        let department = own.department.map_or("组织者", Department::label);
        format!("{department} {}", names.get(&own.account).map_or("", String::as_str))
    };
    Ok(consent.assents.iter().map(words).collect())
}
