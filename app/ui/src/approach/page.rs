//! The page: the form, and for the supervisor the register.

use super::actions::ReportApproach;
use crate::components::{
    Button, ButtonTone, Card, CardBody, Choice, EmptyState, Field, FieldWidth, Form, FormActions, InputKind, Need,
    PageHead, Select, Table, TextArea, text,
};
use crate::frame::{Page, page};
use crate::request::post;
use crate::time;
use domain::access::Permission;
use leptos::prelude::*;
use service::Context;
use service::approach::{Approach, Channel};

#[component]
pub fn ApproachPage() -> AnyView {
    page(|ctx: Context| async move {
        let register = if ctx.may(Permission::ReadApproaches) {
            Some(register(service::approach::all(&ctx).await?))
        } else {
            None
        };
        Ok(Page::new(
            "请托登记",
            view! {
                <PageHead
                    title="请托登记"
                    lede=|| "有人打探未公开信息、请求关照或以其他方式干预评审的，请如实登记；只有监督员能查看，登记人的上级和管理员都看不到"
                />
                {register}
                {form()}
            },
        ))
    })
}

fn form() -> impl IntoView {
    let channels = Channel::ALL.iter().map(|c| Choice::new(c.key(), c.label())).collect();
    view! {
        <Card title="登记">
            <Form action={post::<ReportApproach>()} class="form">
                <Field name="who" label="请托人" need=Need::Required maxlength=Some(200) hint="姓名、单位、职务；不知道姓名的写明身份或特征" />
                <Field name="about" label="所涉项目或单位" need=Need::Optional maxlength=Some(200) />
                <Field name="day" label="发生日期" kind=InputKind::Date need=Need::Required width=FieldWidth::Medium />
                <Select name="channel" label="方式" choices=channels empty="请选择" need=Need::Required />
                <TextArea name="what" label="内容" rows=4 need=Need::Required maxlength=Some(2000) hint="对方说了什么、要求什么，您如何答复" />
                <FormActions note="提交后不能修改或撤回；加密保存">
                    <Button tone=ButtonTone::Primary>"登记"</Button>
                </FormActions>
            </Form>
        </Card>
    }
}

fn register(approaches: Vec<Approach>) -> AnyView {
    if approaches.is_empty() {
        return view! {
            <Card title="登记簿">
                <EmptyState title="没有登记" what_to_do="专家和工作人员登记后在此列出。查看登记簿记入审计。" />
            </Card>
        }
        .into_any();
    }
    let hint = format!("共 {} 条；每次查看记入审计", approaches.len());
    let rows = approaches.into_iter().map(row).collect_view();
    view! {
        <Card title="登记簿" hint=hint body=CardBody::Flush>
            <Table
                label="登记簿"
                columns=[
                    text("登记时间"), text("登记人"), text("发生日期"), text("方式"), text("请托人"), text("所涉项目或单位"), text("内容"),
                ]
            >
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

fn row(approach: Approach) -> impl IntoView {
    view! {
        <tr>
            <td class="nowrap tnum">{time::stamp(approach.reported_at)}</td>
            <td class="nowrap">{approach.reporter} <span class="beside">{approach.role}</span></td>
            <td class="nowrap">{crate::components::format::date(approach.day)}</td>
            <td class="nowrap">{approach.channel.label()}</td>
            <td>{approach.report.who}</td>
            <td>{approach.report.about}</td>
            <td>{approach.report.what}</td>
        </tr>
    }
}
