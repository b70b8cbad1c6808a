//! 排序与入围: order by the frozen method, ties by declared keys, the quota line, what people decide on it.

mod derivation;
mod keys;
mod line;
mod record;
mod sensitivity;
mod view;
mod weights;

pub use derivation::{Contender, Derivation, SheetTotal, derivation};
pub use record::{DimensionMean, Ranking, Row};
pub use sensitivity::{Changed, Sensitivity};
pub use view::{Kept, View, view};
pub use weights::{Weighed, Weighing, weigh};

use crate::audit::{Action, Event};
use crate::dossier::Dossier;
use crate::error::invalid;
use crate::{Context, Error, Result, calibration};
use domain::acceptance::Conclusion;
use domain::access::Permission;
use domain::application::Application;
use domain::ids::{ApplicationId, RoundId, RunId};
use domain::result::Outcome;
use domain::round::{QuotaScope, RoundKind, Step};
use domain::run::{Run, RunKind};
pub use keys::{Mean, Means};
use line::{Line, Standing};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Repositories, if_any};

/// The group whose quota an application competes for.
pub(crate) fn group(dossier: &Dossier, application: &Application) -> String {
    let task = dossier.task(application);
    match dossier.round.terms.scope {
        QuotaScope::Overall => String::new(),
        QuotaScope::PerSector => task.map_or_else(String::new, |t| t.sector.label().to_owned()),
        QuotaScope::PerTask => task.map_or_else(String::new, |t| t.code.clone()),
    }
}

/// Means per application, for exports that stand beside the ranking.
pub(crate) async fn means(ctx: &Context, dossier: &Dossier) -> Result<Means> {
    Means::load(ctx, dossier).await
}

/// Ranks by the last calibration and keeps the result.
///
/// # Errors
/// `Denied`; `NotNow` outside 排序; or if sheets changed since the calibration; `NotFound` before one.
pub async fn compute(ctx: &Context, round: RoundId) -> Result<Ranking> {
    ctx.require(Permission::Calibrate)?;
    let dossier = Dossier::load(ctx, round).await?;
    dossier.round.require_step(Step::Ranking)?;
    let record = calibration::latest(ctx, round).await?;
    if record.input_digest != calibration::present_digest(ctx, &dossier).await? {
        return Err(Error::NotNow("评分表在校准之后有变动，须先重新校准，再计算排序".to_owned()));
    }
    let means = Means::load(ctx, &dossier).await?;
    let knockouts = ctx.store().findings().knockouts(round).await?;
    let indicators = ctx.store().findings().indicator_results(round).await?;
    let line = Arc::new(Line::new(&dossier, &means, &knockouts));
    let placings = line.draw(|code| {
        let line = record.application(code);
        Standing {
            score: line.and_then(|l| l.finals.get(&record.method)).copied(),
            sheets: line.map_or(0, |l| l.sheets),
            raw_thousandths: line.and_then(|l| l.raw_thousandths),
        }
    });
    let sensitivity = match dossier.round.kind {
        RoundKind::Selection => Some(sensitivity::compute(ctx, &dossier, line).await?),
        RoundKind::Acceptance => None,
    };
    let frame = record::Frame {
        dossier: &dossier,
        record: &record,
        means: &means,
        knockouts: &knockouts,
        indicators: &indicators,
    };
    let ranking = Ranking { sensitivity, ..frame.ranking(placings) };
    keep(ctx, &dossier, &ranking, None, json!({ "input_digest": record.input_digest }), Action::Ranked).await?;
    Ok(ranking)
}

/// What keeps the last ranking from being signed.
pub(crate) struct OpenEnds {
    /// Applications of undecided ties.
    pub ties: usize,
    /// Applications to which the frozen method gives no score.
    pub without_score: usize,
    /// Groups whose shortlist is longer than the quota, with its length.
    pub over_quota: Vec<(String, usize)>,
    pub freshness: Freshness,
}

/// `None` before there is a ranking.
pub(crate) async fn open_ends(ctx: &Context, dossier: &Dossier) -> Result<Option<OpenEnds>> {
    let Some(run) = if_any(ctx.store().runs().latest(dossier.round.id, RunKind::Ranking).await)? else {
        return Ok(None);
    };
    let ranking: Ranking = serde_json::from_str(&run.output)?;
    let ties = ranking.rows.iter().filter(|row| row.outcome == Outcome::LineTie).count();
    let present = calibration::present_digest(ctx, dossier).await?;
    let freshness = if ranking.input_digest == present { Freshness::Current } else { Freshness::OutOfDate };
    let without_score = ranking.rows.iter().filter(|row| row.outcome == Outcome::NoScore).count();
    Ok(Some(OpenEnds { ties, without_score, over_quota: over_quota(dossier, &ranking), freshness }))
}

/// People may settle a tie on the line either way, but not make more places than there are.
fn over_quota(dossier: &Dossier, ranking: &Ranking) -> Vec<(String, usize)> {
    if dossier.round.kind == RoundKind::Acceptance {
        return Vec::new();
    }
    let places = usize::try_from(dossier.round.terms.quota).unwrap_or(usize::MAX);
    let mut chosen: BTreeMap<String, usize> = BTreeMap::new();
    let shortlisted = ranking.rows.iter().filter(|row| row.outcome == Outcome::Shortlisted);
    for application in shortlisted.filter_map(|row| dossier.application(row.application)) {
        *chosen.entry(group(dossier, application)).or_default() += 1;
    }
    chosen.into_iter().filter(|(_, count)| *count > places).collect()
}

/// Whether a result rests on the sheets as they are now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    Current,
    OutOfDate,
}

/// The last ranking of a round with its digest.
///
/// # Errors
/// `Denied` without `ReadResults`; `NotFound` before there is one.
pub async fn latest(ctx: &Context, round: RoundId) -> Result<(Ranking, String)> {
    ctx.require(Permission::ReadResults)?;
    let run = ctx.store().runs().latest(round, RunKind::Ranking).await?;
    Ok((serde_json::from_str(&run.output)?, run.digest))
}

/// 会商: decides an application tied across the line.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` without a reason, or for an application that is not tied across the line; `NotNow`
/// outside 排序.
pub async fn settle_tie(
    ctx: &Context,
    round: RoundId,
    id: ApplicationId,
    outcome: Outcome,
    reason: &str,
) -> Result<()> {
    ctx.require(Permission::Calibrate)?;
    let reason = reason.trim();
    if reason.is_empty() || !matches!(outcome, Outcome::Shortlisted | Outcome::Reserve | Outcome::NotShortlisted) {
        return Err(invalid("会商须给出结论（入围、备选或不入围）并写明理由"));
    }
    let dossier = Dossier::load(ctx, round).await?;
    if dossier.round.kind != RoundKind::Selection {
        return Err(invalid("只有单位遴选轮次会商跨线并列"));
    }
    let (mut ranking, seen) = latest(ctx, round).await?;
    let row = ranking.rows.iter_mut().find(|r| r.application == id).ok_or(Error::NotFound)?;
    if !row.settled.is_empty() {
        // A tie may be decided again before it is signed.
    } else if row.outcome != Outcome::LineTie {
        return Err(invalid("只有跨线并列的项目需要会商"));
    }
    row.outcome = outcome;
    reason.clone_into(&mut row.settled);
    let detail = json!({ "application": row.code, "outcome": outcome.key(), "reason": reason });
    keep(ctx, &dossier, &ranking, Some(&seen), detail, Action::Ranked).await
}

/// 验收: decides the conclusion; a departure from the suggestion needs its reason.
///
/// # Errors
/// `Denied`, `NotFound`; `Invalid` in a 遴选 round, or departing without a reason; `NotNow` outside 排序.
pub async fn conclude(
    ctx: &Context,
    round: RoundId,
    id: ApplicationId,
    conclusion: Conclusion,
    reason: &str,
) -> Result<()> {
    ctx.require(Permission::Calibrate)?;
    let dossier = Dossier::load(ctx, round).await?;
    if dossier.round.kind != RoundKind::Acceptance {
        return Err(invalid("只有验收轮次有验收结论"));
    }
    let (mut ranking, seen) = latest(ctx, round).await?;
    let row = ranking.rows.iter_mut().find(|r| r.application == id).ok_or(Error::NotFound)?;
    let reason = reason.trim();
    if reason.is_empty() && row.suggestion.as_ref().is_none_or(|s| s.conclusion != conclusion) {
        return Err(invalid("与系统建议不一致的结论须写明理由"));
    }
    row.conclusion = Some(conclusion);
    reason.clone_into(&mut row.settled);
    let detail = json!({ "application": row.code, "conclusion": conclusion.key(), "reason": reason });
    keep(ctx, &dossier, &ranking, Some(&seen), detail, Action::Ranked).await
}

/// Keeps a ranking as the latest. One that amends an earlier one names the digest it started from, so that two people who decide at the
/// same time do not undo each other.
async fn keep(
    ctx: &Context,
    dossier: &Dossier,
    ranking: &Ranking,
    seen: Option<&str>,
    detail: serde_json::Value,
    action: Action,
) -> Result<()> {
    let round = dossier.round.id;
    dossier.round.require_step(Step::Ranking)?;
    let text = serde_json::to_string(ranking)?;
    let run = Run::of(RunId(ctx.id()), round, RunKind::Ranking, "rank/1", text, ctx.now());
    let detail = json!({ "run": run.id, "digest": run.digest, "because": detail });
    ctx.store()
        .write(async |tx| {
            tx.rounds().get(round).await?.require_step(Step::Ranking)?;
            if let Some(seen) = seen
                && tx.runs().latest(round, RunKind::Ranking).await?.digest != seen
            {
                return Err(Error::Stale);
            }
            tx.runs().insert(run.clone()).await?;
            ctx.record(tx, Event::new(action, "round", round.0, detail.clone()).in_round(round)).await
        })
        .await
}
