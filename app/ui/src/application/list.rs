//! The applications of a round, with what the formal check found.

use super::actions::PassSound;
use crate::components::{
    Button, ButtonTone, Card, CardBody, Choice, Column, EmptyState, Field, FilterBar, InputKind, PageHead, Pager,
    Query, Select, Table, Tag, Tone, num, text,
};
use crate::frame::{Page, page};
use crate::request::{Window, path_id, post, query};
use crate::routes::Round;
use domain::access::Permission;
use domain::application::{Application, ApplicationState};
use domain::ids::ApplicationId;
use domain::sector::Sector;
use domain::text::name_key;
use leptos::prelude::*;
use service::application::Remark;
use service::dossier::Dossier;
use std::cmp::Ordering;
use std::collections::HashMap;

#[component]
pub fn ListPage() -> AnyView {
    let id = path_id("round");
    let query = query();
    page(move |ctx| async move {
        let (dossier, remarks) = service::application::list(&ctx, id?).await?;
        let round = dossier.round.clone();
        let mut shown: Vec<_> = dossier.applications.iter().filter(|a| admits(&query, &dossier, a)).collect();
        sort(&mut shown, &query, &dossier);
        let total = shown.len() as u64;
        let window = Window::of(&query);
        let rows = shown
            .into_iter()
            .skip(window.skip())
            .take(window.take())
            .map(|a| row(&dossier, a, &remarks))
            .collect_view();
        let may = ctx.may(Permission::ReviewFormality) && round.permits_check_of(ApplicationState::Filed).is_ok();
        let open = dossier.applications.iter().filter(|a| a.state == ApplicationState::Filed).count();
        let lede = format!("共 {} 项，待形式审查 {open} 项", dossier.applications.len());
        let round_id = round.id.to_string();
        let export = ctx.may(Permission::Export).then(|| Round(round.id).file("applications.xlsx"));
        let filters = filters(&query, export);
        let table = if total == 0 {
            view! { <EmptyState title="没有符合条件的申报" what_to_do="清除筛选条件；若尚未导入，请在批次页导入汇总表" /> }.into_any()
        } else {
            view! {
                <Table label="申报项目" class="applications" columns=columns(&query)>
                    <tbody>{rows}</tbody>
                </Table>
                <Pager query=query total=total page=window.page size=window.size unit="项" />
            }
            .into_any()
        };
        Ok(Page::new(
            "申报项目",
            view! {
                <PageHead
                    title="申报项目"
                    lede=move || lede
                    actions=move || (may && open > 0).then(|| view! {
                        <form method="post" action={post::<PassSound>()}>
                            <input type="hidden" name="round" value=round_id />
                            <Button tone=ButtonTone::Primary>"通过没有问题的申报"</Button>
                        </form>
                    })
                />
                <Card body=CardBody::Flush>{filters} {table}</Card>
            },
        )
        .of(round))
    })
}

fn filters(query: &Query, export: Option<String>) -> AnyView {
    let states = ApplicationState::ALL.iter().map(|s| Choice::new(s.key(), s.label())).collect();
    let sectors = Sector::ALL.iter().map(|s| Choice::new(s.key(), s.label())).collect();
    let [text, state, sector] = ["q", "state", "sector"].map(|key| query.get(key).map(ToOwned::to_owned));
    let download = move || export.map(|href| view! { <a href=href>"下载本表"</a> });
    view! {
        <FilterBar query=query.clone() actions=download>
            <Field name="q" label="编号、名称、单位" kind=InputKind::Search value=text />
            <Select name="state" label="形式审查" choices=states value=state empty="全部" />
            <Select name="sector" label="领域" choices=sectors value=sector empty="全部" />
        </FilterBar>
    }
    .into_any()
}

fn columns(query: &Query) -> [Column; 9] {
    [
        text("项目编号").sorted(query, "code"),
        text("项目名称"),
        text("任务").sorted(query, "task"),
        text("牵头单位"),
        num("成员"),
        text("推荐单位"),
        num("总投资（万元）").sorted(query, "investment"),
        text("发现"),
        text("形式审查"),
    ]
}

fn admits(query: &Query, dossier: &Dossier, application: &Application) -> bool {
    let text = name_key(query.get("q").unwrap_or_default());
    let within = |field: &str| name_key(field).contains(&text);
    let state = query.get("state").and_then(ApplicationState::from_key);
    let sector = query.get("sector").and_then(Sector::from_key);
    state.is_none_or(|s| application.state == s)
        && sector.is_none_or(|s| dossier.task(application).is_some_and(|t| t.sector == s))
        && (text.is_empty()
            || within(&application.code)
            || within(&application.title)
            || application.members.iter().any(|m| within(&m.name)))
}

fn sort(shown: &mut [&Application], query: &Query, dossier: &Dossier) {
    let (key, backwards) = match query.get("sort") {
        Some(sort) => sort.strip_prefix('-').map_or((sort, false), |key| (key, true)),
        None => return,
    };
    let task = |a: &Application| dossier.task(a).map(|t| t.code.clone());
    shown.sort_by(|a, b| {
        let order = match key {
            "task" => task(a).cmp(&task(b)),
            "investment" => a.investment.cmp(&b.investment),
            _ => Ordering::Equal,
        };
        let order = order.then_with(|| a.code.cmp(&b.code));
        if backwards { order.reverse() } else { order }
    });
}

fn row(
    dossier: &Dossier,
    application: &Application,
    remarks: &HashMap<ApplicationId, Vec<Remark>>,
) -> impl IntoView + use<> {
    let href = Round(dossier.round.id).application(application.id);
    let task = dossier.task(application).map(|t| t.code.clone()).unwrap_or_default();
    let lead = application.lead().map(|l| l.name.clone()).unwrap_or_default();
    let own = remarks.get(&application.id).map_or(&[] as &[Remark], Vec::as_slice);
    let defects = own.iter().filter(|r| matches!(r, Remark::Defect(_))).count();
    let notes = own.len() - defects;
    let found = match (defects, notes) {
        (0, 0) => view! { <span class="muted">"无"</span> }.into_any(),
        (0, n) => view! { <Tag label=format!("提示 {n}") /> }.into_any(),
        (n, _) => view! { <Tag label=format!("问题 {n}") tone=Tone::Bad /> }.into_any(),
    };
    view! {
        <tr>
            <td class="nowrap"><a href=href.clone()>{application.code.clone()}</a></td>
            <td><a href=href>{application.title.clone()}</a></td>
            <td class="nowrap">{task}</td>
            <td>{lead}</td>
            <td class="n">{application.members.len().to_string()}</td>
            <td class="nowrap">{application.recommender.label()}</td>
            <td class="n">{application.investment.in_wan()}</td>
            <td>{found}</td>
            <td>{state_tag(application.state)}</td>
        </tr>
    }
}

/// The formal check's outcome as a tag.
pub fn state_tag(state: ApplicationState) -> impl IntoView {
    let tone = match state {
        ApplicationState::Filed => Tone::Neutral,
        ApplicationState::Eligible => Tone::Good,
        ApplicationState::Rejected => Tone::Bad,
    };
    view! { <Tag label=state.label() tone=tone /> }
}
