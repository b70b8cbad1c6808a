//! The interval plot beside the list: at most forty rows around the line.

use crate::calibration::Z90;
use crate::components::{Card, IntervalPlot, IntervalRow, Quota, Zone};
use domain::ranking::Row;
use domain::result::Outcome;
use domain::round::{Method, QuotaScope};
use leptos::prelude::*;
use service::calibration::Record;
use service::ranking::View;

const SHOWN: usize = 40;
/// Rows shown below the line at least.
const BELOW: usize = 12;

/// The chosen group's rows as they are drawn; without a choice the first group's.
pub fn card(view: &View, record: &Record, rows: &[Row], chosen: Option<&str>) -> AnyView {
    let terms = &view.dossier.round.terms;
    let group = chosen.or_else(|| rows.iter().find(|r| r.rank.is_some()).map(|r| r.group.as_str())).unwrap_or_default();
    let mut ranked: Vec<&Row> = rows.iter().filter(|r| r.rank.is_some() && r.group == group).collect();
    ranked.sort_by_key(|r| (r.rank, r.outcome != Outcome::Shortlisted, r.code.clone()));
    let above = line(&ranked);
    let open = ranked.iter().any(|r| r.outcome == Outcome::LineTie);
    let start = if above + BELOW <= SHOWN { 0 } else { above - SHOWN / 2 };
    let shown: Vec<IntervalRow> =
        ranked.iter().skip(start).take(SHOWN).filter_map(|row| interval(row, record)).collect();
    let places = u32::try_from(above - start).unwrap_or(0);
    let quota = Quota {
        places,
        label: format!("入围线（名额 {}{}）", terms.quota, if open { "，以下并列待会商" } else { "" }),
    };
    let title = match terms.scope {
        QuotaScope::Overall => "最终分与90%区间".to_owned(),
        QuotaScope::PerSector | QuotaScope::PerTask => format!("最终分与90%区间 · {group}"),
    };
    let mut notes = Vec::new();
    if ranked.len() > shown.len() {
        notes.push(format!("共{}项，图中为入围线附近的{}项。", ranked.len(), shown.len()));
    }
    if terms.scope != QuotaScope::Overall {
        notes.push("名额分组确定，其他组别请在筛选中选择。".to_owned());
    }
    notes.push("区间 = 最终分 ± 1.645 × 标准误。".to_owned());
    if record.method != Method::Mixed {
        notes.push(format!("标准误取自混合效应模型，冻结方法为{}。", record.method));
    }
    let method = record.method.label();
    view! {
        <div class="no-print">
            <Card title=title footer=notes.concat()>
                <IntervalPlot label="最终分与90%区间" rows=shown quota=Some(quota) method=method />
            </Card>
        </div>
    }
    .into_any()
}

/// How many rows stand above the line. Those tied across it stand below until people have decided.
pub fn line(ranked: &[&Row]) -> usize {
    ranked.iter().filter(|r| r.outcome == Outcome::Shortlisted).count()
}

fn interval(row: &Row, record: &Record) -> Option<IntervalRow> {
    let score = row.score?.0;
    let se = record.application(&row.code).and_then(|l| l.se).unwrap_or(0.0);
    let reach = hundredths(Z90 * se);
    Some(IntervalRow {
        rank: u32::try_from(row.rank?).ok()?,
        label: row.code.clone(),
        raw: row.raw.map_or(score, |p| p.0),
        score,
        low: score - reach,
        high: score + reach,
        zone: match row.outcome {
            Outcome::LineTie => Zone::Edge,
            _ if row.borderline => Zone::Edge,
            Outcome::Shortlisted => Zone::In,
            _ => Zone::Out,
        },
    })
}

/// Points as 1/100 point, for drawing only.
#[expect(clippy::cast_possible_truncation, reason = "a standard error of at most 100 points")]
pub fn hundredths(points: f64) -> i64 {
    (points * 100.0).round() as i64
}
