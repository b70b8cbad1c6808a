//! 组内评分汇总表.

use super::{Document, hand_out};
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::scoring::{BoardRow, BoardSheet, Outlier, board};
use crate::{Context, Error, Result, calibration};
use domain::access::Permission;
use domain::ids::RoundId;
use domain::round::{RoundError, Work};
use domain::sheet::Vote;
use export::panel_summary::{Mark, Panel, Row, Seat, Summary, Variant, Votes};
use export::{Edition, Milli};
use std::collections::HashMap;
use store::Repositories;

/// With codes (专家1号) or with names.
///
/// # Errors
/// `Denied` without `Export`; `Rule` while scoring is open.
pub async fn panels(ctx: &Context, round: RoundId, variant: Variant, edition: Edition) -> Result<Document> {
    let ctx = &intact(ctx, Permission::Export, round).await?;
    let board = board(ctx, round).await?;
    let dossier = &board.dossier;
    dossier.round.permits(Work::ExportSummary)?;
    if board.panels.is_empty() {
        return Err(RoundError::NotNow { work: Work::ExportSummary, now: dossier.round.step }.into());
    }
    let means = crate::ranking::Means::kept(&ctx.store().current().await?, dossier).await?;
    let trimmed = trimmed(ctx, dossier).await?;
    let names: HashMap<_, _> = ctx.store().experts().all().await?.into_iter().map(|e| (e.id, e.name)).collect();
    let mut panels = Vec::new();
    let name = |s: &domain::seat::Seat| names.get(&s.expert).cloned().unwrap_or_default();
    for (panel, seats, rows) in board.panels.iter() {
        let seats: Vec<_> = seats.iter().map(|s| Seat { code: format!("专家{}号", s.number), name: name(s) }).collect();
        let rows = rows
            .iter()
            .filter_map(|row| {
                let application = dossier.application(row.application)?;
                let mean = means.get(row.application);
                let totals = totals(row);
                Some(Row {
                    code: application.code.clone(),
                    task: dossier.task(application).map(|t| t.title.clone()).unwrap_or_default(),
                    lead: application.lead().map(|l| l.name.clone()).unwrap_or_default(),
                    participants: application.participants().map(|m| m.name.clone()).collect(),
                    recommender: application.recommender.label().to_owned(),
                    marks: row.cells.iter().map(|c| mark(c.as_ref())).collect(),
                    guests: row
                        .guests
                        .iter()
                        .map(|(s, sheet)| {
                            let home = dossier.panel(s.panel).map_or("", |p| p.name.as_str());
                            (Seat { code: format!("{home}{}号", s.number), name: name(s) }, mark(Some(sheet)))
                        })
                        .collect(),
                    valid: u32::try_from(totals.len()).unwrap_or(u32::MAX),
                    highest: totals.last().map(|t| t.rounded()),
                    lowest: totals.first().map(|t| t.rounded()),
                    mean: trimmed.get(&application.code).copied(),
                    deviation: deviation(&totals),
                    dimensions: mean
                        .dimensions
                        .iter()
                        .map(|(reached, base)| (base.0 > 0 && mean.sheets > 0).then_some(*reached))
                        .collect(),
                    votes: votes(row),
                    far: (1..)
                        .zip(&row.cells)
                        .filter(|(_, cell)| cell.as_ref().is_some_and(is_far))
                        .map(|(number, _)| number)
                        .collect(),
                    far_guests: row.guests.iter().filter(|(_, sheet)| is_far(sheet)).count(),
                    reachable: mean.dimensions.iter().map(|(_, base)| *base).sum(),
                })
            })
            .collect();
        panels.push(Panel {
            name: dossier.panel(*panel).map(|p| p.name.clone()).unwrap_or_default(),
            seats,
            dimensions: dossier.round.rubric.dimensions.iter().map(|d| d.name.clone()).collect(),
            rows,
        });
    }
    let summary = Summary {
        title: format!("{}组内评分汇总表", dossier.round.title),
        basis: format!("{}；{}", dossier.batch.basis, dossier.round.terms.basis),
        trim_from: dossier.round.terms.trim_from,
        trimming: dossier.round.terms.trimming,
        generated: ctx.now(),
        panels,
    };
    let content = export::panel_summary::to_xlsx(&summary, variant, edition)?;
    let kind = match variant {
        Variant::Coded => "代号",
        Variant::RealName => "实名",
    };
    let name = format!("{}-组内评分汇总表（{kind}）{}.xlsx", dossier.round.title, edition.suffix());
    hand_out(ctx, Some(round), name, content).await
}

type Exact = domain::rubric::ExactScore;

/// Valid totals, lowest first. All sheets of an application share the denominator.
fn totals(row: &BoardRow) -> Vec<Exact> {
    let mut totals: Vec<_> = row.sheets().filter_map(|c| c.total).collect();
    totals.sort_by_key(|t| t.numerator);
    totals
}

/// 去极值平均 of every application in 1/1000 point, by the frozen rule; half-up once.
async fn trimmed(ctx: &Context, dossier: &Dossier) -> Result<HashMap<String, Milli>> {
    let sheets = calibration::valid_sheets(&ctx.store().current().await?, dossier).await?;
    let rubric = &dossier.round.rubric;
    let scores = calibration::scores_by(dossier, &sheets, |facts, points| rubric.itemised(facts, points))?;
    if scores.is_empty() {
        return Ok(HashMap::new());
    }
    let means = engine::calibration::means(&scores, &calibration::options(dossier));
    let means = means.map_err(|error| Error::Internal(error.to_string()))?;
    let milli = |(code, _, trimmed)| Some((code, Milli(engine::decimal::round(&trimmed, 3)?.micros() / 1000)));
    Ok(means.into_iter().filter_map(milli).collect())
}

/// Sample standard deviation in 1/1000 point.
#[expect(clippy::cast_possible_truncation, reason = "a deviation of scores is at most 100 points")]
fn deviation(totals: &[Exact]) -> Option<Milli> {
    if totals.len() < 2 {
        return None;
    }
    let values: Vec<f64> = totals.iter().map(|t| t.numerator as f64 / t.denominator as f64 / 100.0).collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Some(Milli(((squares / (values.len() - 1) as f64).sqrt() * 1000.0).round() as i64))
}

fn mark(cell: Option<&BoardSheet>) -> Mark {
    match cell {
        None => Mark::Recused,
        Some(sheet) if sheet.state.key() == "voided" => Mark::Voided,
        Some(sheet) => sheet.total.map_or(Mark::Missing, |t| Mark::Score(t.rounded())),
    }
}

fn votes(row: &BoardRow) -> Option<Votes> {
    let cast: Vec<_> = row.sheets().filter_map(|c| c.vote).collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (!cast.is_empty()).then(|| Votes {
        recommend: count(cast.iter().filter(|v| **v == Vote::Recommend).count()),
        cast: count(cast.len()),
    })
}

fn is_far(sheet: &BoardSheet) -> bool {
    sheet.outlier == Outlier::FarFromMean
}
