//! 我的登录: where one is signed in, and ending it.

use super::actions::EndSessions;
use crate::components::{
    Button, Card, CardBody, Checkbox, Field, FieldWidth, Form, FormActions, InputKind, Need, PageHead, Table, Tag,
    Tone, refilled, text,
};
use crate::frame::{Page, page};
use crate::request::post;
use crate::time;
use leptos::prelude::*;
use service::account::BrowserSession;
use uuid::Uuid;

#[component]
pub fn BrowserSessionsPage() -> AnyView {
    page(move |ctx| async move {
        let own = service::account::own_browser_sessions(&ctx).await?;
        let others = own.len() > 1;
        let rows = || own.into_iter().map(|session| row(session, ctx.session)).collect_view();
        let rows = refilled(post::<EndSessions>(), &[], rows);
        Ok(Page::new(
            "我的登录",
            view! {
                <PageHead title="我的登录" lede=|| "30分钟没有操作或登录满12小时自动结束；不认得的登录请立即结束，并修改密码" />
                <Card body=CardBody::Flush>
                    <Form action={post::<EndSessions>()}>
                        <Table label="我的登录" columns=[text("登录时间"), text("最近操作"), text("来源"), text("浏览器"), text("")]>
                            <tbody>{rows}</tbody>
                        </Table>
                        {others.then(end)}
                    </Form>
                </Card>
            },
        ))
    })
}

fn end() -> impl IntoView {
    view! {
        <div class="body stack">
            <Field
                name="password"
                label="密码"
                kind=InputKind::Password
                autocomplete="current-password"
                need=Need::Required
                width=FieldWidth::Medium
                hint="结束登录之前，请再次确认是您本人"
            />
            <FormActions>
                <Button>"结束勾选的登录"</Button>
            </FormActions>
        </div>
    }
}

fn row(session: BrowserSession, present: Option<Uuid>) -> impl IntoView {
    let end = if present == Some(session.id) {
        view! { <Tag label="本次登录" tone=Tone::Accent glyph="●" /> }.into_any()
    } else {
        view! { <Checkbox name=format!("end.{}", session.id) label="结束" /> }.into_any()
    };
    view! {
        <tr>
            <td class="nowrap tnum">{time::stamp(session.created_at)}</td>
            <td class="nowrap tnum">{time::stamp(session.seen_at)}</td>
            <td class="nowrap tnum">{session.address}</td>
            <td class="nowrap" title=session.agent.clone()>{browser(&session.agent)}</td>
            <td>{end}</td>
        </tr>
    }
}

/// The name of a browser in plain words. The first mark found counts, because other browsers repeat the later ones.
fn browser(agent: &str) -> String {
    const BROWSERS: &[(&str, &str)] = &[
        ("MicroMessenger/", "微信"),
        ("QQBrowser/", "QQ浏览器"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: &[(&str, &str)] = &[
        ("OpenHarmony", "鸿蒙"),
        ("HarmonyOS", "鸿蒙"),
        ("Windows", "Windows"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find =
        |marks: &[(&str, &'static str)]| marks.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (find(BROWSERS), find(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}（{system}）"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "其他程序".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_are_named_by_what_tells_them_apart() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0";
        assert_eq!(browser(edge), "Edge（Windows）");
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1";
        assert_eq!(browser(iphone), "Safari（iPhone）");
        assert_eq!(browser("curl/8.5.0"), "其他程序");
    }
}
