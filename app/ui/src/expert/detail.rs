//! One expert: facts, and employment with the three-year look-back made visible.

use super::actions::UnmaskNumber;
use crate::components::{
    Alert, AlertKind, Button, ButtonSize, Card, CardBody, Choice, EmptyState, Field, Form, FormActions, KeyValue,
    KeyValues, LinkButton, Need, PageHead, Post, Select, Timeline,
};
use crate::frame::{Page, page};
use crate::request::{path_id, post};
use crate::routes;
use crate::time::beijing;
use chrono::Months;
use domain::access::Permission;
use domain::expert::Expert;
use domain::identity::doubles::Resemblance;
use domain::people::Number;
use leptos::prelude::*;
use service::personal::{Sealing, Shown};
use std::collections::BTreeMap;

#[component]
pub fn ExpertPage() -> AnyView {
    let id = path_id("expert");
    page(move |ctx| async move {
        let expert = service::expert::get(&ctx, id?).await?;
        let today = beijing(ctx.now()).date();
        let since = today.checked_sub_months(Months::new(36)).unwrap_or(today);
        let posts = posts(&expert);
        let undated = expert.ties.len() - posts.len();
        let history = if posts.is_empty() {
            view! { <EmptyState title="没有任职记录" what_to_do="在专家库导入文件的“任职经历”表中填写" /> }.into_any()
        } else {
            view! { <Timeline label="任职与兼职" posts=posts since=since until=today /> }.into_any()
        };
        let sectors: Vec<_> = expert.sectors.iter().map(|s| s.label()).collect();
        let disciplines = match expert.disciplines.iter().map(ToString::to_string).collect::<Vec<_>>().join("、") {
            none if none.is_empty() => "未填写".to_owned(),
            given => given,
        };
        let uscc = expert.employer_uscc.as_ref().map_or_else(|| "未填写".to_owned(), ToString::to_string);
        let numbers = service::personal::shown(&ctx, expert.id).await?;
        let may_unmask = ctx.may(Permission::UnmaskPersonal);
        let doubles = doubles(service::identity::of(&ctx, expert.id).await?);
        let facts = vec![
            KeyValue::new("类别", expert.role.label()),
            KeyValue::new("重点领域", sectors.join("、")),
            KeyValue::new("专业方向", expert.specialities.clone()),
            KeyValue::new("学科", disciplines),
            KeyValue::new("职称", expert.title.clone()),
            KeyValue::new("工作单位", expert.employer.clone()),
            KeyValue::new("统一社会信用代码", uscc),
            KeyValue::new("所在地区", expert.region.clone()),
            KeyValue::new("来源", expert.source.label()),
            KeyValue::new("状态", expert.standing.label()),
        ];
        Ok(Page::new(
            expert.name.clone(),
            view! {
                <PageHead title=expert.name.clone() eyebrow=expert.code.clone() actions=|| view! { <a href=routes::EXPERTS>"返回专家库"</a> } />
                {doubles}
                <div class="split">
                    <Card title="任职与兼职" hint="回溯期内的任职，对相应单位的申报须回避" body=CardBody::Stacked>
                        {history}
                        {(undated > 0).then(|| view! { <p class="muted small">{format!("另有 {undated} 条记录没有起始时间，按仍在任职处理")}</p> })}
                    </Card>
                    <div class="stack">
                        <Card title="基本情况"><KeyValues items=facts /></Card>
                        {personal(&expert, &numbers, may_unmask)}
                    </div>
                </div>
            },
        ))
    })
}

/// Other entries that may be the same person.
fn doubles(others: Vec<(Expert, Resemblance)>) -> Option<AnyView> {
    if others.is_empty() {
        return None;
    }
    let line = |(other, why): (Expert, Resemblance)| {
        format!("{} {}（{}）：{}", other.code, other.name, other.employer, why.words())
    };
    let notice = view! {
        <Alert
            kind=AlertKind::Warn
            title="与下列记录疑似同一人"
            details=others.into_iter().map(line).collect()
            actions=|| view! { <LinkButton href=routes::DOUBLES>"去认定"</LinkButton> }
        />
    };
    Some(notice.into_any())
}

/// Numbers are masked; whoever may see one in clear says what for.
fn personal(expert: &Expert, numbers: &BTreeMap<Number, Shown>, may_unmask: bool) -> AnyView {
    let facts = Number::ALL.iter().map(|kind| match numbers.get(kind) {
        None => KeyValue::new(kind.label(), "未填写"),
        Some(Shown::Masked { mask, .. }) if mask.is_empty() => KeyValue::new(kind.label(), "保存期限已到，已删除"),
        Some(Shown::Masked { mask, .. }) => {
            KeyValue::new(kind.label(), view! { <span class="tnum">{mask.clone()}</span> })
        }
        Some(Shown::Clear { number, until }) => {
            let until = format!("{}后恢复隐去", beijing(*until).format("%H:%M"));
            KeyValue::new(kind.label(), view! { <span class="tnum">{number.clone()}</span> }).source(until)
        }
    });
    let facts = facts.collect();
    let choices: Vec<_> = Number::ALL
        .iter()
        .filter(|kind| matches!(numbers.get(*kind), Some(Shown::Masked { kept: Sealing::Sealed, .. })))
        .map(|kind| Choice::new(kind.key(), kind.label()))
        .collect();
    let form = (may_unmask && !choices.is_empty()).then(|| {
        let id = expert.id.to_string();
        view! {
            <Form action={post::<UnmaskNumber>()} class="stack">
                <input type="hidden" name="expert" value=id />
                <Select name="number" label="查看完整号码" choices=choices />
                <Field name="reason" label="用途" need=Need::Required hint="记入审计，5分钟后恢复隐去" maxlength=200 />
                <FormActions>
                    <Button size=ButtonSize::Small>"查看"</Button>
                </FormActions>
            </Form>
        }
    });
    view! {
        <Card title="个人敏感信息" hint="加密保存，默认只显示首尾">
            <div class="stack">
                <KeyValues items=facts />
                {form}
            </div>
        </Card>
    }
    .into_any()
}

fn posts(expert: &Expert) -> Vec<Post> {
    let dated = expert.ties.iter().filter_map(|t| {
        let role =
            if t.position.is_empty() { t.kind.label().to_owned() } else { format!("{}（{}）", t.position, t.kind) };
        Some(Post { unit: t.unit.clone(), role, from: t.since?, to: t.until })
    });
    dated.collect()
}
