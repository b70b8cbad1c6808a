//! 申报与形式审查.

use crate::audit::{Event, note_reading};
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::{Context, Error, Result};
use domain::access::Permission;
use domain::application::{Application, ApplicationState, FilingError, MemberRole, Task, UnderReviewElsewhere};
use domain::ids::{ApplicationId, RoundId};
use domain::reason::{Reason, Unreasoned};
use domain::round::{Round, When, Work};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::{Repositories, Topic};

/// A defect or a point to look at, found by the program; people decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// Breaks a binding rule.
    Defect(String),
    /// Worth a look; no rule is broken.
    Note(String),
}

/// The findings in each application.
pub type Remarks = HashMap<ApplicationId, Vec<Remark>>;

/// The applications of a round with what the formal check found.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn list(ctx: &Context, round: RoundId) -> Result<(Dossier, Arc<Remarks>)> {
    ctx.require(Permission::ReadRound)?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    let batch = dossier.batch.id;
    let load = async || Ok::<_, Error>(remarks(&ctx.store().applications().of_batch(batch).await?));
    let remarks = current.kept(batch.0, &[Topic::Applications], load).await?;
    Ok((dossier, remarks))
}

/// One application of a round with all that is known of it.
#[derive(Debug, Clone)]
pub struct Opened {
    pub application: Application,
    pub task: Task,
    /// The name of the panel that reviews it, once there is one.
    pub panel: Option<String>,
    pub remarks: Vec<Remark>,
    pub round: Round,
}

/// One application, with the people it names: that it was looked at is recorded.
///
/// # Errors
/// `Denied`, `NotFound`.
pub async fn get(ctx: &Context, round: RoundId, id: ApplicationId) -> Result<Opened> {
    let (dossier, remarks) = list(ctx, round).await?;
    let application = dossier.application(id).ok_or(Error::NotFound)?.clone();
    let task = dossier.task(&application).ok_or(Error::NotFound)?.clone();
    note_people(ctx, round, &application).await?;
    Ok(Opened {
        panel: dossier.panel_of(id).and_then(|panel| dossier.panel(panel)).map(|panel| panel.name.clone()),
        remarks: remarks.get(&id).cloned().unwrap_or_default(),
        round: dossier.round.clone(),
        application,
        task,
    })
}

/// Records that the caller was shown the people an application names.
pub(crate) async fn note_people(ctx: &Context, round: RoundId, application: &Application) -> Result<()> {
    let event = Event::ApplicationRead { code: application.code.clone() };
    note_reading(ctx, event.of(application.id.0).in_round(round)).await
}

/// 每个单位限申请一项揭榜任务: one lead, one application; taking part elsewhere is noted, for the policy encourages consortia.
pub(crate) fn remarks(all: &[Application]) -> Remarks {
    let mut by_unit: BTreeMap<&str, Vec<(&Application, MemberRole)>> = BTreeMap::new();
    for application in all {
        for member in &application.members {
            by_unit.entry(member.uscc.as_str()).or_default().push((application, member.role));
        }
    }
    let mut found = Remarks::new();
    for application in all {
        let own = found.entry(application.id).or_default();
        own.extend(application.formal_defects().iter().map(|d: &FilingError| Remark::Defect(d.to_string())));
        for member in &application.members {
            for (other, role) in by_unit.get(member.uscc.as_str()).into_iter().flatten() {
                if other.id == application.id {
                    continue;
                }
                let text = format!("{}（{}）同时为{}的{}", member.name, member.role, other.code, role);
                own.push(if member.role == MemberRole::Lead && *role == MemberRole::Lead {
                    Remark::Defect(format!("{text}，超出每个单位限申请一项"))
                } else {
                    Remark::Note(text)
                });
            }
        }
    }
    found
}

/// Passes or rejects an application formally.
///
/// # Errors
/// `Denied`; `Rule` after the formal check, or when rejecting without a reason, or passing despite a defect
/// without saying why.
pub async fn decide(
    ctx: &Context,
    round: RoundId,
    id: ApplicationId,
    state: ApplicationState,
    reason: &str,
) -> Result<()> {
    let ctx = &intact(ctx, Permission::ReviewFormality, round).await?;
    let (dossier, remarks) = list(ctx, round).await?;
    let application = dossier.application(id).ok_or(Error::NotFound)?;
    dossier.round.permits_check_of(application.state)?;
    let defective = remarks.get(&id).is_some_and(|r| r.iter().any(|r| matches!(r, Remark::Defect(_))));
    let reason = reason.trim();
    if state == ApplicationState::Rejected || (state == ApplicationState::Eligible && defective) {
        Reason::of(reason, Unreasoned::Formality)?;
    }
    let event = Event::FormalityDecided { code: application.code.clone(), state, reason: reason.to_owned() };
    ctx.store()
        .write(async |tx| {
            let before = tx.applications().get(id).await?;
            tx.rounds().get(round).await?.permits_check_of(before.state)?;
            untouched_elsewhere(tx, round, id).await?;
            tx.applications().set_state(id, state, reason.to_owned()).await?;
            let after = tx.applications().get(id).await?;
            ctx.record(tx, event.clone().of(id.0).in_round(round).changing(&before, &after)?).await
        })
        .await
}

/// Passes every application without a defect that nobody has decided yet, and says how many.
///
/// # Errors
/// `Denied`; `Rule` after the formal check.
pub async fn pass_sound(ctx: &Context, round: RoundId) -> Result<usize> {
    let ctx = &intact(ctx, Permission::ReviewFormality, round).await?;
    let (dossier, remarks) = list(ctx, round).await?;
    dossier.round.permits_check_of(ApplicationState::Filed)?;
    let sound: Vec<_> = dossier
        .applications
        .iter()
        .filter(|a| a.state == ApplicationState::Filed)
        .filter(|a| !remarks.get(&a.id).is_some_and(|r| r.iter().any(|r| matches!(r, Remark::Defect(_)))))
        .map(|a| (a.id, a.code.clone()))
        .collect();
    ctx.store()
        .write(async |tx| {
            for (id, _) in &sound {
                tx.applications().set_state(*id, ApplicationState::Eligible, String::new()).await?;
            }
            let codes = sound.iter().map(|(_, code)| code.clone()).collect();
            ctx.record(tx, Event::SoundPassed { state: ApplicationState::Eligible, codes }.of_round(round)).await
        })
        .await?;
    Ok(sound.len())
}

/// The formal check is the application's, not the round's: once another round has gone on with it, its outcome stands.
async fn untouched_elsewhere(tx: &store::Tx, round: RoundId, id: ApplicationId) -> Result<()> {
    for other in tx.rounds().all().await? {
        if other.id != round
            && other.when(Work::CheckFormality) == When::Over
            && tx.rounds().entries(other.id).await?.contains_key(&id)
        {
            return Err(UnderReviewElsewhere(other.title).into());
        }
    }
    Ok(())
}
