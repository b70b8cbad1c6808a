//! One application: members, people, material, findings, and the formal decision.

use super::actions::DecideFormality;
use super::list::state_tag;
use crate::components::{
    Alert, AlertKind, Button, ButtonTone, Card, CardBody, Choice, ChoiceLayout, Form, FormActions, KeyValue, KeyValues,
    Need, PageHead, RadioGroup, Table, TextArea, format, text,
};
use crate::frame::{Page, page};
use crate::request::{path_id, post};
use crate::routes;
use domain::access::Permission;
use domain::application::{Application, ApplicationState};
use domain::round::Round;
use leptos::prelude::*;
use service::application::{Opened, Remark};

#[component]
pub fn DetailPage() -> AnyView {
    let (round, id) = (path_id("round"), path_id("application"));
    page(move |ctx| async move {
        let id = id?;
        let Opened { application, task, panel, remarks, round } = service::application::get(&ctx, round?, id).await?;
        let may = ctx.may(Permission::ReviewFormality) && round.permits_check_of(application.state).is_ok();
        let found = findings(remarks);
        let panel = panel.unwrap_or_else(|| "未分组".to_owned());
        let committed = application.committed_on.map_or_else(|| "缺".to_owned(), format::date);
        let facts = vec![
            KeyValue::new("榜单任务", format!("{}　{}", task.code, task.title)),
            KeyValue::new("重点领域", task.sector.label()),
            KeyValue::new("申报形式", application.form.label()),
            KeyValue::new("推荐单位", application.recommender.label()),
            KeyValue::new("项目总投资", format!("{} 万元", application.investment.in_wan())),
            KeyValue::new("专项资金上限", format!("{} 万元", application.investment.support_cap().in_wan()))
                .source("不高于总投资额10%，最高不超过500万元；与评分无关"),
            KeyValue::new("承诺书签署日期", committed),
            KeyValue::new("评审组", panel),
        ];
        let form = may.then(|| decision(&round, &application));
        let (members, people, sections) = (members(&application), people(&application), sections(&application));
        let (state, list) = (application.state, routes::Round(round.id).applications());
        Ok(Page::new(application.title.clone(), view! {
            <PageHead title=application.title.clone() eyebrow=application.code.clone() actions=move || view! { {state_tag(state)} <a href=list>"返回申报列表"</a> } />
            {found}
            <div class="split">
                <div class="stack">
                    <Card title="联合体成员" body=CardBody::Flush>{members}</Card>
                    {sections}
                    <Card title="参与人员" body=CardBody::Flush>{people}</Card>
                </div>
                <div class="stack">
                    <Card title="概况"><KeyValues items=facts /></Card>
                    {form}
                </div>
            </div>
        })
        .of(round))
    })
}

fn findings(remarks: Vec<Remark>) -> AnyView {
    let (mut defects, mut notes) = (Vec::new(), Vec::new());
    for remark in remarks {
        match remark {
            Remark::Defect(text) => defects.push(text),
            Remark::Note(text) => notes.push(text),
        }
    }
    let bad = (!defects.is_empty())
        .then(|| view! { <Alert kind=AlertKind::Error title="形式审查发现问题" details=defects /> });
    let info = (!notes.is_empty()).then(|| view! { <Alert title="提示：成员同时参与其他申报" details=notes /> });
    view! { {bad} {info} }.into_any()
}

fn members(application: &Application) -> impl IntoView + use<> {
    let rows = application
        .members
        .iter()
        .map(|m| {
            view! {
                <tr>
                    <td>{m.role.label()}</td>
                    <td>{m.name.clone()}</td>
                    <td class="tnum">{m.uscc.to_string()}</td>
                    <td>{m.kind.label()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label="联合体成员" columns=[text("角色"), text("单位"), text("统一社会信用代码"), text("类型")]>
            <tbody>{rows}</tbody>
        </Table>
    }
}

fn people(application: &Application) -> impl IntoView + use<> {
    let rows = application
        .people
        .iter()
        .map(|p| view! { <tr><td>{p.name.clone()}</td><td>{p.unit.clone()}</td><td>{p.duty.clone()}</td></tr> })
        .collect_view();
    view! {
        <Table label="参与人员" columns=[text("姓名"), text("单位"), text("分工")]>
            <tbody>{rows}</tbody>
        </Table>
    }
}

fn sections(application: &Application) -> impl IntoView + use<> {
    application
        .sections
        .iter()
        .map(|s| {
            let lines = s.body.lines().map(|l| view! { <p>{l.to_owned()}</p> }).collect_view();
            view! { <Card title=s.heading.clone() body=CardBody::Stacked>{lines}</Card> }
        })
        .collect_view()
}

fn decision(round: &Round, application: &Application) -> impl IntoView + use<> {
    let (round, id) = (round.id.to_string(), application.id.to_string());
    let (state, reason) = (application.state.key(), application.state_reason.clone());
    let choices = vec![
        Choice::new(ApplicationState::Eligible.key(), "通过"),
        Choice::new(ApplicationState::Rejected.key(), "不通过"),
    ];
    view! {
        <Card title="形式审查">
            <Form action={post::<DecideFormality>()} class="form">
                <input type="hidden" name="round" value=round />
                <input type="hidden" name="application" value=id />
                <RadioGroup name="state" label="结论" choices=choices value=state layout=ChoiceLayout::Inline need=Need::Required />
                <TextArea name="reason" label="理由" value=reason hint="不通过，或存在问题而予通过的，须写明理由" />
                <FormActions>
                    <Button tone=ButtonTone::Primary>"认定"</Button>
                </FormActions>
            </Form>
        </Card>
    }
}
