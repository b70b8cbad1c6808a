//! The list of accounts, for the system administrator.

use super::actions::{ClearAttempts, CreateAccount, SetAccountState};
use super::renewal::open_renewals;
use crate::components::{
    Button, ButtonSize, ButtonTone, Card, CardBody, Choice, EmptyState, Field, FileField, FilterBar, Form, FormActions,
    InputKind, LinkButton, Need, PageHead, Pager, Query, Select, Table, Tag, Tone, num, text, unseen,
};
use crate::frame::{Page, page};
use crate::request::{Window, post, query};
use crate::routes::{self, Round};
use crate::time;
use domain::access::{Role, Standing};
use domain::account::{Account, AccountState};
use domain::ids::{AccountId, RoundId};
use leptos::prelude::*;
use service::account::{Slowed, Wanted};

#[component]
pub fn AccountsPage() -> AnyView {
    let query = query();
    page(move |ctx| async move {
        let (accounts, count) = service::account::page(&ctx, &wanted(&query)).await?;
        let experts = expert_accounts(service::account::rounds_to_invite(&ctx).await?);
        let renewals = open_renewals(service::renewal::open(&ctx).await?, false);
        let slowed = slowed_card(service::account::slowed(&ctx).await?);
        let own = ctx.actor.account;
        let window = Window::of(&query);
        let rows = accounts.into_iter().map(|account| row(&account, own)).collect_view();
        Ok(Page::new(
            "账号",
            view! {
                <PageHead title="账号" lede=|| "系统管理员只管账号，角色由安全管理员授予，都不能查看业务数据" />
                {renewals}
                {experts}
                {slowed}
                <Card title="全部账号" body=CardBody::Flush>
                    {filters(&query)}
                    <Table
                        label="账号"
                        columns=[
                            text("登录名"), text("姓名"), text("角色"), text("部门或地区"), text("开通时间"), text("状态"),
                            unseen("操作"),
                        ]
                    >
                        <tbody>{rows}</tbody>
                    </Table>
                    {none(count)}
                    <Pager query=query.clone() total=count page=window.page size=window.size unit="个" />
                </Card>
                <Card title="按名单开通" hint="全部开通，或一个也不开通；登录名、姓名、初始密码各一列，最多300人">
                    <form method="post" action=routes::UPLOAD_ACCOUNTS enctype="multipart/form-data" class="form">
                        <FileField name="file" label="账号名单" accept=".xlsx" need=Need::Required />
                        <FormActions>
                            <Button>"上传并开通"</Button>
                            <LinkButton href=routes::ACCOUNTS_TEMPLATE download="">"下载模板"</LinkButton>
                        </FormActions>
                    </form>
                </Card>
                <Card title="开通账号" id="new">
                    <Form action={post::<CreateAccount>()} class="stack">
                        <Field name="login" label="登录名" need=Need::Required hint="3至32位字母、数字、点、横线或下划线" />
                        <Field name="name" label="姓名" need=Need::Required />
                        <Field
                            name="password"
                            label="初始密码"
                            kind=InputKind::Password
                            need=Need::Required
                            hint="至少10位，含三类字符；本人首次登录时必须修改"
                            autocomplete="new-password"
                        />
                        <FormActions>
                            <Button tone=ButtonTone::Primary>"开通"</Button>
                        </FormActions>
                    </Form>
                </Card>
            },
        ))
    })
}

/// Names and networks whose next try has to wait.
fn slowed_card(slowed: Vec<Slowed>) -> Option<AnyView> {
    if slowed.is_empty() {
        return None;
    }
    let row = |own: Slowed| {
        let (kind, effect) = if own.is_network() {
            ("来源地址", "新设备登录时稍候")
        } else {
            ("登录名", "再试须等待，越错越久")
        };
        view! {
            <tr>
                <td>{kind}</td>
                <td class="break">{own.name().to_owned()}</td>
                <td class="n tnum">{own.failures.to_string()}</td>
                <td class="nowrap tnum">{time::stamp(own.last)}</td>
                <td class="small">{effect}</td>
                <td>
                    <form method="post" action={post::<ClearAttempts>()}>
                        <input type="hidden" name="key" value=own.key.clone() />
                        <Button size=ButtonSize::Small>"清除"</Button>
                    </form>
                </td>
            </tr>
        }
    };
    let rows = slowed.into_iter().map(row).collect_view();
    let card = view! {
        <Card title="登录受限" hint="密码错误较多的登录名和来源地址；本人用过的设备不受影响" body=CardBody::Flush>
            <Table
                label="登录受限"
                columns=[text("类别"), text("登录名或来源地址"), num("错误次数"), text("最后一次"), text("影响"), unseen("操作")]
            >
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    };
    Some(card.into_any())
}

/// The accounts that the query asks for.
pub fn wanted(query: &Query) -> Wanted<'_> {
    let window = Window::of(query);
    Wanted {
        search: query.get("q").unwrap_or_default().trim(),
        role: query.get("role").and_then(Role::from_key),
        page: window.page - 1,
        size: window.size,
    }
}

/// The words for a list without any.
pub fn none(total: u64) -> Option<impl IntoView> {
    (total == 0).then(
        || view! { <EmptyState title="没有符合条件的账号" what_to_do="请放宽条件；登录名和姓名可只填一部分。" /> },
    )
}

pub fn filters(query: &Query) -> impl IntoView + use<> {
    let roles = Role::ALL.iter().map(|role| Choice::new(role.key(), role.label())).collect();
    let [text, role] = ["q", "role"].map(|key| query.get(key).map(ToOwned::to_owned));
    view! {
        <FilterBar query=query.clone()>
            <Field name="q" label="登录名、姓名" kind=InputKind::Search value=text />
            <Select name="role" id="filter-role" label="角色" choices=roles value=role empty="全部" />
        </FilterBar>
    }
}

/// One button per round: the answer is the list of links, told only there.
fn expert_accounts(rounds: Vec<(RoundId, String, usize)>) -> Option<AnyView> {
    if rounds.is_empty() {
        return None;
    }
    let rows = rounds
        .into_iter()
        .map(|(id, title, without)| {
            let action = Round(id).file("invitations.xlsx");
            view! {
                <li>
                    <p>{format!("{title}：{without} 名已有席位的专家尚未开通账号")}</p>
                    <form method="post" action=action>
                        <Button size=ButtonSize::Small>"生成并下载邀请链接"</Button>
                    </form>
                </li>
            }
        })
        .collect_view();
    let card = view! {
        <Card title="专家账号" hint="本人打开链接、设定密码后账号即开通，只在有席位的轮次归档前有效；链接7天内有效，重新下载后旧链接作废" body=CardBody::Flush>
            <ul class="todo">{rows}</ul>
        </Card>
    };
    Some(card.into_any())
}

fn row(account: &Account, own: AccountId) -> impl IntoView + use<> {
    let active = account.state == AccountState::Active;
    let (next, label) = if active { (AccountState::Disabled, "停用") } else { (AccountState::Active, "启用") };
    let bound = match account.standing {
        Standing::Coordinator(department) => department.label(),
        Standing::Recommender(region) => region.label(),
        _ => "",
    };
    // Nobody switches off the account they are using.
    let id = account.id.to_string();
    let (name, same) = (account.name.clone(), account.name.clone());
    let action = (account.id != own).then(move || {
        view! {
            <form method="post" action={post::<SetAccountState>()}>
                <input type="hidden" name="account" value=id />
                <input type="hidden" name="state" value=next.key() />
                <Button size=ButtonSize::Small>{label}<span class="sr">{name}</span></Button>
            </form>
            <LinkButton href=routes::renewal(account.id) size=ButtonSize::Small>"重置凭据"<span class="sr">{same}</span></LinkButton>
        }
    });
    view! {
        <tr>
            <td>{account.login.clone()}</td>
            <td>{account.name.clone()}</td>
            <td>{account.standing.role().label()}</td>
            <td>{bound}</td>
            <td class="tnum">{crate::time::date(account.created_at)}</td>
            <td><Tag label=account.state.label() tone=if active { Tone::Good } else { Tone::Neutral } /></td>
            <td><div class="acts">{action}</div></td>
        </tr>
    }
}
