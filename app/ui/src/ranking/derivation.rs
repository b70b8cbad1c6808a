//! 成绩由来: from the sheets of one project to its final score, step by step.

use super::parts::{chance, project, rank_interval};
use crate::calibration::{Z90, formula, rounding};
use crate::components::format::{score, score_difference};
use crate::components::{Table, num, text};
use crate::routes::Round;
use domain::points::Points;
use domain::ranking::Row;
use domain::round::{Method, RoundKind, Trimming};
use leptos::prelude::*;
use service::calibration::{ApplicationLine, Record};
use service::ranking::{Derivation, View};

/// The row that is open, with what it was made of.
pub struct Opened {
    pub code: String,
    pub derivation: Derivation,
}

pub fn explain(view: &View, row: &Row, derivation: &Derivation) -> impl IntoView + use<> {
    let record = view.calibration.as_ref().map(|kept| &kept.record);
    let (title, lead) = project(&view.dossier, row);
    let href = Round(view.dossier.round.id).application(row.application);
    let steps = record.map(|record| steps(view, row, record, derivation)).unwrap_or_default();
    let steps = steps.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
    view! {
        <div class="explain">
            <p>
                <b>{row.code.clone()} "　" {title}</b>
                <span class="muted">"　" {lead} "　"</span>
                <a href=href>"申报材料"</a>
            </p>
            <div class="explained">
                {sheets(view, row, record, derivation)}
                <ol>{steps}</ol>
            </div>
            {ties(row, derivation)}
        </div>
    }
}

/// Every valid sheet, highest total first, with its distance from their mean and its expert's severity.
fn sheets(view: &View, row: &Row, record: Option<&Record>, derivation: &Derivation) -> impl IntoView + use<> {
    let by_totals = view.dossier.round.terms.trimming == Trimming::Totals && row.sheets >= trim_from(view);
    let trimmed = by_totals && record.is_some_and(|r| r.method == Method::Trimmed);
    let last = derivation.sheets.len().saturating_sub(1);
    let rows = derivation
        .sheets
        .iter()
        .enumerate()
        .map(|(i, sheet)| {
            let distance = row.raw.map_or_else(String::new, |raw| score_difference(sheet.total.0 - raw.0));
            let effect = record
                .and_then(|r| r.experts.iter().find(|e| e.code == sheet.expert))
                .and_then(|e| e.effect)
                .map_or_else(|| "—".to_owned(), |e| crate::calibration::signed(e, 2));
            let dropped = if trimmed && (i == 0 || i == last) { "（去掉）" } else { "" };
            view! {
                <tr>
                    <td class="nowrap">{sheet.expert.clone()}</td>
                    <td class="n">{score(sheet.total.0)} {dropped}</td>
                    <td class="n">{distance}</td>
                    <td class="n">{effect}</td>
                    <td class="nowrap">{sheet.vote.map_or("—", |v| v.label())}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label="有效评分表"
            class="tight"
            columns=[text("专家"), num("总分"), num("与均值差"), num("专家宽严").title("该专家在本轮的宽严估计，负为偏严"), text("意见")]
        >
            <tbody>{rows}</tbody>
        </Table>
    }
}

fn steps(view: &View, row: &Row, record: &Record, derivation: &Derivation) -> Vec<String> {
    let terms = &view.dossier.round.terms;
    let mut steps = Vec::new();
    let voided = if derivation.voided > 0 {
        format!("（另有{}份作废，不计）", derivation.voided)
    } else {
        String::new()
    };
    let count = derivation.sheets.len();
    let line = record.application(&row.code);
    let Some(line) = line else {
        return vec![format!("有效评分表{count}份{voided}，没有校准结果。")];
    };
    let mean = line.raw_thousandths.map_or_else(|| "—".to_owned(), |n| format!("{}.{:03}", n / 1000, n % 1000));
    let raw = points(row.raw);
    steps.push(format!("有效评分表{count}份{voided}，总分的算术平均 {mean}，原始分 {raw}。"));
    steps.push(format!("冻结方法：{}。{}。", record.method, formula(record.method, terms)));
    steps.push(adjustment(view, row, record));
    steps.push(format!("{}：最终分 {}。", rounding(), points(row.score)));
    if let Some(interval) = interval(view, row, line) {
        steps.push(interval);
    }
    steps.push(placing(view, row));
    steps
}

/// Valid sheets from which the extremes are dropped.
fn trim_from(view: &View) -> usize {
    usize::try_from(view.dossier.round.terms.trim_from).unwrap_or(usize::MAX)
}

fn points(value: Option<Points>) -> String {
    value.map_or_else(|| "—".to_owned(), |p| score(p.0))
}

/// The step from this application's raw score to its final score.
fn adjustment(view: &View, row: &Row, record: &Record) -> String {
    let dossier = &view.dossier;
    let name = super::parts::panel_name(dossier, row);
    let panel = record.panel(&name);
    let mean = panel.and_then(|p| p.mean).map_or_else(|| "—".to_owned(), |m| score(m.0));
    let change = row.adjustment.replace('-', "−");
    match record.method {
        Method::Raw => "不作调整，最终分即原始分。".to_owned(),
        Method::Trimmed if row.sheets < trim_from(view) => {
            format!("有效评分表不足{}份，不去极值，最终分即原始分。", trim_from(view))
        }
        Method::Trimmed => format!("去极值后平均 {}，与原始分相差 {change}。", points(row.trimmed)),
        Method::Coefficient => {
            format!("{name}平均分 {mean}，修正系数 {change}：{} {change} = {}。", points(row.raw), points(row.score))
        }
        Method::Grand => format!("{name}平均分 {mean}，按各组平均分的平均换算，校准量 {change}。"),
        Method::Standard => {
            let sd = crate::calibration::or_dash(panel.and_then(|p| p.sd), 2);
            format!("{name}平均分 {mean}、标准差 {sd}，换算后校准量 {change}。")
        }
        Method::Additive => format!("扣除本项目各位专家的宽严后，校准量 {change}。"),
        Method::Mixed => format!(
            "扣除本项目各位专家的宽严，并按评分份数与评分离散程度向总平均 {} 收缩后，校准量 {change}。",
            crate::calibration::or_dash(record.intercept, 2)
        ),
    }
}

fn interval(view: &View, row: &Row, line: &ApplicationLine) -> Option<String> {
    let (se, final_score) = (line.se?, row.score?);
    let reach = super::plot::hundredths(Z90 * se);
    let (low, high) = (score(final_score.0 - reach), score(final_score.0 + reach));
    let score = format!("标准误 {se:.2}分，最终分90%区间 {low}–{high}");
    Some(match view.dossier.round.kind {
        RoundKind::Acceptance => format!("{score}。"),
        RoundKind::Selection => {
            format!("{score}；名次90%区间 {}，入围概率 {}。", rank_interval(row), chance(row.p_top))
        }
    })
}

fn placing(view: &View, row: &Row) -> String {
    if view.dossier.round.kind == RoundKind::Acceptance {
        return "验收不按名次，结论见下。".to_owned();
    }
    let within = |n: Option<usize>| n.map_or_else(|| "—".to_owned(), |n| n.to_string());
    let rank = row.rank.map_or_else(
        || format!("不参加排序：{}", row.outcome),
        |rank| format!("第{rank}名{}，建议：{}", if row.tied { "（并列）" } else { "" }, row.outcome),
    );
    let mut words = format!("{rank}；组内第{}名，任务内第{}名。", within(row.panel_rank), within(row.task_rank));
    for extra in [&row.note, &row.settled] {
        if !extra.is_empty() {
            words.push_str(extra);
            words.push('。');
        }
    }
    words
}

/// Those with the same final score, key by key, with the first key that tells them apart.
fn ties(row: &Row, derivation: &Derivation) -> Option<impl IntoView + use<>> {
    if derivation.contenders.is_empty() {
        return None;
    }
    let all = &derivation.contenders;
    let decisive = (0..derivation.key_names.len())
        .find(|i| all.windows(2).any(|pair| pair[0].keys.get(*i) != pair[1].keys.get(*i)));
    let words = decisive.and_then(|i| derivation.key_names.get(i)).map_or_else(
        || "全部比较项相同，名次并列。".to_owned(),
        |name| format!("依次比较下列各项，最先出现差别的是“{name}”。"),
    );
    let mut columns = vec![text("项目"), num("名次")];
    columns.extend(derivation.key_names.iter().enumerate().map(|(i, name)| {
        let mark = if decisive == Some(i) { "● " } else { "" };
        num(format!("{mark}{name}"))
    }));
    let rows = all
        .iter()
        .map(|contender| {
            let own = (contender.code == row.code).then_some("true");
            let cells = contender.keys.iter().map(|key| view! { <td class="n">{key.clone()}</td> }).collect_view();
            let rank = contender.rank.map_or_else(|| "—".to_owned(), |r| r.to_string());
            view! {
                <tr aria-current=own>
                    <td>{contender.code.clone()}</td>
                    <td class="n">{rank}</td>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let final_score = points(row.score);
    Some(view! {
        <p>{format!("最终分 {final_score} 相同的共{}项。{words}", all.len())}</p>
        <Table label="同分比较" class="tight" columns=columns>
            <tbody>{rows}</tbody>
        </Table>
    })
}
