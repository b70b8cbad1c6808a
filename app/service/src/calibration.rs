//! 校准: all methods side by side over the submitted sheets; the frozen one decides.

mod record;
mod sheets;

pub use record::{
    ApplicationLine, ByMethod, DimensionRecord, ExpertLine, FurtherLine, FurtherPlan, PanelLine, Record, SheetLine,
};
pub use sheets::score_of;
pub use sheets::scores_csv;
pub(crate) use sheets::{Valid, present_digest, scores, scores_by, totals, valid_sheets};

use crate::audit::Event;
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::{Context, Error, Result};
use domain::Timestamp;
use domain::access::Permission;
use domain::application::Application;
use domain::ids::{ApplicationId, RoundId, RunId};
use domain::panel::Panel;
use domain::points::Points;
use domain::round::{Method, QuotaScope, Round, Work};
use domain::run::{Run, RunKind};
pub use engine::calibration::FiveNumbers;
use engine::calibration::{Calibration, Options, Places, Score, fit};
use record::Basis;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use store::{Current, Repositories, Topic, if_any};

/// Posterior draws of the ranking: the error of a probability is at most 0.005.
const DRAWS: usize = 10_000;

/// Computes every method and keeps the result. May be repeated until the results are signed, for a sheet that is voided
/// after the first computation would otherwise leave the ranking without a basis.
///
/// # Errors
/// `Denied`; `Rule` outside 校准 and 排序, or without sheets.
pub async fn compute(ctx: &Context, round: RoundId) -> Result<Record> {
    let ctx = &intact(ctx, Permission::Calibrate, round).await?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    require_time(&dossier.round)?;
    dossier.round.require_frozen()?;
    let sheets = valid_sheets(&current, &dossier).await?;
    let scores = totals(&dossier, &sheets)?;
    let dimensions = dimensions(&dossier, &sheets)?;
    let knockouts = ctx.store().findings().knockouts(round).await?;
    let settings = Settings::of(&dossier, |id| knockouts.get(&id).is_some_and(|own| !own.is_empty()));
    let record = crate::heavy::compute(move || settings.run(&scores, &dimensions)).await??;
    let text = serde_json::to_string(&record)?;
    let run = Run::of(RunId(ctx.id()), round, RunKind::Calibration, &record.algorithm, text, ctx.now());
    ctx.store()
        .write(async |tx| {
            require_time(&tx.rounds().get(round).await?)?;
            tx.runs().insert(run.clone()).await?;
            let (input_digest, digest) = (record.input_digest.clone(), run.digest.clone());
            ctx.record(tx, Event::Calibrated { run: run.id, input_digest, digest }.of_round(round)).await
        })
        .await?;
    Ok(record)
}

fn require_time(round: &Round) -> Result<()> {
    Ok(round.permits(Work::Calibrate)?)
}

/// The last calibration of a round.
///
/// # Errors
/// `Denied` without `ReadResults`; `NotFound` before there is one.
pub async fn latest(ctx: &Context, round: RoundId) -> Result<Record> {
    ctx.require(Permission::ReadResults)?;
    let kept = last(&ctx.store().current().await?, round).await?.ok_or(Error::NotFound)?;
    Ok(kept.record.clone())
}

/// A calibration as it was kept.
#[derive(Debug)]
pub struct KeptCalibration {
    pub record: Record,
    pub digest: String,
    pub at: Timestamp,
}

/// The round with its last calibration, if there is one.
///
/// # Errors
/// `Denied` without `ReadResults`, `NotFound` for an unknown round.
pub async fn view(ctx: &Context, round: RoundId) -> Result<(Dossier, Option<Arc<KeptCalibration>>)> {
    ctx.require(Permission::ReadResults)?;
    let current = ctx.store().current().await?;
    Ok((Dossier::at(&current, round).await?, last(&current, round).await?))
}

/// The last calibration, read once for all who look at it.
pub(crate) async fn last(current: &Current<'_>, round: RoundId) -> Result<Option<Arc<KeptCalibration>>> {
    let load = async || {
        let run = if_any(current.store().runs().latest(round, RunKind::Calibration).await)?;
        let read = |run: Run| {
            let record = serde_json::from_str(&run.output)?;
            Ok::<_, Error>(Arc::new(KeptCalibration { record, digest: run.digest, at: run.at }))
        };
        run.map(read).transpose()
    };
    Ok((*current.kept(round.0, &[Topic::Runs], load).await?).clone())
}

/// The raw means of each panel's applications in 1/100 point, as five figures; a panel without any is left out.
pub fn spreads(dossier: &Dossier, record: &Record) -> Vec<(String, FiveNumbers)> {
    let raw = |a: &Application| record.application(&a.code)?.finals.get(&Method::Raw).map(|mean| mean.0);
    let of = |panel: &Panel| {
        let means = FiveNumbers::of(dossier.in_panel(panel.id).filter_map(raw).collect())?;
        Some((panel.name.clone(), means))
    };
    dossier.panels.iter().filter_map(of).collect()
}

/// The frozen rules of the computation.
pub(crate) fn options(dossier: &Dossier) -> Options {
    Options {
        trim_from: usize::try_from(dossier.round.terms.trim_from).unwrap_or(usize::MAX),
        trimming: dossier.round.terms.trimming,
        ..Options::default()
    }
}

/// The final scores of every method, as they follow from the sheets now.
pub(crate) async fn finals(current: &Current<'_>, dossier: &Dossier) -> Result<Vec<ByMethod>> {
    let (scores, options) = (scores(current, dossier).await?, options(dossier));
    crate::heavy::compute(move || Ok(record::finals(&fit(&scores, &options)?))).await?
}

/// One dimension by itself, with the sheets to whose applications it applies.
struct Alone {
    name: String,
    full: Points,
    scores: Vec<Score>,
}

fn dimensions(dossier: &Dossier, sheets: &[Valid]) -> Result<Vec<Alone>> {
    let rubric = &dossier.round.rubric;
    let alone = |(place, dimension): (usize, &domain::rubric::Dimension)| {
        let scores = scores_by(dossier, sheets, |facts, points| rubric.dimension_alone(place, facts, points))?;
        Ok(Alone { name: dimension.name.clone(), full: dimension.full(), scores })
    };
    rubric.dimensions.iter().enumerate().map(alone).collect()
}

/// The frozen rules and the facts of the round, as the engine takes them.
struct Settings {
    method: Method,
    options: Options,
    quota: usize,
    /// The group whose places each application competes for; `None` for whoever takes no part.
    group_of: HashMap<String, Option<String>>,
    /// 合格线, in points.
    pass_mark: f64,
    seed: [u8; 32],
    /// Facts about the panels that the engine cannot know, in words.
    remarks: Vec<String>,
}

/// The draws of ranks are the same whoever repeats them.
fn seed(round: RoundId) -> [u8; 32] {
    Sha256::digest(format!("hengping-rank/1{round}").as_bytes()).into()
}

/// The command that makes the official result of 评分数据 again, on any computer.
pub fn command(round: &Round) -> String {
    let terms = &round.terms;
    let scope = match terms.scope {
        QuotaScope::Overall => "overall",
        QuotaScope::PerSector | QuotaScope::PerTask => "group",
    };
    format!(
        "hengping calibrate --scores scores.csv --output result.json --method {} --trim-from {} --trimming {} --top {} --scope {scope} \
         --pass-mark {} --draws {DRAWS} --seed {}",
        terms.method.key(),
        terms.trim_from,
        terms.trimming.key(),
        terms.quota,
        terms.pass_mark.short(),
        hex::encode(seed(round.id)),
    )
}

impl Settings {
    /// Whoever is knocked out competes for no place.
    fn of(dossier: &Dossier, knocked_out: impl Fn(ApplicationId) -> bool) -> Self {
        let terms = &dossier.round.terms;
        let group = |a: &Application| (!knocked_out(a.id)).then(|| dossier.group(a));
        Self {
            method: terms.method,
            options: options(dossier),
            quota: usize::try_from(terms.quota).unwrap_or(usize::MAX),
            pass_mark: f64::from(i32::try_from(terms.pass_mark.0).unwrap_or(i32::MAX)) / 100.0,
            group_of: dossier.applications.iter().map(|a| (a.code.clone(), group(a))).collect(),
            seed: seed(dossier.round.id),
            remarks: by_sector(dossier).into_iter().collect(),
        }
    }

    fn run(&self, scores: &[Score], dimensions: &[Alone]) -> Result<Record> {
        let calibration = fit(scores, &self.options)?;
        let order = calibration.order(self.method);
        let places = self.places(&calibration);
        let draws = calibration.draw(&order, Some(&places), self.seed, DRAWS);
        let plan = draws.as_deref().map(|draws| calibration.further_plan(draws, &places, self.seed));
        let mut report =
            engine::calibration::report::report(&calibration, self.method, &order, draws.as_deref(), plan.as_ref());
        report.checks.extend(self.remarks.iter().cloned());
        let mut by_dimension = Vec::new();
        for Alone { name, full, scores } in dimensions.iter().filter(|alone| !alone.scores.is_empty()) {
            let options = Options { full_mark: (full.0 + 99) / 100, ..self.options.clone() };
            by_dimension.push(DimensionRecord::new(name.clone(), *full, &fit(scores, &options)?));
        }
        let basis = Basis { input_digest: sheets::digest(scores), seed: hex::encode(self.seed), draws: DRAWS };
        Ok(Record { dimensions: by_dimension, ..Record::new(&calibration, report, self.method, basis) })
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

/// Panels that split by sector are not comparable by assumption alone.
fn by_sector(dossier: &Dossier) -> Option<String> {
    let of_panels = dossier.sectors_of_panels();
    let distinct: HashSet<_> = of_panels.values().map(|sectors| sectors.keys().copied().collect::<Vec<_>>()).collect();
    (of_panels.len() > 1 && distinct.len() > 1).then(|| {
        "评审组按领域划分：修正系数法、二次平均法、标准分转换法假定各组申报水平相当，领域之间是否相当不能由评分证明"
            .to_owned()
    })
}
