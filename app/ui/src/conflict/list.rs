//! The same records as a table, one line each.

use super::pairs::{Pair, PairState};
use crate::components::{EmptyState, Pager, Query, Table, Tag, text};
use crate::request::Window;
use domain::conflict::{Conflict, Rule};
use domain::ids::ConflictId;
use leptos::prelude::*;
use service::conflict::Picture;

pub fn table(
    picture: &Picture,
    pairs: &[Pair<'_>],
    rule: Option<Rule>,
    query: &Query,
    chosen: Option<ConflictId>,
) -> AnyView {
    let mut lines: Vec<(&Pair<'_>, &Conflict)> = pairs
        .iter()
        .flat_map(|pair| pair.records.iter().map(move |c| (pair, *c)))
        .filter(|(_, c)| rule.is_none_or(|rule| c.rule == rule))
        .collect();
    lines.sort_by_key(|(pair, c)| (&pair.expert.code, &pair.application.code, c.rule));
    if lines.is_empty() {
        return view! {
            <EmptyState title="没有符合条件的回避记录" what_to_do="请放宽条件，或在首次比对之后再来查看。" />
        }
        .into_any();
    }
    let total = lines.len() as u64;
    let window = Window::of(query).within(total);
    let rows = lines
        .into_iter()
        .skip(window.skip())
        .take(window.take())
        .map(|(pair, conflict)| row(picture, pair, conflict, query, chosen))
        .collect_view();
    view! {
        <Table label="回避记录" columns=[text("专家"), text("项目"), text("规则"), text("证据"), text("来源"), text("状态")]>
            <tbody>{rows}</tbody>
        </Table>
        <Pager query=query.without("pair") total=total page=window.page size=window.size />
    }
    .into_any()
}

fn row(
    picture: &Picture,
    pair: &Pair<'_>,
    conflict: &Conflict,
    query: &Query,
    chosen: Option<ConflictId>,
) -> impl IntoView + use<> {
    let state = PairState::of(conflict);
    let panel = picture.dossier.panel_of(pair.application.id).and_then(|p| picture.dossier.panel(p));
    let href = query.with("pair", conflict.id.to_string()).href();
    view! {
        <tr aria-current=(chosen == Some(conflict.id)).then_some("true")>
            <td class="nowrap">
                {pair.expert.code.clone()} " " {pair.expert.name.clone()}
                <br />
                <small class="muted">{pair.expert.employer.clone()}</small>
            </td>
            <td class="nowrap">
                {pair.application.code.clone()}
                <br />
                <small class="muted">{panel.map(|p| p.name.clone())}</small>
            </td>
            <td class="nowrap"><a href=href>{conflict.rule.label()}</a></td>
            <td>
                {conflict.evidence.expert_side.clone()}
                <br />
                <small class="muted">{conflict.evidence.application_side.clone()}</small>
            </td>
            <td class="nowrap">{conflict.origin.label()}</td>
            <td>
                <Tag label=state.label() tone=state.tone() glyph=state.glyph() title=conflict.reason.clone() />
            </td>
        </tr>
    }
}
