//! All applications with their objective points, and what is missing.

use super::editing::Editing;
use crate::components::{
    Alert, Card, CardBody, Choice, EmptyState, FilterBar, PageHead, Pager, Query, Select, Table, Tag, Tone, num, text,
};
use crate::frame::{Page, page};
use crate::request::{Window, path_id, query};
use crate::routes::Round;
use domain::application::Application;
use domain::ids::{PanelId, RoundId};
use domain::round::RoundKind;
use domain::rubric::{Criterion, Scoring};
use leptos::prelude::*;
use service::finding::Established;

/// The criteria that staff score once for all.
pub fn objective_criteria(found: &Established) -> impl Iterator<Item = &Criterion> {
    found.dossier.round.rubric.criteria().filter(|c| c.scoring == Scoring::Objective)
}

/// How many applicable objective criteria an application still lacks.
pub fn missing(found: &Established, application: &Application) -> usize {
    let facts = found.dossier.facts(application);
    let scored = found.objectives.get(&application.id);
    objective_criteria(found)
        .filter(|c| c.applies(facts) && scored.is_none_or(|own| !own.contains_key(&c.code)))
        .count()
}

#[component]
pub fn FindingsPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    let query = query();
    page(move |ctx| async move {
        let found = service::finding::established(&ctx, round?).await?;
        let editing = Editing::of(&ctx, &found.dossier.round);
        let total = found.dossier.eligible().count();
        let done = found.dossier.eligible().filter(|a| missing(&found, a) == 0).count();
        let title = title(&found);
        let facts = format!("{total} 个项目，客观分登记齐全 {done} 个，未齐全 {} 个", total - done);
        let (filters, content) = (bar(&found, &query), table(&found, &query));
        let view = view! {
            <PageHead
                title=title
                lede=move || view! {
                    <p>{facts}</p>
                    <p class="small">"客观分对照佐证材料登记一次，由评审组全体专家共用；进入“核对”前须登记齐全。"</p>
                }
            />
            {editing.notice().map(|words| view! { <Alert title=words /> })}
            <Card title="登记情况" body=CardBody::Flush>
                {filters}
                {content}
            </Card>
        };
        Ok(Page::new(title, view).of(found.dossier.round.clone()))
    })
}

pub fn title(found: &Established) -> &'static str {
    match found.dossier.round.kind {
        RoundKind::Selection => "客观分",
        RoundKind::Acceptance => "指标与客观分",
    }
}

fn bar(found: &Established, query: &Query) -> AnyView {
    let panels: Vec<_> = found.dossier.panels.iter().map(|p| Choice::new(p.id.to_string(), p.name.clone())).collect();
    let value = |key: &str| query.get(key).map(ToOwned::to_owned);
    let grouped = (!panels.is_empty())
        .then(|| view! { <Select name="panel" label="评审组" choices=panels empty="全部" value=value("panel") /> });
    let state = value("state");
    let states = vec![Choice::new("open", "未齐全"), Choice::new("done", "齐全")];
    view! {
        <FilterBar query=query keep=&[]>
            {grouped}
            <Select name="state" label="状态" choices=states empty="全部" value=state />
        </FilterBar>
    }
    .into_any()
}

fn table(found: &Established, query: &Query) -> AnyView {
    let panel: Option<PanelId> = query.get("panel").and_then(|id| id.parse().ok());
    let shown: Vec<_> = found
        .dossier
        .eligible()
        .filter(|a| panel.is_none_or(|p| found.dossier.panel_of(a.id) == Some(p)))
        .filter(|a| match query.get("state") {
            Some("open") => missing(found, a) > 0,
            Some("done") => missing(found, a) == 0,
            _ => true,
        })
        .collect();
    if shown.is_empty() {
        return view! {
            <EmptyState
                title="没有符合条件的项目"
                what_to_do="请放宽条件；形式审查通过的项目才登记客观分。"
            />
        }
        .into_any();
    }
    let mut columns = vec![text("项目")];
    columns.extend(
        objective_criteria(found)
            .map(|c| num(c.code.clone()).below(format!("{} 分", c.full.short())).title(c.name.clone())),
    );
    columns.extend((found.dossier.round.kind == RoundKind::Acceptance).then(|| text("一票否决")));
    columns.push(text("状态"));
    let key = objective_criteria(found).map(|c| format!("{} {}", c.code, c.name)).collect::<Vec<_>>().join("　");
    let window = Window::of(query);
    let total = shown.len() as u64;
    let rows = shown.into_iter().skip(window.skip()).take(window.take()).map(|a| row(found, a)).collect_view();
    view! {
        <Table label="客观分登记情况" class="middle" caption=key columns=columns>
            <tbody>{rows}</tbody>
        </Table>
        <Pager query=query total=total page=window.page size=window.size unit="项" />
    }
    .into_any()
}

fn row(found: &Established, application: &Application) -> AnyView {
    let facts = found.dossier.facts(application);
    let own = found.objectives.get(&application.id);
    let cells = objective_criteria(found)
        .map(|c| {
            let scored = own.and_then(|own| own.get(&c.code));
            match (c.applies(facts), scored) {
                (false, _) => {
                    view! { <td class="n"><small class="muted" title=c.not_applicable.label()>"不适用"</small></td> }
                        .into_any()
                }
                (true, Some(o)) => view! { <td class="n" title=o.evidence.clone()>{o.points.short()}</td> }.into_any(),
                (true, None) => view! { <td class="n muted">"—"</td> }.into_any(),
            }
        })
        .collect_view();
    let knockouts = (found.dossier.round.kind == RoundKind::Acceptance).then(|| {
        let keys: Vec<_> = found.knockouts.get(&application.id).into_iter().flatten().map(|(k, _)| k.key()).collect();
        let tag = (!keys.is_empty()).then(|| view! { <Tag label=keys.join("、") tone=Tone::Bad /> });
        view! { <td>{tag}</td> }
    });
    let lacking = missing(found, application);
    let (label, tone) =
        if lacking == 0 { ("齐全".to_owned(), Tone::Good) } else { (format!("缺 {lacking} 项"), Tone::Warn) };
    let href = Round(found.dossier.round.id).finding(application.id);
    view! {
        <tr>
            <th scope="row" class="project">
                <a href=href class="tnum">{application.code.clone()}</a>
                <small class="clip muted" title=application.title.clone()>{application.title.clone()}</small>
            </th>
            {cells}
            {knockouts}
            <td><Tag label=label tone=tone /></td>
        </tr>
    }
    .into_any()
}
