//! 评审会: who is there, and the sheets that open when scoring begins.

use crate::audit::kinds::List;
use crate::audit::{Event, note_reading};
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::veil::Veil;
use crate::{Context, Result, kept};
use domain::access::Permission;
use domain::expert::Expert;
use domain::ids::{ApplicationId, ExpertId, PanelId, RoundId};
use domain::round::Work;
use domain::seat::{Presence, Seat};
use store::Repositories;

/// Every present expert with every application of the panel, or bridged to it, that the expert may review: each pair gets a sheet.
pub(crate) async fn pairs_to_open(
    repositories: &impl Repositories,
    dossier: &Dossier,
) -> Result<Vec<(ExpertId, ApplicationId)>> {
    let round = dossier.round.id;
    let excluded = domain::conflict::excluded(&repositories.conflicts().of_round(round).await?);
    let mut pairs = Vec::new();
    for seat in repositories.panels().seats(round).await? {
        if seat.presence != Presence::Present {
            continue;
        }
        for application in dossier.reviewed_from(&seat) {
            if !excluded.contains(&(seat.expert, application.id)) {
                pairs.push((seat.expert, application.id));
            }
        }
    }
    Ok(pairs)
}

/// One seat with its expert.
#[derive(Debug, Clone)]
pub struct RosterLine {
    pub seat: Seat,
    pub expert: Expert,
    /// 席位代号: by which everybody else knows the expert until sign-in.
    pub number: String,
}

/// The expected experts, by panel and seat. Until the experts sign in, only whoever has to notify them learns more than their numbers; that names
/// were looked at is recorded.
///
/// # Errors
/// `Denied` without `ReadProgress`, `NotFound`.
pub async fn roster(ctx: &Context, round: RoundId) -> Result<(Dossier, Vec<RosterLine>)> {
    let (dossier, lines) = seated(ctx, round).await?;
    if !lines.is_empty() && !Veil::of(ctx, &dossier).closed {
        let event = Event::RoundRead { list: List::Roster, experts: lines.len() };
        note_reading(ctx, event.of_round(round)).await?;
    }
    Ok((dossier, lines))
}

/// The same for what shows nobody's name.
pub(crate) async fn seated(ctx: &Context, round: RoundId) -> Result<(Dossier, Vec<RosterLine>)> {
    ctx.require(Permission::ReadProgress)?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    let seats = kept::seats(&current, round).await?;
    let pool = kept::pool(&current).await?;
    let veil = Veil::of(ctx, &dossier);
    let line = |seat: &Seat| {
        let expert = pool.get(seat.expert)?.clone();
        Some(RosterLine { number: veil.number(expert.id), expert: veil.show(expert), seat: seat.clone() })
    };
    let lines = seats.iter().filter_map(line).collect();
    Ok((dossier, lines))
}

/// Notes whether experts have come. Fixed once scoring has begun.
///
/// # Errors
/// `Denied`; `NotFound` for an expert without a seat; `Rule` outside 签到承诺.
pub async fn set_presence(ctx: &Context, round: RoundId, experts: &[ExpertId], presence: Presence) -> Result<()> {
    let ctx = &intact(ctx, Permission::RunSession, round).await?;
    ctx.store().rounds().get(round).await?.permits(Work::NoteArrivals)?;
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::NoteArrivals)?;
            for expert in experts {
                tx.panels().set_presence(round, *expert, presence).await?;
            }
            ctx.record(tx, Event::PresenceSet { experts: experts.to_vec(), presence }.of_round(round)).await
        })
        .await
}

/// Notes that every expert of a panel who is still expected has come, and says how many. The absent stay absent.
///
/// # Errors
/// `Denied`; `Rule` outside 签到承诺.
pub async fn mark_expected_present(ctx: &Context, round: RoundId, panel: PanelId) -> Result<usize> {
    let ctx = &intact(ctx, Permission::RunSession, round).await?;
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::NoteArrivals)?;
            let mut seats = tx.panels().seats(round).await?;
            seats.retain(|s| s.panel == panel && s.presence == Presence::Expected);
            for seat in &seats {
                tx.panels().set_presence(round, seat.expert, Presence::Present).await?;
            }
            let experts = seats.iter().map(|s| s.expert).collect();
            let event = Event::PresenceSet { experts, presence: Presence::Present };
            ctx.record(tx, event.of_round(round)).await?;
            Ok(seats.len())
        })
        .await
}
