//! One batch: its tasks, its rounds, and where its applications come from.

use super::actions::{AddTask, CreateRound};
use crate::components::{
    Button, ButtonTone, Card, CardBody, Choice, Confirm, EmptyState, Field, Form, FormActions, InputKind, LinkButton,
    Need, PageHead, Pager, Query, Select, Table, TextArea, format, num, text,
};
use crate::frame::{Page, page};
use crate::request::{Window, path_id, post, query};
use crate::routes;
use domain::access::Permission;
use domain::application::{Application, Batch, Task};
use domain::import::ImportKind;
use domain::round::RoundKind;
use domain::sector::{Sector, TaskCategory};
use leptos::prelude::*;

#[component]
pub fn BatchPage() -> AnyView {
    let id = path_id("batch");
    let query = query();
    page(move |ctx| async move {
        let (batch, tasks) = service::programme::batch(&ctx, id?).await?;
        let outside = service::programme::outside_rounds(&ctx, batch.id).await?;
        let outside = outside_rounds(&outside, &tasks, &query);
        let may = |permission| ctx.may(permission);
        let (may_import, may_manage) = (may(Permission::ImportData), may(Permission::ManageProgramme));
        let upload = routes::new_import(ImportKind::Applications, Some(batch.id));
        let tasks_upload = routes::new_import(ImportKind::Tasks, Some(batch.id));
        let count = tasks.len();
        Ok(Page::new(
            batch.title.clone(),
            view! {
                <PageHead
                    title=batch.title.clone()
                    eyebrow=batch.basis.clone()
                    lede=move || format!("榜单任务 {count} 项")
                    actions=move || may_import.then(|| view! { <LinkButton href=upload tone=ButtonTone::Primary>"导入汇总表"</LinkButton> })
                />
                <Card
                    title="榜单任务"
                    body=CardBody::Flush
                    actions=move || may_import.then(|| view! { <LinkButton href=tasks_upload>"导入榜单任务"</LinkButton> })
                >
                    {task_table(&tasks)}
                </Card>
                {outside}
                {may_manage.then(|| forms(&batch))}
            },
        ))
    })
}

fn task_table(tasks: &[Task]) -> AnyView {
    if tasks.is_empty() {
        return view! { <EmptyState title="尚未登记榜单任务" what_to_do="先导入或登记任务，汇总表按任务编号对应" /> }
            .into_any();
    }
    let rows = tasks.iter().map(task_row).collect_view();
    view! {
        <Table label="榜单任务" columns=[text("编号"), text("任务"), text("类别"), text("领域"), text("完成时限"), num("考核指标")]>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

fn task_row(task: &Task) -> impl IntoView + use<> {
    let indicators = task
        .indicators
        .iter()
        .map(|i| {
            let target = domain::quantity::show_thousandths(i.target);
            view! { <li>{format!("{}：{} {} {}（{}）", i.kind, i.name, i.direction, format_args!("{target}{}", i.unit), i.weighting)}</li> }
        })
        .collect_view();
    view! {
        <tr>
            <td class="nowrap">{task.code.clone()}</td>
            <td>
                <details>
                    <summary>{task.title.clone()}</summary>
                    <p class="small">{task.content.clone()}</p>
                    <ul class="small">{indicators}</ul>
                </details>
            </td>
            <td class="nowrap">{task.category.label()}</td>
            <td class="nowrap">{task.sector.label()}</td>
            <td class="nowrap">{format::date(task.deadline)}</td>
            <td class="n">{task.indicators.len().to_string()}</td>
        </tr>
    }
}

/// What was imported and no round has taken yet.
fn outside_rounds(applications: &[Application], tasks: &[Task], query: &Query) -> Option<AnyView> {
    if applications.is_empty() {
        return None;
    }
    let window = Window::of(query);
    let rows = applications
        .iter()
        .skip(window.skip())
        .take(window.take())
        .map(|application| {
            let task = tasks.iter().find(|task| task.id == application.task);
            let lead = application.lead().map(|lead| lead.name.clone()).unwrap_or_default();
            let partners: Vec<_> = application.participants().map(|member| member.name.clone()).collect();
            view! {
                <tr>
                    <td class="nowrap">{application.code.clone()}</td>
                    <td>{application.title.clone()}</td>
                    <td>{task.map(|task| task.title.clone())}</td>
                    <td>{lead}</td>
                    <td>{partners.join("、")}</td>
                    <td class="nowrap">{application.recommender.label()}</td>
                    <td class="n">{application.investment.in_wan()}</td>
                </tr>
            }
        })
        .collect_view();
    let columns = [
        text("编号"),
        text("项目"),
        text("任务"),
        text("牵头单位"),
        text("参与单位"),
        text("推荐单位"),
        num("总投资（万元）"),
    ];
    let (query, total) = (query.clone(), applications.len() as u64);
    let card = view! {
        <Card title="尚未列入轮次的申报" hint="建立遴选轮次时自动列入；在此之前可以再次导入更改" body=CardBody::Flush>
            <Table label="尚未列入轮次的申报" columns=columns>
                <tbody>{rows}</tbody>
            </Table>
            <Pager query=query total=total page=window.page size=window.size unit="项" />
        </Card>
    };
    Some(card.into_any())
}

fn forms(batch: &Batch) -> impl IntoView + use<> {
    let (id, task_batch) = (batch.id.to_string(), batch.id.to_string());
    let kinds = RoundKind::ALL.iter().map(|k| Choice::new(k.key(), k.label())).collect();
    let categories = TaskCategory::ALL.iter().map(|c| Choice::new(c.key(), c.label())).collect();
    let sectors = Sector::ALL.iter().map(|s| Choice::new(s.key(), s.label())).collect();
    view! {
        <div class="halves">
            <Card title="建立轮次" hint="遴选：列入本批次尚未列入遴选轮次的申报，筹备期间导入的自动列入，之后的须补录；验收：列入全部申报">
                <Form action={post::<CreateRound>()} class="form">
                    <input type="hidden" name="batch" value=id />
                    <Select name="kind" label="类型" choices=kinds need=Need::Required />
                    <Field name="title" label="名称" placeholder="2025年度第1批单位遴选" need=Need::Required />
                    <Field name="reference_day" label="回避基准日" kind=InputKind::Date need=Need::Required hint="三年任职回溯自该日起算" />
                    <FormActions>
                        <Button tone=ButtonTone::Primary>"建立轮次"</Button>
                    </FormActions>
                </Form>
            </Card>
            <Card title="登记榜单任务">
                <Confirm label="填写任务">
                    <Form action={post::<AddTask>()} class="form">
                        <input type="hidden" name="batch" value=task_batch />
                        <Field name="code" label="任务编号" need=Need::Required />
                        <Field name="title" label="任务名称" need=Need::Required id="task-title" />
                        <Select name="category" label="任务类别" choices=categories need=Need::Required />
                        <Select name="sector" label="重点领域" choices=sectors need=Need::Required />
                        <TextArea name="content" label="攻关内容" need=Need::Required />
                        <Field name="deadline" label="完成时限" kind=InputKind::Date need=Need::Required />
                        <TextArea
                            name="indicators"
                            label="考核指标"
                            rows=4
                            hint="每行一项：类别|名称|方向|目标值|单位|核心，如 技术|抗拉强度|≥|450|MPa|核心"
                        />
                        <FormActions>
                            <Button tone=ButtonTone::Primary>"登记"</Button>
                        </FormActions>
                    </Form>
                </Confirm>
            </Card>
        </div>
    }
}
