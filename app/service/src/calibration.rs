//! 校准: all methods side by side over the submitted sheets; the frozen one decides.

mod record;

pub use record::{ApplicationLine, ExpertLine, PanelLine, Record};

use crate::audit::{Action, Event};
use crate::dossier::Dossier;
use crate::scoring::shared_points;
use crate::{Context, Error, Result};
use domain::Timestamp;
use domain::access::Permission;
use domain::application::Application;
use domain::expert::Expert;
use domain::ids::{ApplicationId, ExpertId, PanelId, RoundId, RunId};
use domain::round::{Method, Round, Step};
use domain::rubric::ExactScore;
use engine::calibration::{Calibration, Options, Places, Score, fit};
use engine::decimal::Decimal;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use store::repo::run::{Run, RunKind};
use store::{Repositories, if_any};

/// Posterior draws of the ranking: the error of a probability is at most 0.005.
const DRAWS: usize = 10_000;

/// Computes every method and keeps the result. May be repeated until the results are signed, for a sheet that is voided
/// after the first computation would otherwise leave the ranking without a basis.
///
/// # Errors
/// `Denied`; `NotNow` outside 校准 and 排序; `Invalid` without sheets.
pub async fn compute(ctx: &Context, round: RoundId) -> Result<Record> {
    ctx.require(Permission::Calibrate)?;
    let dossier = Dossier::load(ctx, round).await?;
    require_time(&dossier.round)?;
    dossier.round.require_frozen()?;
    let scores = scores(ctx, &dossier).await?;
    let knockouts = ctx.store().findings().knockouts(round).await?;
    let settings = Settings::of(&dossier, |id| knockouts.get(&id).is_some_and(|own| !own.is_empty()));
    let record = tokio::task::spawn_blocking(move || settings.run(&scores))
        .await
        .map_err(|error| Error::Internal(error.to_string()))??;
    let text = serde_json::to_string(&record)?;
    let run = Run {
        id: RunId(ctx.id()),
        round,
        kind: RunKind::Calibration,
        algorithm: record.algorithm.clone(),
        digest: hex::encode(Sha256::digest(text.as_bytes())),
        output: text,
        at: ctx.now(),
    };
    ctx.store()
        .write(async |tx| {
            require_time(&tx.rounds().get(round).await?)?;
            tx.runs().insert(run.clone()).await?;
            let detail = json!({ "run": run.id, "input_digest": record.input_digest, "digest": run.digest });
            ctx.record(tx, Event::new(Action::Calibrated, "round", round.0, detail).in_round(round)).await
        })
        .await?;
    Ok(record)
}

fn require_time(round: &Round) -> Result<()> {
    if round.step == Step::Ranking { Ok(()) } else { Ok(round.require_step(Step::Calibration)?) }
}

/// Digest of the submitted totals as they are now. A result that rests on another digest is out of date.
pub(crate) async fn present_digest(ctx: &Context, dossier: &Dossier) -> Result<String> {
    Ok(digest(&scores(ctx, dossier).await?))
}

/// SHA-256 over the sheets as `application,expert,score` lines, sorted.
fn digest(scores: &[Score]) -> String {
    let mut input = Sha256::new();
    for s in scores {
        input.update(format!("{},{},{}\n", s.application, s.expert, s.score).as_bytes());
    }
    hex::encode(input.finalize())
}

/// The last calibration of a round.
///
/// # Errors
/// `Denied` without `ReadResults`; `NotFound` before there is one.
pub async fn latest(ctx: &Context, round: RoundId) -> Result<Record> {
    ctx.require(Permission::ReadResults)?;
    let run = ctx.store().runs().latest(round, RunKind::Calibration).await?;
    Ok(serde_json::from_str(&run.output)?)
}

/// A calibration as it was kept.
#[derive(Debug, Clone)]
pub struct Kept {
    pub record: Record,
    pub digest: String,
    pub at: Timestamp,
}

/// The round with its last calibration, if there is one.
///
/// # Errors
/// `Denied` without `ReadResults`, `NotFound` for an unknown round.
pub async fn view(ctx: &Context, round: RoundId) -> Result<(Dossier, Option<Kept>)> {
    ctx.require(Permission::ReadResults)?;
    let dossier = Dossier::load(ctx, round).await?;
    let kept = match if_any(ctx.store().runs().latest(round, RunKind::Calibration).await)? {
        Some(run) => Some(Kept { record: serde_json::from_str(&run.output)?, digest: run.digest, at: run.at }),
        None => None,
    };
    Ok((dossier, kept))
}

/// The submitted totals as the engine and the file format of `hengping calibrate` take them.
pub(crate) async fn scores(ctx: &Context, dossier: &Dossier) -> Result<Vec<Score>> {
    let objectives = ctx.store().findings().objectives(dossier.round.id).await?;
    let codes: HashMap<ExpertId, String> =
        ctx.store().experts().all().await?.into_iter().map(|e: Expert| (e.id, e.code)).collect();
    let seats: HashMap<ExpertId, PanelId> =
        ctx.store().panels().seats(dossier.round.id).await?.into_iter().map(|s| (s.expert, s.panel)).collect();
    let mut scores = Vec::new();
    for sheet in ctx.store().sheets().of_round(dossier.round.id).await? {
        let (true, Some(application)) = (sheet.is_submitted(), dossier.application(sheet.application)) else {
            continue;
        };
        let objective = shared_points(&objectives, application.id);
        let total = sheet.total(&dossier.round.rubric, dossier.facts(application), &objective);
        let total = total.ok_or_else(|| Error::NotNow(format!("{} 的客观分未登记齐全", application.code)))?;
        let expert = codes.get(&sheet.expert).cloned().unwrap_or_else(|| sheet.expert.to_string());
        let panel = seats.get(&sheet.expert).copied().or_else(|| dossier.panel_of(application.id));
        scores.push(score_of(dossier, application, panel, expert, total)?);
    }
    scores.sort_by(|a, b| (&a.application, &a.expert).cmp(&(&b.application, &b.expert)));
    Ok(scores)
}

/// One total as the engine takes it; the panel is the expert's.
pub(crate) fn score_of(
    dossier: &Dossier,
    application: &Application,
    panel: Option<PanelId>,
    expert: String,
    total: ExactScore,
) -> Result<Score> {
    // 1/100 point over a base: in points, six decimals.
    let score = Decimal::from_ratio(total.numerator, total.denominator * 100);
    Ok(Score {
        application: application.code.clone(),
        expert,
        score: score.ok_or_else(|| Error::Internal("score out of range".to_owned()))?,
        panel: panel.and_then(|p| dossier.panel(p)).map(|p| p.name.clone()),
    })
}

/// The sheets of a round in the file format of `hengping calibrate`, so that anyone can recompute the result.
///
/// # Errors
/// `Denied` without `Export`; `NotNow` while scoring is open or objective points are missing.
pub async fn scores_csv(ctx: &Context, round: RoundId) -> Result<String> {
    ctx.require(Permission::Export)?;
    let dossier = Dossier::load(ctx, round).await?;
    if dossier.round.step <= Step::Scoring {
        return Err(Error::NotNow("独立评分结束后方可导出评分".to_owned()));
    }
    let mut text = "application,expert,score,panel\n".to_owned();
    for s in scores(ctx, &dossier).await? {
        let fields = [s.application, s.expert, s.score.to_string(), s.panel.unwrap_or_default()];
        let _ = writeln!(text, "{}", fields.map(|field| quoted(&field)).join(","));
    }
    Ok(text)
}

/// A CSV field: quoted where a reader would otherwise take it apart.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// What is frozen, as the engine takes it.
struct Settings {
    method: Method,
    options: Options,
    quota: usize,
    /// The group whose places each application competes for; `None` for whoever takes no part.
    group_of: HashMap<String, Option<String>>,
    /// 合格线, in points.
    pass_mark: f64,
    seed: [u8; 32],
}

impl Settings {
    /// Whoever is knocked out competes for no place.
    fn of(dossier: &Dossier, knocked_out: impl Fn(ApplicationId) -> bool) -> Self {
        let terms = &dossier.round.terms;
        let group = |a: &Application| (!knocked_out(a.id)).then(|| crate::ranking::group(dossier, a));
        Self {
            method: terms.method,
            options: Options {
                trim_from: usize::try_from(terms.trim_from).unwrap_or(usize::MAX),
                ..Options::default()
            },
            quota: usize::try_from(terms.quota).unwrap_or(usize::MAX),
            pass_mark: f64::from(i32::try_from(terms.pass_mark.0).unwrap_or(i32::MAX)) / 100.0,
            group_of: dossier.applications.iter().map(|a| (a.code.clone(), group(a))).collect(),
            seed: Sha256::digest(format!("hengping-rank/1{}", dossier.round.id).as_bytes()).into(),
        }
    }

    fn run(&self, scores: &[Score]) -> Result<Record> {
        let calibration = fit(scores, &self.options).map_err(|error| crate::error::invalid(error.to_string()))?;
        let method = engine_method(self.method);
        let order = calibration.order(method);
        let places = self.places(&calibration);
        let draws = calibration.draw(&order, Some(&places), self.seed, DRAWS);
        let report = engine::calibration::report::report(&calibration, method, &order, draws.as_deref());
        Ok(Record::new(&calibration, report, self.method, digest(scores)))
    }

    fn places(&self, calibration: &Calibration) -> Places {
        // A name that no task or sector has.
        const OUTSIDE: &str = "\u{0}";
        let group = |code: &String| self.group_of.get(code).cloned().flatten().unwrap_or_else(|| OUTSIDE.to_owned());
        let groups: Vec<String> = calibration.design.applications.iter().map(group).collect();
        let competing = groups.iter().filter(|group| *group != OUTSIDE);
        let quota: BTreeMap<String, usize> = competing.map(|group| (group.clone(), self.quota)).collect();
        Places::grouped(&groups, &quota).from_points(self.pass_mark)
    }
}

pub(crate) const fn engine_method(method: Method) -> engine::calibration::Method {
    use engine::calibration::Method as E;
    match method {
        Method::Raw => E::Raw,
        Method::Trimmed => E::Trimmed,
        Method::Coefficient => E::Coefficient,
        Method::Grand => E::Grand,
        Method::Standard => E::Standard,
        Method::Additive => E::Additive,
        Method::Mixed => E::Mixed,
    }
}
