//! Signing in, first-run set-up, changing one's password.

use super::actions::{AcceptInvitation, ChangePassword, SetUp, SignIn};
use crate::components::{
    Alert, AlertKind, Button, ButtonTone, Card, Field, Form, FormActions, Frame, InputKind, LinkButton, Need, Writing,
};
use crate::frame::{Page, bring_back_to, open_page, page};
use crate::request::{caller, post, query, set_status};
use crate::routes;
use axum::http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::account::Token;

#[component]
pub fn SignInPage() -> AnyView {
    let query = query();
    open_page(move || async move {
        if service::account::setup_is_open(&caller()?.app).await? {
            return Ok(Page::new(
                "首次设置",
                view! {
                    <Card title="尚未完成首次设置">
                        <p>"系统还没有任何账号。请用服务器控制台上打印的三个一次性链接，分别建立系统管理员、安全管理员和审计员。"</p>
                    </Card>
                },
            )
            .framed(Frame::Centred));
        }
        let next = query.get("next").unwrap_or("/").to_owned();
        Ok(Page::new(
            "登录",
            view! {
                <Card title="登录衡评" hint="产业科技创新揭榜挂帅 · 单位遴选与验收评估">
                    <form method="post" action={post::<SignIn>()} class="stack">
                        <input type="hidden" name="next" value=next />
                        <Field name="login" label="登录名" autocomplete="username" need=Need::Unsaid />
                        <Field name="password" label="密码" kind=InputKind::Password autocomplete="current-password" />
                        <FormActions>
                            <Button tone=ButtonTone::Primary>"登录"</Button>
                        </FormActions>
                    </form>
                </Card>
            },
        )
        .framed(Frame::Centred))
    })
}

#[component]
pub fn SetUpPage() -> AnyView {
    let query = query();
    open_page(move || async move {
        let key = query.get("key").unwrap_or_default().to_owned();
        let link = Token::from_cookie(&key);
        let role = service::account::setup_role(&caller()?.app, &link).await?;
        bring_back_to(&link);
        let hint = format!("建立{role}账号；本链接只能使用一次，三员须由三个人分别担任");
        Ok(Page::new("首次设置", view! {
            <Card title="首次设置" hint=hint>
                <Form action={post::<SetUp>()} class="stack">
                    <input type="hidden" name="key" value=key />
                    <Field name="login" label="登录名" hint="3至32位字母、数字、点、横线或下划线" need=Need::Required autocomplete="username" />
                    <Field name="name" label="姓名" need=Need::Required />
                    <NewPassword />
                    <FormActions>
                        <Button tone=ButtonTone::Primary>"建立账号"</Button>
                    </FormActions>
                </Form>
            </Card>
        }).framed(Frame::Centred))
    })
}

#[component]
pub fn InvitationPage() -> AnyView {
    let query = query();
    open_page(move || async move {
        let key = query.get("key").unwrap_or_default().to_owned();
        let welcome = match service::account::invitation(&caller()?.app, &Token::from_cookie(&key)).await {
            Ok(welcome) => welcome,
            Err(Error::NotFound) => return Ok(spent()),
            Err(error) => return Err(error),
        };
        let hint = format!("{}专家，请设定密码，开通评审账号", welcome.name);
        let until =
            format!("本链接只能使用一次，{}前有效；账号只在本轮评审期间有效。", crate::time::date_time(welcome.until));
        Ok(Page::new("开通评审账号", view! {
            <Card title=welcome.round hint=hint>
                <form method="post" action={post::<AcceptInvitation>()} class="stack">
                    <input type="hidden" name="key" value=key />
                    <Field name="username" label="登录名" value=welcome.login need=Need::Unsaid writing=Writing::ReadOnly autocomplete="username" />
                    <NewPassword />
                    <p class="hint">{until}"为组织评审，系统使用您在专家库中的姓名、单位、职称、专业和任职经历（用于回避比对），身份证号、手机号、银行卡号（加密保存，用于核对身份、通知和发放评审费，保存3年），以及您的评分和登录记录。不是本人的，请不要继续。"</p>
                    <FormActions>
                        <Button tone=ButtonTone::Primary>"开通账号"</Button>
                    </FormActions>
                </form>
            </Card>
        }).framed(Frame::Centred))
    })
}

/// A link that opens nothing any more, or never did.
fn spent() -> Page {
    set_status(StatusCode::NOT_FOUND);
    let view = view! {
        <Card title="邀请链接已失效">
            <div class="stack">
                <p>"链接只能使用一次，7天内有效，重新发出后旧链接作废；评审席位变更后也随之失效。"</p>
                <p>"已经设定过密码的，请直接登录；还没有的，请联系评审会的组织者，由系统管理员重新发出链接。"</p>
                <p><LinkButton href=routes::SIGN_IN tone=ButtonTone::Primary>"去登录"</LinkButton></p>
            </div>
        </Card>
    };
    Page::new("邀请链接已失效", view).framed(Frame::Centred)
}

#[component]
pub fn PasswordPage() -> AnyView {
    page(|ctx| async move {
        let due = ctx.restriction.map(|restriction| {
            let why = Error::Restricted(restriction).to_string();
            view! { <Alert kind=AlertKind::Warn title=why /> }
        });
        Ok(Page::new("修改密码", view! {
            {due}
            <Card title="修改密码" hint="修改后所有设备上的登录都会结束">
                <form method="post" action={post::<ChangePassword>()} class="stack">
                    <Field name="old" label="现密码" kind=InputKind::Password need=Need::Required autocomplete="current-password" />
                    <NewPassword />
                    <FormActions>
                        <Button tone=ButtonTone::Primary>"修改密码"</Button>
                    </FormActions>
                </form>
            </Card>
        }).framed(Frame::Centred))
    })
}

/// A new password, twice.
#[component]
fn NewPassword() -> impl IntoView {
    view! {
        <Field
            name="password"
            label="新密码"
            kind=InputKind::Password
            need=Need::Required
            hint="至少10位，含大写字母、小写字母、数字、符号中的三类；不含登录名和常见词，不与最近5个密码相同"
            autocomplete="new-password"
        />
        <Field name="again" label="再输入一次" kind=InputKind::Password need=Need::Required autocomplete="new-password" />
    }
}
