//! 凭据重置: one administrator asks, another agrees, and the first carries it out.

use crate::answer::{Beside, answer, done, done_secretly};
use crate::components::{
    Button, ButtonSize, ButtonTone, Card, CardBody, Choice, Confirm, Field, Form, FormActions, LinkButton, Need,
    PageHead, RadioGroup, Table, Tag, TextArea, Tone, text, unseen,
};
use crate::frame::{Page, page};
use crate::request::{coded, context, id, path_id, post};
use crate::{routes, time};
use domain::access::Permission;
use domain::account::Account;
use domain::renewal::{Credential, LIFE_HOURS, RenewalState};
use leptos::prelude::*;
use service::renewal::{self, Shown};

/// 提请重置凭据
#[server(endpoint = "ask_renewal")]
pub async fn ask_renewal(
    account: String,
    #[server(default)] credential: String,
    recognised: String,
) -> Result<(), ServerFnError> {
    let back = routes::renewal(&account);
    answer(&back, async {
        let ctx = context()?;
        ctx.require(Permission::ManageAccounts)?;
        let credential: Credential = coded(&credential, "重置的内容").beside("credential")?;
        renewal::ask(&ctx, id(&account)?, credential, &recognised).await.beside("recognised")?;
        done(routes::ACCOUNTS, format!("已提请重置{credential}，须由安全管理员复核；{LIFE_HOURS}小时内有效"))
    })
    .await
}

/// 复核重置凭据
#[server(endpoint = "agree_renewal")]
pub async fn agree_renewal(renewal: String) -> Result<(), ServerFnError> {
    answer(routes::ROLES, async {
        renewal::agree(&context()?, id(&renewal)?).await?;
        done(routes::ROLES, "已同意，由提请的系统管理员办理")
    })
    .await
}

/// 退回重置凭据
#[server(endpoint = "decline_renewal")]
pub async fn decline_renewal(renewal: String, reason: String) -> Result<(), ServerFnError> {
    answer(routes::ROLES, async {
        renewal::decline(&context()?, id(&renewal)?, &reason).await.beside("reason")?;
        done(routes::ROLES, "已退回，没有重置")
    })
    .await
}

/// 撤回重置凭据的提请
#[server(endpoint = "withdraw_renewal")]
pub async fn withdraw_renewal(renewal: String) -> Result<(), ServerFnError> {
    answer(routes::ACCOUNTS, async {
        renewal::withdraw(&context()?, id(&renewal)?).await?;
        done(routes::ACCOUNTS, "已撤回，没有重置")
    })
    .await
}

/// 重置凭据: a new first password is told once, on the next page.
#[server(endpoint = "carry_out_renewal")]
pub async fn carry_out_renewal(renewal: String) -> Result<(), ServerFnError> {
    answer(routes::ACCOUNTS, async {
        let reset = renewal::carry_out(&context()?, id(&renewal)?).await?;
        let login = reset.login;
        match reset.password {
            Some(password) => done_secretly(
                routes::ACCOUNTS,
                format!("{login} 的新初始密码：{password}。只显示这一次，请本人登录后修改"),
            ),
            None => done(routes::ACCOUNTS, format!("{login} 的第二因素已重置，请本人登录后重新设置")),
        }
    })
    .await
}

/// What is open, on the pages of the two administrators.
pub fn open_renewals(open: Vec<Shown>, reviews: bool) -> Option<AnyView> {
    if open.is_empty() {
        return None;
    }
    let rows = open.into_iter().map(|own| row(&own, reviews)).collect_view();
    let hint = if reviews {
        "系统管理员提请重置他人的密码或第二因素，须由您复核：请另行向本人核实"
    } else {
        "安全管理员复核之后才能重置"
    };
    let card = view! {
        <Card title="凭据重置" hint=hint body=CardBody::Flush>
            <Table
                label="凭据重置"
                columns=[
                    text("账号"), text("重置"), text("核实方式"), text("提请"), text("状态"), unseen("操作"),
                ]
            >
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    };
    Some(card.into_any())
}

fn row(own: &Shown, reviews: bool) -> impl IntoView + use<> {
    let renewal = &own.renewal;
    let tone = if renewal.state == RenewalState::Agreed { Tone::Good } else { Tone::Warn };
    let acts = if reviews { reviewing(own).into_any() } else { asking(own).into_any() };
    view! {
        <tr>
            <td>{own.login.clone()} " " {own.name.clone()}</td>
            <td class="nowrap">{renewal.credential.label()}</td>
            <td class="break">{renewal.recognised.to_string()}</td>
            <td>{own.asker.clone()} <br /> <span class="small nowrap tnum">{time::stamp(renewal.asked_at)}</span></td>
            <td><Tag label=renewal.state.label() tone=tone /></td>
            <td><div class="acts">{acts}</div></td>
        </tr>
    }
}

fn reviewing(own: &Shown) -> Option<impl IntoView + use<>> {
    let (id, again) = (own.renewal.id.to_string(), own.renewal.id.to_string());
    let reason = format!("reason-{id}");
    own.awaits_caller.then(move || {
        view! {
            <form method="post" action={post::<AgreeRenewal>()}>
                <input type="hidden" name="renewal" value=id />
                <Button>"同意"</Button>
            </form>
            <Confirm label="退回">
                <form method="post" action={post::<DeclineRenewal>()} class="form">
                    <input type="hidden" name="renewal" value=again />
                    <Field name="reason" id=reason label="理由" need=Need::Required maxlength=Some(500) />
                    <FormActions>
                        <Button>"确认退回"</Button>
                    </FormActions>
                </form>
            </Confirm>
        }
    })
}

fn asking(own: &Shown) -> impl IntoView + use<> {
    let (id, again) = (own.renewal.id.to_string(), own.renewal.id.to_string());
    let reset = (own.awaits_caller && own.renewal.state == RenewalState::Agreed).then(move || {
        view! {
            <form method="post" action={post::<CarryOutRenewal>()}>
                <input type="hidden" name="renewal" value=id />
                <Button size=ButtonSize::Small>"重置"</Button>
            </form>
        }
    });
    view! {
        {reset}
        <form method="post" action={post::<WithdrawRenewal>()}>
            <input type="hidden" name="renewal" value=again />
            <Button size=ButtonSize::Small>"撤回"</Button>
        </form>
    }
}

/// The form by which it is asked for.
#[component]
pub fn RenewalPage() -> AnyView {
    let id = path_id("account");
    page(move |ctx| async move {
        let account = renewal::subject(&ctx, id?).await?;
        Ok(Page::new("重置凭据", form(&account)))
    })
}

fn form(account: &Account) -> AnyView {
    let choices = Credential::ALL.iter().map(|own| {
        let hint = match own {
            Credential::Password => "得到新的初始密码，首次登录须修改",
            Credential::SecondFactor => "验证器和恢复码作废，登录后重新设置",
        };
        Choice::new(own.key(), own.label()).hint(hint)
    });
    let choices = choices.collect();
    let id = account.id.to_string();
    let title = format!("重置 {} 的凭据", account.login);
    let lede = format!("{}，{}。重置后该账号的全部登录结束", account.name, account.standing.role());
    view! {
        <PageHead title=title lede=move || lede />
        <Card title="提请重置" hint="由安全管理员复核后，再由您办理：任何一人都不能独自进入他人的账号">
            <Form action={post::<AskRenewal>()} class="form">
                <input type="hidden" name="account" value=id />
                <RadioGroup name="credential" label="重置的内容" choices=choices need=Need::Required />
                <TextArea
                    name="recognised"
                    label="核实方式"
                    need=Need::Required
                    hint="怎样确认提出要求的是本人，如：本人持身份证到场；回拨单位登记的电话"
                />
                <FormActions>
                    <Button tone=ButtonTone::Primary>"提请"</Button>
                    <LinkButton href=routes::ACCOUNTS>"返回账号"</LinkButton>
                </FormActions>
            </Form>
        </Card>
    }
    .into_any()
}
