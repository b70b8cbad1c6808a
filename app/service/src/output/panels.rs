//! 组内评分汇总表.

use super::{Document, beijing, hand_out};
use crate::scoring::{BoardRow, BoardSheet, Outlier, board};
use crate::{Context, Error, Result};
use domain::access::Permission;
use domain::ids::RoundId;
use domain::points::round_half_up;
use domain::round::Step;
use domain::sheet::Vote;
use export::Milli;
use export::panel_summary::{Mark, Panel, Row, Seat, Summary, Variant, Votes};
use store::Repositories;

/// With codes (专家1号) or with names.
///
/// # Errors
/// `Denied` without `Export`; `NotNow` while scoring is open.
pub async fn panels(ctx: &Context, round: RoundId, variant: Variant) -> Result<Document> {
    ctx.require(Permission::Export)?;
    let board = board(ctx, round).await?;
    let dossier = &board.dossier;
    if dossier.round.step <= Step::Scoring || board.panels.is_empty() {
        return Err(Error::NotNow("独立评分结束后方可导出评分汇总".to_owned()));
    }
    let means = crate::ranking::means(ctx, dossier).await?;
    let trim_from = usize::try_from(dossier.round.terms.trim_from).unwrap_or(usize::MAX);
    let names: std::collections::HashMap<_, _> =
        ctx.store().experts().all().await?.into_iter().map(|e| (e.id, e.name)).collect();
    let mut panels = Vec::new();
    let name = |s: &store::repo::panel::Seat| names.get(&s.expert).cloned().unwrap_or_default();
    for (panel, seats, rows) in &board.panels {
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
                    mean: trimmed(&totals, trim_from),
                    deviation: deviation(&totals),
                    dimensions: mean
                        .dimensions
                        .iter()
                        .map(|(reached, base)| (base.0 > 0 && mean.sheets > 0).then_some(*reached))
                        .collect(),
                    votes: votes(row),
                    flags: flags(row),
                    note: super::rescaled(mean.dimensions.iter().map(|(_, base)| *base).sum()).unwrap_or_default(),
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
        lines: vec![
            format!("依据：{}；{}", dossier.batch.basis, dossier.round.terms.basis),
            format!(
                "有效评分表不少于{trim_from}份时，去掉一个最高分和一个最低分后平均；生成时间：{}",
                beijing(ctx.now())
            ),
        ],
        panels,
    };
    let content = export::panel_summary::to_xlsx(&summary, variant)?;
    let kind = match variant {
        Variant::Coded => "代号",
        Variant::RealName => "实名",
    };
    hand_out(ctx, Some(round), format!("{}-组内评分汇总表（{kind}）.xlsx", dossier.round.title), content).await
}

type Exact = domain::rubric::ExactScore;

/// Valid totals, lowest first. All sheets of an application share the denominator.
fn totals(row: &BoardRow) -> Vec<Exact> {
    let mut totals: Vec<_> = row.sheets().filter_map(|c| c.total).collect();
    totals.sort_by_key(|t| t.numerator);
    totals
}

/// Mean to 1/1000 point, one highest and one lowest dropped from `trim_from` sheets on; half-up once.
fn trimmed(totals: &[Exact], trim_from: usize) -> Option<Milli> {
    let kept = if totals.len() >= trim_from.max(3) { &totals[1..totals.len() - 1] } else { totals };
    let first = kept.first()?;
    let sum: i128 = kept.iter().map(|t| t.numerator).sum();
    let count = i128::try_from(kept.len()).ok()?;
    i64::try_from(round_half_up(sum * 10, first.denominator * count)).ok().map(Milli)
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

fn flags(row: &BoardRow) -> Vec<String> {
    let numbered = (1..).zip(&row.cells);
    let far = numbered.filter(|(_, cell)| cell.as_ref().is_some_and(|c| c.outlier == Outlier::FarFromMean));
    let guests = row.guests.iter().filter(|(_, sheet)| sheet.outlier == Outlier::FarFromMean);
    let own = far.map(|(n, _): (i32, _)| format!("专家{n}号{}", Outlier::FarFromMean));
    own.chain(guests.map(|_| format!("连接评审专家{}", Outlier::FarFromMean))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(points: &[i64]) -> Vec<Exact> {
        points.iter().map(|p| Exact { numerator: i128::from(*p) * 100, denominator: 100 }).collect()
    }

    #[test]
    fn v4_trimming_drops_one_highest_and_one_lowest() {
        let totals = exact(&[6000, 7900, 8200, 8500, 9500]);
        assert_eq!(trimmed(&totals, 5), Some(Milli(82_000)));
        assert_eq!(trimmed(&totals, 7), Some(Milli(80_200)));
        assert_eq!(trimmed(&[], 7), None);
    }

    #[test]
    fn means_round_half_up_to_three_decimals() {
        assert_eq!(trimmed(&exact(&[8000, 8001]), 7), Some(Milli(80_005)));
    }
}
