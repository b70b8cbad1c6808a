//! 评分: the expert's desk and sheet.

mod board;
mod device;
mod receipt;

pub use board::{Board, BoardRow, BoardSheet, Outlier, board};
pub use device::{DeviceKey, device_key};
pub use receipt::{Checked, Receipt, Receipts, receipts, reseal};

use crate::audit::{Entry, Event};
use crate::consent::{Acted, ask};
use crate::context::Refused;
use crate::crypto::Salt;
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::{Context, Error, Result, kept};
use domain::access::{Errand, Permission};
use domain::application::{Application, Task};
use domain::consent::Proposal;
use domain::ids::{ApplicationId, ExpertId, RoundId, SheetId};
use domain::objective::Objectives;
use domain::points::Points;
use domain::reason::{Reason, Unreasoned};
use domain::round::{Round, RoundKind, Work};
use domain::rubric::{Applicability, ExactScore, Rubric};
use domain::seat::Seat;
use domain::sheet::{EntryProblem, Saving, Sheet, SheetError, Typed};
use std::collections::{BTreeMap, HashSet};
use store::repo::scoring::Frame;
use store::{Current, Repositories, if_any};

/// One line of an expert's list.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "a desk has a few dozen lines, nearly all of them the large variant")]
pub enum DeskLine {
    /// The expert's own sheet, with the application's facts.
    Own {
        sheet: Sheet,
        code: String,
        title: String,
        bridge: Bridged,
        total: Option<Points>,
        missing: Vec<EntryProblem>,
    },
    /// Only that there is something the expert is recused from: no title, no materials, no scores.
    Recused,
}

/// Whether an application comes from another panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bridged {
    Within,
    /// 连接评审
    Across,
}

/// An expert's work in one round.
#[derive(Debug, Clone)]
pub struct Desk {
    pub round: Round,
    pub panel: String,
    pub seat: i32,
    pub lines: Vec<DeskLine>,
}

/// The start of an expert's pages. The facts of the rounds are those that everybody shares; of the applications only those are
/// used that the expert's own queries reach.
struct Own {
    seats: Vec<Seat>,
    sheets: Vec<Sheet>,
    reached: HashSet<ApplicationId>,
}

impl Own {
    async fn load(ctx: &Context, expert: ExpertId) -> Result<Self> {
        let store = ctx.store();
        Ok(Self {
            seats: store.panels().seats_of(expert).await?,
            sheets: store.sheets().of(expert).live().await?,
            reached: store.applications().reached().await?,
        })
    }

    async fn desks(&self, review: &Current<'_>) -> Result<Vec<Desk>> {
        let mut desks = Vec::new();
        for seat in &self.seats {
            let dossier = Dossier::at(review, seat.round).await?;
            let findings = kept::findings(review, seat.round).await?;
            desks.push(self.desk(seat, &dossier, &findings.objectives));
        }
        desks.sort_by_key(|d| d.round.id);
        Ok(desks)
    }

    fn desk(&self, seat: &Seat, dossier: &Dossier, objectives: &Objectives) -> Desk {
        let in_round = self.sheets.iter().filter(|sheet| sheet.round == seat.round);
        let own: BTreeMap<ApplicationId, &Sheet> = in_round.map(|sheet| (sheet.application, sheet)).collect();
        let mut lines = Vec::new();
        if dossier.round.permits(Work::ReadOwnSheets).is_ok() {
            for application in dossier.reviewed_from(seat).filter(|a| self.reached.contains(&a.id)) {
                let Some(sheet) = own.get(&application.id) else { continue };
                let facts = dossier.facts(application);
                let objective = shared_points(objectives, application.id);
                lines.push(DeskLine::Own {
                    total: sheet.total(&dossier.round.rubric, facts, &objective).map(ExactScore::rounded),
                    missing: sheet.missing(&dossier.round.rubric, facts),
                    code: application.code.clone(),
                    title: application.title.clone(),
                    bridge: if dossier.panel_of(application.id) == Some(seat.panel) {
                        Bridged::Within
                    } else {
                        Bridged::Across
                    },
                    sheet: (*sheet).clone(),
                });
            }
            // The caller is recused from the applications that are out of reach. No place in the list tells which they are.
            lines.resize(dossier.count_reviewed_from(seat), DeskLine::Recused);
        }
        Desk { panel: panel_name(dossier, seat), seat: seat.number, lines, round: dossier.round.clone() }
    }
}

fn panel_name(dossier: &Dossier, seat: &Seat) -> String {
    dossier.panel(seat.panel).map_or_else(String::new, |panel| panel.name.clone())
}

/// The caller's desks, one for every round with a seat where scoring has begun.
///
/// # Errors
/// `Denied` for anyone but an expert.
pub async fn desks(ctx: &Context) -> Result<Vec<Desk>> {
    let expert = ctx.as_expert()?;
    let review = ctx.app.program(Errand::Rule);
    Own::load(ctx, expert).await?.desks(&review.current().await?).await
}

/// The objective points of one application, without their evidence.
pub(crate) fn shared_points(objectives: &Objectives, application: ApplicationId) -> BTreeMap<String, Points> {
    objectives
        .get(&application)
        .map(|own| own.iter().map(|(code, o)| (code.clone(), o.points)).collect())
        .unwrap_or_default()
}

/// Everything an expert needs to score one application.
#[derive(Debug, Clone)]
pub struct SheetView {
    pub sheet: Sheet,
    pub round: Round,
    pub panel: String,
    pub seat: i32,
    pub application: Application,
    pub task: Task,
    pub facts: Applicability,
    /// Objective points with their evidence; shared, not the expert's to change.
    pub objective: BTreeMap<String, (Points, String)>,
    /// Reached values of the indicators, in an acceptance round.
    pub indicator_results: domain::acceptance::Results,
}

/// One of the caller's own sheets, and the desk it lies on.
///
/// # Errors
/// `Denied` for anyone but an expert; `NotFound` for a sheet that is not the caller's, or voided.
pub async fn sheet(ctx: &Context, id: SheetId) -> Result<(SheetView, Desk)> {
    let expert = ctx.as_expert()?;
    let own = Own::load(ctx, expert).await?;
    let Some(sheet) = own.sheets.iter().find(|sheet| sheet.id == id).cloned() else {
        notice(ctx, id).await?;
        return Err(Error::NotFound);
    };
    let seat = own.seats.iter().find(|s| s.round == sheet.round).ok_or(Error::NotFound)?;
    let review = ctx.app.program(Errand::Rule);
    let review = review.current().await?;
    let dossier = Dossier::at(&review, sheet.round).await?;
    let application = dossier.application(sheet.application).filter(|a| own.reached.contains(&a.id));
    let application = application.ok_or(Error::NotFound)?.clone();
    let task = dossier.task(&application).ok_or(Error::NotFound)?.clone();
    let findings = kept::findings(&review, sheet.round).await?;
    let objective = findings.objectives.get(&application.id).cloned().unwrap_or_default();
    let indicator_results = match dossier.round.kind {
        RoundKind::Selection => domain::acceptance::Results::new(),
        RoundKind::Acceptance => findings.indicator_results.get(&application.id).cloned().unwrap_or_default(),
    };
    crate::application::note_people(ctx, sheet.round, &application).await?;
    let view = SheetView {
        facts: dossier.facts(&application),
        panel: panel_name(&dossier, seat),
        seat: seat.number,
        objective: objective.into_iter().map(|(code, o)| (code, (o.points, o.evidence))).collect(),
        round: dossier.round.clone(),
        sheet,
        application,
        task,
        indicator_results,
    };
    Ok((view, own.desk(seat, &dossier, &findings.objectives)))
}

/// That somebody else's sheet was asked for is written down.
async fn notice(ctx: &Context, id: SheetId) -> Result<()> {
    let holder = if_any(ctx.app.program(Errand::Rule).sheets().holder(id).await)?;
    if holder.is_some_and(|holder| ctx.actor.as_expert() != Ok(holder)) {
        ctx.remember(Refused::Sheet(id));
    }
    Ok(())
}

/// Saves the caller's own draft as typed.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` outside 独立评分; `Sheet` with what is wrong or with the latest version.
pub async fn save(ctx: &Context, id: SheetId, saving: impl Into<Saving>, typed: &Typed) -> Result<Sheet> {
    let (now, saving) = (ctx.now(), saving.into());
    let saved = change(
        ctx,
        id,
        None,
        |saved| Ok(saved_event(saved)),
        |draft, rubric, facts| Ok((draft.save(rubric, facts, typed, &saving, now)?, ())),
    );
    Ok(saved.await?.0)
}

/// Saves what is right of what was typed, and returns what was wrong; there the draft keeps what it had.
///
/// # Errors
/// As [`save`], but for items that are wrong.
pub async fn save_what_is_right(
    ctx: &Context,
    id: SheetId,
    saving: impl Into<Saving>,
    typed: &Typed,
) -> Result<(Sheet, Vec<EntryProblem>)> {
    let (now, saving) = (ctx.now(), saving.into());
    let saved = change(
        ctx,
        id,
        None,
        |saved| Ok(saved_event(saved)),
        |draft, rubric, facts| draft.save_what_is_right(rubric, facts, typed, &saving, now),
    );
    saved.await
}

fn saved_event(saved: &Sheet) -> Entry {
    Event::SheetSaved { version: saved.version }.of(saved.id.0)
}

/// Submits the caller's own draft. From then on it does not change.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` outside 独立评分; `Sheet` naming what is missing, or the latest version.
pub async fn submit(ctx: &Context, id: SheetId, version: u32) -> Result<Sheet> {
    let now = ctx.now();
    // The trail proves what was submitted. Nobody finds it by trying while the salt is sealed; after scoring the salt is handed out.
    let salt = Salt::new(ctx.app.ids.secret()?, ctx.app.digest);
    let sealed = ctx.app.keys.seal(&receipt::purpose(id), salt.to_text().as_bytes())?;
    let event = |submitted: &Sheet| {
        let digest = salt.digest(receipt::content(submitted).as_bytes())?;
        Ok(Event::SheetSubmitted { version: submitted.version, digest }.of(submitted.id.0))
    };
    let submitted = change(ctx, id, Some(sealed), event, |draft, rubric, facts| {
        Ok((draft.submit(rubric, facts, version, now)?, ()))
    });
    Ok(submitted.await?.0)
}

/// Submits every draft of the caller's in a round that is complete. Tells how many were submitted, and how many are not complete.
///
/// # Errors
/// `Denied`; `Rule` outside 独立评分.
pub async fn submit_complete(ctx: &Context, round: RoundId) -> Result<(usize, usize)> {
    let (mut submitted, mut incomplete) = (0, 0);
    for desk in desks(ctx).await?.into_iter().filter(|desk| desk.round.id == round) {
        desk.round.permits(Work::Score)?;
        for line in desk.lines {
            match line {
                DeskLine::Own { sheet, missing, .. } if sheet.is_draft() && missing.is_empty() => {
                    submit(ctx, sheet.id, sheet.version).await?;
                    submitted += 1;
                }
                DeskLine::Own { sheet, .. } if sheet.is_draft() => incomplete += 1,
                DeskLine::Own { .. } | DeskLine::Recused => {}
            }
        }
    }
    Ok((submitted, incomplete))
}

/// The caller's own live sheet as it is stored.
///
/// # Errors
/// `Denied` for anyone but an expert; `NotFound` for a sheet that is not the caller's, or voided.
pub async fn stored(ctx: &Context, id: SheetId) -> Result<Sheet> {
    let expert = ctx.as_expert()?;
    let (sheet, _) = ctx.store().sheets().of(expert).framed(id).await?;
    sheet.require_standing()?;
    Ok(sheet)
}

/// Takes the caller's own submission back, to change it and submit it again. Possible until 核对.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` outside 独立评分, or unless it is submitted.
pub async fn withdraw(ctx: &Context, id: SheetId) -> Result<Sheet> {
    let event = |back: &Sheet| Ok(Event::SheetWithdrawn { version: back.version }.of(back.id.0));
    Ok(change(ctx, id, None, event, |submitted, _, _| Ok((submitted.withdraw()?, ()))).await?.0)
}

/// Changes the caller's own draft while scoring is open. It runs with every save, so that it reads the sheet once, with what the
/// change needs, and nothing else. `salt` is that of a submission, sealed.
async fn change<T>(
    ctx: &Context,
    id: SheetId,
    salt: Option<String>,
    event: impl FnOnce(&Sheet) -> Result<Entry>,
    change: impl FnOnce(Sheet, &Rubric, Applicability) -> Result<(Sheet, T), SheetError>,
) -> Result<(Sheet, T)> {
    let expert = ctx.as_expert()?;
    let changed = ctx
        .store()
        .write(async |tx| {
            let own = tx.sheets().of(expert);
            let (draft, frame) = own.framed(id).await?;
            draft.require_standing()?;
            let Frame { round, facts } = frame.ok_or(Error::NotFound)?;
            round.permits(Work::Score)?;
            let (changed, more) = change(draft.clone(), &round.rubric, facts)?;
            tx.sheets().save(&changed, draft.version, salt.clone()).await?;
            let entry = event(&changed)?.in_round(round.id).changing(&draft, &changed)?;
            ctx.record(tx, entry).await?;
            Ok((changed, more))
        })
        .await;
    if matches!(changed, Err(Error::NotFound)) {
        notice(ctx, id).await?;
    }
    changed
}

/// Voids a sheet: it leaves every computation and stays on record. Two departments have to ask for it.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` without a reason or for a voided sheet, or once results are being signed.
pub async fn void(ctx: &Context, round: RoundId, id: SheetId, reason: &str) -> Result<Acted<()>> {
    let ctx = &intact(ctx, Permission::DecideConflicts, round).await?;
    let reason = Reason::of(reason, Unreasoned::VoidedSheet)?;
    let now = ctx.now();
    ctx.store().rounds().get(round).await?.permits(Work::VoidSheet)?;
    let sheets = ctx.store().sheets().of_round(round).await?;
    sheets.into_iter().find(|sheet| sheet.id == id).ok_or(Error::NotFound)?.void(reason.clone(), now)?;
    let voided = Box::pin(keep_voided(ctx, round, id, reason.clone()));
    ask(ctx, round, Proposal::VoidSheet { sheet: id, reason }, voided).await
}

async fn keep_voided(ctx: &Context, round: RoundId, id: SheetId, reason: Reason) -> Result<()> {
    let now = ctx.now();
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::VoidSheet)?;
            let sheets = tx.sheets().of_round(round).await?;
            let sheet = sheets.into_iter().find(|s| s.id == id).ok_or(Error::NotFound)?;
            let voided = sheet.clone().void(reason.clone(), now)?;
            tx.sheets().set_aside(&voided).await?;
            let entry = Event::SheetVoided { reason: reason.as_str().to_owned() }.of(id.0).in_round(round);
            ctx.record(tx, entry.changing(&sheet, &voided)?).await
        })
        .await
}
