//! 连接评审: reviews across panels, placed where they make panels most comparable, before scoring begins.

mod comparison;

pub use comparison::{Comparison, PanelComparison};

use crate::assignment::{Demand, Frame};
use crate::audit::Event;
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::{Context, Error, Result};
use domain::access::Permission;
use domain::bridge::{Bridge, BridgeError, Unbridgeable};
pub use domain::bridging::{Ask, Assumed, Placement};
use domain::conflict::excluded;
use domain::expert::Expert;
use domain::identity::Employers;
use domain::ids::{ApplicationId, ExpertId, RoundId, RunId};
use domain::panel::Panel;
use domain::round::Work;
use domain::run::{Run, RunKind};
use domain::seat::{Presence, Seat};
use engine::bridging::{self, BridgingError, Candidate, Design, Limits, Review, Variances};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use store::{Repositories, Topic, if_any};

/// Bridging reviews of one application, at most: its own panel shall outweigh the guests.
const PER_APPLICATION: u32 = 2;

fn variances(assumed: Assumed) -> Variances {
    Variances {
        application: assumed.application.powi(2),
        expert: assumed.expert.powi(2),
        panel: assumed.panel.powi(2),
        residual: assumed.residual.powi(2),
    }
}

/// One review across panels: who holds the seat decides who makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub panel: String,
    pub number: i32,
    pub code: String,
    pub home: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BridgePlan {
    pub algorithm: String,
    pub ask: Ask,
    pub panels: Vec<String>,
    pub comparison: Comparison,
    pub lines: Vec<Line>,
}

/// The standard deviations of the latest calibrated round of the same kind, or the usual ones; with where they come from.
///
/// # Errors
/// `Denied` without `AssignExperts`, `NotFound`.
pub async fn assumed(ctx: &Context, round: RoundId) -> Result<(Assumed, String)> {
    ctx.require(Permission::AssignExperts)?;
    let current = ctx.store().current().await?;
    let kind = Dossier::at(&current, round).await?.round.kind;
    let mut latest: Option<(domain::Timestamp, Assumed, String)> = None;
    for other in ctx.store().rounds().all().await? {
        if other.id == round || other.kind != kind {
            continue;
        }
        let Some(run) = crate::calibration::last(&current, other.id).await? else { continue };
        let record = &run.record;
        let found = (record.variance_application, record.variance_expert, record.variance_residual);
        if let (Some(application), Some(expert), Some(residual)) = found
            && residual > 0.0
            && latest.as_ref().is_none_or(|(at, ..)| run.at > *at)
        {
            let assumed = Assumed {
                application: application.sqrt(),
                expert: expert.sqrt(),
                residual: residual.sqrt(),
                ..Assumed::default()
            };
            latest = Some((run.at, assumed, format!("取自“{}”的校准估计（评审组取参考值）", other.title)));
        }
    }
    Ok(latest
        .map_or_else(|| (Assumed::default(), "参考值，可调整".to_owned()), |(_, assumed, source)| (assumed, source)))
}

/// The gain that bridging reviews would bring. Changes nothing. Seats appear by number only.
///
/// # Errors
/// `Denied`; `Rule` before the seats are known or once scoring has begun, or if the method cannot use bridges; `Rule`.
pub async fn preview_bridges(ctx: &Context, round: RoundId, ask: Ask) -> Result<BridgePlan> {
    let ctx = &intact(ctx, Permission::AssignExperts, round).await?;
    Ok(planned(ctx, round, ask).await?.0)
}

/// Plans anew and keeps the result in place of an earlier one.
///
/// # Errors
/// As [`preview_bridges`]; `Stale` if seats or recusals changed meanwhile; `Rule` if nobody can be asked.
pub async fn set_bridges(ctx: &Context, round: RoundId, ask: Ask) -> Result<usize> {
    let ctx = &intact(ctx, Permission::AssignExperts, round).await?;
    let (plan, bridges, seats) = planned(ctx, round, ask).await?;
    if bridges.is_empty() {
        return Err(BridgeError::NoCandidates.into());
    }
    let output = serde_json::to_string(&plan)?;
    let run = Run::of(RunId(ctx.id()), round, RunKind::Bridging, &plan.algorithm, output, ctx.now());
    let event = Event::BridgesPlanned {
        reviews: bridges.len(),
        ask,
        run: run.id,
        digest: run.digest.clone(),
        mean_before: plan.comparison.mean_before,
        mean_after: plan.comparison.mean_after,
    };
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::Bridge)?;
            if tx.panels().seats(round).await? != seats {
                return Err(Error::Stale);
            }
            tx.panels().replace_bridges(round, &bridges).await?;
            tx.runs().insert(run.clone()).await?;
            ctx.record(tx, event.clone().of_round(round)).await
        })
        .await?;
    Ok(bridges.len())
}

/// Takes all bridges back.
///
/// # Errors
/// `Denied`; `Rule` once scoring has begun.
pub async fn clear_bridges(ctx: &Context, round: RoundId) -> Result<()> {
    let ctx = &intact(ctx, Permission::AssignExperts, round).await?;
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::Bridge)?;
            tx.panels().replace_bridges(round, &[]).await?;
            ctx.record(tx, Event::BridgesCleared { reviews: 0 }.of_round(round)).await
        })
        .await
}

/// The round, and its bridges as they were planned, if there are any.
///
/// # Errors
/// `Denied` without `ReadProgress`, `NotFound`.
pub async fn bridges(ctx: &Context, round: RoundId) -> Result<(Dossier, Option<BridgePlan>)> {
    ctx.require(Permission::ReadProgress)?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    if dossier.bridges.is_empty() {
        return Ok((dossier, None));
    }
    let load = async || {
        let run = if_any(ctx.store().runs().latest(round, RunKind::Bridging).await)?;
        Ok::<Option<BridgePlan>, Error>(run.map(|run| serde_json::from_str(&run.output)).transpose()?)
    };
    let plan = current.kept(round.0, &[Topic::Runs], load).await?;
    Ok((dossier, (*plan).clone()))
}

async fn planned(ctx: &Context, round: RoundId, ask: Ask) -> Result<(BridgePlan, Vec<Bridge>, Vec<Seat>)> {
    check(ask)?;
    let dossier = Dossier::load(ctx, round).await?;
    dossier.round.permits(Work::Bridge)?;
    if !dossier.round.terms.method.uses_bridges() {
        return Err(Unbridgeable::Method(dossier.round.terms.method).into());
    }
    let seats = ctx.store().panels().seats(round).await?;
    if seats.is_empty() {
        return Err(Unbridgeable::Unseated.into());
    }
    let experts = ctx.store().experts().all().await?;
    let conflicts = ctx.store().conflicts().of_round(round).await?;
    let barred = excluded(&conflicts);
    let demand = Demand::default();
    let past = ctx.store().sheets().tasks_scored_outside(round).await?;
    let frame = Frame {
        dossier: &dossier,
        experts: &experts,
        employers: &Employers::of(&experts),
        conflicts: &conflicts,
        demand: &demand,
        past: &past,
    };
    let sitting: Vec<&Seat> = seats.iter().filter(|seat| seat.presence != Presence::Absent).collect();
    let table = Table::of(&dossier, &sitting, &experts, &barred);
    let design = table.design(variances(ask.assumed));
    let candidates = table.candidates(&dossier.panels, frame.suitable());
    let solved =
        crate::heavy::compute(move || place(&design, &candidates, ask.placement)).await?.map_err(
            |error| match error {
                BridgingError::OnePanel => Error::from(Unbridgeable::OnePanel),
                BridgingError::EmptyPanel => Unbridgeable::EmptyPanel.into(),
                BridgingError::Variance => BridgeError::Variance.into(),
            },
        )?;
    let bridges = solved.reviews.iter().map(|review| table.bridge(*review)).collect();
    let lines = solved.reviews.iter().filter_map(|review| table.line(&dossier, *review)).collect();
    let comparison = Comparison {
        mean_before: solved.before.mean_variance.max(0.0).sqrt(),
        mean_after: solved.after.mean_variance.max(0.0).sqrt(),
        before: solved.before.standard_errors,
        after: solved.after.standard_errors,
    };
    let panels = dossier.panels.iter().map(|panel| panel.name.clone()).collect();
    let plan = BridgePlan { algorithm: bridging::ALGORITHM.to_owned(), ask, panels, comparison, lines };
    Ok((plan, bridges, seats))
}

fn place(design: &Design, candidates: &[Candidate], placement: Placement) -> Result<bridging::Proposal, BridgingError> {
    match placement {
        Placement::Reviews { count, per_expert } => {
            let limits = Limits { per_expert, per_application: PER_APPLICATION };
            bridging::bridges(design, candidates, count as usize, limits)
        }
        Placement::Anchors { applications, reviewers } => {
            bridging::anchors(design, candidates, applications as usize, reviewers as usize)
        }
    }
}

fn check(ask: Ask) -> Result<(), BridgeError> {
    let known = match ask.placement {
        Placement::Reviews { count, per_expert } => (1..=2000).contains(&count) && (1..=20).contains(&per_expert),
        Placement::Anchors { applications, reviewers } => {
            (1..=50).contains(&applications) && (1..=3).contains(&reviewers)
        }
    };
    if !known {
        return Err(BridgeError::Number);
    }
    let Assumed { application, expert, panel, residual } = ask.assumed;
    let bounded = [application, expert, panel, residual].iter().all(|sd| (0.0..=50.0).contains(sd));
    if bounded && residual >= 0.01 { Ok(()) } else { Err(BridgeError::Deviation) }
}

/// Seats and applications by index.
struct Table<'a> {
    seats: Vec<&'a Seat>,
    experts: HashMap<ExpertId, &'a Expert>,
    applications: Vec<ApplicationId>,
    seat_panel: Vec<usize>,
    application_panel: Vec<usize>,
    panels: usize,
    barred: &'a HashSet<(ExpertId, ApplicationId)>,
}

impl<'a> Table<'a> {
    fn of(
        dossier: &Dossier,
        seats: &[&'a Seat],
        experts: &'a [Expert],
        barred: &'a HashSet<(ExpertId, ApplicationId)>,
    ) -> Self {
        let index: HashMap<_, _> = dossier.panels.iter().enumerate().map(|(i, panel)| (panel.id, i)).collect();
        let seats: Vec<_> = seats.iter().copied().filter(|seat| index.contains_key(&seat.panel)).collect();
        let grouped = |a: &&domain::application::Application| dossier.panel_of(a.id).is_some();
        let applications: Vec<_> = dossier.applications.iter().filter(grouped).map(|a| a.id).collect();
        Self {
            seat_panel: seats.iter().map(|seat| index[&seat.panel]).collect(),
            application_panel: applications
                .iter()
                .filter_map(|id| dossier.panel_of(*id).and_then(|panel| index.get(&panel).copied()))
                .collect(),
            experts: experts.iter().map(|expert| (expert.id, expert)).collect(),
            panels: dossier.panels.len(),
            seats,
            applications,
            barred,
        }
    }

    fn may(&self, review: Review) -> bool {
        !self.barred.contains(&(self.seats[review.expert].expert, self.applications[review.application]))
    }

    /// Every pair of a seat and an application that may meet.
    fn pairs(&self) -> impl Iterator<Item = Review> {
        let all = (0..self.seats.len())
            .flat_map(|expert| (0..self.applications.len()).map(move |application| Review { expert, application }));
        all.filter(|review| self.may(*review))
    }

    fn is_within(&self, review: Review) -> bool {
        self.seat_panel[review.expert] == self.application_panel[review.application]
    }

    fn design(&self, variances: Variances) -> Design {
        Design {
            panels: self.panels,
            expert_panel: self.seat_panel.clone(),
            application_panel: self.application_panel.clone(),
            reviews: self.pairs().filter(|review| self.is_within(*review)).collect(),
            variances,
        }
    }

    /// Reviews across panels by those who know the field.
    fn candidates(&self, panels: &[Panel], suitable: impl Fn(&Expert, &Panel) -> Option<f64>) -> Vec<Candidate> {
        let across = self.pairs().filter(|review| !self.is_within(*review));
        across
            .filter_map(|review| {
                let expert = self.experts.get(&self.seats[review.expert].expert)?;
                let panel = panels.get(self.application_panel[review.application])?;
                let preference = suitable(expert, panel)?;
                Some(Candidate { review, preference })
            })
            .collect()
    }

    fn bridge(&self, review: Review) -> Bridge {
        let seat = self.seats[review.expert];
        Bridge { panel: seat.panel, number: seat.number, application: self.applications[review.application] }
    }

    fn line(&self, dossier: &Dossier, review: Review) -> Option<Line> {
        let seat = self.seats[review.expert];
        let application = self.applications[review.application];
        Some(Line {
            panel: dossier.panel(seat.panel)?.name.clone(),
            number: seat.number,
            code: dossier.application(application)?.code.clone(),
            home: dossier.panels.get(self.application_panel[review.application])?.name.clone(),
        })
    }
}
