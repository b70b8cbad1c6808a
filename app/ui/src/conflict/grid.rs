//! The matrix: experts with a mark or a seat, by panel, against the applications of the panels looked at.

use super::filter::Filter;
use super::pairs::Pair;
use crate::components::{Axis, EmptyState, Legend, Mark, MarkState, Matrix, Query};
use crate::routes::{self, Round};
use domain::application::{Application, ApplicationState};
use domain::conflict::Rule;
use domain::expert::Expert;
use domain::ids::{ApplicationId, ExpertId, PanelId};
use leptos::prelude::*;
use service::conflict::Picture;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Rows and columns on one page: more cannot be read, and slows old machines.
const ROWS: usize = 60;
const COLUMNS: usize = 40;

/// The part of a long axis that is shown.
struct Window {
    total: usize,
    size: usize,
    page: usize,
}

impl Window {
    fn new(total: usize, size: usize, asked: Option<&str>) -> Self {
        let last = total.div_ceil(size).max(1);
        let page = asked.and_then(|n| n.parse().ok()).unwrap_or(1).clamp(1, last);
        Self { total, size, page }
    }

    const fn from(&self) -> usize {
        (self.page - 1) * self.size
    }

    fn to(&self) -> usize {
        (self.page * self.size).min(self.total)
    }

    fn take<T>(&self, all: Vec<T>) -> Vec<T> {
        all.into_iter().skip(self.from()).take(self.size).collect()
    }

    /// "专家 1–60 / 143 位" with the ways to the neighbours; nothing while all fits.
    fn turn(&self, query: &Query, key: &str, what: &str, unit: &str) -> Option<AnyView> {
        if self.total <= self.size {
            return None;
        }
        let go = |page: usize, label: &'static str| {
            let there = (1..=self.total.div_ceil(self.size)).contains(&page);
            let href = query.without("pair").with(key, page.to_string()).href();
            there.then(|| view! { <a href=href>{label}</a> })
        };
        let words = format!("{what} {}–{} / {} {unit}", self.from() + 1, self.to(), self.total);
        Some(
            view! {
                <span class="turn">
                    {words} {go(self.page.wrapping_sub(1), "上一页")} {go(self.page + 1, "下一页")}
                </span>
            }
            .into_any(),
        )
    }
}

pub fn matrix(
    picture: &Picture,
    pairs: &[Pair<'_>],
    filter: &Filter,
    query: &Query,
    chosen: Option<(ExpertId, ApplicationId)>,
) -> AnyView {
    let experts = rows(picture, pairs, filter);
    let applications = columns(picture, pairs, filter);
    if experts.is_empty() || applications.is_empty() {
        return view! {
            <EmptyState
                title="没有符合条件的回避记录"
                what_to_do="请放宽条件；未列出的专家与项目之间没有发现回避情形。"
            />
        }
        .into_any();
    }
    let down = Window::new(experts.len(), ROWS, query.get("page"));
    let across = Window::new(applications.len(), COLUMNS, query.get("columns"));
    let experts = down.take(experts);
    let applications = across.take(applications);
    let row_at: HashMap<_, _> = experts.iter().enumerate().map(|(i, e)| (e.id, i)).collect();
    let column_at: HashMap<_, _> = applications.iter().enumerate().map(|(i, a)| (a.id, i)).collect();
    let marks = pairs
        .iter()
        .filter_map(|pair| {
            let (row, column) = (*row_at.get(&pair.expert.id)?, *column_at.get(&pair.application.id)?);
            let leading = pair.leading(filter.rule)?;
            Some(Mark {
                row,
                column,
                letter: leading.rule.mark().chars().next()?,
                rule: several(pair),
                state: pair.state.mark(),
                href: format!("{}#at", query.with("pair", leading.id.to_string()).href()),
            })
        })
        .collect();
    let selected = chosen.and_then(|(e, a)| Some((*row_at.get(&e)?, *column_at.get(&a)?)));
    let group = |panel: Option<PanelId>, none: &str| panel.map_or_else(|| none.to_owned(), |p| p.to_string());
    let row_axes = experts
        .iter()
        .map(|e| {
            Axis::new(format!("{} {}", e.code, e.name), group(picture.seats.get(&e.id).copied(), "row"))
                .href(routes::expert(e.id))
        })
        .collect();
    let round = picture.dossier.round.id;
    let column_axes = applications
        .iter()
        .map(|a| {
            Axis::new(a.code.clone(), group(picture.dossier.panel_of(a.id), "column"))
                .href(Round(round).application(a.id))
        })
        .collect();
    let left_out = left_out(&down, &across);
    view! {
        {left_out
            .map(|words| {
                view! {
                    <p class="turns">
                        <span>{words}</span>
                        {down.turn(query, "page", "专家", "位")}
                        {across.turn(query, "columns", "项目", "项")}
                    </p>
                }
            })}
        <div class="matrix-key">{key(pairs, chosen)}</div>
        <Matrix label="回避矩阵" rows=row_axes columns=column_axes marks=marks selected=selected />
    }
    .into_any()
}

/// Names the rows and columns that are not shown.
fn left_out(down: &Window, across: &Window) -> Option<String> {
    let hidden = |w: &Window| w.total - (w.to() - w.from());
    let (experts, applications) = (hidden(down), hidden(across));
    let parts: Vec<_> = [(experts, "位专家"), (applications, "个项目")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{n} {what}"))
        .collect();
    (!parts.is_empty())
        .then(|| format!("每页至多 {ROWS} × {COLUMNS}，另有 {} 未在本页；可翻页、筛选或看列表。", parts.join("、")))
}

fn several(pair: &Pair<'_>) -> String {
    let labels: Vec<_> = pair.records.iter().map(|c| c.rule.label()).collect();
    labels.join("、")
}

/// By panel of the seat, then by code.
fn rows<'a>(picture: &'a Picture, pairs: &[Pair<'a>], filter: &Filter) -> Vec<&'a Expert> {
    let mut rows: Vec<&Expert> = pairs.iter().map(|pair| pair.expert).collect();
    // Pairs stand by expert.
    rows.dedup_by_key(|expert| expert.id);
    if !filter.narrows() {
        let marked: HashSet<ExpertId> = rows.iter().map(|expert| expert.id).collect();
        let unmarked = picture.experts.values().filter(|expert| !marked.contains(&expert.id));
        rows.extend(unmarked.filter(|expert| filter.admits_seat(picture, expert)));
    }
    rows.sort_by_cached_key(|e| (seq(picture, picture.seats.get(&e.id).copied()), e.code.as_str()));
    rows
}

/// By panel, then by code.
fn columns<'a>(picture: &'a Picture, pairs: &[Pair<'a>], filter: &Filter) -> Vec<&'a Application> {
    let mut columns: Vec<&Application> = if filter.narrows() {
        let marked: BTreeMap<_, _> = pairs.iter().map(|p| (p.application.id, p.application)).collect();
        marked.into_values().collect()
    } else {
        let reviewed = |a: &&Application| a.state != ApplicationState::Rejected && filter.admits_column(picture, a);
        picture.dossier.applications.iter().filter(reviewed).collect()
    };
    columns.sort_by_key(|a| (seq(picture, picture.dossier.panel_of(a.id)), &a.code));
    columns
}

fn seq(picture: &Picture, panel: Option<PanelId>) -> i32 {
    panel.and_then(|p| picture.dossier.panel(p)).map_or(i32::MAX, |p| p.seq)
}

/// The meaning of the shapes and of the letters in use. The letters fold away while a pair is shown.
fn key(pairs: &[Pair<'_>], chosen: Option<(ExpertId, ApplicationId)>) -> AnyView {
    let shapes =
        vec![('回', "确定", MarkState::Firm), ('待', "待认定", MarkState::Open), ('否', "已排除", MarkState::Lifted)];
    let used = |rule: &&Rule| pairs.iter().any(|p| p.records.iter().any(|c| c.rule == **rule));
    let letters: Vec<_> =
        Rule::ALL.iter().filter(used).map(|rule| view! { <li><b>{rule.mark()}</b> {rule.label()}</li> }).collect();
    view! {
        <Legend items=shapes />
        <ul class="marks">
            <li><span class="own-swatch" aria-hidden="true"></span> "专家与项目同组"</li>
        </ul>
        <details class="letters" open=chosen.is_none()>
            <summary>"规则代字"</summary>
            <ul class="marks">{letters}</ul>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn windows_stay_inside_their_axis() {
        let window = Window::new(143, 60, Some("9"));
        assert_eq!((window.page, window.from(), window.to()), (3, 120, 143));
        assert_eq!(Window::new(0, 60, None).page, 1);
        assert_eq!(Window::new(10, 60, Some("x")).take((0..10).collect()).len(), 10);
    }
}
