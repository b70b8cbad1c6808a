//! 方法对照: every application under the seven methods, with rank and difference to the frozen one.

use crate::components::format::score;
use crate::components::{
    Card, CardBody, Choice, Direction, FilterBar, Query, Select, Tab, Table, Tabs, TabsLook, num, text,
};
use crate::routes::Round;
use domain::points::Points;
use domain::round::{Method, QuotaScope};
use leptos::prelude::*;
use service::calibration::{DimensionRecord, Record};
use service::dossier::Dossier;
use std::collections::BTreeMap;

/// One application's results, of the totals or of a dimension.
struct Line<'a> {
    code: &'a str,
    sheets: Option<usize>,
    finals: &'a BTreeMap<Method, Points>,
    ranks: &'a BTreeMap<Method, usize>,
    href: String,
    title: String,
    panel: String,
}

pub fn view(dossier: &Dossier, record: &Record, query: &Query) -> impl IntoView + use<> {
    let chosen = query.get("panel").unwrap_or_default();
    let dimension = query.get(PART).and_then(|part| record.dimensions.iter().find(|d| d.name == part));
    let mut lines = lines(dossier, record, dimension);
    lines.retain(|line| chosen.is_empty() || line.panel == chosen);
    let (key, direction) = sorting(query, record.method);
    lines.sort_by(|a, b| {
        let rank = |l: &Line| key.and_then(|m| l.ranks.get(&m).copied()).unwrap_or(usize::MAX);
        (rank(a), a.code).cmp(&(rank(b), b.code))
    });
    if direction == Direction::Descending {
        lines.reverse();
    }
    let count = lines.len();
    let rows = lines.iter().map(|line| row(line, record.method)).collect_view();
    let panels = dossier.panels.iter().map(|p| Choice::new(p.name.clone(), p.name.clone())).collect();
    let mut columns = vec![text("项目").sorted(query, "code"), text("评审组"), num("份数")];
    columns.extend(Method::ALL.iter().map(|method| {
        let mark = if *method == record.method { "● " } else { "" };
        num(format!("{mark}{}", method.label())).sorted(query, method.key())
    }));
    let foot = (dossier.round.terms.scope == QuotaScope::Overall && chosen.is_empty() && dimension.is_none())
        .then(|| changed(record, usize::try_from(dossier.round.terms.quota).unwrap_or(usize::MAX)));
    let of = dimension.map_or_else(|| "总分".to_owned(), |d| format!("{}，满分 {}", d.name, d.full.short()));
    let hint = format!("{of} · 共 {count} 项 · ● 冻结方法：{} · ▲▼ 为与冻结方法相比名次升降", record.method);
    let (tabs, here) = parts(record, query);
    let bar = query.clone();
    let chosen = chosen.to_owned();
    view! {
        <Card
            title="七种方法的最终分与名次"
            hint=hint
            actions=move || view! { <Tabs label="范围" tabs=tabs here=here look=TabsLook::Pills /> }
            body=CardBody::Flush
        >
            <FilterBar query=bar keep={&["view", "sort", PART]}>
                <Select name="panel" label="评审组" choices=panels value=chosen empty="全部" />
            </FilterBar>
            <Table label="七种方法的最终分与名次" class="tight compare" columns=columns>
                <tbody>{rows}</tbody>
                {foot}
            </Table>
            <p class="small muted note">
                "每格依次为最终分、名次、与冻结方法相比的名次升降。名次在全部项目中合并排列，未扣除一票否决与合格线；“—”表示该方法不能给出结果，原因见假定核查。修正系数法、二次平均法、标准分转换法只用本组专家的评分表，连接评审不计入，因此不能由本表的算术平均直接推得。单个维度以该维度的得分单独计算，不适用项按比例折算，只作对照。"
            </p>
        </Card>
    }
}

/// Names the dimension shown; without it, the totals.
const PART: &str = "part";

fn parts(record: &Record, query: &Query) -> (Vec<Tab>, String) {
    let whole = query.without(PART).href();
    let mut tabs = vec![Tab::new("总分", whole.clone())];
    let mut here = whole;
    for dimension in &record.dimensions {
        let href = query.with(PART, dimension.name.clone()).href();
        if query.get(PART) == Some(dimension.name.as_str()) {
            here.clone_from(&href);
        }
        tabs.push(Tab::new(dimension.name.clone(), href));
    }
    (tabs, here)
}

fn lines<'a>(dossier: &Dossier, record: &'a Record, dimension: Option<&'a DimensionRecord>) -> Vec<Line<'a>> {
    let line = |code: &'a str, sheets, finals, ranks| {
        let application = dossier.applications.iter().find(|a| a.code == code);
        let panel = application.and_then(|a| dossier.panel_of(a.id)).and_then(|p| dossier.panel(p));
        Line {
            code,
            sheets,
            finals,
            ranks,
            href: application.map_or_else(String::new, |a| Round(dossier.round.id).application(a.id)),
            title: application.map_or_else(String::new, |a| a.title.clone()),
            panel: panel.map_or_else(String::new, |p| p.name.clone()),
        }
    };
    match dimension {
        None => record.applications.iter().map(|l| line(&l.code, Some(l.sheets), &l.finals, &l.ranks)).collect(),
        Some(dimension) => {
            let sheets = |code: &str| record.application(code).map(|l| l.sheets);
            dimension.applications.iter().map(|l| line(&l.code, sheets(&l.code), &l.finals, &l.ranks)).collect()
        }
    }
}

/// By the rank under a method, `None` by code; at first by the frozen method.
fn sorting(query: &Query, frozen: Method) -> (Option<Method>, Direction) {
    let Some(sort) = query.get("sort") else { return (Some(frozen), Direction::Ascending) };
    let direction = if sort.starts_with('-') { Direction::Descending } else { Direction::Ascending };
    (Method::from_key(sort.trim_start_matches('-')), direction)
}

fn row(line: &Line, frozen: Method) -> impl IntoView + use<> {
    let cells = Method::ALL.iter().map(|method| cell(line, *method, frozen)).collect_view();
    view! {
        <tr>
            <td>
                <a href=line.href.clone() title=line.title.clone()>
                    {line.code.to_owned()}
                </a>
            </td>
            <td class="nowrap small">{line.panel.clone()}</td>
            <td class="n">{line.sheets.map_or_else(|| "—".to_owned(), |n| n.to_string())}</td>
            {cells}
        </tr>
    }
}

fn cell(line: &Line, method: Method, frozen: Method) -> impl IntoView + use<> {
    let class = if method == frozen { "n frozen" } else { "n" };
    let Some(points) = line.finals.get(&method) else { return view! { <td class=class>"—"</td> }.into_any() };
    let (rank, base) = (line.ranks.get(&method).copied(), line.ranks.get(&frozen).copied());
    let moved = (method != frozen).then(|| rank.zip(base).map(|(rank, base)| movement(base, rank)));
    view! {
        <td class=class>
            <span class="cells">
                <b>{score(points.0)}</b>
                <span>{rank.map_or_else(|| "—".to_owned(), |r| r.to_string())}</span>
                {moved.flatten().map_or_else(|| view! { <i></i> }.into_any(), IntoAny::into_any)}
            </span>
        </td>
    }
    .into_any()
}

/// How many ranks better (▲) or worse (▼) `to` is than `from`.
pub fn movement(from: usize, to: usize) -> impl IntoView + use<> {
    let (class, text) = moved(from, to);
    view! { <i class=class>{text}</i> }
}

pub fn moved(from: usize, to: usize) -> (&'static str, String) {
    match to.cmp(&from) {
        std::cmp::Ordering::Less => ("up", format!("▲{}", from - to)),
        std::cmp::Ordering::Greater => ("down", format!("▼{}", to - from)),
        std::cmp::Ordering::Equal => ("", String::new()),
    }
}

/// How many of the first `quota` places another method would give to other applications.
fn changed(record: &Record, quota: usize) -> impl IntoView + use<> {
    let inside = |line: &service::calibration::ApplicationLine, method: Method| {
        line.ranks.get(&method).is_some_and(|rank| *rank <= quota)
    };
    let cells = Method::ALL
        .iter()
        .map(|method| {
            let known = record.applications.iter().any(|line| line.ranks.contains_key(method));
            let out =
                record.applications.iter().filter(|line| inside(line, record.method) && !inside(line, *method)).count();
            let text = if known { format!("{out} 项") } else { "—".to_owned() };
            view! { <td class="n">{text}</td> }
        })
        .collect_view();
    view! {
        <tfoot>
            <tr>
                <th scope="row" colspan="3">{format!("前{quota}名中与冻结方法不同的项目")}</th>
                {cells}
            </tr>
        </tfoot>
    }
}
