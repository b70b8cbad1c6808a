//! 名次变化: how ranks move from method to method, as lines between columns.

use super::methods::moved;
use crate::components::{Card, EmptyState, Query, Tab, Table, Tabs, TabsLook, num, text};
use domain::round::{Method, QuotaScope};
use leptos::prelude::*;
use service::calibration::{ApplicationLine, KeptCalibration};
use service::dossier::Dossier;
use std::collections::BTreeMap;

/// Lines drawn: the best under the frozen method.
const SHOWN: usize = 40;
/// Ranks drawn; those further down end on the edge, with their rank in words.
const RANKS: usize = 48;
const ROW: usize = 16;
const TOP: usize = 34;

pub fn view(dossier: &Dossier, kept: &KeptCalibration, query: &Query) -> AnyView {
    let record = &kept.record;
    let across = query.get("across").is_some();
    let columns: Vec<Method> = match (across, record.method) {
        (false, Method::Raw) | (true, _) => Method::ALL.to_vec(),
        (false, frozen) => vec![Method::Raw, frozen],
    };
    let mut lines: Vec<&ApplicationLine> =
        record.applications.iter().filter(|line| line.ranks.contains_key(&record.method)).collect();
    lines.sort_by_key(|line| (line.ranks.get(&record.method).copied(), line.code.clone()));
    let quota = usize::try_from(dossier.round.terms.quota).ok();
    let quota = quota.filter(|n| dossier.round.terms.scope == QuotaScope::Overall && *n < RANKS);
    // Further down only those who would have a place under another method shown.
    let crossing = lines.split_off(SHOWN.min(lines.len()));
    lines.extend(crossing.into_iter().filter(|line| crosses(line, &columns, quota)));
    if lines.is_empty() {
        return view! { <EmptyState title="冻结方法没有给出名次" what_to_do="原因见上方的假定核查。" /> }.into_any();
    }
    let tabs = vec![
        Tab::new("算术平均 → 冻结方法", query.without("across").href()),
        Tab::new("七种方法", query.with("across", "all").href()),
    ];
    let here = if across { query.with("across", "all").href() } else { query.without("across").href() };
    let hint = format!(
        "冻结方法（{}）的前{SHOWN}名，以及在所列方法之间跨过名额线的项目，共{}项；粗线跨过名额线",
        record.method,
        lines.len()
    );
    let figure = bump(&lines, &columns, record.method, quota);
    view! {
        <Card
            title="名次变化"
            hint=hint
            actions=move || view! { <Tabs label="比较范围" tabs=tabs here=here look=TabsLook::Pills /> }
        >
            {figure}
        </Card>
    }
    .into_any()
}

fn bump(lines: &[&ApplicationLine], columns: &[Method], frozen: Method, quota: Option<usize>) -> impl IntoView + use<> {
    let deepest = lines.iter().flat_map(|l| columns.iter().filter_map(|m| l.ranks.get(m).copied())).max().unwrap_or(1);
    let depth = deepest.min(RANKS);
    let height = TOP + ROW * (depth + usize::from(deepest > RANKS)) + 8;
    let heads = columns
        .iter()
        .enumerate()
        .map(|(i, method)| {
            let mark = if *method == frozen { "● " } else { "" };
            let label = format!("{mark}{}", method.label());
            view! { <text class="mid ink" x=x(i, columns.len()) y="14">{label}</text> }
        })
        .collect_view();
    let cut = quota.map(|quota| {
        let y = (TOP + ROW * quota).to_string();
        let words = (TOP + ROW * quota - 4).to_string();
        view! {
            <line class="cut" x1="0" x2="100%" y1=y.clone() y2=y></line>
            <text x="0" y=words>{format!("名额 {quota}")}</text>
        }
    });
    let paths = lines.iter().map(|line| path(line, columns, quota)).collect_view();
    let labels = ends(lines, columns);
    let grid = (0..columns.len())
        .map(|i| {
            let at = x(i, columns.len());
            view! { <line class="grid" x1=at.clone() x2=at y1=(TOP - 6).to_string() y2=height.to_string()></line> }
        })
        .collect_view();
    let below = below(lines, columns);
    view! {
        <figure class="chart bump">
            <svg class="plot" role="img" aria-label="名次变化图，数据见下表" width="100%" height=height.to_string()>
                {grid}
                {heads}
                {cut}
                {paths}
                {labels}
            </svg>
            {below}
            {table(lines, columns)}
        </figure>
    }
}

/// Columns stand inside the margins for labels.
fn x(column: usize, columns: usize) -> String {
    let (left, right) = if columns == 2 { (24.0, 76.0) } else { (13.0, 82.0) };
    let share = column as f64 / (columns.saturating_sub(1).max(1)) as f64;
    format!("{:.2}%", left + (right - left) * share)
}

fn y(rank: usize) -> usize {
    TOP + ROW * (rank.min(RANKS + 1) - 1) + ROW / 2
}

/// Inside the quota under one of the methods shown and outside under another.
fn crosses(line: &ApplicationLine, columns: &[Method], quota: Option<usize>) -> bool {
    let Some(quota) = quota else { return false };
    let inside = |m: &Method| line.ranks.get(m).map(|rank| *rank <= quota);
    let all: Vec<bool> = columns.iter().filter_map(inside).collect();
    all.contains(&true) && all.contains(&false)
}

fn path(line: &ApplicationLine, columns: &[Method], quota: Option<usize>) -> impl IntoView + use<> {
    let class = if crosses(line, columns, quota) { "crossing" } else { "steady" };
    let points: Vec<(usize, usize)> =
        columns.iter().enumerate().filter_map(|(i, m)| Some((i, *line.ranks.get(m)?))).collect();
    let segments = points
        .windows(2)
        .map(|pair| {
            let ((from, a), (to, b)) = (pair[0], pair[1]);
            view! {
                <line
                    x1=x(from, columns.len())
                    y1=y(a).to_string()
                    x2=x(to, columns.len())
                    y2=y(b).to_string()
                ></line>
            }
        })
        .collect_view();
    let dots = points
        .iter()
        .map(|(i, rank)| view! { <circle cx=x(*i, columns.len()) cy=y(*rank).to_string() r="2.5"></circle> })
        .collect_view();
    let words: Vec<String> = columns.iter().filter_map(|m| Some(format!("{m} 第{}名", line.ranks.get(m)?))).collect();
    view! {
        <g class=class>
            <title>{format!("{}：{}", line.code, words.join("，"))}</title>
            {segments}
            {dots}
        </g>
    }
}

/// Rank and codes beside the first and the last column; those that share a rank share a line.
fn ends(lines: &[&ApplicationLine], columns: &[Method]) -> impl IntoView + use<> {
    let at = |method: Option<&Method>| {
        let mut sharing: BTreeMap<usize, Vec<&ApplicationLine>> = BTreeMap::new();
        for line in lines {
            if let Some(rank) = method.and_then(|m| line.ranks.get(m)).filter(|rank| **rank <= RANKS) {
                sharing.entry(*rank).or_default().push(line);
            }
        }
        sharing
    };
    let first = columns.first();
    let left = at(first)
        .into_iter()
        .map(|(rank, sharing)| {
            let codes: Vec<_> = sharing.iter().map(|line| line.code.as_str()).collect();
            view! {
                <text class="end" x=x(0, columns.len()) y=(y(rank) + 4).to_string() dx="-8">
                    {format!("{}　{rank}", codes.join("、"))}
                </text>
            }
        })
        .collect_view();
    let right = at(columns.last())
        .into_iter()
        .map(|(rank, sharing)| {
            let names = sharing
                .iter()
                .map(|line| {
                    let from = first.and_then(|m| line.ranks.get(m)).copied();
                    let (class, change) = from.map_or(("", String::new()), |from| moved(from, rank));
                    view! { {format!("　{} ", line.code)} <tspan class=class>{change}</tspan> }
                })
                .collect_view();
            view! {
                <text class="ink" x=x(columns.len() - 1, columns.len()) y=(y(rank) + 4).to_string() dx="8">
                    {rank.to_string()}
                    {names}
                </text>
            }
        })
        .collect_view();
    view! {
        {left}
        {right}
    }
}

/// Those whose line ends on the lower edge.
fn below(lines: &[&ApplicationLine], columns: &[Method]) -> Option<impl IntoView + use<>> {
    let mut deep: Vec<String> = Vec::new();
    for line in lines {
        for method in columns {
            if let Some(rank) = line.ranks.get(method).filter(|rank| **rank > RANKS) {
                deep.push(format!("{}（{method} 第{rank}名）", line.code));
            }
        }
    }
    // Between two columns their names fit; across seven the table holds them.
    let named =
        if columns.len() == 2 { format!("：{}", deep.join("、")) } else { "，名次见数据表".to_owned() };
    (!deep.is_empty()).then(|| view! { <p class="small muted">{format!("第{RANKS}名以后画在下缘{named}")}</p> })
}

fn table(lines: &[&ApplicationLine], columns: &[Method]) -> impl IntoView + use<> {
    let mut heads = vec![text("项目")];
    heads.extend(columns.iter().map(|m| num(m.label())));
    let rank = |line: &ApplicationLine, method: Method| line.ranks.get(&method).map_or("—".into(), usize::to_string);
    let rows = lines
        .iter()
        .map(|line| {
            let cells = columns.iter().map(|m| view! { <td class="n">{rank(line, *m)}</td> }).collect_view();
            view! { <tr><td>{line.code.clone()}</td>{cells}</tr> }
        })
        .collect_view();
    view! {
        <details class="no-print">
            <summary>"数据表"</summary>
            <Table label="名次变化" class="tight" columns=heads>
                <tbody>{rows}</tbody>
            </Table>
        </details>
    }
}
