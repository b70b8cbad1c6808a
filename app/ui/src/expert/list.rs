//! The pool, narrowed and paged.

use crate::components::{
    Alert, AlertKind, ButtonTone, Card, CardBody, Choice, EmptyState, Field, FilterBar, InputKind, LinkButton,
    PageHead, Pager, Query, Select, Table, Tag, Tone, num, text,
};
use crate::frame::{Page, page};
use crate::request::{Window, query};
use crate::routes;
use domain::access::{Department, Permission};
use domain::expert::{Expert, PoolState};
use domain::import::ImportKind;
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use leptos::prelude::*;
use service::expert::Filter;

/// The filter in a query, the same for the page and for the download of the list as it stands.
pub fn filter(query: &Query) -> Filter {
    Filter {
        text: query.get("q").unwrap_or_default().to_owned(),
        role: query.get("role").and_then(ExpertRole::from_key),
        sector: query.get("sector").and_then(Sector::from_key),
        source: query.get("source").and_then(Department::from_key),
        standing: query.get("standing").and_then(PoolState::from_key),
    }
}

#[component]
pub fn ExpertsPage() -> AnyView {
    let query = query();
    page(move |ctx| async move {
        let window = Window::of(&query);
        let part = window.skip()..window.skip() + window.take();
        let (experts, total) = service::expert::list(&ctx, &filter(&query), part).await?;
        let total = total as u64;
        let rows = experts.iter().map(row).collect_view();
        let doubles = service::identity::count_open(&ctx).await?;
        let may_import = ctx.may(Permission::ImportData);
        let export =
            ctx.may(Permission::Export).then(|| query.href().replacen(routes::EXPERTS, routes::EXPERTS_FILE, 1));
        let filters = filters(&query, export);
        let table = if total == 0 {
            view! { <EmptyState title="没有符合条件的专家" what_to_do="清除筛选条件，或导入专家库" /> }.into_any()
        } else {
            view! {
                <Table
                    label="专家库"
                    columns=[
                        text("编号"), text("姓名"), text("类别"), text("领域"), text("专业方向"), text("职称"), text("工作单位"),
                        num("任职记录"), text("来源"), text("状态"),
                    ]
                >
                    <tbody>{rows}</tbody>
                </Table>
                <Pager query=query total=total page=window.page size=window.size unit="位" />
            }
            .into_any()
        };
        let import = move || {
            may_import.then(
                || view! { <LinkButton href=routes::new_import(ImportKind::Experts, None) tone=ButtonTone::Primary>"导入专家"</LinkButton> },
            )
        };
        Ok(Page::new(
            "专家库",
            view! {
                <PageHead
                    title="专家库"
                    lede=move || format!("共 {total} 位；三厅专家合并入库，按身份证号去重")
                    actions=import
                />
                {doubtful(doubles)}
                <Card body=CardBody::Flush>{filters} {table}</Card>
            },
        ))
    })
}

/// The way to entries that may be one person.
fn doubtful(pairs: usize) -> Option<AnyView> {
    let notice = || {
        view! {
            <Alert
                kind=AlertKind::Warn
                title=format!("{pairs} 对记录疑似同一人")
                body=|| "认定之前，每对只有编号在前的一条参加抽取和指派"
                actions=|| view! { <LinkButton href=routes::DOUBLES>"逐对认定"</LinkButton> }
            />
        }
        .into_any()
    };
    (pairs > 0).then(notice)
}

fn filters(query: &Query, export: Option<String>) -> AnyView {
    let roles = ExpertRole::ALL.iter().map(|r| Choice::new(r.key(), r.label())).collect();
    let sectors = Sector::ALL.iter().map(|s| Choice::new(s.key(), s.label())).collect();
    let sources = Department::ALL.iter().map(|d| Choice::new(d.key(), d.label())).collect();
    let [text, role, sector, source] =
        ["q", "role", "sector", "source"].map(|key| query.get(key).map(ToOwned::to_owned));
    let download = move || export.map(|href| view! { <a href=href>"下载本表"</a> });
    view! {
        <FilterBar query=query.clone() actions=download>
            <Field name="q" label="姓名、编号、单位、专业" kind=InputKind::Search value=text />
            <Select name="role" label="类别" choices=roles value=role empty="全部" />
            <Select name="sector" label="领域" choices=sectors value=sector empty="全部" />
            <Select name="source" label="来源" choices=sources value=source empty="全部" />
        </FilterBar>
    }
    .into_any()
}

fn row(expert: &Expert) -> impl IntoView + use<> {
    let href = routes::expert(expert.id);
    let sectors: Vec<_> = expert.sectors.iter().map(|s| s.label()).collect();
    let tone = if expert.standing == PoolState::Active { Tone::Good } else { Tone::Warn };
    view! {
        <tr>
            <td class="nowrap"><a href=href.clone()>{expert.code.clone()}</a></td>
            <td class="nowrap"><a href=href>{expert.name.clone()}</a></td>
            <td class="nowrap">{expert.role.label()}</td>
            <td>{sectors.join("、")}</td>
            <td>{expert.specialities.clone()}</td>
            <td class="nowrap">{expert.title.clone()}</td>
            <td>{expert.employer.clone()}</td>
            <td class="n">{expert.ties.len().to_string()}</td>
            <td class="nowrap">{expert.source.label()}</td>
            <td><Tag label=expert.standing.label() tone=tone /></td>
        </tr>
    }
}
