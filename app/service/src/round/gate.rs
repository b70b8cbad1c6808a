//! Loads the facts that the gate of a step asks for.

use crate::dossier::Dossier;
use crate::{Context, Result};
use domain::application::{Application, ApplicationState};
use domain::draw::DrawState;
use domain::gate::{self, Condition, RoundFacts};
use domain::ids::ApplicationId;
use domain::round::{Freeze, Gate, Met, Method, Step};
use domain::rubric::Scoring;
use domain::run::RunKind;
use domain::seat::Presence;
use domain::sheet::Sheet;
use std::collections::{HashMap, HashSet};
use store::{Repositories, if_any};

/// The conditions for entering `step`.
///
/// # Errors
/// The database cannot be read.
pub async fn conditions(ctx: &Context, dossier: &Dossier, step: Step) -> Result<Vec<Condition>> {
    Ok(gate::conditions(&facts(ctx, dossier, step).await?))
}

/// Those that are not met.
pub(super) async fn unmet(ctx: &Context, dossier: &Dossier, step: Step) -> Result<Vec<Condition>> {
    Ok(gate::unmet(&facts(ctx, dossier, step).await?))
}

async fn facts(ctx: &Context, dossier: &Dossier, step: Step) -> Result<RoundFacts> {
    let store = ctx.store();
    let round = dossier.round.id;
    let computed =
        async |kind| Ok::<_, crate::Error>(Met::of(if_any(store.runs().latest(round, kind).await)?.is_some()));
    Ok(match step {
        Step::Formality => RoundFacts::Formality { applications: dossier.applications.len() },
        Step::Recusal => {
            let filed = dossier.applications.iter().filter(|a| a.state == ApplicationState::Filed);
            RoundFacts::Recusal { without_formal_check: filed.count() }
        }
        Step::Grouping => {
            let conflicts = store.conflicts().of_round(round).await?;
            RoundFacts::Grouping {
                compared: computed(RunKind::Detection).await?,
                undecided_conflicts: conflicts.iter().filter(|c| c.awaits_decision()).count(),
            }
        }
        Step::Draw => {
            let open = dossier.eligible().filter(|a| dossier.panel_of(a.id).is_none());
            RoundFacts::Draw { applications_without_panel: open.count() }
        }
        Step::SignIn => sign_in(ctx, dossier).await?,
        Step::Scoring => scoring(ctx, dossier).await?,
        Step::Checking => {
            let sheets = store.sheets().of_round(round).await?;
            RoundFacts::Checking {
                drafts: sheets.iter().filter(|sheet| sheet.is_draft()).count(),
                applications_without_objectives: without_objectives(ctx, dossier).await?,
            }
        }
        Step::Deliberation => {
            let sheets = store.sheets().of_round(round).await?;
            RoundFacts::Deliberation {
                least: dossier.round.terms.min_sheets,
                short: short_of(dossier, sheets.iter().filter(|s| s.is_submitted()).map(|s| s.application)),
                applications_without_objectives: without_objectives(ctx, dossier).await?,
            }
        }
        Step::Calibration => RoundFacts::Calibration,
        Step::Ranking => RoundFacts::Ranking { calibrated: computed(RunKind::Calibration).await? },
        Step::Countersign => RoundFacts::Countersign { ranking: crate::ranking::open_ends(ctx, dossier).await? },
        Step::Notice => {
            let signs = crate::decision::signed(ctx, dossier, Gate::Shortlist).await?;
            RoundFacts::Notice { signatures: signs.map_or(0, |signs| signs.signed().len()) }
        }
        Step::Preparation | Step::Objection | Step::Publication | Step::Archive => RoundFacts::Free,
    })
}

async fn sign_in(ctx: &Context, dossier: &Dossier) -> Result<RoundFacts> {
    let store = ctx.store();
    let seats = store.panels().seats(dossier.round.id).await?;
    let seated: HashSet<_> = seats.iter().map(|s| s.panel).collect();
    let draw = if_any(store.draws().current(dossier.round.id).await)?;
    let excluded = crate::session::excluded(&store.conflicts().of_round(dossier.round.id).await?);
    let reviews = seats.iter().flat_map(|seat| {
        let allowed = |a: &&Application| !excluded.contains(&(seat.expert, a.id));
        dossier.reviewed_from(seat).filter(allowed).map(|a| a.id).collect::<Vec<_>>()
    });
    Ok(RoundFacts::SignIn {
        panels_without_experts: dossier.panels.iter().filter(|p| !seated.contains(&p.id)).count(),
        draw_finished: Met::of(draw.is_none_or(|draw| draw.state == DrawState::Drawn)),
        least: dossier.round.terms.min_sheets,
        short: short_of(dossier, reviews),
        unregistered_conflicts: crate::conflict::overlooked(ctx, dossier).await?,
    })
}

async fn scoring(ctx: &Context, dossier: &Dossier) -> Result<RoundFacts> {
    let round = &dossier.round;
    let seats = ctx.store().panels().seats(round.id).await?;
    let planned: Vec<Sheet> = crate::session::sheets_to_open(ctx, ctx.store(), dossier).await?;
    Ok(RoundFacts::Scoring {
        method: round.terms.method,
        bridges: dossier.bridges.len(),
        joined: Met::of(round.terms.method != Method::Additive || dossier.is_joined_by(&planned)),
        frozen: Met::of(matches!(round.frozen, Freeze::Frozen { .. })),
        arrivals_unknown: seats.iter().filter(|s| s.presence == Presence::Expected).count(),
        least: round.terms.min_sheets,
        short: short_of(dossier, planned.iter().map(|sheet| sheet.application)),
    })
}

/// Eligible applications that lack the points of an objective criterion that applies.
async fn without_objectives(ctx: &Context, dossier: &Dossier) -> Result<usize> {
    let objectives = ctx.store().findings().objectives(dossier.round.id).await?;
    let lacks = |a: &&Application| {
        let scored = objectives.get(&a.id);
        let mut criteria =
            dossier.round.rubric.applicable(dossier.facts(a)).filter(|c| c.scoring == Scoring::Objective);
        criteria.any(|c| scored.is_none_or(|s| !s.contains_key(&c.code)))
    };
    Ok(dossier.eligible().filter(lacks).count())
}

/// Eligible applications with fewer reviews than each must have.
fn short_of(dossier: &Dossier, reviewed: impl Iterator<Item = ApplicationId>) -> usize {
    let mut reviews: HashMap<ApplicationId, u32> = HashMap::new();
    for application in reviewed {
        *reviews.entry(application).or_default() += 1;
    }
    let least = dossier.round.terms.min_sheets;
    dossier.eligible().filter(|a| reviews.get(&a.id).is_none_or(|n| *n < least)).count()
}
