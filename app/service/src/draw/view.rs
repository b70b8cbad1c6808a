//! The data of the draw page and of the projected ceremony. Candidates are numbers until the experts have signed in.

use super::{Asked, stored_record, take_place};
use crate::assignment::Demand;
use crate::dossier::Dossier;
use crate::veil::Veil;
use crate::{Context, Error, Result, kept};
use domain::Timestamp;
use domain::access::{Department, Permission};
use domain::draw::{Draw, DrawError, DrawState, Fate, Pledges};
use domain::ids::RoundId;
use engine::draw::{Alternate, Drawn, Event, Record, Shortage};
use std::collections::HashMap;
use std::sync::Arc;
use store::{Repositories, Topic, if_any};

/// A draw for people to look at.
#[derive(Debug, Clone)]
pub struct View {
    pub state: DrawState,
    pub demand: Demand,
    pub pledges: Pledges,
    pub candidates: usize,
    pub pool_digest: String,
    pub opened_at: Timestamp,
    pub drawn_at: Option<Timestamp>,
    /// Empty before the lots have fallen.
    pub seed: String,
    /// The version of the method, and how it was decided who can be seated.
    pub algorithm: String,
    pub decided: Option<String>,
    pub lots: Vec<Line>,
    pub alternates: Vec<Alternate>,
    pub shortages: Vec<Shortage>,
    pub events: Vec<Event>,
    /// Voided draws of the round: when opened, and why given up.
    pub voided: Vec<(Timestamp, String)>,
}

/// One lot in order.
#[derive(Debug, Clone)]
pub struct Line {
    pub order: u32,
    /// The expert's number in the pool (专家编号).
    pub expert: String,
    pub lot: String,
    pub fate: Fate,
}

/// The draw of a round that counts, if one was opened.
///
/// # Errors
/// `Denied` without `ReadProgress`.
pub async fn view(ctx: &Context, round: RoundId) -> Result<Option<View>> {
    ctx.require(Permission::ReadProgress)?;
    let recorded = recorded(ctx, round).await?;
    let Some(Recorded { draw, record, candidates, voided }) = &*recorded else { return Ok(None) };
    let asked: Asked = serde_json::from_str(&draw.demand)?;
    let mut view = View {
        state: draw.state,
        demand: asked.demand,
        pledges: draw.pledges.clone(),
        candidates: *candidates,
        pool_digest: draw.pool_digest.clone(),
        opened_at: draw.opened_at,
        drawn_at: draw.drawn_at,
        seed: String::new(),
        algorithm: engine::draw::ALGORITHM.to_owned(),
        decided: None,
        lots: Vec::new(),
        alternates: Vec::new(),
        shortages: Vec::new(),
        events: Vec::new(),
        voided: voided.clone(),
    };
    if let Some(record) = record {
        view.lots = lines(record);
        view.seed.clone_from(&record.seed);
        view.algorithm.clone_from(&record.algorithm);
        view.decided = record.decisions.map(|decisions| decisions.text());
        view.alternates.clone_from(&record.alternates);
        view.shortages.clone_from(&record.shortages);
        view.events.clone_from(&record.events);
    }
    let current = ctx.store().current().await?;
    let veil = Veil::of(ctx, &Dossier::at(&current, round).await?);
    if veil.closed {
        let experts = &kept::pool(&current).await?.experts;
        for line in &mut view.lots {
            line.expert = veil.rename(std::mem::take(&mut line.expert), experts)?;
        }
        view.alternates = veil.rename(view.alternates, experts)?;
        view.events = veil.rename(view.events, experts)?;
    }
    Ok(Some(view))
}

/// A draw with its record as everybody looks at it.
struct Recorded {
    draw: Draw,
    record: Option<Record>,
    candidates: usize,
    /// Draws of the round that were voided.
    voided: Vec<(Timestamp, String)>,
}

/// The draw that counts. One whose nonces are all known but whose lots have not fallen was interrupted, and is completed now.
async fn recorded(ctx: &Context, round: RoundId) -> Result<Arc<Option<Recorded>>> {
    let found = as_stored(ctx, round).await?;
    match &*found {
        Some(Recorded { draw, .. })
            if draw.state == DrawState::Open && draw.pledges.is_complete() && ctx.may(Permission::DrawExperts) =>
        {
            take_place(ctx, draw.clone()).await?;
            as_stored(ctx, round).await
        }
        _ => Ok(found),
    }
}

/// Why a draw was set aside, and how far it had gone.
fn told(draw: &Draw) -> String {
    let revealed = |department: &Department| draw.pledges.get(*department).is_some_and(|own| own.nonce.is_some());
    let revealed: Vec<_> = Department::ALL.iter().filter(|own| revealed(own)).map(|own| own.label()).collect();
    let reason = &draw.void_reason;
    match (draw.record.is_some(), &revealed[..]) {
        (true, _) => format!("{reason}（已抽出名单）"),
        (false, []) => format!("{reason}（尚无部门公布随机数）"),
        (false, revealed) => format!("{reason}（{}已公布随机数）", revealed.join("、")),
    }
}

async fn as_stored(ctx: &Context, round: RoundId) -> Result<Arc<Option<Recorded>>> {
    let load = async || {
        let Some(draw) = if_any(ctx.store().draws().current(round).await)? else { return Ok(None) };
        let record = stored_record(&draw)?;
        let candidates = match &record {
            Some(record) => record.pool.candidates.len(),
            None => serde_json::from_str::<engine::draw::Pool>(&draw.pool)?.candidates.len(),
        };
        let voided = ctx.store().draws().voided(round).await?;
        let voided = voided.iter().map(|draw| (draw.opened_at, told(draw))).collect();
        Ok(Some(Recorded { draw, record, candidates, voided }))
    };
    ctx.store().current().await?.kept(round.0, &[Topic::Draws], load).await
}

/// How well each seated expert suits the panel, by panel name and expert number.
pub type Affinities = HashMap<(String, String), f64>;

/// The affinities of the seats as they stand: those of the draw, or of the assignment that stands in its place.
///
/// # Errors
/// `Denied` without `ReadProgress`.
pub async fn affinity(ctx: &Context, round: RoundId) -> Result<Affinities> {
    ctx.require(Permission::ReadProgress)?;
    let recorded = recorded(ctx, round).await?;
    let assigned = match recorded.as_ref().as_ref().and_then(|recorded| recorded.record.as_ref()) {
        Some(record) => record.current(),
        None => crate::assignment::latest(ctx, round).await?.map(|outcome| outcome.assignments).unwrap_or_default(),
    };
    let current = ctx.store().current().await?;
    let veil = Veil::of(ctx, &Dossier::at(&current, round).await?);
    let assigned = veil.rename(assigned, &kept::pool(&current).await?.experts)?;
    Ok(assigned.into_iter().map(|a| ((a.application, a.expert), a.affinity)).collect())
}

fn lines(record: &Record) -> Vec<Line> {
    let seats: HashMap<&str, (&str, &'static str)> =
        record.seating.iter().map(|a| (a.expert.as_str(), (a.application.as_str(), a.role.label()))).collect();
    let fate = |entry: &engine::draw::Entry| match &entry.outcome {
        Drawn::Accepted => {
            let (panel, role) = seats.get(entry.expert.as_str()).copied().unwrap_or_default();
            Fate::Seated { panel: panel.to_owned(), role }
        }
        Drawn::PassedOver { reason } => Fate::PassedOver { reason: reason.text() },
    };
    let line = |entry: &engine::draw::Entry| Line {
        order: entry.order,
        expert: entry.expert.clone(),
        lot: entry.lot.to_hex(),
        fate: fate(entry),
    };
    record.lots.iter().map(line).collect()
}

/// The record's file, byte for byte. It names everybody, so that until sign-in only whoever notifies the experts has it.
///
/// # Errors
/// `Denied` without `ReadProgress`; `NotFound` before the lots have fallen; `Rule` before sign-in.
pub async fn record(ctx: &Context, round: RoundId) -> Result<String> {
    let ctx = &crate::integrity::intact(ctx, Permission::ReadProgress, round).await?;
    let record = ctx.store().draws().current(round).await?.record.ok_or(Error::NotFound)?;
    if Veil::of(ctx, &Dossier::load(ctx, round).await?).closed {
        return Err(DrawError::Sealed.into());
    }
    Ok(record)
}
