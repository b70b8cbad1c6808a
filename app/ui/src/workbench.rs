//! 工作台: what waits for the caller, and nothing else.

use crate::components::{Card, CardBody, EmptyState, LinkButton, PageHead, Tag, Tone};
use crate::frame::{Page, page};
use crate::routes;
use domain::access::{Permission, Role};
use domain::import::ImportKind;
use leptos::prelude::*;
use service::Context;
use service::workbench::{Subject, Waiting, waiting};

#[component]
pub fn Workbench() -> AnyView {
    page(|ctx| async move {
        let items = waiting(&ctx).await?;
        let count = items.len();
        let body = if items.is_empty() {
            view! { <EmptyState title="没有等您处理的事项" what_to_do=idle_text(&ctx) /> }.into_any()
        } else {
            let list = items.into_iter().map(item).collect_view();
            view! { <ul class="todo">{list}</ul> }.into_any()
        };
        let hint = format!("{count} 项");
        Ok(Page::new(
            "工作台",
            view! {
                <PageHead title="工作台" lede=greeting(&ctx) />
                <Card title="等我处理" hint=hint body=CardBody::Flush>
                    {body}
                </Card>
            },
        ))
    })
}

fn greeting(ctx: &Context) -> impl Fn() -> String + Send + use<> {
    let name = ctx.actor.name.clone();
    let role = ctx.actor.standing.role();
    move || format!("{name}，您以{role}身份登录")
}

fn idle_text(ctx: &Context) -> &'static str {
    match ctx.actor.standing.role() {
        Role::Expert => "评分开始后，您的评审项目会出现在评分台",
        Role::SystemAdmin => "可在“账号”中开通或停用账号",
        Role::SecurityAdmin => "可在“授权”中授予或收回角色",
        Role::Auditor => "可在“审计”中查看记录、核验审计链",
        Role::Recommender => "本地区的申报及形式审查结果见“本地区申报”",
        Role::Unassigned => "账号尚未授权，请联系安全管理员",
        _ if ctx.may(Permission::ManageProgramme) => "可在“批次与轮次”中建立批次、导入申报",
        _ => "各轮次进展见“批次与轮次”",
    }
}

fn item(item: Waiting) -> impl IntoView {
    let href = match item.subject {
        Subject::Accounts => routes::ACCOUNTS.to_owned(),
        Subject::Renewals => routes::ROLES.to_owned(),
        Subject::Roles => format!("{}?role={}", routes::ROLES, Role::Unassigned.key()),
        Subject::Batches => routes::NEW_BATCH.to_owned(),
        Subject::Batch(batch) => routes::batch(batch),
        Subject::Experts => routes::new_import(ImportKind::Experts, None),
        Subject::Doubles => routes::DOUBLES.to_owned(),
        Subject::Sheets => routes::DESKS.to_owned(),
        Subject::Step(round) => routes::Round(round).overview(),
        Subject::Act(round) => routes::Round(round).consents(),
        Subject::Signature(round, gate) => routes::Round(round).gate(gate),
    };
    view! {
        <li>
            <p>
                <b>{item.what}</b>
                " "
                {item.of.map(|of| view! { <Tag label=of tone=Tone::Accent /> })}
            </p>
            <p class="muted small">{item.why}</p>
            <p>
                <LinkButton href=href>"去处理"</LinkButton>
            </p>
        </li>
    }
}
