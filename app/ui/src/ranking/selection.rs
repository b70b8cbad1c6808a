//! 遴选: the interval plot at the left, the ranked list at the right; or the whole list with every column.

use super::derivation::Opened;
use super::may::May;
use super::{list, parts, plot, ties};
use crate::components::{Card, CardBody, Choice, EmptyState, FilterBar, Query, Select, Tab, Tabs, TabsLook};
use domain::ranking::Row;
use domain::result::Outcome;
use domain::round::QuotaScope;
use domain::sector::Sector;
use leptos::prelude::*;
use service::ranking::{KeptRanking, View};
use std::collections::BTreeSet;

pub fn view(view: &View, kept: &KeptRanking, opened: Option<Opened>, may: May, query: &Query) -> AnyView {
    let rows = &kept.ranking.rows;
    let shown: Vec<&Row> = rows.iter().filter(|row| fits(view, row, query)).collect();
    let full = query.get("view") == Some("full");
    let list = if shown.is_empty() {
        view! { <EmptyState title="没有符合条件的项目" what_to_do="请放宽筛选条件。" /> }.into_any()
    } else {
        list::table(view, &kept.ranking, &shown, opened, query)
    };
    let tabs = vec![Tab::new("图与排序", address(query, false)), Tab::new("全部列", address(query, true))];
    let here = address(query, full);
    let filters = filters(view, query);
    let card = view! {
        <Card
            title="排序表"
            hint=format!("{} 项 · 点项目编号看成绩由来", shown.len())
            actions=move || {
                view! { <Tabs label="列" tabs=tabs here=here look=TabsLook::Pills /> }
            }
            body=CardBody::Flush
        >
            {filters}
            {list}
        </Card>
    };
    let plotted = view.calibration.as_ref().filter(|_| !full).map(|calibration| {
        let group = query.get("group").filter(|_| view.dossier.round.terms.scope != QuotaScope::Overall);
        plot::card(view, &calibration.record, rows, group)
    });
    let ties = ties::alert(view, rows, may);
    match plotted {
        Some(plot) => view! {
            {ties}
            <div class="halves ranked">
                {plot}
                {card}
            </div>
        }
        .into_any(),
        None => view! {
            {ties}
            {card}
        }
        .into_any(),
    }
}

fn address(query: &Query, full: bool) -> String {
    let plain = query.without("view").without("row");
    if full { plain.with("view", "full").href() } else { plain.href() }
}

/// Whether a row passes the filters. `group` is a sector where the quota is over all.
fn fits(view: &View, row: &Row, query: &Query) -> bool {
    let group = match view.dossier.round.terms.scope {
        QuotaScope::Overall => parts::sector_name(&view.dossier, row),
        QuotaScope::PerSector | QuotaScope::PerTask => row.group.as_str(),
    };
    let by_group = query.get("group").is_none_or(|chosen| chosen == group);
    let by_outcome = match query.get("outcome") {
        None => true,
        Some("edge") => row.borderline,
        Some(key) => row.outcome.key() == key,
    };
    by_group && by_outcome
}

fn filters(view: &View, query: &Query) -> impl IntoView + use<> {
    let scope = view.dossier.round.terms.scope;
    let present: BTreeSet<String> = match scope {
        QuotaScope::Overall => Sector::ALL
            .iter()
            .map(|s| s.label())
            .filter(|s| view.dossier.tasks.values().any(|t| t.sector.label() == *s))
            .map(str::to_owned)
            .collect(),
        QuotaScope::PerSector | QuotaScope::PerTask => {
            view.ranking.iter().flat_map(|kept| &kept.ranking.rows).map(|row| row.group.clone()).collect()
        }
    };
    let groups = present.into_iter().map(|g| Choice::new(g.clone(), parts::group_name(&view.dossier, &g))).collect();
    let label = if scope == QuotaScope::PerTask { "榜单任务" } else { "领域" };
    let mut outcomes: Vec<Choice> = Outcome::ALL.iter().map(|o| Choice::new(o.key(), o.label())).collect();
    outcomes.push(Choice::new("edge", "边界区"));
    let (group, outcome) = (query.get("group").map(str::to_owned), query.get("outcome").map(str::to_owned));
    view! {
        <FilterBar query=query.clone() keep={&["view", "sort"]}>
            <Select name="group" label=label choices=groups value=group empty="全部" />
            <Select name="outcome" label="建议" choices=outcomes value=outcome empty="全部" />
        </FilterBar>
    }
}
