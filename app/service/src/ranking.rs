//! 排序与入围: order by the frozen method, ties by declared keys, the quota line, what people decide on it.

mod derivation;
mod keys;
mod line;
mod record;
mod sensitivity;
mod view;
mod weights;

pub use derivation::{Contender, Derivation, SheetTotal, derivation};
pub(crate) use view::last;
pub use view::{KeptRanking, View, view};
pub use weights::{Weighed, Weighing, weigh};

use crate::audit::Event;
use crate::audit::kinds::{Computed, Concluded, TieSettled};
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::{Context, Error, Result, calibration, kept};
use domain::acceptance::Conclusion;
use domain::access::Permission;
use domain::gate::OpenEnds;
use domain::ids::{ApplicationId, RoundId, RunId};
use domain::ranking::{Ranking, RankingError};
use domain::reason::{Reason, Unreasoned};
use domain::result::Outcome;
use domain::round::{Met, RoundKind, Work};
use domain::run::{Run, RunKind};
pub use keys::{Mean, Means};
use line::{Attained, Line};
use std::sync::Arc;
use store::{Current, Repositories};

/// Ranks by the last calibration and keeps the result.
///
/// # Errors
/// `Denied`; `Rule` outside 排序; or if sheets changed since the calibration; `NotFound` before one.
pub async fn compute(ctx: &Context, round: RoundId) -> Result<Ranking> {
    let ctx = &intact(ctx, Permission::Calibrate, round).await?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    dossier.round.permits(Work::Rank)?;
    let record = calibration::latest(ctx, round).await?;
    if record.input_digest != calibration::present_digest(&current, &dossier).await? {
        return Err(RankingError::OutOfDate.into());
    }
    let (line, ranking) = drawn_up(&current, &dossier, &record).await?;
    let sensitivity = match dossier.round.kind {
        RoundKind::Selection => Some(sensitivity::compute(&current, &dossier, line).await?),
        RoundKind::Acceptance => None,
    };
    let ranking = Ranking { sensitivity, ..ranking };
    let because = Computed { input_digest: record.input_digest.clone() };
    keep(ctx, &dossier, &ranking, None, |run, digest| Event::Ranked { run, digest, because }).await?;
    Ok(ranking)
}

/// The order that follows from a calibration, before people decide anything on it.
pub(crate) async fn drawn_up(
    current: &Current<'_>,
    dossier: &Dossier,
    record: &calibration::Record,
) -> Result<(Arc<Line>, Ranking)> {
    let means = Means::kept(current, dossier).await?;
    let findings = kept::findings(current, dossier.round.id).await?;
    let (knockouts, indicators) = (&findings.knockouts, &findings.indicator_results);
    let line = Arc::new(Line::new(dossier, &means, knockouts));
    let placings = line.draw(|code| {
        let line = record.application(code);
        Attained {
            score: line.and_then(|l| l.finals.get(&record.method)).copied(),
            sheets: line.map_or(0, |l| l.sheets),
            raw_thousandths: line.and_then(|l| l.raw_thousandths),
        }
    });
    let frame = record::Frame { dossier, record, means: &means, knockouts, indicators };
    Ok((line, frame.ranking(placings)))
}

/// The things that the last ranking lacks before it can be signed; `None` before there is one.
pub(crate) async fn open_ends(current: &Current<'_>, dossier: &Dossier) -> Result<Option<OpenEnds>> {
    let Some(kept) = view::last(current, dossier.round.id).await? else { return Ok(None) };
    let ranking = &kept.ranking;
    let present = calibration::present_digest(current, dossier).await?;
    let quota = dossier.round.terms.quota;
    Ok(Some(OpenEnds {
        current: Met::of(ranking.input_digest == present),
        ties: ranking.count(Outcome::LineTie),
        without_score: ranking.count(Outcome::NoScore),
        quota,
        over_quota: ranking.over_quota(quota),
    }))
}

/// The last ranking of a round with its digest.
///
/// # Errors
/// `Denied` without `ReadResults`; `NotFound` before there is one.
pub async fn latest(ctx: &Context, round: RoundId) -> Result<(Ranking, String)> {
    ctx.require(Permission::ReadResults)?;
    let kept = view::last(&ctx.store().current().await?, round).await?.ok_or(Error::NotFound)?;
    Ok((kept.ranking.clone(), kept.digest.clone()))
}

/// 会商: decides an application tied across the line.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` without a reason, or for an application that is not tied across the line; `Rule`
/// outside 排序.
pub async fn settle_tie(
    ctx: &Context,
    round: RoundId,
    id: ApplicationId,
    outcome: Outcome,
    reason: &str,
) -> Result<()> {
    let ctx = &intact(ctx, Permission::Calibrate, round).await?;
    let reason = Reason::of(reason, Unreasoned::Settlement)?;
    let dossier = Dossier::load(ctx, round).await?;
    Ranking::require_ties(dossier.round.kind)?;
    let (mut ranking, seen) = latest(ctx, round).await?;
    let row = ranking.settle(id, outcome, reason)?;
    let because = TieSettled { application: row.code.clone(), outcome, reason: row.settled.clone() };
    keep(ctx, &dossier, &ranking, Some(&seen), |run, digest| Event::TieSettled { run, digest, because }).await
}

/// 验收: decides the conclusion; a departure from the suggestion needs its reason.
///
/// # Errors
/// `Denied`, `NotFound`; `Rule` in a 遴选 round, or departing without a reason, or outside 排序.
pub async fn conclude(
    ctx: &Context,
    round: RoundId,
    id: ApplicationId,
    conclusion: Conclusion,
    reason: &str,
) -> Result<()> {
    let ctx = &intact(ctx, Permission::Calibrate, round).await?;
    let dossier = Dossier::load(ctx, round).await?;
    Ranking::require_conclusions(dossier.round.kind)?;
    let (mut ranking, seen) = latest(ctx, round).await?;
    let row = ranking.conclude(id, conclusion, Reason::new(reason))?;
    let because = Concluded { application: row.code.clone(), conclusion, reason: row.settled.clone() };
    keep(ctx, &dossier, &ranking, Some(&seen), |run, digest| Event::Concluded { run, digest, because }).await
}

/// Keeps a ranking as the latest. One that amends an earlier one names the digest it started from, so that two people who decide at the
/// same time do not undo each other.
async fn keep(
    ctx: &Context,
    dossier: &Dossier,
    ranking: &Ranking,
    seen: Option<&str>,
    event: impl FnOnce(RunId, String) -> Event,
) -> Result<()> {
    let round = dossier.round.id;
    dossier.round.permits(Work::Rank)?;
    let text = serde_json::to_string(ranking)?;
    let run = Run::of(RunId(ctx.id()), round, RunKind::Ranking, "rank/1", text, ctx.now());
    let event = event(run.id, run.digest.clone());
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.permits(Work::Rank)?;
            if let Some(seen) = seen
                && tx.runs().latest(round, RunKind::Ranking).await?.digest != seen
            {
                return Err(Error::Stale);
            }
            tx.runs().insert(run.clone()).await?;
            ctx.record(tx, event.clone().of_round(round)).await
        })
        .await
}
