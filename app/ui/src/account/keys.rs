//! 安全密钥: one's keys, registering another, and removing one.

use crate::answer::{Beside, answer, done, done_secretly};
use crate::ceremony::KeyCeremony;
use crate::components::{
    Alert, AlertKind, Button, Card, CardBody, Confirm, EmptyState, Field, FieldWidth, FormActions, InputKind, Need,
    PageHead, Table, text, unseen,
};
use crate::frame::{Page, page};
use crate::request::{context, id, post};
use crate::{routes, time};
use domain::second_factor::SecurityKey;
use leptos::prelude::*;
use service::account::{self, Registered, Registering};

/// 登记安全密钥
#[server(endpoint = "register_key")]
pub async fn register_key(name: String, #[server(default)] answer: String) -> Result<(), ServerFnError> {
    crate::answer::answer(routes::KEYS, async {
        let ctx = context()?;
        let Registered { token, recovery_codes } = account::register_key(&ctx, &name, &answer).await.beside("name")?;
        super::actions::set_session(&ctx.app, Some(&token));
        if recovery_codes.is_empty() {
            return done(routes::KEYS, "安全密钥已登记");
        }
        let codes = recovery_codes.join("，");
        done_secretly(
            routes::KEYS,
            format!("安全密钥已登记。请抄下恢复码，密钥丢失时代替使用，每个只能用一次，只显示这一次：{codes}"),
        )
    })
    .await
}

/// 移除安全密钥
#[server(endpoint = "remove_key")]
pub async fn remove_key(key: String, password: String) -> Result<(), ServerFnError> {
    answer(routes::KEYS, async {
        account::remove_key(&context()?, id(&key)?, password).await?;
        done(routes::KEYS, "安全密钥已移除")
    })
    .await
}

/// 用安全密钥通过第二因素
#[server(endpoint = "pass_with_key")]
pub async fn pass_with_key(#[server(default)] answer: String) -> Result<(), ServerFnError> {
    crate::answer::answer(routes::SECOND_FACTOR, async {
        let ctx = context()?;
        let token = account::pass_with_key(&ctx, &answer).await?;
        super::actions::set_session(&ctx.app, Some(&token));
        done(routes::WORKBENCH, "")
    })
    .await
}

#[component]
pub fn KeysPage() -> AnyView {
    page(|ctx| async move {
        let own = account::keys(&ctx).await?;
        let rows = own.keys.iter().map(row).collect_view();
        let none = own.keys.is_empty().then(|| {
            view! { <EmptyState title="没有登记安全密钥" what_to_do="登记后，登录和会签由密钥签名，密钥本身不会离开设备。" /> }
        });
        Ok(Page::new(
            "安全密钥",
            view! {
                <PageHead title="安全密钥" lede=|| "可代替手机验证器作为第二因素；登记之后，会签须由密钥对所签内容的摘要签名" />
                <Card title="已登记的密钥" body=CardBody::Flush>
                    <Table label="已登记的密钥" columns=[text("名称"), text("登记时间"), text("最近使用"), unseen("操作")]>
                        <tbody>{rows}</tbody>
                    </Table>
                    {none}
                </Card>
                {registering(own.registering)}
            },
        ))
    })
}

fn registering(how: Registering) -> AnyView {
    match how {
        Registering::Question(question) => view! {
            <Card title="登记安全密钥" hint="USB 安全密钥，或者本机的指纹、人脸、PIN">
                <form method="post" action={post::<RegisterKey>()} class="form">
                    <Field
                        name="name"
                        label="名称"
                        need=Need::Required
                        width=FieldWidth::Medium
                        maxlength=Some(40)
                        hint="便于辨认，如：办公室的密钥"
                    />
                    <FormActions>
                        <KeyCeremony question=question new=true label="登记".to_owned() />
                    </FormActions>
                </form>
            </Card>
        }
        .into_any(),
        Registering::SignInAgain => view! {
            <Alert kind=AlertKind::Info title="登录已超过5分钟：登记安全密钥之前，请退出并重新登录" />
        }
        .into_any(),
        Registering::Unavailable(why) => view! { <Alert kind=AlertKind::Info title=why.to_string() /> }.into_any(),
    }
}

fn row(key: &SecurityKey) -> impl IntoView + use<> {
    let id = key.id.to_string();
    let field = format!("password-{id}");
    view! {
        <tr>
            <td>{key.name.clone()}</td>
            <td class="nowrap tnum">{time::stamp(key.registered_at)}</td>
            <td class="nowrap tnum">{key.used_at.map(time::stamp)}</td>
            <td>
                <div class="acts">
                    <Confirm label="移除">
                        <form method="post" action={post::<RemoveKey>()} class="form">
                            <input type="hidden" name="key" value=id />
                            <Field
                                name="password"
                                id=field
                                label="密码"
                                kind=InputKind::Password
                                autocomplete="current-password"
                                need=Need::Required
                            />
                            <FormActions>
                                <Button>"确认移除"</Button>
                            </FormActions>
                        </form>
                    </Confirm>
                </div>
            </td>
        </tr>
    }
}
