//! 第二因素: setting up a device, and its code at every sign-in.

use super::actions::{BeginSecondFactor, ConfirmSecondFactor, PassSecondFactor};
use super::keys::PassWithKey;
use crate::ceremony::KeyCeremony;
use crate::components::{
    Alert, AlertKind, Button, ButtonTone, Card, Field, FormActions, Frame, InputKind, LinkButton, Need,
};
use crate::frame::{Page, page};
use crate::request::post;
use crate::routes;
use leptos::prelude::*;
use qrcode::QrCode;
use qrcode::render::svg;
use service::account::{Device, Enrolment};
use service::{Context, Error};

#[component]
pub fn SecondFactorPage() -> AnyView {
    page(|ctx: Context| async move {
        let Some(left) = service::account::codes_left(&ctx).await? else {
            return Ok(Page::new("第二因素", none_yet()).framed(Frame::Centred));
        };
        let by_key = service::account::key_question(&ctx).await?.map(by_key);
        Ok(Page::new(
            "第二因素",
            view! {
                {by_key}
                <Card title="请输入验证码" hint="手机验证器上当前的6位数字，或一个恢复码">
                    <form method="post" action={post::<PassSecondFactor>()} class="stack">
                        <Field
                            name="code"
                            label="验证码"
                            autocomplete="one-time-code"
                            need=Need::Required
                            hint=format!("手机不在身边时可用恢复码，每个只能用一次，还剩{left}个；都没有的请联系系统管理员重置")
                        />
                        <FormActions>
                            <Button tone=ButtonTone::Primary>"确定"</Button>
                        </FormActions>
                    </form>
                </Card>
            },
        )
        .framed(Frame::Centred))
    })
}

fn by_key(question: String) -> AnyView {
    view! {
        <Card title="使用安全密钥">
            <form method="post" action={post::<PassWithKey>()} class="row">
                <KeyCeremony question=question new=false label="用安全密钥继续".to_owned() />
            </form>
        </Card>
    }
    .into_any()
}

fn none_yet() -> AnyView {
    view! {
        <Card title="尚未设置第二因素" hint="设置后，每次登录除密码外还要输入手机验证器上的6位数字">
            <p><LinkButton href=routes::ENROL tone=ButtonTone::Primary>"现在设置"</LinkButton></p>
        </Card>
    }
    .into_any()
}

#[component]
pub fn EnrolPage() -> AnyView {
    page(|ctx: Context| async move {
        let body = match service::account::enrolment(&ctx).await? {
            Enrolment::Password => password_first(),
            Enrolment::Device(device) => steps(&device, ctx.app.demands_second_factor(ctx.actor.standing.role()))?,
        };
        Ok(Page::new("设置第二因素", body).framed(Frame::Centred))
    })
}

fn password_first() -> AnyView {
    view! {
        <Card title="请先输入密码" hint="登录已有一段时间，设置第二因素之前请再次确认是您本人">
            <form method="post" action={post::<BeginSecondFactor>()} class="stack">
                <Field
                    name="password"
                    label="密码"
                    kind=InputKind::Password
                    autocomplete="current-password"
                    need=Need::Required
                />
                <FormActions>
                    <Button tone=ButtonTone::Primary>"继续"</Button>
                </FormActions>
            </form>
        </Card>
    }
    .into_any()
}

fn steps(device: &Device, mandatory: bool) -> Result<AnyView, Error> {
    let picture = picture(&device.url)?;
    let why = if mandatory {
        "您的角色登录时须使用第二因素：密码之外，再输入手机验证器上的6位数字"
    } else {
        "设置后，每次登录除密码外还要输入手机验证器上的6位数字"
    };
    let codes = device.recovery_codes.iter().map(|code| view! { <li><code>{code.clone()}</code></li> }).collect_view();
    let secret = grouped(&device.secret);
    Ok(view! {
        <Alert kind=AlertKind::Info title=why />
        <p>"有 USB 安全密钥的，也可以改为"<a href=routes::KEYS>"登记安全密钥"</a>"，不用手机验证器。"</p>
        <Card title="一、用验证器扫描" hint="任何支持 TOTP 的验证器程序都可以，不需要联网">
            <div class="qr" inner_html=picture></div>
            <p class="small muted">"不能扫描的，在验证器中手工输入密钥："</p>
            <p><code>{secret}</code></p>
        </Card>
        <Card title="二、抄下恢复码" hint="手机丢失时代替验证码，每个只能用一次；离开本页后不再显示">
            <ol class="codes">{codes}</ol>
        </Card>
        <Card title="三、输入验证器上的数字">
            <form method="post" action={post::<ConfirmSecondFactor>()} class="stack">
                <Field name="code" label="验证码" autocomplete="one-time-code" need=Need::Required />
                <FormActions>
                    <Button tone=ButtonTone::Primary>"完成设置"</Button>
                </FormActions>
            </form>
        </Card>
    }
    .into_any())
}

/// In groups of four, as it is read out and typed.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The address as a picture. Nothing a person typed is in it but their login name, percent-encoded.
fn picture(url: &str) -> Result<String, Error> {
    let code = QrCode::new(url).map_err(|error| Error::Internal(error.to_string()))?;
    let image = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
    Ok(image.split_once("?>").map_or(image.clone(), |(_, svg)| svg.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{grouped, picture};

    #[test]
    fn secrets_are_read_in_fours_and_pictures_hold_no_document_head() {
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
        assert!(picture("otpauth://totp/Hengping:gxt?secret=ABC").unwrap().trim_start().starts_with("<svg"));
    }
}
