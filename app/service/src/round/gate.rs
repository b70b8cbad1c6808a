//! Loads the facts that the gate of a step asks for.

use crate::dossier::Dossier;
use crate::{Result, kept};
use domain::application::{Application, ApplicationState};
use domain::draw::DrawState;
use domain::gate::{self, Condition, Late, RoundFacts};
use domain::ids::ApplicationId;
use domain::round::{Freeze, Gate, Met, Method, Step};
use domain::rubric::Scoring;
use domain::run::RunKind;
use domain::seat::Presence;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use store::{Current, Repositories, if_any};

/// The next step with what is demanded for it, made once for all who look at it.
///
/// # Errors
/// The database cannot be read.
pub(crate) async fn next(current: &Current<'_>, dossier: &Dossier) -> Result<Option<(Step, Arc<Vec<Condition>>)>> {
    let Some(step) = dossier.round.step.next() else { return Ok(None) };
    let load = async || Ok(gate::conditions(&facts(current, dossier, step).await?));
    Ok(Some((step, kept::resting_on_sheets(current, &dossier.round, load).await?)))
}

/// The conditions for entering `step` that are not met.
///
/// # Errors
/// The database cannot be read.
pub(crate) async fn unmet(current: &Current<'_>, dossier: &Dossier, step: Step) -> Result<Vec<Condition>> {
    Ok(gate::unmet(&facts(current, dossier, step).await?))
}

async fn facts(current: &Current<'_>, dossier: &Dossier, step: Step) -> Result<RoundFacts> {
    let store = current.store();
    let round = dossier.round.id;
    let computed =
        async |kind| Ok::<_, crate::Error>(Met::of(if_any(store.runs().latest(round, kind).await)?.is_some()));
    Ok(match step {
        Step::Formality => RoundFacts::Formality { applications: dossier.applications.len() },
        Step::Recusal => RoundFacts::Recusal { without_formal_check: unchecked(dossier) },
        Step::Grouping => {
            RoundFacts::Grouping { late: late(current, dossier).await?, compared: computed(RunKind::Detection).await? }
        }
        Step::Draw => {
            let open = dossier.eligible().filter(|a| dossier.panel_of(a.id).is_none()).count();
            // Later it is known how the seats were filled.
            let ahead = open == 0 && dossier.round.step == Step::Grouping;
            let seating = if ahead { Some(crate::assignment::seating(current, dossier).await?) } else { None };
            RoundFacts::Draw { late: late(current, dossier).await?, applications_without_panel: open, seating }
        }
        Step::SignIn => sign_in(current, dossier).await?,
        Step::Scoring => scoring(current, dossier).await?,
        Step::Checking => {
            let counts = store.sheets().counts(round).await?;
            RoundFacts::Checking {
                drafts: counts.values().map(|count| count.standing - count.submitted).sum(),
                applications_without_objectives: without_objectives(current, dossier).await?,
            }
        }
        Step::Deliberation => {
            let counts = store.sheets().counts(round).await?;
            let submitted = counts.into_iter().map(|(application, count)| (application, count.submitted)).collect();
            RoundFacts::Deliberation {
                least: dossier.round.terms.min_sheets,
                short: short_of(dossier, &submitted),
                applications_without_objectives: without_objectives(current, dossier).await?,
            }
        }
        Step::Calibration => RoundFacts::Calibration,
        Step::Ranking => RoundFacts::Ranking { calibrated: computed(RunKind::Calibration).await? },
        Step::Countersign => RoundFacts::Countersign { ranking: crate::ranking::open_ends(current, dossier).await? },
        Step::Notice => {
            let signs = crate::decision::signed(current, dossier, Gate::Shortlist).await?;
            RoundFacts::Notice { signatures: signs.map_or(0, |signs| signs.signed().len()) }
        }
        Step::Preparation | Step::Objection | Step::Publication | Step::Archive => RoundFacts::Free,
    })
}

fn unchecked(dossier: &Dossier) -> usize {
    dossier.applications.iter().filter(|a| a.state == ApplicationState::Filed).count()
}

async fn late(current: &Current<'_>, dossier: &Dossier) -> Result<Late> {
    let recusals = kept::recusals(current, dossier.round.id).await?;
    Ok(Late {
        without_formal_check: unchecked(dossier),
        unregistered_conflicts: crate::conflict::overlooked(current, dossier).await?,
        undecided_conflicts: recusals.conflicts.iter().filter(|c| c.awaits_decision()).count(),
    })
}

async fn sign_in(current: &Current<'_>, dossier: &Dossier) -> Result<RoundFacts> {
    let round = dossier.round.id;
    let seats = kept::seats(current, round).await?;
    let seated: HashSet<_> = seats.iter().map(|s| s.panel).collect();
    let draw = if_any(current.store().draws().current(round).await)?;
    let recusals = kept::recusals(current, round).await?;
    let reviews = seats.iter().flat_map(|seat| {
        let allowed = |a: &&Application| !recusals.excluded.contains(&(seat.expert, a.id));
        dossier.reviewed_from(seat).filter(allowed).map(|a| a.id).collect::<Vec<_>>()
    });
    Ok(RoundFacts::SignIn {
        panels_without_experts: dossier.panels.iter().filter(|p| !seated.contains(&p.id)).count(),
        draw_finished: Met::of(draw.is_none_or(|draw| draw.state == DrawState::Drawn)),
        least: dossier.round.terms.min_sheets,
        short: short_of(dossier, &reviews_of(reviews)),
        unregistered_conflicts: crate::conflict::overlooked(current, dossier).await?,
    })
}

async fn scoring(current: &Current<'_>, dossier: &Dossier) -> Result<RoundFacts> {
    let round = &dossier.round;
    let seats = kept::seats(current, round.id).await?;
    let planned = crate::session::pairs_to_open(current.store(), dossier).await?;
    Ok(RoundFacts::Scoring {
        method: round.terms.method,
        bridges: dossier.bridges.len(),
        joined: Met::of(round.terms.method != Method::Additive || dossier.is_joined_by(&planned)),
        frozen: Met::of(matches!(round.frozen, Freeze::Frozen { .. })),
        arrivals_unknown: seats.iter().filter(|s| s.presence == Presence::Expected).count(),
        least: round.terms.min_sheets,
        short: short_of(dossier, &reviews_of(planned.iter().map(|pair| pair.1))),
    })
}

/// Eligible applications that lack the points of an objective criterion that applies.
async fn without_objectives(current: &Current<'_>, dossier: &Dossier) -> Result<usize> {
    let findings = kept::findings(current, dossier.round.id).await?;
    let lacks = |a: &&Application| {
        let scored = findings.objectives.get(&a.id);
        let mut criteria =
            dossier.round.rubric.applicable(dossier.facts(a)).filter(|c| c.scoring == Scoring::Objective);
        criteria.any(|c| scored.is_none_or(|s| !s.contains_key(&c.code)))
    };
    Ok(dossier.eligible().filter(lacks).count())
}

/// How often each application is named.
fn reviews_of(reviewed: impl Iterator<Item = ApplicationId>) -> HashMap<ApplicationId, usize> {
    let mut reviews = HashMap::new();
    for application in reviewed {
        *reviews.entry(application).or_default() += 1;
    }
    reviews
}

/// Eligible applications with fewer reviews than each must have.
fn short_of(dossier: &Dossier, reviews: &HashMap<ApplicationId, usize>) -> usize {
    let least = usize::try_from(dossier.round.terms.min_sheets).unwrap_or(usize::MAX);
    dossier.eligible().filter(|a| reviews.get(&a.id).is_none_or(|n| *n < least)).count()
}
