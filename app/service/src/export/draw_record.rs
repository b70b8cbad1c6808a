//! 抽取记录表, put together from the draw and its seats.

use super::{Document, hand_out};
use crate::dossier::Dossier;
use crate::draw::{Fate, Line, View};
use crate::integrity::intact;
use crate::veil::Veil;
use crate::{Context, Error, Result};
use domain::access::Permission;
use domain::expert::Expert;
use domain::ids::RoundId;
use domain::seat::Presence;
use engine::draw::Event;
use export::draw_record::{Avoided, DrawRecord, Lot, Seat, Turn, to_xlsx};
use std::collections::HashMap;
use store::Repositories;

/// 抽取记录表. Until sign-in the experts are numbers for whoever does not have to notify them.
///
/// # Errors
/// `Denied` without `Export` and `ReadProgress`; `NotFound` before the lots have fallen.
pub async fn draw_record(ctx: &Context, round: RoundId) -> Result<Document> {
    let ctx = &intact(ctx, Permission::Export, round).await?;
    let view = crate::draw::view(ctx, round).await?.filter(|view| view.drawn_at.is_some()).ok_or(Error::NotFound)?;
    let dossier = Dossier::load(ctx, round).await?;
    let veil = Veil::of(ctx, &dossier);
    let experts = ctx.store().experts().all().await?;
    let seats = ctx.store().panels().seats(round).await?;
    let presence: HashMap<_, _> = seats.iter().map(|seat| (seat.expert, seat.presence)).collect();
    let experts: Vec<Expert> = experts.into_iter().map(|own| veil.show(own)).collect();
    let came = experts.iter().filter_map(|e| Some((e.code.clone(), *presence.get(&e.id)?))).collect();
    let shown = experts.into_iter().map(|own| (own.code.clone(), own)).collect();
    let people = People { experts: shown, came };
    let title = &dossier.round.title;
    let content = to_xlsx(&DrawRecord {
        batch: &dossier.batch.title,
        round: title,
        demand: &view.demand,
        panels: dossier.panels.len(),
        candidates: view.candidates,
        pool_digest: &view.pool_digest,
        algorithm: &view.algorithm,
        decided: view.decided.as_deref(),
        seed: &view.seed,
        pledges: &view.pledges,
        opened_at: view.opened_at,
        drawn_at: view.drawn_at,
        generated: ctx.now(),
        voided: &view.voided,
        seats: seated(&view, &dossier, &people),
        lots: view.lots.iter().map(lot).collect(),
        reference_day: dossier.round.reference_day,
        avoided: avoided(&dossier),
    })?;
    hand_out(ctx, Some(round), format!("{title}-抽取记录表.xlsx"), content).await
}

struct People {
    experts: HashMap<String, Expert>,
    came: HashMap<String, Presence>,
}

/// Those drawn, those who succeeded them, and those who are left as alternates.
fn seated<'a>(view: &'a View, dossier: &Dossier, people: &'a People) -> Vec<Seat<'a>> {
    let order: HashMap<&str, u32> = view.lots.iter().map(|line| (line.expert.as_str(), line.order)).collect();
    let seat = |panel, role, code: &'a str, turn, notice| Seat {
        panel,
        role,
        order: order.get(code).copied(),
        code,
        expert: people.experts.get(code),
        turn,
        notice,
    };
    let notice = |code: &str| {
        let left = view.events.iter().find(|event| event.vacancy.expert == code);
        left.map_or_else(|| people.notice(code).to_owned(), |event| event.vacancy.reason.clone())
    };
    let mut drawn: Vec<(&str, &str, &Line)> = view.lots.iter().filter_map(drawn).collect();
    drawn.sort_by_key(|(panel, _, line)| (dossier.panels.iter().position(|p| p.name == **panel), line.order));
    let mut seats: Vec<_> = drawn
        .into_iter()
        .map(|(panel, role, line)| seat(panel, role, line.expert.as_str(), Turn::Drawn, notice(&line.expert)))
        .collect();
    for event in &view.events {
        let turn = if event.is_supplementary() { Turn::Supplementary } else { Turn::Succeeded };
        let (panel, role) = place(event);
        let words = format!("接替{}", event.vacancy.expert);
        let words = match notice(&event.successor) {
            none if none.is_empty() => words,
            known => format!("{words}；{known}"),
        };
        seats.push(seat(panel, role, &event.successor, turn, words));
    }
    for alternate in view.alternates.iter().filter(|a| view.events.iter().all(|e| e.successor != a.expert)) {
        let places: Vec<_> = alternate.places.iter().map(|p| format!("{} {}", p.application, p.role.label())).collect();
        seats.push(seat("", "", &alternate.expert, Turn::Alternate, places.join("；")));
    }
    seats
}

impl People {
    /// The words for an expert who is still expected.
    fn notice(&self, code: &str) -> &'static str {
        match self.came.get(code) {
            Some(Presence::Present) => "参加",
            Some(Presence::Absent) => "未到会",
            Some(Presence::Expected) | None => "",
        }
    }
}

fn drawn(line: &Line) -> Option<(&str, &'static str, &Line)> {
    match &line.fate {
        Fate::Seated { panel, role } => Some((panel, role, line)),
        Fate::PassedOver { .. } => None,
    }
}

fn place(event: &Event) -> (&str, &'static str) {
    let joined = event.change.joined.iter().find(|one| one.expert == event.successor);
    joined.map_or(("", ""), |one| (one.application.as_str(), one.role.label()))
}

const fn lot(line: &Line) -> Lot<'_> {
    Lot { order: line.order, lot: line.lot.as_str(), expert: line.expert.as_str(), fate: &line.fate }
}

/// 回避单位清单: the members of every application under review.
fn avoided(dossier: &Dossier) -> Vec<Avoided<'_>> {
    let mut avoided = Vec::new();
    for own in dossier.eligible() {
        let panel = dossier.panel_of(own.id).and_then(|id| dossier.panel(id)).map_or("", |p| p.name.as_str());
        let unit = |member| Avoided { panel, application: own.code.as_str(), member };
        avoided.extend(own.members.iter().map(unit));
    }
    avoided
}
