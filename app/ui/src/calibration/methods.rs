//! 方法对照: every application under the seven methods, with rank and difference to the frozen one.

use crate::components::format::score;
use crate::components::{Align, Card, CardBody, Choice, Direction, FilterBar, Query, Select, SortHeader, Table};
use domain::round::{Method, QuotaScope};
use leptos::prelude::*;
use service::calibration::{ApplicationLine, Record};
use service::dossier::Dossier;

struct Line<'a> {
    result: &'a ApplicationLine,
    href: String,
    title: String,
    panel: String,
}

pub fn view(dossier: &Dossier, record: &Record, query: &Query) -> impl IntoView + use<> {
    let chosen = query.get("panel").unwrap_or_default();
    let mut lines: Vec<Line> = record
        .applications
        .iter()
        .map(|line| lookup(dossier, line))
        .filter(|line| chosen.is_empty() || line.panel == chosen)
        .collect();
    let (key, direction) = sorting(query, record.method);
    lines.sort_by(|a, b| {
        let rank = |l: &Line| key.and_then(|m| l.result.ranks.get(&m).copied()).unwrap_or(usize::MAX);
        (rank(a), &a.result.code).cmp(&(rank(b), &b.result.code))
    });
    if direction == Direction::Descending {
        lines.reverse();
    }
    let count = lines.len();
    let rows = lines.iter().map(|line| row(line, record.method)).collect_view();
    let panels = dossier.panels.iter().map(|p| Choice::new(p.name.clone(), p.name.clone())).collect();
    let heads = Method::ALL
        .iter()
        .map(|method| {
            let mark = if *method == record.method { "● " } else { "" };
            let label = format!("{mark}{}", method.label());
            view! { <SortHeader query=query key=method.key() label=label align=Align::Number /> }
        })
        .collect_view();
    let foot = (dossier.round.terms.scope == QuotaScope::Overall && chosen.is_empty())
        .then(|| changed(record, usize::try_from(dossier.round.terms.quota).unwrap_or(usize::MAX)));
    let hint = format!("共 {count} 项 · ● 冻结方法：{} · ▲▼ 为与冻结方法相比名次升降", record.method);
    let code = view! { <SortHeader query=query key="code" label="项目" /> };
    let bar = query.clone();
    let chosen = chosen.to_owned();
    view! {
        <Card title="七种方法的最终分与名次" hint=hint body=CardBody::Flush>
            <FilterBar query=bar keep={&["view", "sort"]}>
                <Select name="panel" label="评审组" choices=panels value=chosen empty="全部" />
            </FilterBar>
            <Table label="七种方法的最终分与名次" class="tight compare">
                <thead>
                    <tr>
                        {code}
                        <th scope="col">"评审组"</th>
                        <th scope="col" class="n">"份数"</th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                {foot}
            </Table>
            <p class="small muted note">
                "每格依次为最终分、名次、与冻结方法相比的名次升降。名次在全部项目中合并排列，未扣除一票否决与合格线；“—”表示该方法不能给出结果，原因见假定核查。"
            </p>
        </Card>
    }
}

fn lookup<'a>(dossier: &Dossier, line: &'a ApplicationLine) -> Line<'a> {
    let application = dossier.applications.iter().find(|a| a.code == line.code);
    let round = dossier.round.id;
    Line {
        href: application.map_or_else(String::new, |a| format!("/rounds/{round}/applications/{}", a.id)),
        title: application.map_or_else(String::new, |a| a.title.clone()),
        panel: application
            .and_then(|a| dossier.panel_of(a.id))
            .and_then(|p| dossier.panel(p))
            .map_or_else(String::new, |p| p.name.clone()),
        result: line,
    }
}

/// By the rank under a method, `None` by code; at first by the frozen method.
fn sorting(query: &Query, frozen: Method) -> (Option<Method>, Direction) {
    let Some(sort) = query.get("sort") else { return (Some(frozen), Direction::Ascending) };
    let direction = if sort.starts_with('-') { Direction::Descending } else { Direction::Ascending };
    (Method::from_key(sort.trim_start_matches('-')), direction)
}

fn row(line: &Line, frozen: Method) -> impl IntoView + use<> {
    let cells = Method::ALL.iter().map(|method| cell(line.result, *method, frozen)).collect_view();
    view! {
        <tr>
            <td>
                <a href=line.href.clone() title=line.title.clone()>
                    {line.result.code.clone()}
                </a>
            </td>
            <td class="nowrap small">{line.panel.clone()}</td>
            <td class="n">{line.result.sheets.to_string()}</td>
            {cells}
        </tr>
    }
}

fn cell(line: &ApplicationLine, method: Method, frozen: Method) -> impl IntoView + use<> {
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
    let inside = |line: &ApplicationLine, method: Method| line.ranks.get(&method).is_some_and(|rank| *rank <= quota);
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
