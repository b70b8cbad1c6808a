//! 授权: the security administrator's console: who has which role, and what each role may do.

use super::actions::GrantRoles;
use super::list::{filters, none, wanted};
use super::renewal::open_renewals;
use crate::components::{
    Button, ButtonTone, Card, CardBody, Choice, Form, FormActions, PageHead, Pager, Select, Table, Tag, Tone, refilled,
    text,
};
use crate::frame::{Page, page};
use crate::request::{Window, post, query};
use domain::access::{Department, Permission, Role, Standing};
use domain::account::{Account, AccountState};
use domain::ids::AccountId;
use domain::region::Recommender;
use leptos::prelude::*;

#[component]
pub fn RolesPage() -> AnyView {
    let query = query();
    page(move |ctx| async move {
        let (accounts, total) = service::account::to_grant(&ctx, &wanted(&query)).await?;
        let open = service::account::count_to_grant(&ctx).await?;
        let renewals = open_renewals(service::renewal::open(&ctx).await?, true);
        let own = ctx.actor.account;
        let rows = || accounts.iter().map(|account| row(account, own)).collect_view();
        let rows = refilled(post::<GrantRoles>(), &[], rows);
        let window = Window::of(&query);
        let here = query.href();
        let waiting = query.only(&["size"]).with("role", Role::Unassigned.key()).href();
        Ok(Page::new(
            "授权",
            view! {
                <PageHead
                    title="授权"
                    lede=move || view! {
                        {if open == 0 { "没有待授权的账号".into_any() } else { view! { <a href=waiting>{format!("{open} 个待授权")}</a> }.into_any() }}
                        "；系统管理员、安全管理员、审计员由三个人分别担任"
                    }
                />
                {renewals}
                <Card title="账号与角色" hint="变更后该账号须重新登录" body=CardBody::Flush>
                    {filters(&query)}
                    <Form action={post::<GrantRoles>()}>
                        <input type="hidden" name="back" value=here />
                        <Table label="账号与角色" columns=[text("登录名"), text("姓名"), text("现角色"), text("状态"), text("变更为")]>
                            <tbody>{rows}</tbody>
                        </Table>
                        {none(total)}
                        {(total > 0)
                            .then(|| view! {
                                <div class="body">
                                    <FormActions note="本页改动一并保存；有一处不能变更，则都不变更">
                                        <Button tone=ButtonTone::Primary>"保存变更"</Button>
                                    </FormActions>
                                </div>
                            })}
                    </Form>
                    <Pager query=query.clone() total=total page=window.page size=window.size unit="个" />
                </Card>
                {matrix()}
            },
        ))
    })
}

fn row(account: &Account, own: AccountId) -> impl IntoView + use<> {
    let role = account.standing.role();
    let bound = match account.standing {
        Standing::Coordinator(department) => format!("（{department}）"),
        Standing::Recommender(region) => format!("（{region}）"),
        _ => String::new(),
    };
    let tone = if role == Role::Unassigned { Tone::Warn } else { Tone::Neutral };
    let fixed = account.id == own || role == Role::Expert;
    let form = (!fixed).then(|| form(account));
    view! {
        <tr>
            <td>{account.login.clone()}</td>
            <td>{account.name.clone()}</td>
            <td><Tag label=format!("{role}{bound}") tone=tone /></td>
            <td>{account.state.label()}</td>
            <td>{form}</td>
        </tr>
    }
}

fn form(account: &Account) -> impl IntoView + use<> {
    let id = account.id.to_string();
    let roles = Role::ALL.iter().filter(|r| **r != Role::Expert).map(|r| Choice::new(r.key(), r.label())).collect();
    let departments = Department::ALL.iter().map(|d| Choice::new(d.key(), d.label()));
    let regions = Recommender::ALL.iter().map(|r| Choice::new(r.key(), r.label()));
    let bounds = departments.chain(regions).collect();
    let bound = match account.standing {
        Standing::Coordinator(department) => department.key(),
        Standing::Recommender(region) => region.key(),
        _ => "",
    };
    let role = account.standing.role().key();
    let disabled = account.state == AccountState::Disabled;
    let note = disabled.then(|| view! { <span class="small muted">"（已停用）"</span> });
    view! {
        <div class="row bare">
            <input type="hidden" name=format!("was.{id}") value=format!("{role}.{bound}") />
            <Select
                name=format!("role.{id}")
                label=format!("{}的角色", account.name)
                choices=roles
                value=role
            />
            <Select
                name=format!("bound.{id}")
                label=format!("{}的部门或地区", account.name)
                choices=bounds
                value=bound
                empty="（协调员、推荐单位须选）"
            />
            {note}
        </div>
    }
}

/// The permissions as the program asks them.
fn matrix() -> impl IntoView {
    let roles = || Role::ALL.iter().filter(|role| **role != Role::Unassigned);
    let mut columns = vec![text("权限")];
    columns.extend(roles().map(|role| text(role.label()).class("mid")));
    let rows = Permission::ALL
        .iter()
        .map(|permission| {
            let cells = roles()
                .map(|role| {
                    let may = role.may(*permission);
                    let words = if may { "有" } else { "无" };
                    view! { <td class="mid"><span aria-hidden="true">{if may { "●" } else { "" }}</span><span class="sr">{words}</span></td> }
                })
                .collect_view();
            view! { <tr><th scope="row">{permission.label()}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <Card title="权限表" hint="程序即按此表判断，不能在运行中修改；专家只能看到和填写自己的评分表" body=CardBody::Flush>
            <Table label="权限表" class="tight" columns=columns>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
}
