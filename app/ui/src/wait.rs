//! 请稍候: the page for whoever asks too fast. The answer's own header loads the right page again.

use crate::components::{Card, PageHead};
use crate::frame::{Page, open_page};
use crate::request::query;
use leptos::prelude::*;

#[component]
pub fn WaitPage() -> AnyView {
    let seconds = query().get("seconds").and_then(|text| text.parse::<u64>().ok()).unwrap_or(5).clamp(1, 600);
    open_page(move || async move {
        let content = view! {
            <PageHead title="请稍候" lede=|| "此刻从您所在的网络来的请求较多，这一次没有执行" />
            <Card>
                <p>{format!("系统将在 {seconds} 秒后自动重新载入，请不要关闭或反复刷新本页。")}</p>
                <p class="muted">"如正在登录，稍候会回到登录页，请重新输入密码；已经登录的评审工作不受影响。"</p>
            </Card>
        };
        Ok(Page::new("请稍候", content))
    })
}
