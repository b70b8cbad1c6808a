//! 递补: an expert who was drawn does not come, or may not review after all; the next in lot order takes the seat.

use super::{availability, internal, stored_record};
use crate::consent::{Acted, ask};
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::veil::Veil;
use crate::{Context, Error, Result, audit};
use domain::access::Permission;
use domain::conflict::excluded;
use domain::consent::Proposal;
use domain::digest::sha256;
use domain::draw::Draw;
use domain::expert::Expert;
use domain::ids::{ExpertId, RoundId};
use domain::leave::Leave;
use domain::reason::{Reason, Unreasoned};
use domain::round::Work;
use domain::seat::{Presence, Seat};
use domain::sheet::Sheet;
use engine::draw::{DrawError, Event, Record, Vacancy};
use std::collections::HashMap;
use store::{Repositories, Tx};

/// Somebody who gives up a seat.
#[derive(Debug, Clone)]
pub struct Leaving {
    pub expert: ExpertId,
    pub why: Leave,
    pub reason: String,
}

/// Experts leave their panels, all of them or none, and the next in lot order take the seats. What a leaver scored is voided, and the successor
/// scores everything anew: during 独立评分 that takes a coordinator, for the organizer may not undo a score. Nobody is called who has been
/// suspended, or must recuse, by what became known since the pool was closed; the record says so. An organizer and a department, or two
/// departments, have to ask for it: nobody discards alone whom the lots chose.
///
/// Returns the codes of the successors.
///
/// # Errors
/// `Denied`; `NotFound` for an expert without a seat or a round without a draw; `Rule` without a reason, or after 独立评分 or if
/// nobody in the pool can take a seat.
pub async fn leave(ctx: &Context, round: RoundId, leaving: Vec<Leaving>) -> Result<Acted<Vec<String>>> {
    let ctx = &intact(ctx, Permission::RunSession, round).await?;
    let leavers = leaving.into_iter().map(Leaver::of).collect::<Result<Vec<_>>>()?;
    if leavers.is_empty() {
        return Ok(Acted::Done(Vec::new()));
    }
    let dossier = Dossier::load(ctx, round).await?;
    dossier.round.permits(Work::Replace)?;
    let scoring = dossier.round.permits(Work::Score).is_ok();
    if scoring {
        ctx.require(Permission::DecideConflicts)?;
    }
    let draw = ctx.store().draws().current(round).await?;
    let Some(mut record) = stored_record(&draw)? else { return Err(Error::NotFound) };
    let experts = ctx.store().experts().all().await?;
    let mut replaced = Vec::new();
    for leaver in &leavers {
        let code = experts.iter().find(|e| e.id == leaver.expert).ok_or(Error::NotFound)?.code.clone();
        let unavailable = availability::unavailable(ctx, &dossier, &draw, &record).await?;
        let vacancy = Vacancy { expert: code, application: None, reason: leaver.grounds.to_string(), unavailable };
        let (after, events) = crate::heavy::compute(move || replace(record, &vacancy)).await?.map_err(refused)?;
        if scoring && events.iter().any(|event| event.change.left.len() > 1) {
            return Err(domain::draw::DrawError::NoSuccessor.into());
        }
        replaced.push(events.iter().map(|event| event.successor.clone()).collect::<Vec<_>>());
        record = after;
    }
    let planned = Planned { draw, record, leavers, replaced };
    let all = planned.leavers.iter().map(|own| (own.expert, own.why, own.reason.clone()));
    let proposal = Proposal::Replace { leaving: all.collect() };
    let veil = Veil::of(ctx, &dossier);
    let done = ask(ctx, round, proposal, Box::pin(carry_out(ctx, &dossier, &experts, planned))).await?;
    Ok(match done {
        Acted::Done(successors) => Acted::Done(veil.rename(successors, &experts)?),
        waiting @ Acted::Waiting(_) => waiting,
    })
}

/// Replacements as they follow from the record.
struct Planned {
    draw: Draw,
    /// With the replacements.
    record: Record,
    leavers: Vec<Leaver>,
    /// The successors of each.
    replaced: Vec<Vec<String>>,
}

async fn carry_out(ctx: &Context, dossier: &Dossier, experts: &[Expert], planned: Planned) -> Result<Vec<String>> {
    let round = dossier.round.id;
    let scoring = dossier.round.permits(Work::Score).is_ok();
    let Planned { draw, record, leavers, replaced } = planned;
    let text = record.to_text()?;
    let by_code: HashMap<&str, &Expert> = experts.iter().map(|e| (e.code.as_str(), e)).collect();
    ctx.store()
        .write(async |tx| {
            let mut current = tx.draws().current(round).await?;
            if current.record != draw.record {
                return Err(Error::Stale);
            }
            // The step decides what follows for sheets, so it must be the one seen above.
            tx.rounds().get(round).await?.require_step(dossier.round.step)?;
            current.record = Some(text.clone());
            tx.draws().save(&current).await?;
            let before = tx.panels().seats(round).await?;
            let seats = reseat(ctx, dossier, &before, &record, &by_code);
            tx.panels().reseat(round, seats.clone()).await?;
            if scoring {
                hand_over(ctx, tx, dossier, (&before, &seats), &leavers).await?;
            }
            for (leaver, successors) in leavers.iter().zip(&replaced) {
                let event = audit::Event::SeatReplaced {
                    expert: leaver.expert,
                    why: leaver.why,
                    reason: leaver.reason.as_str().to_owned(),
                    successors: successors.clone(),
                    record: sha256(text.as_bytes()),
                };
                ctx.record(tx, event.of(draw.id.0).in_round(round)).await?;
            }
            Ok(())
        })
        .await?;
    Ok(replaced.concat())
}

struct Leaver {
    expert: ExpertId,
    why: Leave,
    reason: Reason,
    /// The cause and the reason.
    grounds: Reason,
}

impl Leaver {
    fn of(leaving: Leaving) -> Result<Self> {
        let Leaving { expert, why, reason } = leaving;
        let reason = Reason::of(&reason, Unreasoned::Replacement)?;
        Ok(Self { expert, why, grounds: reason.clone().after(why), reason })
    }
}

fn replace(mut record: Record, vacancy: &Vacancy) -> Result<(Record, Vec<Event>), DrawError> {
    let events = record.replace(vacancy)?;
    Ok((record, events))
}

fn refused(error: DrawError) -> Error {
    match error {
        DrawError::NotSeated(_) => Error::NotFound,
        DrawError::Unfillable(place) => {
            domain::draw::DrawError::Unfillable { panel: place.application, role: place.role.role() }.into()
        }
        other => internal(other),
    }
}

/// Seats after the record's events: whoever stays keeps id, number and presence; a successor takes over the number of the seat that became free.
fn reseat(
    ctx: &Context,
    dossier: &Dossier,
    before: &[Seat],
    record: &Record,
    by_code: &HashMap<&str, &Expert>,
) -> Vec<Seat> {
    let current = record.current();
    let panels: HashMap<&str, _> = dossier.panels.iter().map(|p| (p.name.as_str(), p.id)).collect();
    let wanted: Vec<_> = current
        .iter()
        .filter_map(|a| Some((*panels.get(a.application.as_str())?, *by_code.get(a.expert.as_str())?)))
        .collect();
    let stays = |seat: &&Seat| wanted.iter().any(|(panel, expert)| seat.panel == *panel && seat.expert == expert.id);
    let mut seats: Vec<Seat> = before.iter().filter(stays).cloned().collect();
    let mut free: Vec<&Seat> = before.iter().filter(|seat| !stays(seat)).collect();
    for (panel, expert) in wanted {
        if seats.iter().any(|s| s.panel == panel && s.expert == expert.id) {
            continue;
        }
        let place = free.iter().position(|s| s.panel == panel && s.role == expert.role);
        let place = place.or_else(|| free.iter().position(|s| s.panel == panel));
        let number = place.map_or(0, |at| free.swap_remove(at).number);
        seats.push(Seat {
            id: ctx.id(),
            round: dossier.round.id,
            panel,
            expert: expert.id,
            number,
            role: expert.role,
            presence: Presence::Expected,
        });
    }
    seats
}

/// During scoring: whoever lost a seat has their sheets voided, whoever gained one is there and gets blank sheets.
async fn hand_over(
    ctx: &Context,
    tx: &Tx,
    dossier: &Dossier,
    (before, after): (&[Seat], &[Seat]),
    leavers: &[Leaver],
) -> Result<()> {
    let round = dossier.round.id;
    let sits = |seats: &[Seat], seat: &Seat| seats.iter().any(|s| s.panel == seat.panel && s.expert == seat.expert);
    for seat in before.iter().filter(|seat| !sits(after, seat)) {
        // While there are scores nobody but the leavers loses a seat.
        let leaver = leavers.iter().find(|leaver| leaver.expert == seat.expert).ok_or(Error::NotFound)?;
        let grounds = &leaver.grounds;
        let voiding = grounds.clone().after("离席，由递补专家重新评审");
        for sheet in tx.sheets().of(seat.expert).in_round(round).await? {
            let voided = sheet.clone().void(voiding.clone(), ctx.now())?;
            tx.sheets().set_aside(&voided).await?;
            let event = audit::Event::SheetVoided { reason: grounds.as_str().to_owned() };
            ctx.record(tx, event.of(sheet.id.0).in_round(round).changing(&sheet, &voided)?).await?;
        }
    }
    let barred = excluded(&tx.conflicts().of_round(round).await?);
    let mut sheets = Vec::new();
    for seat in after.iter().filter(|seat| !sits(before, seat)) {
        tx.panels().set_presence(round, seat.expert, Presence::Present).await?;
        for application in dossier.reviewed_from(seat) {
            if !barred.contains(&(seat.expert, application.id)) {
                let id = domain::ids::SheetId(ctx.id());
                sheets.push(Sheet::blank(id, round, seat.expert, application.id));
            }
        }
    }
    Ok(tx.sheets().insert(&sheets).await?)
}
