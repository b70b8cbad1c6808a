//! The ranked list: a narrow form beside the plot and a wide one with every column.

use super::derivation::{Opened, explain};
use super::parts::{chance, group_name, outcome_tag, panel_name, project, rank, rank_interval};
use super::plot::line;
use crate::components::format::score;
use crate::components::{Column, Fit, Query, Table, num, text};
use domain::ranking::{Ranking, Row};
use domain::round::QuotaScope;
use leptos::prelude::*;
use service::ranking::View;
use std::cmp::Ordering;

/// Columns of the narrow list, for rows that span it.
const NARROW: usize = 8;
/// Columns of the wide list besides the dimensions.
const WIDE: usize = 12;

pub fn table(view: &View, ranking: &Ranking, shown: &[&Row], opened: Option<Opened>, query: &Query) -> AnyView {
    let full = query.get("view") == Some("full");
    let sorted = query.get("sort").is_some_and(|sort| sort != "rank");
    let mut rows = shown.to_vec();
    if sorted {
        rows.sort_by(|a, b| compare(a, b, query));
    }
    let span = if full { WIDE + ranking.dimensions.len() } else { NARROW };
    let cuts = if sorted { Vec::new() } else { cuts(ranking) };
    let grouped = !sorted && view.dossier.round.terms.scope != QuotaScope::Overall;
    let mut opened = opened;
    let mut last_group = None;
    let mut out: Vec<AnyView> = Vec::new();
    for row in rows {
        if grouped && last_group.as_ref() != Some(&row.group) {
            last_group = Some(row.group.clone());
            out.push(group_line(&group_name(&view.dossier, &row.group), span));
        }
        let open = opened.as_ref().is_some_and(|o| o.code == row.code);
        let look = Look { full, open, cut: cuts.contains(&row.code) };
        out.push(one(view, row, look, query));
        if open && let Some(opened) = opened.take() {
            out.push(view! { <tr class="how"><td colspan=span.to_string()>{explain(view, row, &opened.derivation)}</td></tr> }.into_any());
        }
    }
    let columns = if full { wide(ranking, query) } else { narrow(query) };
    let fit = if full { Fit::Scroll } else { Fit::Page };
    let class = if full { "tight ranking" } else { "middle tight ranking" };
    view! {
        <Table label="排序表" class=class fit=fit columns=columns>
            <tbody>{out}</tbody>
        </Table>
    }
    .into_any()
}

#[derive(Clone, Copy)]
struct Look {
    full: bool,
    open: bool,
    cut: bool,
}

/// The last row above the line of each group.
fn cuts(ranking: &Ranking) -> Vec<String> {
    let ranked: Vec<&Row> = ranking.rows.iter().filter(|r| r.rank.is_some()).collect();
    ranked
        .chunk_by(|a, b| a.group == b.group)
        .filter_map(|group| {
            let above = line(group);
            above.checked_sub(1).and_then(|i| group.get(i)).map(|row| row.code.clone())
        })
        .collect()
}

fn compare(a: &Row, b: &Row, query: &Query) -> Ordering {
    let sort = query.get("sort").unwrap_or_default();
    let order = match sort.trim_start_matches('-') {
        "raw" => a.raw.cmp(&b.raw),
        "score" => a.score.cmp(&b.score),
        "chance" => a.p_top.unwrap_or(-1.0).total_cmp(&b.p_top.unwrap_or(-1.0)),
        "code" => a.code.cmp(&b.code),
        _ => (a.rank.is_none(), a.rank).cmp(&(b.rank.is_none(), b.rank)),
    };
    let order = if sort.starts_with('-') { order.reverse() } else { order };
    order.then_with(|| a.code.cmp(&b.code))
}

fn group_line(name: &str, span: usize) -> AnyView {
    view! {
        <tr class="group">
            <th scope="colgroup" colspan=span.to_string()>{name.to_owned()}</th>
        </tr>
    }
    .into_any()
}

fn narrow(query: &Query) -> Vec<Column> {
    vec![
        num("名次").sorted(query, "rank"),
        text("项目").sorted(query, "code"),
        num("原始分").sorted(query, "raw"),
        num("校准量"),
        num("最终分").sorted(query, "score"),
        num("名次区间").title("名次的90%区间"),
        num("入围概率").sorted(query, "chance"),
        text("建议"),
    ]
}

fn wide(ranking: &Ranking, query: &Query) -> Vec<Column> {
    let mut columns = vec![
        num("名次").sorted(query, "rank"),
        text("项目").sorted(query, "code"),
        text("名称与牵头单位"),
        text("组别"),
        num("组内/任务").title("组内名次/任务内名次"),
        num("原始分").sorted(query, "raw"),
        num("校准量"),
        num("最终分").sorted(query, "score"),
    ];
    columns.extend(ranking.dimensions.iter().map(num));
    columns.extend([
        num("推荐").title("推荐票/有效评分表"),
        num("名次区间").title("名次的90%区间"),
        num("入围概率").sorted(query, "chance"),
        text("建议"),
    ]);
    columns
}

fn one(view: &View, row: &Row, look: Look, query: &Query) -> AnyView {
    let id = format!("row-{}", row.code);
    let other = if look.open { query.without("row") } else { query.with("row", row.code.clone()) };
    let href = format!("{}#{id}", other.href());
    let code = view! {
        <a href=href aria-expanded=if look.open { "true" } else { "false" }>
            {row.code.clone()}
        </a>
    };
    let panel = panel_name(&view.dossier, row);
    let note = [row.note.as_str(), row.settled.as_str()].iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>();
    let note = note.join("；");
    let cells = if look.full {
        wide_cells(view, row, code.into_any(), panel, note).into_any()
    } else {
        narrow_cells(row, code.into_any(), panel, note).into_any()
    };
    let class = look.cut.then_some("cut");
    view! { <tr id=id class=class aria-current=look.open.then_some("true")>{cells}</tr> }.into_any()
}

fn points(value: Option<domain::points::Points>) -> String {
    value.map_or_else(|| "—".to_owned(), |p| score(p.0))
}

fn narrow_cells(row: &Row, code: AnyView, panel: String, note: String) -> impl IntoView + use<> {
    let noted = (!note.is_empty()).then(|| view! { <span class="under clip">{note.clone()}</span> });
    view! {
        <td class="n">{rank(row)}</td>
        <td class="nowrap">
            {code}
            <span class="beside">{panel}</span>
        </td>
        <td class="n">{points(row.raw)}</td>
        <td class="n">{row.adjustment.replace('-', "−")}</td>
        <td class="n"><b>{points(row.score)}</b></td>
        <td class="n">{rank_interval(row)}</td>
        <td class="n">{chance(row.p_top)}</td>
        <td title=note>
            {outcome_tag(row)}
            {noted}
        </td>
    }
}

fn wide_cells(view: &View, row: &Row, code: AnyView, panel: String, note: String) -> impl IntoView + use<> {
    let (title, lead) = project(&view.dossier, row);
    let within = |n: Option<usize>| n.map_or_else(|| "—".to_owned(), |n| n.to_string());
    let dimensions = row
        .dimensions
        .iter()
        .map(|d| view! { <td class="n" title=format!("满分 {}", d.reachable.short())>{score(d.reached.0)}</td> })
        .collect_view();
    let noted = (!note.is_empty()).then(|| view! { <span class="under">{note}</span> });
    view! {
        <td class="n">{rank(row)}</td>
        <td class="nowrap">{code}</td>
        <td class="names">
            {title}
            <span class="under">{lead}</span>
        </td>
        <td class="small nowrap">{panel}</td>
        <td class="n">{within(row.panel_rank)} "/" {within(row.task_rank)}</td>
        <td class="n">{points(row.raw)}</td>
        <td class="n">{row.adjustment.replace('-', "−")}</td>
        <td class="n"><b>{points(row.score)}</b></td>
        {dimensions}
        <td class="n">{format!("{}/{}", row.recommend, row.sheets)}</td>
        <td class="n">{rank_interval(row)}</td>
        <td class="n">{chance(row.p_top)}</td>
        <td>
            {outcome_tag(row)}
            {noted}
        </td>
    }
}
