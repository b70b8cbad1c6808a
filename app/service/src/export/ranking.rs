//! 综合排序表.

use super::{Document, hand_out};
use crate::calibration::{ApplicationLine, Record};
use crate::dossier::Dossier;
use crate::integrity::intact;
use crate::{Context, Result};
use domain::access::{Department, Permission};
use domain::ids::RoundId;
use domain::ranking::{Ranking, Row};
use domain::round::{Method, RoundKind};
use export::ranking::{Correction, Head, PassMark, Placement};
use export::{Edition, Milli};

/// # Errors
/// `Denied` without `Export`; `NotFound` before there is a ranking.
pub async fn ranking(ctx: &Context, round: RoundId, edition: Edition) -> Result<Document> {
    let ctx = &intact(ctx, Permission::Export, round).await?;
    let dossier = Dossier::load(ctx, round).await?;
    let (ranking, digest) = crate::ranking::latest(ctx, round).await?;
    let record = crate::calibration::latest(ctx, round).await?;
    let terms = &dossier.round.terms;
    let table = export::ranking::Ranking {
        title: format!("{}综合排序表", dossier.round.title),
        head: Head {
            basis: format!("{}；{}", dossier.batch.basis, terms.basis),
            batch: dossier.batch.title.clone(),
            scope: terms.scope,
            digest,
            quota: terms.quota,
            pass_mark: terms.pass_mark,
            method: terms.method,
            generated: ctx.now(),
        },
        dimensions: ranking.dimensions.clone(),
        rows: ranking.rows.iter().filter_map(|row| line(&dossier, &ranking, &record, row)).collect(),
        signatories: Department::ALL.iter().map(|d| d.label().to_owned()).collect(),
    };
    let content = export::ranking::to_xlsx(&table, edition)?;
    let name = format!("{}-综合排序表{}.xlsx", dossier.round.title, edition.suffix());
    hand_out(ctx, Some(round), name, content).await
}

fn line(dossier: &Dossier, ranking: &Ranking, record: &Record, row: &Row) -> Option<export::ranking::Row> {
    let application = dossier.application(row.application)?;
    let kept = record.application(&row.code);
    let panel = dossier.panel_of(application.id).and_then(|p| dossier.panel(p));
    let place = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Some(export::ranking::Row {
        place: match row.rank {
            Some(rank) if row.tied => Placement::Tied(place(rank)),
            Some(rank) => Placement::Sole(place(rank)),
            None => Placement::Unranked,
        },
        panel: panel.map(|p| p.name.clone()).unwrap_or_default(),
        panel_place: row.panel_rank.map(place),
        code: row.code.clone(),
        task: dossier.task(application).map(|t| t.title.clone()).unwrap_or_default(),
        lead: application.lead().map(|l| l.name.clone()).unwrap_or_default(),
        participants: application.participants().map(|m| m.name.clone()).collect(),
        raw: kept.and_then(|k| k.raw_thousandths).map(Milli),
        trimmed: kept.and_then(|k| k.trimmed_thousandths).map(Milli),
        method: ranking.method,
        correction: correction(ranking.method, record, panel.map(|p| p.name.as_str()), kept, row),
        final_score: row.score,
        dimensions: row.dimensions.iter().map(|d| (d.reachable.0 > 0).then_some(d.reached)).collect(),
        interval: row.rank_low.zip(row.rank_high).map(|(low, high)| (place(low), place(high))),
        probability: row.p_top.map(thousandths),
        pass_mark: match row.score {
            None => PassMark::Unscored,
            Some(score) if score >= dossier.round.terms.pass_mark => PassMark::Reached,
            Some(_) => PassMark::Missed,
        },
        task_place: row.task_rank.map(place),
        advice: row.outcome,
        conclusion: row.conclusion.filter(|_| ranking.kind == RoundKind::Acceptance),
        reachable: row.dimensions.iter().map(|d| d.reachable).sum(),
        notes: vec![row.note.clone(), row.settled.clone()],
    })
}

fn correction(
    method: Method,
    record: &Record,
    panel: Option<&str>,
    kept: Option<&ApplicationLine>,
    row: &Row,
) -> Correction {
    let coefficient = panel.and_then(|p| record.panel(p)).and_then(|p| p.coefficient);
    match (method, coefficient, kept.and_then(|k| k.raw_thousandths), row.score) {
        (Method::Raw, ..) => Correction::None,
        (Method::Coefficient, Some(k), ..) => Correction::Coefficient(scaled(k, 10_000.0)),
        (_, _, Some(raw), Some(score)) => Correction::Shift(Milli(score.0 * 10 - raw)),
        _ => Correction::None,
    }
}

fn thousandths(share: f64) -> Milli {
    Milli(scaled(share, 1000.0))
}

#[expect(clippy::cast_possible_truncation, reason = "probabilities and coefficients are far below the range of i64")]
fn scaled(value: f64, by: f64) -> i64 {
    (value * by).round() as i64
}
