//! 推荐单位: the applications of one region, and where they stand in the formal check.

use crate::components::{Card, CardBody, EmptyState, PageHead, Table, Tag, Tone, num, text};
use crate::frame::{Page, page};
use domain::application::{Application, ApplicationState, MemberRole};
use leptos::prelude::*;
use service::region::{Recommended, recommended};

#[component]
pub fn RegionPage() -> AnyView {
    page(|ctx| async move {
        let batches = recommended(&ctx).await?;
        let region = ctx.actor.region()?;
        let count: usize = batches.iter().map(|batch| batch.applications.len()).sum();
        let cards = batches.iter().map(card).collect_view();
        let empty = (count == 0).then(|| {
            view! { <EmptyState title="本地区还没有申报" what_to_do="申报由省工信厅按批次导入，导入后在此查看形式审查结果" /> }
        });
        Ok(Page::new(
            "本地区申报",
            view! {
                <PageHead
                    title="本地区申报"
                    eyebrow=region.label()
                    lede=move || format!("共 {count} 项；只显示本地区推荐的申报，专家、评分和排序不在此显示")
                />
                {cards}
                {empty}
            },
        ))
    })
}

fn card(recommended: &Recommended) -> impl IntoView + use<> {
    let rows = recommended.applications.iter().map(|application| row(recommended, application)).collect_view();
    let title = recommended.batch.title.clone();
    let count = format!("{} 项", recommended.applications.len());
    view! {
        <Card title=title.clone() hint=count body=CardBody::Flush>
            <Table
                label=title
                columns=[
                    text("项目编号"), text("项目名称"), text("榜单任务"), text("牵头单位"), num("总投资（万元）"), text("形式审查"), text("意见"),
                ]
            >
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
}

fn row(recommended: &Recommended, application: &Application) -> impl IntoView + use<> {
    let task = recommended.tasks.get(&application.task).map(|task| task.title.clone());
    let lead = application.members.iter().find(|member| member.role == MemberRole::Lead).map(|lead| lead.name.clone());
    let tone = match application.state {
        ApplicationState::Eligible => Tone::Good,
        ApplicationState::Filed => Tone::Neutral,
        ApplicationState::Rejected => Tone::Warn,
    };
    view! {
        <tr>
            <td class="nowrap">{application.code.clone()}</td>
            <td>{application.title.clone()}</td>
            <td>{task}</td>
            <td>{lead}</td>
            <td class="n">{application.investment.in_wan()}</td>
            <td class="nowrap"><Tag label=application.state.label() tone=tone /></td>
            <td>{application.state_reason.clone()}</td>
        </tr>
    }
}
